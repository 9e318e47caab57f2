import type { JsonObject } from '../../shared/call/json.ts';
import type { QueueModel } from '../template/stack-model.ts';
import { loadFauxqs, type QueueChange, type SqsQueue } from './fauxqs-internals.ts';
import { checkIds, entryFault, isRefusedWhole, MOST_ENTRIES, messageFault, mustBeRead } from './message-faults.ts';
import { AT_ONCE_SECONDS, compressTimes, type QueueClock } from './request-times.ts';
import { AwsError, type AwsRequest, type AwsResponse, type AwsService, notServed } from './service.ts';

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

/** A message as it lies in a queue. */
export interface QueuedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly messageAttributes: QueueChange['messageAttributes'];
}

export interface QueueCounts {
  /** Can be received now. */
  readonly waiting: number;
  /** Received, and neither deleted nor visible again. */
  readonly inFlight: number;
  /** Sent with a delay that is not over. */
  readonly delayed: number;
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
  /** Makes what is hidden or delayed visible at once, but for those messages. */
  showHidden(queueArn: string, except: ReadonlySet<string>): void;
  /** The messages of a queue with their attributes, whatever their state. */
  contents(queueArn: string): readonly QueuedMessage[];
  /** Everything in the queue, whatever its state. */
  bodies(queueArn: string): readonly string[];
  /** What was sent with a delay that is not over. */
  delayedBodies(queueArn: string): readonly string[];
  /** When the next message that is hidden or delayed now, but for those, can be received; `undefined` if none is. */
  nextVisibleAtMs(queueArn: string, except?: ReadonlySet<string>): number | undefined;
  /**
   * The age of the oldest message as SQS's metric has it: what was received three times or more is left out, be it reported
   * soon or never. By the queue's name; `undefined` if nothing counts.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
   */
  oldestMessageMs(queueName: string): number | undefined;
  /** Ends the waiting of every receive. */
  cancelWaits(): void;
  close(): Promise<void>;
}

export interface QueueStoreOptions extends Partial<QueueClock> {
  readonly region: string;
  readonly dataDir: string | undefined;
  /**
   * Messages of one queue that may be received and not deleted.
   * @default SQS's 120,000
   */
  readonly mostInFlight?: number;
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

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
const MOST_IN_FLIGHT = 120_000;

/** Receives after which SQS's age metric forgets a message. */
const LEFT_OUT_AFTER = 3;

const jsonResponse = (output: JsonObject): AwsResponse => ({
  status: 200,
  headers: { 'content-type': JSON_1_0 },
  body: JSON.stringify(output),
});

const chunks = <Item>(items: readonly Item[]): readonly (readonly Item[])[] =>
  Array.from({ length: Math.ceil(items.length / MOST_ENTRIES) }, (_, index) =>
    items.slice(index * MOST_ENTRIES, (index + 1) * MOST_ENTRIES),
  );

/** Makes SQS's stand-in. */
export async function createQueueStore({
  region,
  dataDir,
  onChange,
  clockFactor = 1,
  leastHiddenMs = 0,
  mostInFlight = MOST_IN_FLIGHT,
}: QueueStoreOptions): Promise<QueueStore> {
  const { app, store } = await loadFauxqs({ region, dataDir, onChange });
  const clock = { clockFactor, leastHiddenMs };
  const served: readonly string[] = OPERATIONS;
  const names = served.map((name) => `${TARGET_PREFIX}.${name}`);

  const queueAt = (url: unknown): SqsQueue | undefined => (typeof url === 'string' ? store.getQueue(url) : undefined);

  /** The queue's own timeout is looked up here because a receive that names none would get it uncompressed. */
  const timeoutOfQueue = (url: unknown): number | undefined => {
    const queue = queueAt(url);
    return queue === undefined ? undefined : Number(queue.attributes.VisibilityTimeout);
  };

  async function forward({ operation, headers }: AwsRequest, payload: string | Buffer): Promise<AwsResponse> {
    const response = await app.inject({
      method: 'POST',
      url: '/',
      headers: {
        'content-type': JSON_1_0,
        'x-amz-target': `${TARGET_PREFIX}.${operation}`,
        host: headers.host ?? '',
        authorization: headers.authorization ?? '',
      },
      payload,
    });
    if (response.statusCode >= 500) {
      // What could not be kept was not taken: whoever asked is refused, and not told that all is well.
      throw new Error(`the queues could not be read or written: ${JSON.parse(response.payload).message}`);
    }
    const { 'content-length': _, connection: __, ...kept } = response.headers;
    return { status: response.statusCode, headers: kept, body: response.rawPayload };
  }

  const waitsInVain = new Set<() => void>();
  const waitInVain = (seconds: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        waitsInVain.delete(end);
        resolve();
      };
      const timer = setTimeout(end, seconds * 1000);
      waitsInVain.add(end);
    });

  /** At its limit SQS gives nothing more, and says so only to those who do not wait. */
  async function receiveWithinLimit(request: AwsRequest, input: JsonObject): Promise<AwsResponse> {
    const queue = queueAt(input.QueueUrl);
    queue?.processTimers();
    const room = mostInFlight - (queue?.inflightMessages.size ?? 0);
    if (queue === undefined || room >= MOST_ENTRIES) return forward(request, JSON.stringify(input));
    if (room > 0) {
      const max = Math.min(room, Number(input.MaxNumberOfMessages ?? 1));
      return forward(request, JSON.stringify({ ...input, MaxNumberOfMessages: max }));
    }
    const waitSeconds = Number(input.WaitTimeSeconds ?? queue.attributes.ReceiveMessageWaitTimeSeconds);
    if (waitSeconds === 0) throw new AwsError('OverLimit', `${mostInFlight} messages are in flight.`);
    await waitInVain(waitSeconds);
    return jsonResponse({});
  }

  /** Entries that ask for too much fail by themselves, and the others of their batch do not. */
  async function answerBatch(
    request: AwsRequest,
    input: JsonObject,
    entries: readonly JsonObject[],
  ): Promise<AwsResponse> {
    checkIds(entries);
    // What is wrong with the batch as a whole comes before what is wrong with its entries.
    if (queueAt(input.QueueUrl) === undefined || isRefusedWhole(entries)) {
      return forward(request, JSON.stringify(input));
    }
    const { operation } = request;
    const Failed = entries.flatMap((entry) => {
      const Message = entryFault(operation, entry);
      return Message === undefined ? [] : [{ Id: entry.Id, SenderFault: true, Code: 'InvalidParameterValue', Message }];
    });
    const Entries = entries.filter((entry) => entryFault(operation, entry) === undefined);
    if (entries.length > 0 && Entries.length === 0) return jsonResponse({ Successful: [], Failed });
    const compressed = compressTimes(operation, { ...input, Entries }, clock, timeoutOfQueue);
    const response = await forward(request, JSON.stringify(compressed));
    if (Failed.length === 0 || response.status !== 200) return response;
    const { Successful, Failed: others = [] } = JSON.parse(String(response.body)) as JsonObject;
    return jsonResponse({ Successful, Failed: [...(others as readonly JsonObject[]), ...Failed] });
  }

  async function answer(request: AwsRequest): Promise<AwsResponse> {
    const { operation, body } = request;
    if (!served.includes(operation)) throw notServed(`${TARGET_PREFIX}.${operation}`, names);
    if (!mustBeRead(operation, body)) return forward(request, body);
    const input = JSON.parse(body.toString('utf8')) as JsonObject;
    if (Array.isArray(input.Entries)) return answerBatch(request, input, input.Entries as readonly JsonObject[]);
    const fault = messageFault(input);
    if (fault !== undefined) throw new AwsError('InvalidParameterValue', fault);
    const compressed = compressTimes(operation, input, clock, timeoutOfQueue);
    if (operation === 'ReceiveMessage') return receiveWithinLimit(request, compressed);
    return forward(request, JSON.stringify(compressed));
  }

  async function call(operation: string, input: JsonObject): Promise<JsonObject> {
    const body = Buffer.from(JSON.stringify(input));
    const response = await answer({ operation, body, headers: {}, path: '/', accessKeyId: undefined });
    const output = JSON.parse(String(response.body)) as JsonObject;
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
      const hasAttributes = Object.keys(attributes).length > 0;
      const message = {
        QueueUrl: queueOf(queueArn).url,
        MessageBody: body,
        ...(hasAttributes && { MessageAttributes }),
      };
      await call('SendMessage', message);
    },
    async receive(queueArn, { max, waitMs }) {
      const queue = queueOf(queueArn);
      const { Messages = [] } = await call('ReceiveMessage', {
        QueueUrl: queue.url,
        MaxNumberOfMessages: Math.min(max, MOST_ENTRIES),
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
      const { messages, inflightMessages, delayedMessages } = queue;
      return { waiting: messages.length, inFlight: inflightMessages.size, delayed: delayedMessages.length };
    },
    showHidden(queueArn, except) {
      const queue = queueOf(queueArn);
      for (const [handle, { message }] of [...queue.inflightMessages]) {
        if (!except.has(message.messageId)) queue.changeVisibility(handle, 0);
      }
      for (const message of queue.delayedMessages) message.delayUntil = Date.now();
      queue.processTimers();
    },
    contents(queueArn) {
      const { ready, delayed, inflight } = queueOf(queueArn).inspectMessages();
      return [...ready, ...delayed, ...inflight.map(({ message }) => message)].map(
        ({ messageId, body, messageAttributes }) => ({ messageId, body, messageAttributes }),
      );
    },
    bodies(queueArn) {
      const { ready, delayed, inflight } = queueOf(queueArn).inspectMessages();
      return [...ready, ...delayed, ...inflight.map(({ message }) => message)].map(({ body }) => body);
    },
    delayedBodies: (queueArn) => queueOf(queueArn).delayedMessages.map(({ body }) => body),
    nextVisibleAtMs(queueArn, except = new Set()) {
      const { inflight, delayed } = queueOf(queueArn).inspectMessages();
      const at = [
        ...inflight
          .filter(({ message }) => !except.has(message.messageId))
          .map(({ visibilityDeadline }) => visibilityDeadline),
        ...delayed.map(({ delayUntil = 0 }) => delayUntil),
      ];
      return at.length === 0 ? undefined : at.reduce((first, next) => Math.min(first, next));
    },
    oldestMessageMs(queueName) {
      const { ready = [], delayed = [], inflight = [] } = store.getQueueByName(queueName)?.inspectMessages() ?? {};
      const sent = [...ready, ...delayed, ...inflight.map(({ message }) => message)]
        .filter(({ approximateReceiveCount }) => approximateReceiveCount < LEFT_OUT_AFTER)
        .map(({ sentTimestamp }) => sentTimestamp);
      return sent.length === 0 ? undefined : Date.now() - sent.reduce((first, next) => Math.min(first, next));
    },
    cancelWaits() {
      store.shutdown();
      for (const end of [...waitsInVain]) end();
    },
    close: () => app.close(),
  };
}
