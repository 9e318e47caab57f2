import type { FetchFunction } from '@slack/webhook';
import type { Memory } from '../shared/delivery/memory.ts';
import type { DayCounters, MetricName } from '../shared/delivery/metrics.ts';
import type { Decision, QueuedRecord, Wait } from '../shared/delivery/settle.ts';
import type { DisplaySettings } from '../shared/notification/notification.ts';
import type { DueRecord, SignalMemory } from '../shared/outcome/signal-memory.ts';
import type { SlackMessage } from '../shared/slack/message.ts';
import type { RateSlot, WebhookBlock, WebhookUrls } from '../shared/slack/webhook.ts';

/** What every function that posts to Slack is given. */
export interface PostingDependencies extends Pick<Outside, 'now' | 'wait' | 'newId'> {
  readonly ledger: Ledger;
  readonly webhooks: WebhookSource;
  readonly post: PostToSlack;
  readonly telemetry: Telemetry;
}

/** What the functions that report queued calls are given. */
export interface NotifyingDependencies extends PostingDependencies {
  readonly queue: Queue;
  readonly settings: DisplaySettings;
}

/** What goes to the dead-letter queue beside the untouched body. */
export interface DeadLetterAttributes {
  readonly reason: string;
  readonly detail: string;
  readonly eventId: string;
  readonly rule: string;
  readonly receivedAt: string;
}

export interface ReceiveOptions {
  /** How long a receive waits for a record. Without a wait SQS asks only some of its servers, and may say none too soon. */
  readonly waitSeconds: 0 | 1;
  /** How long what is received stays hidden from others. @default the queue's own visibility timeout */
  readonly hiddenForMs?: number;
}

/** The queue that a function empties. Those that take many records return the ones that the queue refused. */
export interface Queue {
  /** @throws when the dead-letter queue did not take it. */
  sendDeadLetter(body: string, attributes: DeadLetterAttributes): Promise<void>;
  /** The next few records; none when there are none. @throws */
  receive(options: ReceiveOptions): Promise<readonly QueuedRecord[]>;
  /** Deletes records. Those that the queue kept come back. Never throws. */
  remove(records: readonly QueuedRecord[]): Promise<readonly QueuedRecord[]>;
  /** Hides records for a while. Those that it refused come back by the queue's own time. Never throws. */
  changeVisibility(waits: readonly Wait[]): Promise<readonly Wait[]>;
  /** Sends the bodies once more, each with its delay. The old records are still there. Never throws. */
  resend(waits: readonly Wait[]): Promise<readonly Wait[]>;
  /** Puts records in, each to come out when it is due, within 15 minutes. Never throws. */
  send(records: readonly DueRecord[]): Promise<readonly DueRecord[]>;
}

type LogDetails = Readonly<Record<string, unknown>>;

/** What a function says about its work. Passed in, so that the chain knows nothing of Powertools. */
export interface Telemetry {
  /** One line per event and channel: the answer to "why was I (not) notified?". */
  decision(decision: Decision): void;
  warn(message: string, details: LogDetails): void;
  error(message: string, details: LogDetails): void;
  metric(name: MetricName, value: number, dimensions?: Readonly<Record<string, string>>): void;
  /** Runs a step in a trace segment of its own. */
  span<Result>(
    name: string,
    annotations: Readonly<Record<string, string | number>>,
    run: () => Promise<Result>,
  ): Promise<Result>;
}

/**
 * Time, chance and the network, as the functions take them. Passed in, so that a test or a simulation can own each of
 * them.
 */
export interface Outside {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  /** Names whoever claims something; never the same twice. */
  readonly newId: () => string;
  /** Posts to Slack. */
  readonly fetch: Fetch;
  /** Aborts after so long: the patience with Slack. */
  readonly patience: (ms: number) => AbortSignal;
  /** Aborts after so long: the limit on one of AWS's answers. */
  readonly timeLimit: (ms: number) => AbortSignal;
}

/** Reads the secret's text. @throws when it cannot be read in time. */
export type ReadSecret = () => Promise<string | undefined>;

/** Where the webhook URLs come from. */
export interface WebhookSource {
  /** @throws WebhookSecretError when there is no usable secret. */
  urls(): Promise<WebhookUrls>;
  /** Past every cache, because Slack refused a webhook that may have been exchanged since. @throws WebhookSecretError */
  reread(): Promise<WebhookUrls>;
}

/** As much of `fetch` as posting needs. */
export type Fetch = (url: string | URL, init: NonNullable<Parameters<FetchFunction>[1]>) => Promise<FetchedResponse>;

/** As much of `fetch`'s answer as posting needs. */
export interface FetchedResponse extends Pick<Response, 'ok' | 'status' | 'statusText'> {
  readonly headers: Awaited<ReturnType<FetchFunction>>['headers'];
  readonly body: { getReader(): Reader } | null;
}

export type Reader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;

/** Posts a message to a webhook. @throws SlackDeliveryError unless Slack accepted it. */
export type PostToSlack = (webhookUrl: string, message: SlackMessage, patience?: Patience) => Promise<void>;

export interface Patience {
  /**
   * How long to wait for the whole answer.
   * @default 10000
   */
  readonly timeoutMs?: number;
}

/**
 * What the ledger says of a call. `busy`: somebody else is reporting it right now. `unknown`: the ledger could not be
 * reached.
 */
export type Claim = 'claimed' | 'notified' | 'busy' | 'unknown';

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
  | { readonly kind: 'granted'; readonly slot: RateSlot; readonly block: WebhookBlock | undefined }
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

/** A record for the own queue that is remembered until the queue has it: what dies in between is made good later. */
export interface UnsentRecord extends DueRecord {
  /** When it was remembered. Soon after that its maker is still about to send it. */
  readonly atMs: number;
}

/** What is remembered of a flow, or of a router input or output. */
export interface SignalItem {
  readonly memory: SignalMemory;
  readonly unsent: readonly UnsentRecord[];
  /** One more with each write; 0: nothing is remembered. */
  readonly version: number;
}

/**
 * Which calls were reported, so that none is reported twice; how each webhook takes what is posted, which the functions share;
 * and what the daily summary counts.
 *
 * Powertools' idempotency is not used: it wraps one call of one function, and here one Slack message reports up to
 * hundreds of calls, each of which must be remembered by itself.
 */
export interface Ledger {
  /** Reserves calls for whoever asks. Never throws. */
  claim(keys: readonly string[], claimer: Claimer): Promise<ReadonlyMap<string, Claim>>;
  /**
   * Remembers that Slack accepted the calls, and for a few days what was said of some of them, by `saidOf`.
   * @throws when it could not be written.
   */
  markNotified(keys: readonly string[], said?: ReadonlyMap<string, Memory>): Promise<void>;
  /** Gives one's own claims back, so that the next try need not wait for their end. @throws when it could not be written. */
  release(keys: readonly string[], owner: string): Promise<void>;

  /** Gives a webhook's next slot to whoever asks, a second after the last one at the earliest. @throws */
  reserveSlot(webhookKey: string, request: SlotRequest): Promise<Reservation>;
  /** Moves one's own slot to a later moment, because it could not be posted in time; whether nobody is behind it. @throws */
  moveSlot(webhookKey: string, slot: RateSlot, startMs: number): Promise<boolean>;
  /** Whether somebody has the turn, and a slot so lately that they must be alive. @throws */
  isTurnTaken(webhookKey: string, nowMs: number): Promise<boolean>;
  /** Gives one's turn back, and the slot that was not posted in. @throws */
  endTurn(webhookKey: string, owner: string, unused: RateSlot | undefined): Promise<void>;
  /** Remembers that a webhook is to be left alone; `undefined`: that it took a post again. @throws */
  setBlock(webhookKey: string, block: WebhookBlock | undefined): Promise<void>;

  /** What is remembered under these keys. @throws */
  recall(keys: readonly string[]): Promise<ReadonlyMap<string, Memory>>;
  /** Remembers, each part unless a later one is known. @throws */
  remember(memories: ReadonlyMap<string, Memory>): Promise<void>;

  /** What is remembered of a flow, or of a router input or output. @throws */
  readSignals(rootArn: string): Promise<SignalItem>;
  /** Writes the next version of it; where another one was written meanwhile, that is returned, and nothing is written. @throws */
  writeSignals(rootArn: string, item: SignalItem): Promise<SignalItem | undefined>;

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
