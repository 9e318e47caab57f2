import type { CallsTold } from '../shared/calls-told.ts';
import type { DayCounters } from '../shared/day-counters.ts';
import type { PostSlot } from '../shared/post-slot.ts';
import type { WebhookBlock } from '../shared/retry-wait.ts';

/**
 * What the ledger says of a call. `busy`: somebody else is telling it right now. `unknown`: the ledger could not be
 * reached.
 */
export type Claim = 'claimed' | 'told' | 'busy' | 'unknown';

/** Whose a claim is, and until when; after that the call is free again, so that a crash swallows nothing. */
export interface Claimer {
  /** Drawn anew for each attempt: an answer that got lost is recognised as one's own when it is asked for again. */
  readonly owner: string;
  readonly untilMs: number;
}

/** A request to post to a webhook. */
export interface SlotRequest {
  readonly nowMs: number;
  /** A slot that begins later is of no use. */
  readonly latestMs: number;
  /** Whoever asks for its turn empties the queue for this webhook; nobody else gets it until it is over or given back. */
  readonly turn?: Claimer | undefined;
}

/** What came of it. */
export type Reservation =
  | { readonly kind: 'granted'; readonly slot: PostSlot; readonly block: WebhookBlock | undefined }
  /** The webhook did not take what was posted and is left alone until then. */
  | { readonly kind: 'blocked'; readonly block: WebhookBlock }
  /** It is somebody else's turn, who posts next at that moment, or just did. */
  | { readonly kind: 'taken'; readonly nextPostMs: number; readonly block: WebhookBlock | undefined }
  | { readonly kind: 'too-late' };

/** How long a channel's records have waited in a queue, as the last function that left some waiting has seen it. */
export interface WaitingNote {
  readonly records: number;
  /** When EventBridge took the oldest; for digests when it was due. */
  readonly sinceMs: number;
  readonly reason: string;
  readonly notedAtMs: number;
}

/**
 * Which calls were told, so that none is told twice; how each webhook takes what is posted, which the functions share;
 * and what the daily summary counts.
 *
 * Powertools' idempotency is not used: it wraps one call of one function, and here one Slack message tells up to
 * hundreds of calls, each of which must be remembered by itself.
 */
export interface Ledger {
  /** Reserves calls for whoever asks. Never throws. */
  claim(keys: readonly string[], claimer: Claimer): Promise<ReadonlyMap<string, Claim>>;
  /** Remembers that Slack accepted the calls. @throws when it could not be written. */
  markTold(keys: readonly string[]): Promise<void>;
  /** Gives one's own claims back, so that the next try need not wait for their end. @throws when it could not be written. */
  release(keys: readonly string[], owner: string): Promise<void>;

  /** Gives a webhook's next slot to whoever asks, a second after the last one at the earliest. @throws */
  reserveSlot(webhookKey: string, request: SlotRequest): Promise<Reservation>;
  /** Moves one's own slot to a later moment, because it could not be posted in time; whether nobody is behind it. @throws */
  moveSlot(webhookKey: string, slot: PostSlot, startMs: number): Promise<boolean>;
  /** Whether somebody has the turn, and a slot so lately that they must be alive. @throws */
  isTurnTaken(webhookKey: string, nowMs: number): Promise<boolean>;
  /** Gives one's turn back, and the slot that was not posted in. @throws */
  endTurn(webhookKey: string, owner: string, unused: PostSlot | undefined): Promise<void>;
  /** Remembers that a webhook is to be left alone; `undefined`: that it took a post again. @throws */
  setBlock(webhookKey: string, block: WebhookBlock | undefined): Promise<void>;

  /** The latest calls that a channel was told of, by their keys. @throws */
  readTold(keys: readonly string[]): Promise<ReadonlyMap<string, CallsTold>>;
  /** Remembers calls as told, each unless a later one is known. @throws */
  noteTold(told: ReadonlyMap<string, CallsTold>): Promise<void>;

  /** Adds to the counters of a channel's day. @throws when it could not be written. */
  count(dayKey: string, counters: DayCounters): Promise<void>;
  /** The counters of a channel's day; `undefined` if nothing was counted. @throws */
  readDay(dayKey: string): Promise<DayCounters | undefined>;
  /**
   * Remembers what waits for a channel in a queue (`waitingKey`); without a note: nothing does any more. A note of calls
   * that have waited longer than these, and longer than those that have ended, stands: somebody else has them in hand.
   * @throws
   */
  noteWaiting(key: string, note: WaitingNote | undefined, endedSinceMs?: number): Promise<void>;
  /** @throws */
  readWaiting(key: string): Promise<WaitingNote | undefined>;
}
