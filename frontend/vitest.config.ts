import { defineConfig } from 'vitest/config';

const MATH = 'src/math/**/*.test.{ts,tsx}';

export default defineConfig({
  test: {
    setupFiles: ['./vitest.setup.ts'],
    restoreMocks: true,
    // How long a test takes says how busy the machine is, not whether the code is right.
    testTimeout: 120_000,
    onConsoleLog: (line) => {
      throw new Error(`a test wrote to the console: ${line}`);
    },
    projects: [
      // Pure: nothing is left behind by a file, and no page is needed, whose making takes longer than most of the tests.
      { extends: true, test: { name: 'math', include: [MATH], environment: 'node', isolate: false } },
      { extends: true, test: { name: 'page', include: ['src/**/*.test.{ts,tsx}'], exclude: [MATH], environment: 'happy-dom' } },
    ],
  },
});
