import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ClientLimits } from '../../../functions/aws/client.ts';
import { createCountVisible, createQueue } from '../../../functions/aws/queue.ts';
import { createOutside } from '../../../functions/create-dependencies.ts';
import type { Queue } from '../../../functions/ports.ts';
import type { QueuedRecord } from '../../../shared/delivery/settle.ts';

const captureClient = <Client extends object>(client: Client): Client => client;
const outside = createOutside();
const BODIES = Array.from({ length: 23 }, (_, index) => `body ${index}`);
const AT_ONCE = { waitSeconds: 0 } as const;
/** The queues answer, though on a busy machine not always as soon as AWS. */
const limits: ClientLimits = { requestTimeoutMs: 30_000, callTimeoutMs: 60_000, maxAttempts: 3, silentForMs: 3000 };

let server: FauxqsServer;

beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false });
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${server.port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
});
afterAll(async () => {
  await server.stop();
  vi.unstubAllEnvs();
});

/** The SDK posts to the host of the queue's URL, whatever endpoint it was given. */
function urlOf(name: string): string {
  const { pathname } = new URL(server.createQueue(name).queueUrl);
  return `http://127.0.0.1:${server.port}${pathname}`;
}

function aQueue(name: string, bodies: readonly string[] = BODIES) {
  const queueUrl = urlOf(name);
  const deadLetterQueueUrl = urlOf(`${name}-dead`);
  for (const body of bodies) server.sendMessage(name, body);
  return { queueUrl, queue: createQueue({ queueUrl, deadLetterQueueUrl, captureClient, outside, limits }) };
}

const receiveAll = async (queue: Queue): Promise<readonly QueuedRecord[]> => {
  const taken: QueuedRecord[] = [];
  for (let page = await queue.receive(AT_ONCE); page.length > 0; page = await queue.receive(AT_ONCE)) {
    taken.push(...page);
  }
  return taken;
};

const inFlight = (name: string) => server.inspectQueue(name)?.messages.inflight ?? [];

describe('the queue on SQS', () => {
  /** Deadlines are told from when the queue was asked, however long it takes to answer. */
  function stopTheClock(): number {
    const nowMs = Date.now();
    vi.useFakeTimers({ now: nowMs, toFake: ['Date'] });
    return nowMs;
  }
  afterEach(() => void vi.useRealTimers());

  it('receives records with their receive count and since when they are there, and none when it is empty', async () => {
    const nowMs = stopTheClock();
    const { queue } = aQueue('received');
    const records = await receiveAll(queue);
    expect(new Set(records.map(({ sentAtMs }) => sentAtMs))).toEqual(new Set([nowMs]));
    expect(records.map(({ body }) => body).sort()).toEqual([...BODIES].sort());
    expect(new Set(records.map(({ receiveCount }) => receiveCount))).toEqual(new Set([1]));
    expect(await queue.receive(AT_ONCE)).toEqual([]);
    await queue.changeVisibility(records.map((record) => ({ record, waitMs: 0 })));
    expect((await queue.receive(AT_ONCE)).map(({ receiveCount }) => receiveCount)).toEqual(Array(10).fill(2));
  });

  it('hides what it receives for the queue’s own time, or for as long as it is asked to', async () => {
    const { queue } = aQueue('hidden-for', ['a']);
    const nowMs = stopTheClock();
    await queue.receive({ waitSeconds: 0, hiddenForMs: 90_001 });
    const [message] = inFlight('hidden-for');
    expect((message?.visibilityDeadline ?? 0) - nowMs).toBe(91_000);
  });

  it('hides more records than one request takes, each for its time', async () => {
    const { queue } = aQueue('hidden');
    const records = await receiveAll(queue);
    const nowMs = stopTheClock();
    expect(
      await queue.changeVisibility(records.map((record, index) => ({ record, waitMs: (index + 10) * 999.5 }))),
    ).toEqual([]);
    const waits = inFlight('hidden').map(({ visibilityDeadline }) => visibilityDeadline - nowMs);
    expect(waits.toSorted((one, other) => one - other)).toEqual(BODIES.map((_, index) => (index + 10) * 1000));
  });

  it('deletes more records than one request takes', async () => {
    const { queue, queueUrl } = aQueue('deleted');
    const count = createCountVisible(queueUrl, captureClient, outside);
    expect(await count()).toBe(23);
    const records = await receiveAll(queue);
    expect(await count()).toBe(0);
    expect(await queue.remove(records)).toEqual([]);
    expect(inFlight('deleted')).toEqual([]);
  });

  it('sends records again, with a delay and a fresh receive count, and leaves the old ones', async () => {
    const { queue } = aQueue('sent-again', ['a', 'b']);
    const records = await receiveAll(queue);
    const waits = records.map((record) => ({ record, waitMs: record.body === 'a' ? 0 : 61_500 }));
    expect(await queue.resend(waits)).toEqual([]);
    expect(inFlight('sent-again')).toHaveLength(2);
    const { ready = [], delayed = [] } = server.inspectQueue('sent-again')?.messages ?? {};
    expect([ready, delayed].map((messages) => messages.map(({ body }) => body))).toEqual([['a'], ['b']]);
    expect((await queue.receive(AT_ONCE)).map(({ body, receiveCount }) => [body, receiveCount])).toEqual([['a', 1]]);
  });

  it('gives back what it refused to hide', async () => {
    const { queue } = aQueue('refused', ['body']);
    const records = await queue.receive(AT_ONCE);
    const stale = { messageId: 'm', receiptHandle: 'stale', body: '', receiveCount: 1 };
    const waits = [...records, stale].map((record) => ({ record, waitMs: 60_000 }));
    expect(await queue.changeVisibility(waits)).toEqual(waits.slice(1));
  });

  it('dead-letters a body untouched, with attributes that SQS takes', async () => {
    const { queue } = aQueue('lettered', []);
    await queue.sendDeadLetter('{"odd": "\\u0000 body"}', {
      reason: 'malformed',
      detail: 'control \u0000 character',
      eventId: 'unknown',
      rule: 'changes',
      receivedAt: '2026-11-22T20:00:06.000Z',
    });
    const [letter] = server.inspectQueue('lettered-dead')?.messages.ready ?? [];
    expect(letter?.body).toBe('{"odd": "\\u0000 body"}');
    const texts = Object.entries(letter?.messageAttributes ?? {}).map(([name, { StringValue }]) => [name, StringValue]);
    expect(Object.fromEntries(texts)).toEqual({
      reason: 'malformed',
      detail: 'control \uFFFD character',
      eventId: 'unknown',
      rule: 'changes',
      receivedAt: '2026-11-22T20:00:06.000Z',
    });
  });

  it('says when the dead-letter queue does not take a record', async () => {
    const queueUrl = urlOf('no-dead-letters');
    const queue = createQueue({ queueUrl, deadLetterQueueUrl: `${queueUrl}-none`, captureClient, outside });
    const attributes = { reason: 'r', detail: 'd', eventId: 'e', rule: 'r', receivedAt: 't' };
    await expect(queue.sendDeadLetter('body', attributes)).rejects.toMatchObject({ name: /QueueDoesNotExist/ });
  });
});

interface Entry {
  readonly Id: string;
  readonly ReceiptHandle?: string;
  readonly MessageBody?: string;
  readonly VisibilityTimeout?: number;
  readonly DelaySeconds?: number;
}

interface Sent {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>> & { readonly Entries?: readonly Entry[] };
}

/** A queue whose requests are answered here. */
function answeredQueue(answer: (sent: Sent, count: number) => object) {
  const sent: Sent[] = [];
  const queue = createQueue({
    queueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/immediate',
    deadLetterQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/dead',
    outside,
    captureClient: <Client extends object>(real: Client): Client =>
      Object.assign(real, {
        send: async (command: { readonly input: Sent['input'] }) => {
          const one = { name: command.constructor.name, input: command.input };
          sent.push(one);
          return answer(one, sent.length);
        },
      }),
  });
  const handles = () => sent.map(({ input }) => input.Entries?.map(({ ReceiptHandle }) => ReceiptHandle));
  return { queue, sent, handles };
}

const aRecord = (index: number, body = ''): QueuedRecord => ({
  messageId: `m${index}`,
  receiptHandle: `r${index}`,
  body,
  receiveCount: 1,
});
const records = (count: number, body = '') => Array.from({ length: count }, (_, index) => aRecord(index, body));
const waiting = (some: readonly QueuedRecord[], waitMs = 15_000) => some.map((record) => ({ record, waitMs }));
const failing = (...ids: readonly string[]) => ({
  Successful: [],
  Failed: ids.map((Id) => ({ Id, SenderFault: false, Code: 'InternalError' })),
});
const throttled = (): never => {
  throw Object.assign(new Error('Request is throttled.'), { name: 'RequestThrottled' });
};

describe('receiving', () => {
  it('asks for ten records and their receive counts, and waits if it is asked to', async () => {
    const { queue, sent } = answeredQueue(() => ({}));
    expect(await queue.receive({ waitSeconds: 1 })).toEqual([]);
    await queue.receive({ waitSeconds: 0, hiddenForMs: 30_000 });
    const common = {
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/immediate',
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
    };
    expect(sent.map(({ input }) => input)).toEqual([
      { ...common, WaitTimeSeconds: 1 },
      { ...common, WaitTimeSeconds: 0, VisibilityTimeout: 30 },
    ]);
  });

  it('says when it cannot', async () => {
    const { queue } = answeredQueue(throttled);
    await expect(queue.receive(AT_ONCE)).rejects.toThrow('Request is throttled.');
  });
});

describe('batch calls', () => {
  const ways: readonly [string, (queue: Queue, some: readonly QueuedRecord[]) => Promise<readonly unknown[]>][] = [
    ['hiding', async (queue, some) => (await queue.changeVisibility(waiting(some))).map(({ record }) => record)],
    ['deleting', (queue, some) => queue.remove(some)],
    ['sending again', async (queue, some) => (await queue.resend(waiting(some))).map(({ record }) => record)],
  ];

  it.each(ways)('of %s ask once more for a call that failed', async (_, act) => {
    const { queue, sent } = answeredQueue((_sent, count) => (count === 1 ? throttled() : {}));
    expect(await act(queue, records(3))).toEqual([]);
    expect(sent.map(({ input }) => input.Entries?.length)).toEqual([3, 3]);
  });

  it.each(ways)('of %s ask once more for the entries that were refused, and for no others', async (_, act) => {
    const { queue, sent } = answeredQueue((_sent, count) => (count === 1 ? failing('1', '2') : {}));
    expect(await act(queue, records(4))).toEqual([]);
    const bodiesOrHandles = sent.map(({ input }) => input.Entries?.map(({ Id }) => Id));
    expect(bodiesOrHandles).toEqual([
      ['0', '1', '2', '3'],
      ['0', '1'],
    ]);
  });

  it.each(ways)('of %s give back what was refused twice', async (_, act) => {
    const { queue } = answeredQueue((_sent, count) => failing(...(count === 1 ? ['0', '1', '3'] : ['1'])));
    // The second time the entries are those of m0, m1 and m3.
    expect(await act(queue, records(4))).toEqual([aRecord(1)]);
  });

  it.each(ways)('of %s that fail twice cost their ten', async (_, act) => {
    const some = records(500).map((record) => ({ ...record, body: record.receiptHandle }));
    const done = new Set<string | undefined>();
    const { queue } = answeredQueue(({ input: { Entries = [] } }) => {
      const keys = Entries.map(({ ReceiptHandle, MessageBody }) => ReceiptHandle ?? MessageBody);
      if (keys.includes('r123')) throttled();
      for (const key of keys) done.add(key);
      return {};
    });
    expect(await act(queue, some)).toEqual(some.slice(120, 130));
    expect(done.size).toBe(490);
  });

  it('send as many bodies in one call as SQS takes together', async () => {
    const { queue, sent } = answeredQueue(() => ({}));
    const sizes = [400_000, 600_000, 1, 999_999, 1, 250_000, 250_000, 250_000, 250_000, 10, 10, 10];
    expect(await queue.resend(waiting(sizes.map((size, index) => aRecord(index, 'x'.repeat(size)))))).toEqual([]);
    const together = sent.map(({ input: { Entries = [] } }) =>
      Entries.map(({ MessageBody = '' }) => MessageBody.length),
    );
    expect(together).toEqual([
      [400_000, 600_000],
      [1, 999_999],
      [1, 250_000, 250_000, 250_000],
      [250_000, 10, 10, 10],
    ]);
  });

  it('count bytes and not letters', async () => {
    const { queue, sent } = answeredQueue(() => ({}));
    await queue.resend(waiting(records(3, 'ä'.repeat(250_000))));
    expect(sent.map(({ input }) => input.Entries?.length)).toEqual([2, 1]);
  });

  it('send at most ten bodies in one call, however short', async () => {
    const { queue, sent } = answeredQueue(() => ({}));
    await queue.resend(waiting(records(21, 'x')));
    expect(sent.map(({ input }) => input.Entries?.length)).toEqual([10, 10, 1]);
  });

  it('round waits up to whole seconds', async () => {
    const { queue, sent } = answeredQueue(() => ({}));
    const waits = [-5, 0, 1, 1000, 1001, 59_999].map((waitMs, index) => ({ record: aRecord(index), waitMs }));
    await queue.changeVisibility(waits);
    await queue.resend([{ record: aRecord(0), waitMs: 60_001 }]);
    const [hidden, again] = sent.map(({ input: { Entries = [] } }) => Entries);
    expect(hidden?.map(({ VisibilityTimeout }) => VisibilityTimeout)).toEqual([0, 0, 1, 1, 2, 60]);
    expect(again?.map(({ DelaySeconds }) => DelaySeconds)).toEqual([61]);
  });

  it('are none for no records', async () => {
    const { queue, sent } = answeredQueue(() => ({}));
    expect(await Promise.all([queue.changeVisibility([]), queue.remove([]), queue.resend([])])).toEqual([[], [], []]);
    expect(sent).toEqual([]);
  });
});

describe('a queue that never answers', () => {
  it('costs one wait, however much is asked of it, and throws only where it is said', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const queueUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/111122223333/immediate`;
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', queueUrl);
    const limits: ClientLimits = { requestTimeoutMs: 60, callTimeoutMs: 30_000, maxAttempts: 1, silentForMs: 60_000 };
    let waits = 0;
    const counted = {
      ...outside,
      now: () => 0,
      timeLimit: (ms: number) => {
        waits += 1;
        return outside.timeLimit(ms);
      },
    };
    const queue = createQueue({ queueUrl, deadLetterQueueUrl: queueUrl, captureClient, outside: counted, limits });
    try {
      const some = records(500);
      expect(await queue.changeVisibility(waiting(some))).toHaveLength(500);
      const atOnce = waits;
      expect(atOnce).toBe(10);
      expect(await queue.remove(some)).toHaveLength(500);
      expect(await queue.resend(waiting(some))).toHaveLength(500);
      await expect(queue.receive(AT_ONCE)).rejects.toMatchObject({ name: 'SilentServiceError' });
      expect(waits).toBe(atOnce);
    } finally {
      vi.stubEnv('AWS_ENDPOINT_URL_SQS', undefined);
      silent.closeAllConnections();
      silent.close();
    }
  });
});
