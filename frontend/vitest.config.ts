import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['./vitest.setup.ts'],
    restoreMocks: true,
    onConsoleLog: (line) => {
      throw new Error(`a test wrote to the console: ${line}`);
    },
  },
});
