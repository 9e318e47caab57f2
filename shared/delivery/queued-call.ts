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
   * again), or `waiting` (back in the queue; a later line says how it ended).
   */
  readonly result: 'posted' | 'folded' | 'dead-lettered' | 'repeated' | 'waiting';
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
  | { readonly kind: 'dead-lettered'; readonly reason: DeadLetterReason; readonly detail: string }
  | Waiting;

/** The records of one call, or one invalid record, and how they ended. */
export interface DeliveredCall {
  readonly records: readonly [QueuedRecord, ...QueuedRecord[]];
  /** `undefined` for a record that is not a call. */
  readonly notification: Notification | undefined;
  readonly deliveryResult: DeliveryResult;
}
