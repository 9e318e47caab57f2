import type { SQSRecord } from 'aws-lambda';
import type { DeadLetterAttributes, DrainableQueue } from '../../functions/queue.ts';

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
}

/** As much of SQS as deliveries depend on: visibility, receipt handles, receive counts, the dead-letter queue. */
export function memoryQueue({ now, visibilityTimeoutMs, maxReceiveCount }: MemoryQueueOptions) {
  const stored = new Map<string, Stored>();
  const deadLetters: { readonly body: string; readonly attributes: DeadLetterAttributes | 'too many receives' }[] = [];
  const state = { isDeadLetterQueueDown: false };
  let ids = 0;

  const take = (message: Stored): Stored => {
    message.receiveCount += 1;
    message.visibleAtMs = now() + visibilityTimeoutMs;
    message.receiptHandle = `${message.messageId}/${message.receiveCount}`;
    return message;
  };
  const giveUp = ({ messageId, body }: Stored): void => {
    stored.delete(messageId);
    deadLetters.push({ body, attributes: 'too many receives' });
  };
  const takeVisible = (limit: number): readonly Stored[] => {
    const visible = [...stored.values()].filter(({ visibleAtMs }) => visibleAtMs <= now());
    for (const worn of visible.filter(({ receiveCount }) => receiveCount >= maxReceiveCount)) giveUp(worn);
    return visible
      .filter(({ messageId }) => stored.has(messageId))
      .slice(0, limit)
      .map(take);
  };
  const byHandle = (handle: string): Stored | undefined => {
    const message = stored.get(handle.split('/')[0] ?? '');
    return message?.receiptHandle === handle ? message : undefined;
  };

  const queue: DrainableQueue = {
    async sendDeadLetter(body, attributes) {
      await Promise.resolve();
      if (state.isDeadLetterQueueDown) throw new Error('the dead-letter queue is out of reach');
      deadLetters.push({ body, attributes });
    },
    async hide(waits) {
      await Promise.resolve();
      for (const { record, waitMs } of waits) {
        const message = byHandle(record.receiptHandle);
        if (message !== undefined) message.visibleAtMs = now() + Math.ceil(waitMs / 1000) * 1000;
      }
    },
    async receive() {
      await Promise.resolve();
      return takeVisible(10).map((message) => ({ ...message }));
    },
    async remove(records) {
      await Promise.resolve();
      for (const { receiptHandle, messageId } of records) {
        if (byHandle(receiptHandle) !== undefined) stored.delete(messageId);
      }
    },
  };

  return {
    queue,
    state,
    deadLetters,
    size: () => stored.size,
    /** When the next record is visible. */
    nextVisibleAtMs: () => Math.min(...[...stored.values()].map(({ visibleAtMs }) => visibleAtMs)),
    send(body: string): void {
      ids += 1;
      const messageId = `m${ids}`;
      stored.set(messageId, { messageId, body, receiveCount: 0, visibleAtMs: now(), receiptHandle: '' });
    },
    /** A batch as the event source mapping hands it to the function. */
    takeBatch: (limit: number): readonly SQSRecord[] =>
      takeVisible(limit).map(({ messageId, body, receiptHandle, receiveCount }) => ({
        messageId,
        body,
        receiptHandle,
        attributes: {
          ApproximateReceiveCount: String(receiveCount),
          SentTimestamp: '0',
          SenderId: 'AIDA',
          ApproximateFirstReceiveTimestamp: '0',
        },
        messageAttributes: {},
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:immediate',
        awsRegion: 'eu-west-1',
      })),
    /** What the event source mapping does with the function's answer. */
    acknowledge(batch: readonly SQSRecord[], failures: readonly { readonly itemIdentifier: string }[]): void {
      const failed = new Set(failures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { messageId, receiptHandle } of batch) {
        if (!failed.has(messageId) && byHandle(receiptHandle) !== undefined) stored.delete(messageId);
      }
    },
  };
}
