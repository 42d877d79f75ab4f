import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Programs are started as their users start them; two cores may be busy with other files.
    testTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**'],
      reporter: ['text-summary', 'text'],
      thresholds: { 'src/engine/**': { lines: 95 }, 'src/replay/**': { lines: 95 } },
    },
  },
});
