import type { BacktestResult } from './backtest-result.ts';
import type { CallGroup, DroppedCall, FileScan, NameCount } from './file-scan.ts';
import { createRanking, type Ranking } from './ranking.ts';
import { createRuleSetCounts, type RuleSet } from './rule-set-counts.ts';
import { MOST_DROPPED_CALLS } from './scan-counts.ts';

const DAY_MS = 86_400_000;
/** Unreadable files that are named; the others are counted. */
const MOST_NAMED_FILES = 100;
const MOST_OPERATIONS = 1000;

export interface Span {
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
  /** Names in each ranking. */
  readonly top: number;
}

function addNames(ranking: Ranking, names: readonly NameCount[]): void {
  for (const [name, calls, told] of names) ranking.add(name, calls, told);
}

const earliest = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? (left ?? right) : Math.min(left, right);
const latest = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? (left ?? right) : Math.max(left, right);

/** Adds up the scans of files, whose order matters little and whose number not at all. */
export function createBacktestCounts(ruleSets: readonly RuleSet[], { sinceMs, untilMs, top }: Span) {
  const sets = ruleSets.map(createRuleSetCounts);
  const rankings = { principals: createRanking(), operations: createRanking(), flows: createRanking() };
  const regions = createRanking();
  const regionIndices = new Map<string, number>();
  const unreadable: { file: string; reason: string }[] = [];
  const droppedCalls: DroppedCall[] = [];
  const sums = { files: 0, unreadableFiles: 0, records: 0, unusable: 0, calls: 0, dropped: 0 };
  let firstMs: number | undefined;
  let lastMs: number | undefined;

  const regionIndex = (region: string): number => {
    const index = regionIndices.get(region) ?? regionIndices.size;
    regionIndices.set(region, index);
    return index;
  };

  const widen = (ms: number | undefined): void => {
    firstMs = earliest(firstMs, ms);
    lastMs = latest(lastMs, ms);
  };

  const addGroup = (group: CallGroup): void => {
    const region = regionIndex(group.region);
    const told = group.matching.at(-1)?.length === 0 ? 0 : group.calls;
    sums.calls += group.calls;
    regions.add(group.region, group.calls, told);
    if (group.second !== undefined) widen(group.second * 1000);
    for (const [index, set] of sets.entries()) set.add(group.matching[index] ?? [], region, group);
  };

  const addFile = (scan: FileScan): void => {
    sums.files += 1;
    sums.records += scan.records;
    sums.unusable += scan.unusable;
    sums.dropped += scan.dropped;
    widen(scan.firstMs);
    widen(scan.lastMs);
    if (scan.unreadable === undefined) return;
    sums.unreadableFiles += 1;
    if (unreadable.length < MOST_NAMED_FILES) unreadable.push({ file: scan.file, reason: scan.unreadable });
  };

  return {
    add: (scan: FileScan): void => {
      addFile(scan);
      scan.groups.forEach(addGroup);
      addNames(rankings.principals, scan.principals);
      addNames(rankings.operations, scan.operations);
      addNames(rankings.flows, scan.flows);
      droppedCalls.push(...scan.droppedCalls.slice(0, MOST_DROPPED_CALLS - droppedCalls.length));
    },
    result: (skippedFiles: number): BacktestResult => {
      const fromMs = latest(firstMs, sinceMs);
      const toMs = earliest(lastMs, untilMs);
      const operations = rankings.operations.top(MOST_OPERATIONS);
      return {
        ...sums,
        skippedFiles,
        unreadable,
        fromMs,
        toMs,
        days: fromMs === undefined || toMs === undefined ? 1 : Math.max(1, (toMs - fromMs) / DAY_MS),
        ruleSets: sets.map((set) => set.result()),
        droppedCalls: droppedCalls.sort((left, right) =>
          left.time < right.time ? -1 : Number(left.time > right.time),
        ),
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
