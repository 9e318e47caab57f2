import type { Notification } from './notification.ts';
import type { QueuedRecord } from './queued-record.ts';

/** Why a record can never succeed, in the words of the `reason` attribute in the dead-letter queue. */
export type DeadLetterReason = 'malformed' | 'message-refused' | 'channel-refused' | 'not-renderable';

/** A call goes back to the queue: why, and when it is tried again; `undefined`: when the clock says (`nextTryMs`). */
export interface Waiting {
  readonly kind: 'waiting';
  readonly reason: string;
  readonly untilMs: number | undefined;
  /** Only passed on to whoever is emptying the queue for its webhook: not trouble, and not worth a line. */
  readonly isHandedOver?: true;
  /** In somebody else's hands, who tells it, or says that it waits. */
  readonly isAnothers?: true;
}

/** How far one invocation brought a call, and why. */
export type Ending =
  | { readonly kind: 'posted' | 'folded' }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'dead-lettered'; readonly reason: DeadLetterReason; readonly detail: string }
  | Waiting;

/** The records of one call, or one record that is none, and how they ended. */
export interface EndedCall {
  readonly records: readonly [QueuedRecord, ...QueuedRecord[]];
  /** `undefined` for a record that is not a call. */
  readonly notification: Notification | undefined;
  readonly ending: Ending;
}
