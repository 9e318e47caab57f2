import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createCountWaiting } from '../../../functions/aws/count-waiting.ts';
import { createQueue } from '../../../functions/aws/create-queue.ts';

const captureClient = <Client extends object>(client: Client): Client => client;
const BODIES = Array.from({ length: 23 }, (_, index) => `body ${index}`);

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

async function aQueue(name: string, bodies: readonly string[] = BODIES) {
  const queueUrl = urlOf(name);
  const deadLetterQueueUrl = urlOf(`${name}-dead`);
  for (const body of bodies) server.sendMessage(name, body);
  return { queueUrl, queue: createQueue({ queueUrl, deadLetterQueueUrl, captureClient }) };
}

const takeAll = async (queue: ReturnType<typeof createQueue>) => {
  const taken = [];
  for (let page = await queue.receive(); page.length > 0; page = await queue.receive()) taken.push(...page);
  return taken;
};

describe('the queue on SQS', () => {
  it('receives records with their receive count, and none when it is empty', async () => {
    const { queue } = await aQueue('received');
    const records = await takeAll(queue);
    expect(records.map(({ body }) => body).sort()).toEqual([...BODIES].sort());
    expect(new Set(records.map(({ receiveCount }) => receiveCount))).toEqual(new Set([1]));
    expect(await queue.receive()).toEqual([]);
  });

  it('hides more records than one request takes, each for its time', async () => {
    const { queue } = await aQueue('hidden');
    const records = await takeAll(queue);
    const startMs = Date.now();
    await queue.hide(records.map((record, index) => ({ record, waitMs: (index + 10) * 999.5 })));
    const { messages } = server.inspectQueue('hidden') ?? { messages: { inflight: [] } };
    const waits = messages.inflight.map(({ visibilityDeadline }) => Math.round((visibilityDeadline - startMs) / 1000));
    expect(waits.toSorted((one, other) => one - other)).toEqual(BODIES.map((_, index) => index + 10));
  });

  it('deletes more records than one request takes', async () => {
    const { queue, queueUrl } = await aQueue('deleted');
    const count = createCountWaiting([queueUrl], captureClient);
    expect(await count()).toBe(23);
    await queue.remove(await takeAll(queue));
    expect(await count()).toBe(0);
  });

  it('says when the queue refused some', async () => {
    const { queue } = await aQueue('refused', ['body']);
    const [record] = await queue.receive();
    const stale = { messageId: 'm', receiptHandle: 'stale', body: '', receiveCount: 1 };
    await expect(
      queue.hide([
        { record: record ?? stale, waitMs: 60_000 },
        { record: stale, waitMs: 60_000 },
      ]),
    ).rejects.toMatchObject({
      name: 'QueueError',
      message: 'the queue refused to hide 1 records',
    });
  });

  it('dead-letters a body untouched, with attributes that SQS takes', async () => {
    const { queue } = await aQueue('lettered', []);
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
});

describe('hiding, where the queue has its troubles', () => {
  const BROKEN = { status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'not now' } };
  const refusing = (...ids: readonly string[]) => ({
    status: 200,
    body: { Successful: [], Failed: ids.map((Id) => ({ Id, SenderFault: false, Code: 'InternalError' })) },
  });
  const waits = Array.from({ length: 3 }, (_, index) => ({
    record: { messageId: `m${index}`, receiptHandle: `r${index}`, body: '', receiveCount: 1 },
    waitMs: 15_000,
  }));

  /** Hides three records in a queue that answers so, and gives back which it was asked for, call by call. */
  async function hide(answers: readonly { readonly status: number; readonly body: unknown }[]) {
    const asked: string[][] = [];
    const next = answers.values();
    const sqs = createServer(async (request, response) => {
      const { Entries } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as {
        Entries: { ReceiptHandle: string }[];
      };
      asked.push(Entries.map(({ ReceiptHandle }) => ReceiptHandle));
      const { status, body } = next.next().value ?? refusing();
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => sqs.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(sqs.address() as AddressInfo).port}`;
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', endpoint);
    const queueUrl = `${endpoint}/111122223333/immediate`;
    const queue = createQueue({ queueUrl, deadLetterQueueUrl: queueUrl, captureClient });
    try {
      await queue.hide(waits);
      return { asked, error: undefined };
    } catch (error) {
      return { asked, error: error instanceof Error ? error.message : error };
    } finally {
      sqs.closeAllConnections();
      sqs.close();
    }
  }

  it.each([
    { what: 'a call that failed', answers: [BROKEN], again: ['r0', 'r1', 'r2'] },
    { what: 'the entries that were refused, and for no others', answers: [refusing('1', '2')], again: ['r1', 'r2'] },
  ])('asks once more for $what', async ({ answers, again }) => {
    expect(await hide(answers)).toEqual({ asked: [['r0', 'r1', 'r2'], again], error: undefined });
  });

  it.each([
    { answers: [refusing('0', '1'), refusing('1')], error: 'the queue refused to hide 1 records' },
    { answers: [BROKEN, BROKEN], error: 'not now' },
  ])('gives up after that: $error', async ({ answers, error }) => {
    expect(await hide(answers)).toMatchObject({ asked: { length: 2 }, error });
  });
});
