import { isObject } from '../../shared/call/json.ts';
import type { QueueStore, ReceivedMessage } from '../aws/sqs.ts';
import type { Clock } from '../clock.ts';
import type { MappingModel } from '../template/stack-model.ts';
import type { InvocationResult } from './execution-environment.ts';
import type { FunctionRuntime } from './function-runtime.ts';

/** Which records of a batch stay in the queue: all of them, or those by their message ids. */
export type FailedRecords = 'all' | ReadonlySet<string>;

const NONE: ReadonlySet<string> = new Set();

/**
 * Reads what a function said of its batch. With `ReportBatchItemFailures` nothing, an empty answer or an empty list is
 * success; an error, an answer of another shape, or an id that is null, empty or not of this batch fails the whole
 * batch.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedRecords(
  result: InvocationResult,
  messageIds: ReadonlySet<string>,
  reportsBatchItemFailures: boolean,
): FailedRecords {
  if (result.kind !== 'value') return 'all';
  if (!reportsBatchItemFailures || result.value === null || result.value === undefined) return NONE;
  if (!isObject(result.value)) return 'all';
  const failures = result.value.batchItemFailures ?? [];
  if (!Array.isArray(failures)) return 'all';
  const ids = failures.map((failure: unknown) => (isObject(failure) ? failure.itemIdentifier : undefined));
  const known = ids.filter((id): id is string => typeof id === 'string' && messageIds.has(id));
  return known.length === ids.length ? new Set(known) : 'all';
}

type Attributes = NonNullable<ReceivedMessage['MessageAttributes']>;

const toMessageAttributes = (attributes: Attributes) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        dataType: DataType,
        ...(StringValue !== undefined && { stringValue: StringValue }),
        ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
        stringListValues: [],
        binaryListValues: [],
      },
    ]),
  );

/** The event with which Lambda hands a batch of a queue to a function. */
const toSqsEvent = (messages: readonly ReceivedMessage[], queueArn: string, region: string) => ({
  Records: messages.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: toMessageAttributes(message.MessageAttributes ?? {}),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  })),
});

/** Reads a queue for a function until it is stopped. */
export interface EventSourceMapping {
  readonly queueArn: string;
  /** The messages that were taken from the queue for a batch; `all` under an invocation, which takes more by itself. */
  inHand(): ReadonlySet<string> | 'all';
  /** Takes nothing more from the queue, and waits for the batches under way. */
  stop(): Promise<void>;
}

export interface EventSourceMappingOptions {
  readonly mapping: MappingModel;
  readonly region: string;
  readonly queues: Pick<QueueStore, 'receive' | 'delete' | 'release' | 'cancelWaits'>;
  readonly runtime: Pick<FunctionRuntime, 'invoke'>;
  /** By which windows and waits are over. */
  readonly clock: Pick<Clock, 'now' | 'factor'>;
  /** Something was taken from the queue or left it. */
  readonly onProgress: () => void;
}

/**
 * Lambda begins with so many pollers, each with a batch of its own. While a backlog lasts it adds more; here it stays
 * at these, which is never faster than on AWS.
 */
const MOST_POLLERS = 5;
/** The longest that SQS lets a receive wait. */
const LONG_POLL_MS = 20_000;
const CANCEL_EVERY_MS = 20;
/** Of one invocation's payload; the records' own fields are counted roughly. */
const MAX_BATCH_BYTES = 6 * 1024 * 1024;
const RECORD_OVERHEAD_BYTES = 1_000;

type Batch = readonly ReceivedMessage[];

const bytesOf = ({ Body }: ReceivedMessage): number => Buffer.byteLength(Body) + RECORD_OVERHEAD_BYTES;

const sizeOf = (messages: Batch): number => messages.reduce((bytes, message) => bytes + bytesOf(message), 0);

/** The last receive may have brought more than an invocation takes. */
function withinPayload(messages: Batch): readonly Batch[] {
  const batches: ReceivedMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    bytes += bytesOf(message);
    if (bytes > MAX_BATCH_BYTES) {
      batches.push([]);
      bytes = bytesOf(message);
    }
    batches.at(-1)?.push(message);
  }
  return batches;
}

const handlesOf = (messages: Batch): readonly string[] => messages.map(({ ReceiptHandle }) => ReceiptHandle);

/**
 * Lambda's pollers of one queue. Each gathers a batch and invokes the function with it, and takes nothing more from
 * the queue until the function has answered; so nothing is received beyond the mapping's maximum concurrency.
 *
 * Without a batching window a batch goes out with what the first receive brought. With one, it goes out when it is
 * full, or with the first record that comes after the window; where none comes, Lambda "might wait for up to 20
 * seconds before invoking your function […] even if you set a batch window lower than 20 seconds", and here it always
 * does.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const { mapping, region, queues, runtime, clock, onProgress } = options;
  const { queueArn, batchSize, windowMs, maximumConcurrency, reportsBatchItemFailures } = mapping;
  let isStopped = !mapping.enabled;
  const inHand = new Set<string>();
  let invocations = 0;

  const isFull = (batch: Batch): boolean => batch.length >= batchSize || sizeOf(batch) >= MAX_BATCH_BYTES;

  const receive = (max: number, waitMs: number): Promise<Batch> =>
    take(queues.receive(queueArn, { max, waitMs: Math.min(waitMs / clock.factor, LONG_POLL_MS) }));

  async function take(receiving: Promise<Batch>): Promise<Batch> {
    const batch = await receiving;
    for (const { MessageId } of batch) inHand.add(MessageId);
    return batch;
  }

  const layDown = (batch: Batch): void => {
    for (const { MessageId } of batch) inHand.delete(MessageId);
  };

  /** Adds to a batch until it is full, or its window is over. */
  async function fill(batch: ReceivedMessage[]): Promise<void> {
    const windowEndsMs = clock.now() + windowMs;
    const latestMs = clock.now() + Math.max(windowMs, LONG_POLL_MS);
    while (clock.now() < latestMs && !isFull(batch) && !isStopped) {
      // The clock goes on between the two readings: never below 0.
      const more = await receive(batchSize - batch.length, Math.max(0, latestMs - clock.now()));
      batch.push(...more);
      if (more.length > 0 && clock.now() >= windowEndsMs) return;
    }
  }

  async function gather(): Promise<Batch> {
    const batch = [...(await receive(batchSize, LONG_POLL_MS))];
    if (batch.length === 0) return batch;
    onProgress();
    if (windowMs > 0) await fill(batch);
    return batch;
  }

  async function run(batch: Batch): Promise<void> {
    invocations += 1;
    const result = await runtime.invoke(toSqsEvent(batch, queueArn, region));
    invocations -= 1;
    const failed = failedRecords(result, new Set(batch.map(({ MessageId }) => MessageId)), reportsBatchItemFailures);
    const done = failed === 'all' ? [] : batch.filter(({ MessageId }) => !failed.has(MessageId));
    // What failed stays hidden until its visibility timeout, or what the function set instead of it, is over.
    await queues.delete(queueArn, handlesOf(done));
    layDown(batch);
    onProgress();
  }

  async function poll(): Promise<void> {
    while (!isStopped) {
      const batch = await gather();
      if (isStopped) {
        await queues.release(queueArn, handlesOf(batch));
        layDown(batch);
      } else for (const part of withinPayload(batch)) await run(part);
    }
  }

  const polling = Promise.all(Array.from({ length: Math.min(MOST_POLLERS, maximumConcurrency) }, poll));
  return {
    queueArn,
    inHand: () => (invocations > 0 ? 'all' : inHand),
    async stop() {
      isStopped = true;
      // Again and again: a receive that is on its way to the queue does not wait there yet.
      const cancelling = setInterval(queues.cancelWaits, CANCEL_EVERY_MS);
      queues.cancelWaits();
      await polling;
      clearInterval(cancelling);
    },
  };
}
