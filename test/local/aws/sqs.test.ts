import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { QueueChange } from '../../../local/aws/fauxqs-internals.ts';
import { type Gateway, startGateway } from '../../../local/aws/gateway.ts';
import { createQueueStore, type QueueStore } from '../../../local/aws/sqs.ts';
import { readTemplate } from '../../../local/template/read-template.ts';
import { aStackEnvironment } from '../a-stack-environment.ts';
import { aTemplate } from '../a-template.ts';
import { clientSettings } from './sdk-clients.ts';

const ARN = 'arn:aws:sqs:eu-west-1:000000000000:Stack-Queue';
const DEAD_ARN = 'arn:aws:sqs:eu-west-1:000000000000:Stack-DeadLetters';

/** Times are told from when a queue was asked, however long it takes to answer. */
function stopTheClock(): number {
  const nowMs = Date.now();
  vi.useFakeTimers({ now: nowMs, toFake: ['Date'] });
  return nowMs;
}

const opened: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const close of opened.splice(0).reverse()) await close();
});

interface Opened {
  readonly door: Gateway;
  readonly queues: QueueStore;
  readonly client: SQSClient;
  readonly changes: QueueChange[];
  readonly close: () => Promise<void>;
}

interface Wanted {
  readonly dataDir?: string;
  readonly clockFactor?: number;
  readonly mostInFlight?: number;
}

async function open({ dataDir, ...options }: Wanted = {}): Promise<Opened> {
  const door = await startGateway({ port: 0 });
  const changes: QueueChange[] = [];
  const queues = await createQueueStore({
    region: 'eu-west-1',
    dataDir,
    ...options,
    onChange: (change) => changes.push(change),
  });
  for (const queue of readTemplate(aTemplate(), aStackEnvironment({ endpoint: door.url }), '/assembly').queues) {
    queues.createQueue(queue);
  }
  door.serve(queues);
  const client = new SQSClient(clientSettings(door.url));
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    client.destroy();
    await queues.close();
    await door.close();
  };
  opened.push(close);
  return { door, queues, client, changes, close };
}

describe('queues by the SDK', () => {
  it('have the URLs of the gateway and the attributes of the template', async () => {
    const { client, door } = await open();
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: 'Stack-Queue' }));
    const { QueueUrls } = await client.send(new ListQueuesCommand({}));
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect([QueueUrl, QueueUrls]).toEqual([
      `${door.url}/000000000000/Stack-Queue`,
      [`${door.url}/000000000000/Stack-DeadLetters`, `${door.url}/000000000000/Stack-Queue`],
    ]);
    expect(Attributes).toMatchObject({
      QueueArn: ARN,
      VisibilityTimeout: '721',
      MessageRetentionPeriod: '1209600',
      ApproximateNumberOfMessages: '0',
    });
  });

  it('take messages and give them', async () => {
    const { client, door } = await open();
    const QueueUrl = `${door.url}/000000000000/Stack-Queue`;
    await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'hello',
        MessageAttributes: { reason: { DataType: 'String', StringValue: 'why' } },
      }),
    );
    const { Messages } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] }),
    );
    expect(Messages?.[0]).toMatchObject({
      Body: 'hello',
      Attributes: { ApproximateReceiveCount: '1' },
      MessageAttributes: { reason: { StringValue: 'why' } },
    });
  });

  it('refuse as SQS does', async () => {
    const { client, door } = await open();
    const nowhere = new SendMessageCommand({ QueueUrl: `${door.url}/000000000000/none`, MessageBody: 'x' });
    await expect(client.send(nowhere)).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
    await expect(client.send(new StartMessageMoveTaskCommand({ SourceArn: ARN }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('AmazonSQS.StartMessageMoveTask is not served on one machine'),
    });
  });
});

describe('queues by the pipeline', () => {
  it('hide what was received, and show it again when it is released', async () => {
    const { queues } = await open();
    await queues.send(ARN, 'a');
    const [first] = await queues.receive(ARN, { max: 10, waitMs: 0 });
    const hidden = [queues.counts(ARN), await queues.receive(ARN, { max: 10, waitMs: 0 })];
    await queues.release(ARN, [first?.ReceiptHandle ?? '']);
    const [again] = await queues.receive(ARN, { max: 10, waitMs: 1000 });
    await queues.delete(ARN, [again?.ReceiptHandle ?? '']);
    expect([hidden, again?.Attributes?.ApproximateReceiveCount, queues.counts(ARN)]).toEqual([
      [{ waiting: 0, inFlight: 1, delayed: 0 }, []],
      '2',
      { waiting: 0, inFlight: 0, delayed: 0 },
    ]);
  });

  it('give up what was received too often, and say so', async () => {
    const { queues, changes } = await open();
    await queues.send(ARN, 'a');
    for (let receive = 0; receive < 4; receive += 1) {
      const messages = await queues.receive(ARN, { max: 1, waitMs: 200 });
      await queues.release(
        ARN,
        messages.map(({ ReceiptHandle }) => ReceiptHandle),
      );
    }
    expect([queues.bodies(DEAD_ARN), changes.map(({ queueName, status }) => `${queueName} ${status}`)]).toEqual([
      ['a'],
      ['Stack-Queue published', 'Stack-Queue dlq', 'Stack-DeadLetters published'],
    ]);
  });

  it('measure an age that forgets what was received three times', async () => {
    const { queues } = await open();
    const isMeasured = (): boolean => queues.oldestMessageMs('Stack-Queue') !== undefined;
    const measured = [isMeasured()];
    await queues.send(ARN, 'a');
    measured.push(isMeasured());
    for (let receive = 0; receive < 3; receive += 1) {
      const messages = await queues.receive(ARN, { max: 1, waitMs: 200 });
      await queues.release(
        ARN,
        messages.map(({ ReceiptHandle }) => ReceiptHandle),
      );
      measured.push(isMeasured());
    }
    await queues.send(ARN, 'b');
    measured.push(isMeasured());
    expect(measured).toEqual([false, true, true, true, false, true]);
  });

  it('refuse a body that is over the limit', async () => {
    const { queues } = await open();
    await expect(queues.send(ARN, 'x'.repeat(1_048_577))).rejects.toMatchObject({ name: 'AwsError' });
  });

  it('bring hidden messages back as much sooner as their clock is faster', async () => {
    const { queues, client, door } = await open({ clockFactor: 1000 });
    const nowMs = stopTheClock();
    await queues.send(ARN, 'a');
    const [message] = await queues.receive(ARN, { max: 1, waitMs: 0 });
    const before = (queues.nextVisibleAtMs(ARN) ?? 0) - nowMs;
    const QueueUrl = `${door.url}/000000000000/Stack-Queue`;
    const change = { QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 100 };
    await client.send(new ChangeMessageVisibilityCommand(change));
    const after = (queues.nextVisibleAtMs(ARN) ?? 0) - nowMs;
    expect([before, after]).toEqual([721, 100]);
    vi.setSystemTime(nowMs + 99);
    expect(await queues.receive(ARN, { max: 1, waitMs: 0 })).toEqual([]);
    vi.setSystemTime(nowMs + 100);
    expect(await queues.receive(ARN, { max: 1, waitMs: 0 })).toHaveLength(1);
  });
});

describe('what SQS does not take', () => {
  const text = (StringValue: string, DataType = 'String'): MessageAttributeValue => ({ DataType, StringValue });

  it.each<[what: string, attributes: Record<string, MessageAttributeValue>, message: string]>([
    ['an empty value', { why: text('') }, "attribute 'why' must contain a non-empty value of type 'String'"],
    ['no value', { why: { DataType: 'String' } }, "attribute 'why' must contain a non-empty value of type 'String'"],
    ['a control character', { why: text('a\u0001') }, "attribute 'why' has characters"],
    ['half a character', { why: text('a\ud800') }, "attribute 'why' has characters"],
    ['another type', { why: text('a', 'Text') }, "The type of message (user) attribute 'why' is invalid"],
    ['a number that is none', { why: text('a', 'Number') }, "the value of message (user) attribute 'why' to a number"],
    ['a name of AWS', { 'AWS.why': text('a') }, "attribute name 'AWS.why' is invalid"],
    ['a name with a space', { 'w y': text('a') }, "attribute name 'w y' is invalid"],
    ['a name that ends with a period', { 'why.': text('a') }, "attribute name 'why.' is invalid"],
    [
      'eleven attributes',
      Object.fromEntries(Array.from({ length: 11 }, (_, index) => [`a${index}`, text('a')])),
      'Number of message attributes [11] exceeds the allowed maximum [10].',
    ],
  ])('is a message with %s, alone or in a batch', async (_, MessageAttributes, message) => {
    const { client, door, queues } = await open();
    const QueueUrl = `${door.url}/000000000000/Stack-Queue`;
    const sent = client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a', MessageAttributes }));
    await expect(sent).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(message),
    });
    const Entries = [
      { Id: 'bad', MessageBody: 'a', MessageAttributes },
      { Id: 'good', MessageBody: 'a' },
    ];
    const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect(Failed?.map(({ Id, Message }) => [Id, Message])).toEqual([['bad', expect.stringContaining(message)]]);
    expect(queues.bodies(ARN)).toEqual(['a']);
  });

  it('is not an attribute of a custom type, in bytes, or of another alphabet', async () => {
    const { client, door, queues } = await open();
    const QueueUrl = `${door.url}/000000000000/Stack-Queue`;
    const MessageAttributes = {
      'a.b-c_d': text('🟢 ж\t'),
      number: text('-1.5e3', 'Number.float'),
      bytes: { DataType: 'Binary', BinaryValue: Buffer.from([0]) },
    };
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a', MessageAttributes }));
    expect(queues.counts(ARN).waiting).toBe(1);
  });

  const entry = (Id: string, changes: object = {}) => ({ Id, MessageBody: 'a', ...changes });
  const tooLong = { DelaySeconds: 901 };

  it.each([
    [
      'eleven entries, one of which fails by itself',
      [entry('bad', tooLong), ...Array.from({ length: 10 }, (_, index) => entry(String(index)))],
      'TooManyEntriesInBatchRequest',
    ],
    [
      'two entries of one name that fail by themselves',
      [entry('a', tooLong), entry('a', tooLong)],
      'BatchEntryIdsNotDistinct',
    ],
    ['an entry with too long a name', [entry('a'.repeat(81))], 'InvalidBatchEntryId'],
    ['an entry with an odd name that fails by itself', [entry('a b', tooLong)], 'InvalidBatchEntryId'],
  ])('is a batch of %s', async (_, Entries, name) => {
    const { client, door, queues } = await open();
    const QueueUrl = `${door.url}/000000000000/Stack-Queue`;
    await expect(client.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({ name });
    expect(queues.bodies(ARN)).toEqual([]);
  });

  it('is a batch for a queue that is not there, whatever its entries are', async () => {
    const { client, door } = await open();
    const QueueUrl = `${door.url}/000000000000/None`;
    const sent = client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [entry('a', tooLong)] }));
    await expect(sent).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
  });

  it('is an entry without a body', async () => {
    const { client, door, queues } = await open();
    const QueueUrl = `${door.url}/000000000000/Stack-Queue`;
    const Entries = [entry('empty', { MessageBody: '' }), entry('full')];
    const { Failed } = await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    expect([Failed?.map(({ Id }) => Id), queues.bodies(ARN)]).toEqual([['empty'], ['a']]);
  });
});

describe('what SQS grants', () => {
  it('is all that may be asked for, also on a faster clock', async () => {
    const { client, door } = await open({ clockFactor: 1000 });
    const QueueUrl = `${door.url}/000000000000/Stack-Queue`;
    const send = (DelaySeconds: number) =>
      client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a', DelaySeconds }));
    await expect(send(901)).rejects.toMatchObject({ message: expect.stringContaining('Value 901 for parameter') });
    await expect(client.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 43_201 }))).rejects.toMatchObject(
      { message: expect.stringContaining('Value 43201 for parameter') },
    );
    await send(900);
    const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    expect(Messages?.map(({ Body }) => Body)).toEqual(['a']);
  });

  it('costs an entry of a batch and not its neighbours', async () => {
    const { client, door, queues } = await open();
    const nowMs = stopTheClock();
    const QueueUrl = `${door.url}/000000000000/Stack-Queue`;
    const send = (...delays: readonly number[]) =>
      client.send(
        new SendMessageBatchCommand({
          QueueUrl,
          Entries: delays.map((DelaySeconds) => ({
            Id: `for-${DelaySeconds}`,
            MessageBody: 'a',
            DelaySeconds,
          })),
        }),
      );
    const some = await send(0, 900, 901);
    const none = await send(1000);
    expect({
      some: [some.Successful?.map(({ Id }) => Id), some.Failed?.map(({ Id, Code }) => [Id, Code])],
      none: [none.Successful ?? [], none.Failed?.map(({ Id, SenderFault }) => [Id, SenderFault])],
      counts: queues.counts(ARN),
    }).toEqual({
      some: [['for-0', 'for-900'], [['for-901', 'InvalidParameterValue']]],
      none: [[], [['for-1000', true]]],
      counts: { waiting: 1, inFlight: 0, delayed: 1 },
    });
    expect(queues.nextVisibleAtMs(ARN)).toBe(nowMs + 900_000);
  });

  it('is so many messages in flight, and then an error, or a wait in vain', async () => {
    const { client, door, queues } = await open({ mostInFlight: 12 });
    const QueueUrl = `${door.url}/000000000000/Stack-Queue`;
    for (let sent = 0; sent < 13; sent += 1) await queues.send(ARN, String(sent));
    const receive = (WaitTimeSeconds: number) =>
      client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds }));
    const first = await receive(0);
    const second = await receive(0);
    await expect(receive(0)).rejects.toMatchObject({ name: 'OverLimit' });
    const waiting = receive(20);
    const cancelling = setInterval(queues.cancelWaits, 5);
    const { Messages } = await waiting;
    clearInterval(cancelling);
    await queues.delete(ARN, [second.Messages?.[0]?.ReceiptHandle ?? '']);
    const afterwards = await receive(0);
    expect([first, second, afterwards].map(({ Messages: got }) => got?.length)).toEqual([10, 2, 1]);
    expect(Messages).toBeUndefined();
  });
});

describe('queues in a data directory', () => {
  it('survive a restart on another port; what nobody finished is there at once', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'queues-'));
    opened.unshift(async () => rmSync(dataDir, { recursive: true }));
    const before = await open({ dataDir });
    await before.queues.send(ARN, 'waiting');
    await before.queues.send(ARN, 'in flight');
    const [received] = await before.queues.receive(ARN, { max: 1, waitMs: 0 });
    await before.close();

    const after = await open({ dataDir });
    const bodies = after.queues.bodies(ARN).toSorted();
    const first = await after.queues.receive(ARN, { max: 2, waitMs: 1000 });
    const rest = await after.queues.receive(ARN, { max: 2, waitMs: first.length === 2 ? 0 : 1000 });
    const { QueueUrl } = await after.client.send(new GetQueueUrlCommand({ QueueName: 'Stack-Queue' }));
    expect([received?.Body, bodies, [...first, ...rest].map(({ Body }) => Body).toSorted(), QueueUrl]).toEqual([
      'waiting',
      ['in flight', 'waiting'],
      ['in flight', 'waiting'],
      `${after.door.url}/000000000000/Stack-Queue`,
    ]);
  });
});
