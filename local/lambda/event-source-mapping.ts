import type { QueueStore, ReceivedMessage } from '../aws/queue-store.ts';
import type { MappingModel } from '../template/stack-model.ts';
import { failedRecords } from './failed-records.ts';
import type { FunctionRuntime } from './function-runtime.ts';
import { toSqsEvent } from './sqs-event.ts';

/** Reads a queue for a function until it is stopped. */
export interface EventSourceMapping {
  /** Takes nothing more from the queue, and waits for the batches under way. */
  stop(): Promise<void>;
}

export interface EventSourceMappingOptions {
  readonly mapping: MappingModel;
  readonly region: string;
  readonly queues: Pick<QueueStore, 'receive' | 'delete' | 'release' | 'cancelWaits'>;
  readonly runtime: Pick<FunctionRuntime, 'invoke'>;
  readonly nowMs: () => number;
  /** Something was taken from the queue or left it. */
  readonly onProgress: () => void;
}

/** The longest that SQS lets a receive wait. */
const LONG_POLL_MS = 20_000;
const CANCEL_EVERY_MS = 20;
/** Of one invocation's payload; the records' own fields are counted roughly. */
const MAX_BATCH_BYTES = 6 * 1024 * 1024;
const RECORD_OVERHEAD_BYTES = 1_000;

const sizeOf = (messages: readonly ReceivedMessage[]): number =>
  messages.reduce((bytes, { Body }) => bytes + Buffer.byteLength(Body) + RECORD_OVERHEAD_BYTES, 0);

const handlesOf = (messages: readonly ReceivedMessage[]): readonly string[] =>
  messages.map(({ ReceiptHandle }) => ReceiptHandle);

/**
 * Lambda's poller of one queue: gathers a batch until it is full or its window is over, and invokes the function with
 * it, in no more processes than the mapping's maximum concurrency.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { mapping, region, queues, runtime, nowMs, onProgress } = options;
  const { queueArn, batchSize, windowMs, maximumConcurrency, reportsBatchItemFailures } = mapping;
  const underWay = new Set<Promise<void>>();
  let isStopped = !mapping.enabled;

  const isFull = (batch: readonly ReceivedMessage[]): boolean =>
    batch.length >= batchSize || sizeOf(batch) >= MAX_BATCH_BYTES;

  async function gather(): Promise<readonly ReceivedMessage[]> {
    const batch = [...(await queues.receive(queueArn, { max: batchSize, waitMs: LONG_POLL_MS }))];
    if (batch.length > 0) onProgress();
    const endMs = batch.length > 0 ? nowMs() + windowMs : 0;
    while (nowMs() < endMs && !isFull(batch) && !isStopped) {
      // The clock goes on between the two readings: never below 0.
      const waitMs = Math.max(0, endMs - nowMs());
      batch.push(...(await queues.receive(queueArn, { max: batchSize - batch.length, waitMs })));
    }
    return batch;
  }

  async function run(batch: readonly ReceivedMessage[]): Promise<void> {
    const result = await runtime.invoke(toSqsEvent(batch, queueArn, region));
    const failed = failedRecords(result, new Set(batch.map(({ MessageId }) => MessageId)), reportsBatchItemFailures);
    const done = failed === 'all' ? [] : batch.filter(({ MessageId }) => !failed.has(MessageId));
    // What failed stays hidden until its visibility timeout, or what the function set instead of it, is over.
    await queues.delete(queueArn, handlesOf(done));
    onProgress();
  }

  function start(batch: readonly ReceivedMessage[]): void {
    if (batch.length === 0) return;
    const running = run(batch).finally(() => underWay.delete(running));
    underWay.add(running);
  }

  const room = async (): Promise<void> => {
    while (underWay.size >= maximumConcurrency) await Promise.race(underWay);
  };

  async function poll(): Promise<void> {
    while (!isStopped) {
      await room();
      const batch = isStopped ? [] : await gather();
      if (!isStopped) start(batch);
      else await queues.release(queueArn, handlesOf(batch));
    }
  }

  const polling = poll();
  return {
    async stop() {
      isStopped = true;
      // Again and again: a receive that is on its way to the queue does not wait there yet.
      const cancelling = setInterval(queues.cancelWaits, CANCEL_EVERY_MS);
      queues.cancelWaits();
      await polling;
      clearInterval(cancelling);
      await Promise.all(underWay);
    },
  };
}
