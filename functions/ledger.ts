import type { DayCounters } from '../shared/day-counters.ts';
import type { PostSlot } from '../shared/post-slot.ts';

/**
 * What the ledger says of a call. `busy`: another invocation is telling it right now. `unknown`: the ledger could not
 * be reached.
 */
export type Claim = 'claimed' | 'told' | 'busy' | 'unknown';

/** Between which moments a slot is looked for. */
export interface SlotLimits {
  readonly nowMs: number;
  readonly latestMs: number;
}

/**
 * Which calls were told, so that none is told twice; the pace that the functions share; and counters for the daily
 * summary.
 *
 * Powertools' idempotency is not used: it wraps one call of one function, and here one Slack message tells up to
 * hundreds of calls, each of which must be remembered by itself.
 */
export interface Ledger {
  /**
   * Reserves the calls for this invocation until `untilMs`; after that they are free again, so a crash swallows nothing.
   * Never throws.
   */
  claim(keys: readonly string[], untilMs: number): Promise<ReadonlyMap<string, Claim>>;
  /** Which of the calls were told already. Never throws; `unknown` if it cannot say. */
  lookup(keys: readonly string[]): Promise<ReadonlyMap<string, 'told' | 'free' | 'unknown'>>;
  /** Remembers that Slack accepted the calls. @throws when it could not be written. */
  markTold(keys: readonly string[]): Promise<void>;
  /** Gives claims back, so that the next try need not wait for them to expire. @throws when it could not be written. */
  release(keys: readonly string[]): Promise<void>;
  /**
   * Gives a webhook's next slot to whoever asks, a second after the last one at the earliest; `undefined` if that is too
   * late. @throws when it could not be written.
   */
  reserveSlot(paceKey: string, limits: SlotLimits): Promise<PostSlot | undefined>;
  /** Adds to the counters of a channel's day. @throws when it could not be written. */
  count(dayKey: string, counters: DayCounters): Promise<void>;
  /** The counters of a channel's day; `undefined` if nothing was counted. */
  readDay(dayKey: string): Promise<DayCounters | undefined>;
}
