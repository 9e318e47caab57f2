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

/** The queue calls of the functions that read one. */
export interface Queue {
  /** @throws when the dead-letter queue did not take it. */
  sendDeadLetter(body: string, attributes: DeadLetterAttributes): Promise<void>;
  /** Hides records for a while. @throws when the queue refused some; they come back by the queue's own time. */
  hide(waits: readonly Wait[]): Promise<void>;
}

/** A queue that no event source mapping empties. */
export interface DrainableQueue extends Queue {
  /** The next few records; none when the queue is empty. */
  receive(): Promise<readonly QueuedRecord[]>;
  /** Deletes records. @throws when the queue kept some; they come back. */
  remove(records: readonly QueuedRecord[]): Promise<void>;
}
