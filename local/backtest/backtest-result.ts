import type { Ranked } from './ranking.ts';
import type { RuleSetTold } from './rule-set-counts.ts';
import type { DroppedCall } from './scan-part.ts';

/** What sets of rules would have told of the calls in log files. */
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
  /** Calls that the files hold more than once; each is counted once. */
  readonly repeated: number;
  /** MediaConnect API calls. */
  readonly calls: number;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  /** Days that the files span, at least one: what "a day" is reckoned by. */
  readonly days: number;
  /** One for each set of rules, the current first. */
  readonly ruleSets: readonly RuleSetTold[];
  /** Calls that only the last set of rules leaves untold. */
  readonly dropped: number;
  readonly droppedCalls: readonly DroppedCall[];
  /** Calls by region, busiest first. */
  readonly regions: readonly Ranked[];
  readonly principals: readonly Ranked[];
  readonly operations: readonly Ranked[];
  readonly flows: readonly Ranked[];
  /** Operations of calls that the last set of rules does not tell. */
  readonly untoldOperations: readonly { readonly name: string; readonly calls: number }[];
}
