import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
    onConsoleLog: (line) => {
      throw new Error(`a test wrote to the console: ${line}`);
    },
  },
});
