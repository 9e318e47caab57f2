import type { Classification } from '../call/classify-call.ts';
import type { Notification } from '../notification/notification.ts';

/**
 * How one event ended, as the functions log it: one structured line per event and channel, under the
 * message `decision`. The answer to "why was I (not) notified?".
 */
export interface Decision {
  readonly eventId: string;
  readonly rule: string;
  readonly channel: string;
  readonly call: Classification | undefined;
  /**
   * `posted` alone, `folded` into a message that counts it, `dead-lettered`, `repeated` (reported before, not reported
   * again), `waiting` (back in the queue; a later line says how it ended), `notified` (no call, but what came of one, or what
   * nobody called for), or `dropped` (no call, and nothing to say).
   */
  readonly result: 'posted' | 'folded' | 'dead-lettered' | 'repeated' | 'waiting' | 'notified' | 'dropped';
  readonly reason: string | undefined;
}

/** The `message` of the log line that carries a decision. */
export const DECISION_MESSAGE = 'decision';

/**
 * A call can come again for 14 days in the queue, 14 more in the dead-letter queue and 14 more after a redrive, and out
 * of the archive for as long as that keeps it: up to a year. An item costs next to nothing, a repeat costs trust.
 */
export const NOTIFIED_FOR_SECONDS = 400 * 86_400;

/** One call to report on one channel, with every record that carries it: EventBridge and SQS may deliver twice. */
export interface QueuedCall {
  readonly notification: Notification;
  readonly records: readonly [QueuedRecord, ...QueuedRecord[]];
}

/** Under this key a call is reported once: CloudTrail's event and the channel. The ledger's partition key. */
export const notifiedKey = (eventId: string, channel: string): string => `notified#${eventId}#${channel}`;

/** Key of the call in the ledger. */
export const keyOf = ({ eventId, route }: Notification): string => notifiedKey(eventId, route.channel);

/** One record of a queue, as far as reporting it and settling it need: the same whoever received it. */
export interface QueuedRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** How often SQS has handed it out, this time included. */
  readonly receiveCount: number;
  /** When it was put into the queue, milliseconds since the epoch; `undefined` if SQS did not say. */
  readonly sentAtMs?: number | undefined;
}

/** Why a record can never succeed, in the words of the `reason` attribute in the dead-letter queue. */
export type DeadLetterReason = 'malformed' | 'message-refused' | 'channel-refused' | 'not-renderable';

/** A call goes back to the queue: why, and when it is tried again; `undefined`: when the clock says (`nextTryMs`). */
export interface Waiting {
  readonly kind: 'waiting';
  readonly reason: string;
  readonly untilMs: number | undefined;
  /** Only passed on to whoever is emptying the queue for its webhook: not trouble, and not worth a line. */
  readonly isHandedOver?: true;
  /** In somebody else's hands, who reports it, or says that it waits. */
  readonly isAnothers?: true;
}

/** At once by the notifier, or later in a digest. */
export type DeliveryMode = 'immediate' | 'digest';

/** How far one invocation brought a call, and why. */
export type DeliveryResult =
  | { readonly kind: 'posted' | 'folded' }
  | { readonly kind: 'repeated' }
  /** What MediaConnect said by itself, in a message of its own. */
  | { readonly kind: 'notified' }
  /** One of MediaConnect's own events, of which there is nothing to say: the queue may forget it. */
  | { readonly kind: 'dropped' }
  | { readonly kind: 'dead-lettered'; readonly reason: DeadLetterReason; readonly detail: string }
  | Waiting;

/** The records of one call, or one invalid record, and how they ended. */
export interface DeliveredCall {
  readonly records: readonly [QueuedRecord, ...QueuedRecord[]];
  /** `undefined` for a record that is not a call. */
  readonly notification: Notification | undefined;
  /** What a record of our own says of itself that is not a call. */
  readonly about?: { readonly eventId: string; readonly rule: string; readonly channel: string };
  readonly deliveryResult: DeliveryResult;
}

const SECOND_MS = 1000;
const STEPS_MS = [300, 120, 60, 30, 15].map((seconds) => seconds * SECOND_MS);

/**
 * When a record is tried again that waits for something else than its webhook, such as a secret: at the next full step
 * of the clock, where the steps are about half as long as the record has waited already, from 15 seconds to 5 minutes.
 * Records that came at different times so come back together.
 */
export function nextTryMs(queuedAtMs: number | undefined, nowMs: number): number {
  const waitedMs = Math.max(0, nowMs - (queuedAtMs ?? nowMs));
  const step = STEPS_MS.find((each) => each * 2 <= waitedMs) ?? 15 * SECOND_MS;
  return nowMs + step - (nowMs % step);
}

type DeadLettered = Extract<DeliveryResult, { kind: 'dead-lettered' }>;

/** A record that can never succeed, to be sent to the dead-letter queue with its reason. */
export interface DeadLetter {
  readonly delivered: DeliveredCall;
  readonly deliveryResult: DeadLettered;
}

/** A record that goes back to the queue, and for how long it stays invisible. */
export interface Wait {
  readonly record: QueuedRecord;
  readonly waitMs: number;
}

/** What is to be done with the records of ended calls, each of which is in exactly one list. */
export interface Settlement {
  /** Reported, or reported before: the queue may forget them. */
  readonly acknowledged: readonly QueuedRecord[];
  /** The queue may forget them once the dead-letter queue has them. */
  readonly deadLetters: readonly DeadLetter[];
  /** Stay in the queue as they are, hidden for a while. */
  readonly hidden: readonly Wait[];
  /** Sent to their queue again with a delay, after which the queue may forget the old ones. */
  readonly renewed: readonly Wait[];
  /** Handed out again since, and waiting by what came last: nothing is to be done, least of all to delete them. */
  readonly outdated: readonly QueuedRecord[];
}

/**
 * SQS may hand out a record twice, each time with another receipt handle. It is one record all the same: whoever
 * deletes it by one handle has deleted it. Only the last handle surely works, and answers may come in another order.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
 */
const latestOfEach = (records: readonly QueuedRecord[]): readonly QueuedRecord[] =>
  Array.from(
    Map.groupBy(records, ({ messageId }) => messageId).values(),
    (receipts) => receipts.toSorted((one, other) => other.receiveCount - one.receiveCount)[0],
  ).filter((latest) => latest !== undefined);

/**
 * From here on a wait renews the record instead of hiding it. A hidden record is in flight, of which a queue may have
 * about 120,000 before it hands out no more; each time it comes back uses up one of the receives that lead to the
 * dead-letter queue; and after 14 days it is gone. A record that is sent again has none of that.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
const RENEWED_FROM_MS = 60_000;
/** SQS: `DelaySeconds` is 900 at most, which no wait of ours is; visibility may be changed to 0. */
const isLong = ({ waitMs }: Wait): boolean => waitMs >= RENEWED_FROM_MS;

/** Decides what becomes of the records of calls that ended so. No wait is shorter than `leastWaitMs`. */
export function settle(
  delivered: readonly DeliveredCall[],
  { nowMs, leastWaitMs = 0 }: { readonly nowMs: number; readonly leastWaitMs?: number },
): Settlement {
  const acknowledged: QueuedRecord[] = [];
  const deadLetters: DeadLetter[] = [];
  const waits: Wait[] = [];
  const outdated: QueuedRecord[] = [];

  for (const call of delivered) {
    const { deliveryResult, records, notification } = call;
    if (deliveryResult.kind === 'waiting') {
      const [record = records[0], ...repeats] = latestOfEach(records);
      const untilMs = deliveryResult.untilMs ?? nextTryMs(notification?.route.ingestedAtMs ?? record.sentAtMs, nowMs);
      waits.push({ record, waitMs: Math.max(leastWaitMs, untilMs - nowMs) });
      // One record of a call is enough to wait; the others say the same.
      acknowledged.push(...repeats);
      outdated.push(...records.filter((one) => one !== record && one.messageId === record.messageId));
    } else if (deliveryResult.kind === 'dead-lettered') {
      deadLetters.push({ delivered: call, deliveryResult });
    } else {
      acknowledged.push(...records);
    }
  }
  return {
    acknowledged,
    deadLetters,
    hidden: waits.filter((wait) => !isLong(wait)),
    renewed: waits.filter(isLong),
    outdated,
  };
}
