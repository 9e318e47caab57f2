import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createQueueStore, type QueueStore, type ReceivedMessage } from '../../../local/aws/sqs.ts';
import { type EventSourceMapping, startEventSourceMapping } from '../../../local/lambda/event-source-mapping.ts';
import type { InvocationResult } from '../../../local/lambda/execution-environment.ts';
import { readTemplate } from '../../../local/template/read-template.ts';
import type { MappingModel } from '../../../local/template/stack-model.ts';
import { aStackEnvironment } from '../a-stack-environment.ts';
import { aTemplate } from '../a-template.ts';

const ARN = 'arn:aws:sqs:eu-west-1:000000000000:Stack-Queue';
const model = readTemplate(aTemplate(), aStackEnvironment(), '/assembly');

interface Batch {
  readonly Records: readonly { readonly messageId: string; readonly body: string }[];
}

type Handle = (bodies: readonly string[], batch: Batch) => Promise<unknown>;

let mapping: EventSourceMapping | undefined;

function start(
  queues: Pick<QueueStore, 'receive' | 'delete' | 'release' | 'cancelWaits'>,
  changes: Partial<MappingModel>,
  handle: Handle,
  factor = 1,
): void {
  const [base] = model.mappings;
  if (base === undefined) throw new Error('the template has no mapping');
  const startMs = Date.now();
  mapping = startEventSourceMapping({
    mapping: { ...base, ...changes },
    region: 'eu-west-1',
    queues,
    runtime: {
      invoke: async (event): Promise<InvocationResult> => {
        const batch = event as Batch;
        const bodies = batch.Records.map(({ body }) => body);
        return { kind: 'value', value: await handle(bodies, batch) };
      },
    },
    clock: { factor, now: () => startMs + (Date.now() - startMs) * factor },
    onProgress: () => undefined,
  });
}

const numbers = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => String(index));

const toMessage = (body: string): ReceivedMessage => ({
  MessageId: body,
  ReceiptHandle: body,
  Body: body,
  MD5OfBody: '',
});

/** A queue whose waits pass on the test's clock. As with fauxqs, a record wakes everybody who waits, and one gets it. */
function aQueue() {
  const waiting: string[] = [];
  const sleepers: (() => void)[] = [];
  const wake = (): void => {
    for (const sleeper of sleepers.splice(0)) sleeper();
  };
  return {
    waiting,
    put(...bodies: readonly string[]): void {
      waiting.push(...bodies);
      wake();
    },
    queues: {
      async receive(_arn: string, { max, waitMs }: { readonly max: number; readonly waitMs: number }) {
        if (waiting.length === 0) {
          await new Promise<void>((resolve) => {
            setTimeout(resolve, waitMs);
            sleepers.push(resolve);
          });
        }
        return waiting.splice(0, Math.min(max, 10)).map(toMessage);
      },
      delete: async () => undefined,
      release: async () => undefined,
      cancelWaits: wake,
    },
  };
}

describe('pollers on a clock of the test’s own', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-22T20:00:00Z') }));
  afterEach(async () => {
    const stopped = mapping?.stop();
    mapping = undefined;
    await vi.advanceTimersByTimeAsync(100);
    await stopped;
    vi.useRealTimers();
  });

  /** Starts a mapping whose function notes when it was called, in seconds from now, and with which records. */
  function watch(changes: Partial<MappingModel>, factor = 1) {
    const queue = aQueue();
    const startMs = Date.now();
    const batches: { readonly at: number; readonly bodies: readonly string[] }[] = [];
    const handle: Handle = async (bodies) => void batches.push({ at: (Date.now() - startMs) / 1000, bodies });
    start(queue.queues, { maximumConcurrency: 1, ...changes }, handle, factor);
    return { ...queue, batches };
  }
  const pass = (seconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(seconds * 1000);

  it('say what they have in hand: what was gathered, and under an invocation all', async () => {
    const queue = aQueue();
    const seen: unknown[] = [];
    const inHand = (): unknown => {
      const hand = mapping?.inHand();
      return hand === 'all' ? hand : [...(hand ?? [])];
    };
    start(
      queue.queues,
      { maximumConcurrency: 1, windowMs: 5_000, batchSize: 10 },
      async () => void seen.push(inHand()),
    );
    queue.put('a');
    await pass(1);
    seen.push(inHand());
    await pass(30);
    expect([...seen, inHand()]).toEqual([['a'], 'all', []]);
  });

  it('invoke at once without a window, with what one receive brings', async () => {
    const { put, batches } = watch({ windowMs: 0, batchSize: 10 });
    put('lone');
    await pass(1);
    put(...numbers(25));
    await pass(1);
    expect(batches.map(({ at, bodies }) => [at, bodies.length])).toEqual([
      [0, 1],
      [1, 10],
      [1, 10],
      [1, 5],
    ]);
  });

  it.each([
    [1, 20],
    [19, 20],
    [20, 20],
    [30, 30],
    [300, 300],
  ])('with a window of %i s invoke for a lone record after %i s', async (window, seconds) => {
    const { put, batches } = watch({ windowMs: window * 1000 });
    put('lone');
    await pass(seconds - 0.001);
    expect(batches).toEqual([]);
    await pass(0.001);
    expect(batches).toEqual([{ at: seconds, bodies: ['lone'] }]);
  });

  it('invoke with the first record that comes after the window', async () => {
    const { put, batches } = watch({ windowMs: 2000 });
    for (const body of ['at 0', 'at 1', 'at 2', 'at 3']) {
      put(body);
      await pass(1);
    }
    await pass(30);
    expect(batches).toEqual([
      { at: 2, bodies: ['at 0', 'at 1', 'at 2'] },
      { at: 23, bodies: ['at 3'] },
    ]);
  });

  it('invoke within the window when the batch is full', async () => {
    const { put, batches } = watch({ windowMs: 60_000, batchSize: 12 });
    put(...numbers(11));
    await pass(5);
    put('last', 'next');
    await pass(1);
    expect(batches).toEqual([{ at: 5, bodies: [...numbers(11), 'last'] }]);
  });

  it('gather each a batch of its own', async () => {
    const { put, batches } = watch({ windowMs: 1000, maximumConcurrency: 2 });
    put(...numbers(11));
    await pass(2);
    // Wakes both, and only one gets it.
    put('late');
    await pass(30);
    expect(batches.map(({ at, bodies }) => [at, bodies.length])).toEqual([
      [2, 11],
      [20, 1],
    ]);
  });

  it('wait by the clock of the machine they stand on', async () => {
    const { put, batches } = watch({ windowMs: 1000 }, 10);
    put('lone');
    await pass(30);
    expect(batches).toEqual([{ at: 2, bodies: ['lone'] }]);
  });

  it.each([
    [2, 20],
    [4, 40],
    [50, 50],
  ])('receive nothing beyond a concurrency of %i: %i records', async (maximumConcurrency, received) => {
    const { queues, put, waiting } = aQueue();
    start(queues, { windowMs: 0, batchSize: 10, maximumConcurrency }, () => new Promise(() => undefined));
    put(...numbers(100));
    await pass(60);
    expect(100 - waiting.length).toBe(received);
    // The function never answers, so there is nothing to stop.
    mapping = undefined;
  });

  it('give an invocation no more than its payload takes', async () => {
    const { put, batches } = watch({ windowMs: 0, batchSize: 10 });
    put(...numbers(10).map((number) => number.repeat(1_000_000)));
    await pass(1);
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([6, 4]);
  });
});

describe('an event source mapping of a queue by the protocol', () => {
  let queues: QueueStore;
  beforeEach(async () => {
    queues = await createQueueStore({
      region: 'eu-west-1',
      dataDir: undefined,
      clockFactor: 1000,
      onChange: () => undefined,
    });
    for (const queue of model.queues) queues.createQueue(queue);
  });
  afterEach(async () => {
    await mapping?.stop();
    mapping = undefined;
    await queues.close();
  });

  const sendAll = async (bodies: readonly string[]): Promise<void> => {
    for (const body of bodies) await queues.send(ARN, body);
  };

  it('deletes what succeeded', async () => {
    let left = 25;
    const { promise, resolve } = Promise.withResolvers<void>();
    await sendAll(numbers(left));
    start(queues, { windowMs: 0, batchSize: 10 }, async (bodies) => {
      left -= bodies.length;
      if (left === 0) resolve();
    });
    await promise;
    await mapping?.stop();
    expect(queues.counts(ARN)).toEqual({ waiting: 0, inFlight: 0, delayed: 0 });
  });

  it('delivers again only what failed, when its visibility timeout is over', async () => {
    const seen: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    await sendAll(['good', 'bad']);
    start(queues, { windowMs: 0 }, async (bodies, { Records }) => {
      seen.push(...bodies);
      if (seen.length > 2) {
        resolve();
        return undefined;
      }
      return {
        batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
          itemIdentifier: messageId,
        })),
      };
    });
    await promise;
    expect(seen).toEqual(['good', 'bad', 'bad']);
  });

  it('takes nothing when it is disabled', async () => {
    await sendAll(['a']);
    start(queues, { enabled: false }, async () => undefined);
    await mapping?.stop();
    expect(queues.counts(ARN)).toEqual({ waiting: 1, inFlight: 0, delayed: 0 });
  });
});
