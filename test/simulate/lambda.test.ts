import type { Context, SQSEvent } from 'aws-lambda';
import { expect, it } from 'vitest';
import { aWorld } from './a-world.ts';
import { createLambda, type Ending, type Handler, startMapping } from './lambda.ts';
import type { Process } from './process.ts';
import { createQueue } from './queues.ts';

type Work = (process: Process, event: SQSEvent, context: Context) => Promise<unknown>;

/** A function that does this work, in a world without chance where it matters. */
function aFunction(work: Work, { timeoutMs = 10_000 } = {}) {
  const world = aWorld();
  const processes: Process[] = [];
  const deaths: string[] = [];
  const lambda = createLambda({
    name: 'notifier',
    timeoutMs,
    scheduler: world.scheduler,
    chance: { ...world.chance, is: () => false },
    mostSkewMs: 0,
    create(process) {
      processes.push(process);
      const handler: Handler = (event, context) => work(process, event, context);
      return handler;
    },
    onDeath: (_, why) => deaths.push(why),
    onError: () => undefined,
  });
  const invoke = () => {
    const { promise, resolve } = Promise.withResolvers<Ending>();
    const started: string[] = [];
    lambda.invoke({}, { start: (process) => started.push(process.name), end: resolve });
    return { promise, started };
  };
  return { ...world, lambda, processes, deaths, invoke };
}

const takes =
  (ms: number, value: unknown = 'done') =>
  (world: () => ReturnType<typeof aFunction>): Work =>
  async (process) => {
    await world().senses.wait(process, ms);
    return value;
  };

function aFunctionThat(make: (world: () => ReturnType<typeof aFunction>) => Work, options?: { timeoutMs?: number }) {
  const world: ReturnType<typeof aFunction> = aFunction((...given) => make(() => world)(...given), options);
  return world;
}

it('serves one invocation at a time in a process, and the next in the same one', async () => {
  const { invoke, outcomeOf, processes } = aFunctionThat(takes(1000));
  const [one, other] = [invoke(), invoke()];
  await outcomeOf(Promise.all([one.promise, other.promise]));
  expect(processes.map(({ name }) => name)).toEqual(['notifier-1', 'notifier-2']);
  const third = invoke();
  expect(await outcomeOf(third.promise)).toMatchObject({ value: { kind: 'returned', value: 'done' } });
  expect(processes).toHaveLength(2);
});

it('ends a process that runs out of time, and says that it failed', async () => {
  const { invoke, outcomeOf, deaths, processes } = aFunctionThat(takes(20_000), { timeoutMs: 5000 });
  const { promise } = invoke();
  expect(await outcomeOf(promise)).toMatchObject({ value: { kind: 'failed' } });
  expect([deaths, processes[0]?.isAlive()]).toEqual([['timed out'], false]);
});

it('says that an invocation failed whose process was killed, or whose handler threw', async () => {
  const killed = aFunctionThat(() => async (process) => {
    process.die('killed');
    return new Promise(() => undefined);
  });
  expect(await killed.outcomeOf(killed.invoke().promise)).toMatchObject({ value: { kind: 'failed' } });
  const threw = aFunctionThat(() => () => Promise.reject(new Error('no')));
  expect(await threw.outcomeOf(threw.invoke().promise)).toMatchObject({ value: { kind: 'failed' } });
  expect(threw.processes[0]?.isAlive()).toBe(true);
});

it('tells the handler how much time it has left', async () => {
  const left: number[] = [];
  const world: ReturnType<typeof aFunction> = aFunction(
    async (process, _event, context) => {
      left.push(context.getRemainingTimeInMillis());
      await world.senses.wait(process, 1500);
      left.push(context.getRemainingTimeInMillis());
    },
    { timeoutMs: 5000 },
  );
  await world.outcomeOf(world.invoke().promise);
  expect(left).toEqual([5000, 3500]);
});

it('replaces every process at a deployment, those at work when they are done', async () => {
  const { invoke, outcomeOf, lambda, scheduler, processes, deaths } = aFunctionThat(takes(5000));
  await outcomeOf(invoke().promise);
  const atWork = invoke();
  scheduler.after(1000, () => lambda.replaceAll());
  expect(await outcomeOf(atWork.promise)).toMatchObject({ value: { kind: 'returned' } });
  await outcomeOf(invoke().promise);
  expect([processes.length, deaths]).toEqual([2, ['replaced']]);
});

function aMapping(work: Work, { windowSeconds = 0, concurrency = 2 } = {}) {
  const world = aFunction(work);
  const queue = createQueue({
    name: 'immediate',
    visibilityTimeoutMs: 60_000,
    maxReceiveCount: 1000,
    scheduler: world.scheduler,
    chance: { ...world.chance, is: () => false },
    deadLetterQueue: undefined,
    onAdded: () => undefined,
    onRemoved: () => undefined,
    onReceived: () => undefined,
  });
  const batches: { readonly size: number; readonly atMs: number }[] = [];
  startMapping({
    queue,
    lambda: world.lambda,
    windowSeconds,
    concurrency,
    scheduler: world.scheduler,
    chance: { ...world.chance, is: () => false },
    isInReach: () => true,
    onStart: (_, batch) => batches.push({ size: batch.length, atMs: world.scheduler.nowMs() }),
  });
  return { ...world, queue, batches };
}

it('hands on what one receive brings, and deletes what the function did not give back', async () => {
  const { queue, scheduler, batches } = aMapping(async (_, { Records }) => ({
    batchItemFailures: Records.slice(0, 1).map(({ messageId }) => ({ itemIdentifier: messageId })),
  }));
  for (let count = 0; count < 7; count += 1) queue.send(`m${count}`);
  await scheduler.runUntil(30_000);
  expect(batches.map(({ size }) => size)).toEqual([7]);
  expect([...queue.messages()].map(({ receiveCount }) => receiveCount)).toEqual([1]);
});

it.each<[string, unknown]>([
  ['an id that is none of the batch', { batchItemFailures: [{ itemIdentifier: 'other' }] }],
  ['an empty id', { batchItemFailures: [{ itemIdentifier: '' }] }],
])('takes the whole batch for failed after %s', async (_name, answer) => {
  const { queue, scheduler } = aMapping(async () => answer);
  queue.send('a');
  await scheduler.runUntil(30_000);
  expect(queue.size()).toBe(1);
});

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['an empty list', { batchItemFailures: [] }],
  ['no list', { batchItemFailures: null }],
])('takes the whole batch for done after %s', async (_name, answer) => {
  const { queue, scheduler } = aMapping(async () => answer);
  queue.send('a');
  await scheduler.runUntil(30_000);
  expect(queue.size()).toBe(0);
});

it('starts no more invocations at once than it may', async () => {
  const world: ReturnType<typeof aMapping> = aMapping((process) => world.senses.wait(process, 5000), {
    concurrency: 2,
  });
  for (let count = 0; count < 45; count += 1) world.queue.send(`m${count}`);
  await world.scheduler.runUntil(4000);
  expect(world.batches.map(({ size }) => size)).toEqual([10, 10]);
  await world.scheduler.runUntil(60_000);
  expect(world.batches.map(({ size }) => size)).toEqual([10, 10, 10, 10, 5]);
});

it('gathers over its window, and up to 20 s where little comes in', async () => {
  const { queue, scheduler, batches } = aMapping(async () => undefined, { windowSeconds: 1 });
  await scheduler.runUntil(100_000);
  for (let count = 0; count < 25; count += 1) scheduler.at(100_000 + count * 30, () => queue.send(`m${count}`));
  await scheduler.runUntil(200_000);
  expect(batches.map(({ size }) => size)).toEqual([25]);
  const [{ atMs } = { atMs: 0 }] = batches;
  expect(atMs).toBeGreaterThanOrEqual(101_000);
  expect(atMs).toBeLessThanOrEqual(122_000);
});
