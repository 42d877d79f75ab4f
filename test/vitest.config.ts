import { defineConfig } from 'vitest/config';

export default defineConfig(({ mode }) => ({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes, not threads: runs of the command line have a folder of their own.
    pool: 'forks',
    maxWorkers: 2,
    // A file finds loaded what another one loaded before it: no test changes what modules hold.
    isolate: false,
    // What a test is sized by: see size.ts.
    env: { TEST_SIZE: mode },
    // Programs are started as their users start them; two cores may be busy with other files.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: mode === 'long' ? 600_000 : 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'text'],
      thresholds: { 'src/engine/**': { lines: 95 }, 'src/replay/**': { lines: 95 } },
    },
  },
}));
