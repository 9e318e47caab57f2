import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Vitest leaves one core free, which on two cores is half of them.
    maxWorkers: '100%',
    // The first construct in a file loads all of aws-cdk-lib: 3–14 s on two cores.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['shared/**', 'functions/**', 'infra/**', 'local/**', 'cli/**'],
    },
  },
});
