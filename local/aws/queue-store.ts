import type { QueueModel } from '../template/stack-model.ts';
import { AwsError, notServed } from './aws-error.ts';
import type { AwsRequest, AwsResponse, AwsService } from './aws-service.ts';
import { AT_ONCE_SECONDS, compressVisibility, type VisibilityClock } from './compress-visibility.ts';
import { loadFauxqs, type QueueChange, type SqsQueue } from './fauxqs-internals.ts';

/** A message as `ReceiveMessage` gives it. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<
    Record<string, { readonly DataType: string; readonly StringValue?: string; readonly BinaryValue?: string }>
  >;
}

export interface QueueCounts {
  readonly waiting: number;
  readonly inFlight: number;
}

/** SQS on one machine. Queues are named by ARN, as rules and event source mappings do. */
export interface QueueStore extends AwsService {
  createQueue(queue: QueueModel): void;
  /** @throws AwsError as SQS refuses. */
  send(queueArn: string, body: string, attributes?: Readonly<Record<string, string>>): Promise<void>;
  receive(
    queueArn: string,
    options: { readonly max: number; readonly waitMs: number },
  ): Promise<readonly ReceivedMessage[]>;
  delete(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
  /** Makes received messages visible again at once. */
  release(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
  counts(queueArn: string): QueueCounts;
  /** Everything in the queue, whatever its state. */
  bodies(queueArn: string): readonly string[];
  /** When the next message that is hidden now can be received; `undefined` if none is hidden. */
  nextVisibleAtMs(queueArn: string): number | undefined;
  /** Ends the waiting of every receive. */
  cancelWaits(): void;
  close(): Promise<void>;
}

export interface QueueStoreOptions extends Partial<VisibilityClock> {
  readonly region: string;
  readonly dataDir: string | undefined;
  readonly onChange: (change: QueueChange) => void;
}

const TARGET_PREFIX = 'AmazonSQS';
const JSON_1_0 = 'application/x-amz-json-1.0';
const OPERATIONS = [
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
  'CreateQueue',
  'DeleteMessage',
  'DeleteMessageBatch',
  'DeleteQueue',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListQueueTags',
  'ListQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
  'SendMessageBatch',
  'SetQueueAttributes',
  'TagQueue',
  'UntagQueue',
] as const;

/** Entries that a batch request of SQS takes. */
const BATCH = 10;

type Json = Readonly<Record<string, unknown>>;

const chunks = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / BATCH) }, (_, index) =>
    items.slice(index * BATCH, (index + 1) * BATCH),
  );

/** Makes SQS's stand-in. */
export async function createQueueStore({
  region,
  dataDir,
  onChange,
  clockFactor = 1,
  leastHiddenMs = 0,
}: QueueStoreOptions): Promise<QueueStore> {
  const { app, store } = await loadFauxqs({ region, dataDir, onChange });
  const clock = { clockFactor, leastHiddenMs };
  const served: readonly string[] = OPERATIONS;
  const names = served.map((name) => `${TARGET_PREFIX}.${name}`);

  /** The queue's own timeout is looked up here because a receive that names none would get it uncompressed. */
  const timeoutOfQueue = (url: unknown): number | undefined => {
    const queue = typeof url === 'string' ? store.getQueue(url) : undefined;
    return queue === undefined ? undefined : Number(queue.attributes.VisibilityTimeout);
  };

  const onOurClock = (operation: string, body: Buffer): string => {
    const input = JSON.parse(body.toString('utf8')) as Json;
    return JSON.stringify(compressVisibility(operation, input, clock, timeoutOfQueue));
  };
  const hasVisibility = (operation: string): boolean => /^(?:ChangeMessageVisibility|ReceiveMessage)/.test(operation);

  async function answer({ operation, headers, body }: AwsRequest): Promise<AwsResponse> {
    if (!served.includes(operation)) throw notServed(`${TARGET_PREFIX}.${operation}`, names);
    const response = await app.inject({
      method: 'POST',
      url: '/',
      headers: {
        'content-type': JSON_1_0,
        'x-amz-target': `${TARGET_PREFIX}.${operation}`,
        host: headers.host ?? '',
        authorization: headers.authorization ?? '',
      },
      payload: hasVisibility(operation) ? onOurClock(operation, body) : body,
    });
    const { 'content-length': _, connection: __, ...kept } = response.headers;
    return { status: response.statusCode, headers: kept, body: response.rawPayload };
  }

  async function call(operation: string, input: Json): Promise<Json> {
    const body = Buffer.from(JSON.stringify(input));
    const response = await answer({ operation, body, headers: {}, path: '/', accessKeyId: undefined });
    const output = JSON.parse(String(response.body)) as Json;
    if (response.status === 200) return output;
    throw new AwsError(String(output.__type).replace(/^.*#/, ''), String(output.message));
  }

  const queueOf = (arn: string): SqsQueue => {
    const queue = store.getQueueByArn(arn);
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', `The specified queue does not exist: ${arn}`);
    return queue;
  };

  return {
    targetPrefix: TARGET_PREFIX,
    operations: names,
    answer,
    createQueue({ name, url, arn, attributes }) {
      const kept = store.getQueueByArn(arn);
      if (kept === undefined) {
        store.createQueue(name, url, arn, { ...attributes });
        return;
      }
      // From the data directory: the port may be another one, the template too, and its readers are gone.
      Object.assign(kept, { url });
      kept.setAttributes({ ...attributes });
      for (const handle of [...kept.inflightMessages.keys()]) kept.changeVisibility(handle, AT_ONCE_SECONDS);
    },
    async send(queueArn, body, attributes = {}) {
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
      );
      await call('SendMessage', { QueueUrl: queueOf(queueArn).url, MessageBody: body, MessageAttributes });
    },
    async receive(queueArn, { max, waitMs }) {
      const queue = queueOf(queueArn);
      const { Messages = [] } = await call('ReceiveMessage', {
        QueueUrl: queue.url,
        MaxNumberOfMessages: Math.min(max, BATCH),
        WaitTimeSeconds: waitMs / 1000,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      return Messages as readonly ReceivedMessage[];
    },
    async delete(queueArn, receiptHandles) {
      const QueueUrl = queueOf(queueArn).url;
      for (const chunk of chunks(receiptHandles)) {
        const Entries = chunk.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
        await call('DeleteMessageBatch', { QueueUrl, Entries });
      }
    },
    async release(queueArn, receiptHandles) {
      const QueueUrl = queueOf(queueArn).url;
      for (const chunk of chunks(receiptHandles)) {
        const Entries = chunk.map((ReceiptHandle, index) => ({
          Id: String(index),
          ReceiptHandle,
          VisibilityTimeout: 0,
        }));
        await call('ChangeMessageVisibilityBatch', { QueueUrl, Entries });
      }
    },
    counts(queueArn) {
      const queue = queueOf(queueArn);
      queue.processTimers();
      return { waiting: queue.messages.length + queue.delayedMessages.length, inFlight: queue.inflightMessages.size };
    },
    bodies(queueArn) {
      const { ready, delayed, inflight } = queueOf(queueArn).inspectMessages();
      return [...ready, ...delayed, ...inflight.map(({ message }) => message)].map(({ body }) => body);
    },
    nextVisibleAtMs(queueArn) {
      const hidden = queueOf(queueArn).inspectMessages().inflight;
      if (hidden.length === 0) return undefined;
      return Math.min(...hidden.map(({ visibilityDeadline }) => visibilityDeadline));
    },
    cancelWaits: () => store.shutdown(),
    close: () => app.close(),
  };
}
