import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/notifier/notify-batch.ts';
import { createMortality } from '../mortal-dependencies.ts';
import { type VirtualTime, virtualTime } from '../virtual-time.ts';
import { aBody, aContext, aWorld, eventIdOf, OK, START_MS, type Weather, type World } from '../world.ts';

const CHANNELS = ['default', 'ops'];

/** What happens, in order. */
type Happening =
  | { readonly kind: 'arrive'; readonly calls: readonly number[]; readonly channel: string }
  | { readonly kind: 'arrive malformed' }
  | { readonly kind: 'weather'; readonly weathers: readonly Weather[] }
  | { readonly kind: 'time passes'; readonly seconds: number }
  | { readonly kind: 'run'; readonly batch: number }
  | { readonly kind: 'run three at once'; readonly batch: number }
  | { readonly kind: 'run while calls arrive'; readonly batch: number; readonly calls: readonly number[] }
  | { readonly kind: 'crash'; readonly batch: number; readonly atStep: number };

const weather: fc.Arbitrary<Weather> = fc.oneof(
  { weight: 5, arbitrary: fc.constant(OK) },
  fc.constantFrom<Weather>(
    { status: 429, body: 'rate_limited', retryAfter: '3' },
    { status: 500, body: 'rollup_error' },
    { status: 503, body: '' },
    'reset',
    { status: 400, body: 'invalid_blocks' },
    { status: 410, body: 'channel_is_archived' },
    { status: 200, body: '<html>' },
    'silence',
  ),
);

/** What Lambda hands to an invocation: up to ten records at once, or what a batching window has gathered. */
const WINDOWS = [
  { window: 'without a batching window', mostRecords: 10 },
  { window: 'with a batching window', mostRecords: 500 },
] as const;

const happenings = (mostRecords: number): fc.Arbitrary<Happening> => {
  // Few records as well as all that there are.
  const batch = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constant(mostRecords));
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('arrive' as const),
        // Few numbers, so that events come again: from EventBridge, from SQS, from a replay, after a redrive.
        calls: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 12 }),
        channel: fc.constantFrom(...CHANNELS),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'arrive malformed' as const }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('weather' as const),
        weathers: fc.array(weather, { minLength: 1, maxLength: 6 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('time passes' as const), seconds: fc.integer({ min: 1, max: 1000 }) }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('run' as const), batch }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('run three at once' as const), batch }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('run while calls arrive' as const),
        batch,
        calls: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 20 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('crash' as const), batch, atStep: fc.integer({ min: 0, max: 40 }) }),
    },
  );
};

/** Slack takes messages and its answers do not arrive: nobody can know then, and a repeat is better than a loss. */
const lostAnswers: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constant('weather' as const),
  weathers: fc.array(fc.constantFrom<Weather>(OK, 'accepted, then reset'), { minLength: 1, maxLength: 4 }),
});

/** Runs one batch; `crashAtStep` says after how many steps at its edges the process is killed. */
async function runBatch(world: World, size: number, crashAtStep = Number.POSITIVE_INFINITY): Promise<void> {
  const taken = world.sqs.takeBatch(size);
  if (taken.length === 0) return;
  const { died, mortal } = createMortality(crashAtStep);
  const { post } = mortal({ post: world.notifying.post });
  const ledger = mortal({ ...world.memory.ledger });
  const queue = mortal({ ...world.sqs.queue });
  const handler = createHandler({ ...world.notifying, post, ledger, queue });
  const outcome = await Promise.race([handler({ Records: [...taken] }, aContext(world)), died]);
  if (outcome !== undefined) world.sqs.acknowledge(taken, outcome.batchItemFailures);
}

interface Arrived {
  readonly eventId: string;
  readonly channel: string;
}

/** Runs batches at the same time until the queue is empty, or there is no end to it. */
async function runToTheEnd(world: World, time: VirtualTime, mostRecords: number): Promise<void> {
  for (let round = 0; world.sqs.size() > 0 && round < 200; round += 1) {
    time.advanceTo(world.sqs.nextVisibleAtMs());
    await time.run(Promise.all(Array.from({ length: 3 }, () => runBatch(world, mostRecords))));
  }
}

async function play(all: readonly Happening[], mostRecords: number) {
  const time = virtualTime(START_MS);
  const world = aWorld({ channels: CHANNELS, time });
  world.slack.answersAfterMs = 150;
  const arrived = new Map<string, Arrived>();
  let malformed = 0;
  let weathers: readonly Weather[] = [OK];
  let posts = 0;
  const unanswered: number[] = [];
  world.slack.weather = () => {
    const now = weathers[posts++ % weathers.length] ?? OK;
    if (now === 'accepted, then reset') unanswered.push(world.posts.length);
    return now;
  };

  const arrive = (call: number, channel: string): void => {
    arrived.set(`${eventIdOf(call)}#${channel}`, { eventId: eventIdOf(call), channel });
    world.sqs.send(aBody(call, { channel }));
  };
  const arriveOneByOne = async (calls: readonly number[]): Promise<void> => {
    for (const call of calls) {
      await time.wait(100);
      arrive(call, 'default');
    }
  };

  const perform = async (one: Happening): Promise<unknown> => {
    switch (one.kind) {
      case 'arrive':
        for (const call of one.calls) arrive(call, one.channel);
        return;
      case 'arrive malformed':
        malformed += 1;
        world.sqs.send(`malformed ${malformed}`);
        return;
      case 'weather':
        weathers = one.weathers;
        return;
      case 'time passes':
        time.advanceTo(time.now() + one.seconds * 1000);
        return;
      case 'run':
        return time.run(runBatch(world, one.batch));
      case 'run three at once':
        return time.run(Promise.all(Array.from({ length: 3 }, () => runBatch(world, one.batch))));
      case 'run while calls arrive':
        return time.run(Promise.all([runBatch(world, one.batch), arriveOneByOne(one.calls)]));
      case 'crash':
        return time.run(Promise.all([runBatch(world, one.batch, one.atStep), runBatch(world, one.batch)]));
    }
  };
  for (const one of all) await perform(one);

  weathers = [OK];
  await runToTheEnd(world, time, mostRecords);
  return { world, arrived: [...arrived.values()], malformed, unanswered };
}

const notifiedBy = (world: World, { eventId, channel }: Arrived) =>
  world.telemetry.decisions.filter(
    (decision) =>
      decision.eventId === eventId &&
      decision.channel === channel &&
      (decision.result === 'posted' || decision.result === 'folded'),
  ).length;

const isDeadLettered = (world: World, { eventId, channel }: Arrived): boolean =>
  world.sqs.deadLetters.some(({ body, attributes }) => {
    if (attributes === 'too many receives' || attributes.reason === '') return false;
    return attributes.eventId === eventId && body.includes(`"channel":"${channel}"`);
  });

const acceptedCalls = (world: World): number =>
  world.posts.filter(({ accepted }) => accepted).reduce((sum, { calls }) => sum + calls, 0);

describe.each(WINDOWS)(
  'for any answers of Slack, duplicates and concurrent invocations, $window',
  ({ mostRecords }) => {
    it('reports each event exactly once on its channel, or dead-letters it with a reason', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            happenings(mostRecords).filter(({ kind }) => kind !== 'crash'),
            { maxLength: 30 },
          ),
          async (all) => {
            const { world, arrived, malformed } = await play(all, mostRecords);
            expect(world.sqs.size()).toBe(0);
            const results = arrived.map((call) => ({
              notified: notifiedBy(world, call),
              dead: isDeadLettered(world, call),
            }));
            expect(results.filter(({ notified, dead }) => notified > 1 || (notified === 0 && !dead))).toEqual([]);
            // What Slack accepted is what was decided: no call was posted without its line, nor a line written without a post.
            expect(acceptedCalls(world)).toBe(results.filter(({ notified }) => notified === 1).length);
            expect(world.sqs.deadLetters.filter(({ body }) => body.startsWith('malformed'))).toHaveLength(malformed);
          },
        ),
        { numRuns: 300 },
      );
    });
  },
);

describe.each(WINDOWS)('with crashes at any step and answers that get lost, $window', ({ mostRecords }) => {
  it('loses nothing, and repeats at most the messages that could not be marked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(happenings(mostRecords), lostAnswers), { maxLength: 30 }), async (all) => {
        const { world, arrived, malformed, unanswered } = await play(all, mostRecords);
        expect(world.sqs.size()).toBe(0);
        const delivered = (call: Arrived) =>
          world.memory.isNotified(`notified#${call.eventId}#${call.channel}`) || isDeadLettered(world, call);
        expect(arrived.filter((call) => !delivered(call))).toEqual([]);
        expect(new Set(world.sqs.deadLetters.map(({ body }) => body)).size).toBeGreaterThanOrEqual(malformed);

        const crashes = all.filter(({ kind }) => kind === 'crash').length;
        const notifiedOnce = arrived.filter((call) =>
          world.memory.isNotified(`notified#${call.eventId}#${call.channel}`),
        ).length;
        const repeated = acceptedCalls(world) - notifiedOnce;
        const largest = Math.max(0, ...world.posts.map(({ calls }) => calls));
        expect(repeated).toBeGreaterThanOrEqual(0);
        const unheard = unanswered.reduce((sum, index) => sum + (world.posts[index]?.calls ?? 0), 0);
        expect(repeated).toBeLessThanOrEqual(crashes * CHANNELS.length * largest + unheard);
      }),
      { numRuns: 300 },
    );
  });
});
