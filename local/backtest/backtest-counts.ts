import type { BacktestResult } from './backtest-result.ts';
import { createFirstDropped, createFirstUnreadable } from './first-listed.ts';
import { createRanking, type Ranked, type Ranking } from './ranking.ts';
import { createRuleSetCounts, type RuleSet } from './rule-set-counts.ts';
import type { ScanPart, SecondsPage } from './scan-part.ts';
import { cutTo, EMPTY_SPAN, type Span, widened } from './span.ts';

const DAY_MS = 86_400_000;
const MOST_OPERATIONS = 1000;

export interface BacktestSpan {
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
  /** Names in each ranking. */
  readonly top: number;
}

const SUMS = ['files', 'unreadableFiles', 'records', 'unusable', 'repeated', 'dropped'] as const;

function addNames(ranking: Ranking, names: readonly Ranked[]): void {
  for (const { name, calls, told } of names) ranking.add(name, calls, told);
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
  const droppedCalls = createFirstDropped();
  const sums = { files: 0, unreadableFiles: 0, records: 0, unusable: 0, repeated: 0, dropped: 0 };
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
      part.droppedCalls.forEach(droppedCalls.add);
    },
    result: (skippedFiles: number): BacktestResult => {
      const { firstMs: fromMs, lastMs: toMs } = cutTo(span, sinceMs, untilMs);
      const operations = rankings.operations.top(MOST_OPERATIONS);
      return {
        ...sums,
        calls,
        skippedFiles,
        unreadable: unreadable.items().map(({ file, reason }) => ({ file, reason })),
        fromMs,
        toMs,
        days: fromMs === undefined || toMs === undefined ? 1 : Math.max(1, (toMs - fromMs) / DAY_MS),
        ruleSets: sets.map((set) => set.result()),
        droppedCalls: droppedCalls.items(),
        regions: regions.top(top),
        principals: rankings.principals.top(top),
        operations: operations.slice(0, top),
        flows: rankings.flows.top(top),
        untoldOperations: operations
          .map(({ name, calls, told }) => ({ name, calls: calls - told }))
          .filter(({ calls }) => calls > 0)
          .sort((left, right) => right.calls - left.calls),
      };
    },
  };
}
