import type { Notification } from './notification.ts';
import type { QueuedRecord } from './queued-record.ts';

/** One call to tell on one channel, with every record that carries it: EventBridge and SQS may deliver twice. */
export interface QueuedCall {
  readonly notification: Notification;
  readonly records: readonly [QueuedRecord, ...QueuedRecord[]];
}

/** Under this key a call is told once: CloudTrail's event and the channel. The ledger's partition key. */
export const toldKey = (eventId: string, channel: string): string => `told#${eventId}#${channel}`;

/** Key of the call in the ledger. */
export const keyOf = ({ eventId, route }: Notification): string => toldKey(eventId, route.channel);
