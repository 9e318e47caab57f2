import { InputError } from '../input/input-error.ts';
import { createBacktestCounts } from './backtest-counts.ts';
import type { BacktestResult } from './backtest-result.ts';
import { inOrderOfWriting, mayHoldCallsOf } from './log-file-time.ts';
import type { RuleSet } from './rule-set-counts.ts';
import { scanFiles } from './scan-files.ts';

export interface BacktestOptions {
  /** The sets of rules to try, the current one first. */
  readonly ruleSets: readonly RuleSet[];
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** Directories that could not be looked into. @default none */
  readonly faults?: readonly { readonly file: string; readonly error: string }[];
  readonly threads: number;
  /** Fewer bytes are read by one thread. @default 4 MB */
  readonly leastBytesForThreads?: number;
  /** Names in each ranking. @default 10 */
  readonly top?: number;
  readonly onProgress?: (files: number, of: number) => void;
  readonly stop?: AbortSignal;
}

const withFaults = (result: BacktestResult, faults: NonNullable<BacktestOptions['faults']>): BacktestResult => ({
  ...result,
  unreadableFiles: result.unreadableFiles + faults.length,
  unreadable: [...faults.map(({ file, error }) => ({ file, reason: error })), ...result.unreadable],
});

/**
 * Sends the calls of log files through sets of rules.
 *
 * @throws InputError when none of the files can be used.
 */
export async function runBacktest(files: readonly string[], options: BacktestOptions): Promise<BacktestResult> {
  const {
    ruleSets,
    faults = [],
    sinceMs,
    untilMs,
    threads,
    leastBytesForThreads,
    top = 10,
    onProgress,
    stop,
  } = options;
  const wanted = inOrderOfWriting(files.filter((file) => mayHoldCallsOf(file, sinceMs, untilMs)));
  const counts = createBacktestCounts(ruleSets, { sinceMs, untilMs, top });

  const parts = await scanFiles(
    wanted,
    {
      ruleSets: ruleSets.map(({ rules }) => rules),
      regions: ruleSets.map(({ settings }) => settings.regions),
      sinceMs,
      untilMs,
    },
    {
      ...(leastBytesForThreads === undefined ? {} : { leastBytesForThreads }),
      threads,
      ...(stop ? { stop } : {}),
      onPages: (pages) => pages.forEach(counts.addPage),
      onProgress: (done) => onProgress?.(done, wanted.length),
    },
  );
  parts.forEach(counts.addPart);
  const result = withFaults(counts.result(files.length - wanted.length), faults);
  const [first] = result.unreadable;
  if (first !== undefined && result.records === 0 && result.unreadableFiles === result.files + faults.length) {
    const others = result.files === 1 ? '' : `; none of the ${result.files} files can be used`;
    throw new InputError(`${first.file}: ${first.reason}${others}`);
  }
  return result;
}
