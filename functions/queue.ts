import type { QueuedRecord } from '../shared/queued-record.ts';
import type { Wait } from '../shared/settle.ts';

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
  hide(waits: readonly Wait[]): Promise<readonly Wait[]>;
  /** Sends the bodies once more, each with its delay. The old records are still there. Never throws. */
  resend(waits: readonly Wait[]): Promise<readonly Wait[]>;
}
