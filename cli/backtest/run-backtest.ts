import { withoutSecretsIn } from '../../shared/notification/redaction.ts';
import { InputError } from '../input/list-files.ts';
import { createRanking, cutTo, EMPTY_SPAN, type Ranked, type Ranking, type Span, widened } from './counts.ts';
import { createRuleSetCounts, type RuleSet, type RuleSetNotified } from './rule-set-counts.ts';
import { createFirstDropped, createFirstPlaces, createFirstUnreadable } from './scan.ts';
import { scanFiles } from './scan-files.ts';
import type { DroppedCall, ScanPart, SecondsPage } from './scan-part.ts';

const DAY_MS = 86_400_000;
const MOST_OPERATIONS = 1000;

export interface BacktestSpan {
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
  /** Names in each ranking. */
  readonly top: number;
}

const SUMS = ['files', 'unreadableFiles', 'records', 'unusable', 'repeated', 'serviceEvents', 'dropped'] as const;

function addNames(ranking: Ranking, names: readonly Ranked[]): void {
  for (const { name, calls, notified } of names) ranking.add(name, calls, notified);
}

/** The time of a page's calls. */
function spanOf({ firstSecond, calls }: SecondsPage): Span {
  if (firstSecond === undefined) return EMPTY_SPAN;
  const first = calls.findIndex((count) => count > 0);
  const last = calls.findLastIndex((count) => count > 0);
  return { firstMs: (firstSecond + first) * 1000, lastMs: (firstSecond + last) * 1000 };
}

/** Adds up what threads found. */
export function createBacktestCounts(ruleSets: readonly RuleSet[], { sinceMs, untilMs, top }: BacktestSpan) {
  const sets = ruleSets.map(createRuleSetCounts);
  const rankings = { principals: createRanking(), operations: createRanking(), flows: createRanking() };
  const regions = createRanking();
  const unreadable = createFirstUnreadable();
  const unusablePlaces = createFirstPlaces();
  const droppedCalls = createFirstDropped();
  const sums = { files: 0, unreadableFiles: 0, records: 0, unusable: 0, repeated: 0, serviceEvents: 0, dropped: 0 };
  let calls = 0;
  let span = EMPTY_SPAN;

  return {
    addPage: (page: SecondsPage): void => {
      const { matching, region } = page;
      const sum = page.calls.reduce((left, right) => left + right, 0);
      calls += sum;
      regions.add(region, sum, matching.at(-1)?.length === 0 ? 0 : sum);
      span = widened(span, spanOf(page));
      for (const [index, set] of sets.entries()) set.add(matching[index] ?? [], page, sum);
    },
    addPart: (part: ScanPart): void => {
      for (const name of SUMS) sums[name] += part[name];
      span = widened(span, part);
      addNames(rankings.principals, part.principals);
      addNames(rankings.operations, part.operations);
      addNames(rankings.flows, part.flows);
      part.unreadable.forEach(unreadable.add);
      part.unusablePlaces.forEach(unusablePlaces.add);
      part.droppedCalls.forEach(droppedCalls.add);
    },
    result: (skippedFiles: number): BacktestResult => {
      const { firstMs: fromMs, lastMs: toMs } = cutTo(span, sinceMs, untilMs);
      const operations = withoutSecretsIn(rankings.operations.top(MOST_OPERATIONS));
      return {
        ...sums,
        calls,
        skippedFiles,
        unreadable: unreadable.items().map(({ file, reason }) => ({ file, reason })),
        unusablePlaces: unusablePlaces.items().map(({ text }) => text),
        fromMs,
        toMs,
        days: fromMs === undefined || toMs === undefined ? 1 : Math.max(1, (toMs - fromMs) / DAY_MS),
        ruleSets: sets.map((set) => set.result()),
        droppedCalls: withoutSecretsIn(droppedCalls.items()),
        regions: withoutSecretsIn(regions.top(top)),
        principals: rankings.principals.top(top),
        operations: operations.slice(0, top),
        flows: rankings.flows.top(top),
        missedOperations: operations
          .map(({ name, calls, notified }) => ({ name, calls: calls - notified }))
          .filter(({ calls }) => calls > 0)
          .sort((left, right) => right.calls - left.calls),
      };
    },
  };
}

/** What sets of rules would have notified of the calls in log files. */
export interface BacktestResult {
  readonly files: number;
  /** Files that by their name hold no calls of the time asked for. */
  readonly skippedFiles: number;
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
  readonly unreadableFiles: number;
  /** Records of all services. */
  readonly records: number;
  /** Lines or elements that are no events. */
  readonly unusable: number;
  /** Of the first files that have any, where the first is and what is wrong with it. */
  readonly unusablePlaces: readonly string[];
  /** Calls that the files hold more than once; each is counted once. */
  readonly repeated: number;
  /** Events of MediaConnect's own, which are no calls. */
  readonly serviceEvents: number;
  /** MediaConnect API calls. */
  readonly calls: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** Days that the files span, at least one: what "a day" is reckoned by. */
  readonly days: number;
  /** One for each set of rules, the current first. */
  readonly ruleSets: readonly RuleSetNotified[];
  /** Calls that only the last set of rules leaves unreported. */
  readonly dropped: number;
  readonly droppedCalls: readonly DroppedCall[];
  /** Calls by region, busiest first. */
  readonly regions: readonly Ranked[];
  readonly principals: readonly Ranked[];
  readonly operations: readonly Ranked[];
  readonly flows: readonly Ranked[];
  /** Operations of calls that the last set of rules does not report. */
  readonly missedOperations: readonly { readonly name: string; readonly calls: number }[];
}

const NAME_TIME = /_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_/;
const PATH_DAY = /[/\\](\d{4})[/\\](\d{2})[/\\](\d{2})[/\\][^/\\]*$/;

/** How long before a file was written its calls were made, at most; CloudTrail says about 5 minutes on average. */
const LONGEST_DELAY_MS = 26 * 3_600_000;
function timeOf([, year, month, day, hour = '0', minute = '0']: readonly string[]): number {
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
}

/**
 * When a log file was written, by its name or its directory; `undefined` if neither says.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-filename-format.html
 */
export function logFileTime(path: string): number | undefined {
  const match = NAME_TIME.exec(path) ?? PATH_DAY.exec(path);
  return match === null ? undefined : timeOf(match);
}

/** Whether a file, by its name, can hold calls of the time asked for. */
export function mayHoldCallsOf(path: string, sinceMs: number | undefined, untilMs: number | undefined): boolean {
  const writtenMs = logFileTime(path);
  if (writtenMs === undefined) return true;
  if (sinceMs !== undefined && writtenMs + DAY_MS <= sinceMs) return false;
  return untilMs === undefined || writtenMs - LONGEST_DELAY_MS < untilMs;
}

/** Files in the order in which they were written; those that do not say come first. */
export const inOrderOfWriting = (paths: readonly string[]): readonly string[] =>
  paths
    .map((path) => ({ path, writtenMs: logFileTime(path) ?? 0 }))
    .sort((left, right) => left.writtenMs - right.writtenMs)
    .map(({ path }) => path);

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
