import { defineConfig } from 'vitest/config';
import { BaseSequencer } from 'vitest/node';

/** The longest file is one of the shortest to read, and Vitest would leave it, and one core idle beside it, for the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: Parameters<BaseSequencer['sort']>[0]): ReturnType<BaseSequencer['sort']> {
    const sorted = await super.sort(files);
    const isLongest = ({ moduleId }: (typeof sorted)[number]): boolean => moduleId.endsWith('run-chaos.test.ts');
    return [...sorted.filter(isLongest), ...sorted.filter((file) => !isLongest(file))];
  }
}

export default defineConfig({
  test: {
    // Vitest leaves one core free, which on two cores is half of them.
    maxWorkers: '100%',
    // Give-up limits, which assert nothing: many times what the slowest takes on two cores that others keep busy too. The
    // first construct in a worker loads all of aws-cdk-lib, which alone is 3–14 s on two idle ones.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    sequence: { sequencer: LongestFirst },
    setupFiles: ['test/clean-up.ts'],
    projects: [
      {
        // A worker that is kept loads aws-cdk-lib, the SDK and Chromium once, not once a file: a third of the time.
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.isolated.test.ts'],
          isolate: false,
          // X-Ray's SDK otherwise has Node call it for every promise, in whatever shares a worker with one that loads it.
          env: { AWS_XRAY_MANUAL_MODE: 'true' },
        },
      },
      {
        // What decides something once, as it is loaded, such as whether it runs on Lambda.
        extends: true,
        test: { name: 'isolated', include: ['test/**/*.isolated.test.ts'], isolate: true },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['shared/**/*.ts', 'functions/**/*.ts', 'infra/**/*.ts', 'local/**/*.ts', 'cli/**/*.ts'],
      // Tested too, but in Chromium, in Lambda's stead and in processes and threads of their own, where nothing counts it.
      exclude: [
        'local/page/client/**',
        '{local,cli}/**/*-worker.ts',
        'functions/*/handler.ts',
        'infra/app.ts',
        'cli/notifier.ts',
      ],
      thresholds: { 'shared/**': { lines: 100 }, lines: 90 },
    },
  },
});
