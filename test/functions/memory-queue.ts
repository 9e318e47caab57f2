import type { SQSRecord } from 'aws-lambda';
import type { DeadLetterAttributes, Queue } from '../../functions/ports.ts';
import { anSqsRecord } from '../builders.ts';

interface Stored {
  readonly messageId: string;
  readonly body: string;
  receiveCount: number;
  visibleAtMs: number;
  receiptHandle: string;
}

export interface MemoryQueueOptions {
  readonly now: () => number;
  readonly visibilityTimeoutMs: number;
  readonly maxReceiveCount: number;
  /**
   * How a receive waits for a record.
   * @default it does not
   */
  readonly wait?: (ms: number) => Promise<void>;
}

/** As much of SQS as deliveries depend on: visibility, receipt handles, receive counts, the dead-letter queue. */
export function memoryQueue({ now, visibilityTimeoutMs, maxReceiveCount, wait }: MemoryQueueOptions) {
  const stored = new Map<string, Stored>();
  const deadLetters: { readonly body: string; readonly attributes: DeadLetterAttributes | 'too many receives' }[] = [];
  const state = { isDeadLetterQueueDown: false, mostReceives: 0, onChange: (): void => undefined };
  let ids = 0;

  const store = (body: string, visibleAtMs: number): void => {
    ids += 1;
    const messageId = `m${ids}`;
    stored.set(messageId, { messageId, body, receiveCount: 0, visibleAtMs, receiptHandle: '' });
    state.onChange();
  };
  const take = (message: Stored, hiddenForMs = visibilityTimeoutMs): Stored => {
    message.receiveCount += 1;
    state.mostReceives = Math.max(state.mostReceives, message.receiveCount);
    message.visibleAtMs = now() + hiddenForMs;
    message.receiptHandle = `${message.messageId}/${message.receiveCount}`;
    return message;
  };
  const giveUp = ({ messageId, body }: Stored): void => {
    stored.delete(messageId);
    deadLetters.push({ body, attributes: 'too many receives' });
  };
  /** Whether a record may be handed out; one that was too often already is given up. */
  const isReady = (message: Stored): boolean => {
    if (message.visibleAtMs > now()) return false;
    if (message.receiveCount < maxReceiveCount) return true;
    giveUp(message);
    return false;
  };
  const takeVisible = (limit: number, hiddenForMs?: number): readonly Stored[] =>
    Array.from(stored.values().filter(isReady).take(limit), (message) => take(message, hiddenForMs));
  const nextVisibleAtMs = (): number => {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { visibleAtMs } of stored.values()) nextMs = Math.min(nextMs, visibleAtMs);
    return nextMs;
  };
  const byHandle = (handle: string): Stored | undefined => {
    const message = stored.get(handle.split('/')[0] ?? '');
    return message?.receiptHandle === handle ? message : undefined;
  };

  const queue: Queue = {
    async sendDeadLetter(body, attributes) {
      await Promise.resolve();
      if (state.isDeadLetterQueueDown) throw new Error('the dead-letter queue is out of reach');
      deadLetters.push({ body, attributes });
    },
    async changeVisibility(waits) {
      await Promise.resolve();
      for (const { record, waitMs } of waits) {
        const message = byHandle(record.receiptHandle);
        if (message === undefined) continue;
        message.visibleAtMs = now() + Math.ceil(waitMs / 1000) * 1000;
        // SQS knows no order; one that always has the same records first would keep others back for ever.
        stored.delete(message.messageId);
        stored.set(message.messageId, message);
      }
      state.onChange();
      return [];
    },
    async resend(waits) {
      await Promise.resolve();
      for (const { record, waitMs } of waits) store(record.body, now() + Math.ceil(waitMs / 1000) * 1000);
      return [];
    },
    async send(records) {
      await Promise.resolve();
      for (const { body, dueAtMs } of records) store(body, Math.max(now(), dueAtMs));
      return [];
    },
    async receive({ waitSeconds, hiddenForMs }) {
      await Promise.resolve();
      const untilMs = now() + waitSeconds * 1000;
      for (;;) {
        const taken = takeVisible(10, hiddenForMs);
        const leftMs = untilMs - now();
        if (taken.length > 0 || leftMs <= 0 || wait === undefined) return taken.map((message) => ({ ...message }));
        await wait(Math.min(leftMs, Math.max(1, nextVisibleAtMs() - now())));
      }
    },
    async remove(records) {
      await Promise.resolve();
      for (const { receiptHandle, messageId } of records) {
        if (byHandle(receiptHandle) !== undefined) stored.delete(messageId);
      }
      return [];
    },
  };

  return {
    queue,
    state,
    deadLetters,
    size: () => stored.size,
    /** When the next record is visible. */
    nextVisibleAtMs,
    send: (body: string): void => store(body, now()),
    /** A batch as the event source mapping hands it to the function. */
    takeBatch: (limit: number): readonly SQSRecord[] => takeVisible(limit).map(anSqsRecord),
    /** What the event source mapping does with the function's answer. */
    acknowledge(batch: readonly SQSRecord[], failures: readonly { readonly itemIdentifier: string }[]): void {
      const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { messageId, receiptHandle } of batch) {
        if (!failed.has(messageId) && byHandle(receiptHandle) !== undefined) stored.delete(messageId);
      }
    },
  };
}
