import type { Notification } from './notification.ts';
import type { QueuedRecord } from './queued-record.ts';

/** Why a record can never succeed, in the words of the `reason` attribute in the dead-letter queue. */
export type DeadLetterReason = 'malformed' | 'message-refused' | 'channel-refused' | 'not-renderable';

/** How far one invocation brought a call, and why. */
export type Ending =
  | { readonly kind: 'posted' | 'folded' }
  | { readonly kind: 'repeated' }
  | { readonly kind: 'dead-lettered'; readonly reason: DeadLetterReason; readonly detail: string }
  | { readonly kind: 'waiting'; readonly reason: string; readonly retryAfterMs: number | undefined };

/** The records of one call, or one record that is none, and how they ended. */
export interface EndedCall {
  readonly records: readonly [QueuedRecord, ...QueuedRecord[]];
  /** `undefined` for a record that is not a call. */
  readonly notification: Notification | undefined;
  readonly ending: Ending;
}
