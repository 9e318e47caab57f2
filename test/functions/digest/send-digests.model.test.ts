import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createHandler } from '../../../functions/digest/send-digests.ts';
import { createMortality } from '../mortal-dependencies.ts';
import { aBody, aContext, aWorld, eventIdOf, OK, type Weather, type World } from '../world.ts';

const CHANNELS = ['default', 'ops'];
const RUN_MS = 300_000;

/** What happens, in order. A run that crashes does so after some steps at the function's edges. */
type Happening =
  | { readonly kind: 'arrive'; readonly calls: readonly number[]; readonly channel: string }
  | { readonly kind: 'arrive malformed' }
  | { readonly kind: 'weather'; readonly weathers: readonly Weather[] }
  | { readonly kind: 'time passes'; readonly seconds: number }
  | { readonly kind: 'run'; readonly crashAtStep: number | undefined }
  | { readonly kind: 'run two at once' };

const weather: fc.Arbitrary<Weather> = fc.constantFrom<Weather>(
  OK,
  { status: 429, body: 'rate_limited', retryAfter: '3' },
  { status: 500, body: 'rollup_error' },
  'reset',
  'accepted, then reset',
  { status: 400, body: 'invalid_blocks' },
  { status: 410, body: 'channel_is_archived' },
);

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant('arrive' as const),
    // Few numbers, so that events come again.
    calls: fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 12 }),
    channel: fc.constantFrom(...CHANNELS),
  }),
  fc.constant({ kind: 'arrive malformed' as const }),
  fc.record({
    kind: fc.constant('weather' as const),
    weathers: fc.array(weather, { minLength: 1, maxLength: 5 }),
  }),
  fc.record({ kind: fc.constant('time passes' as const), seconds: fc.integer({ min: 1, max: 2000 }) }),
  fc.record({
    kind: fc.constant('run' as const),
    crashAtStep: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
  }),
  fc.constant({ kind: 'run two at once' as const }),
);

/** One run of the digest. A killed one leaves its records hidden; the next begins when its time would be over. */
async function runDigest(world: World, crashAtStep = Number.POSITIVE_INFINITY): Promise<void> {
  const beganMs = world.clock.nowMs;
  const { died, mortal } = createMortality(crashAtStep);
  const { post } = mortal({ post: world.notifying.post });
  const ledger = mortal({ ...world.memory.ledger });
  const queue = mortal({ ...world.sqs.queue });
  const handler = createHandler({ ...world.notifying, post, ledger, queue, digestMinutes: 60 });
  await Promise.race([handler({}, aContext(world, RUN_MS)), died]);
  world.clock.nowMs = Math.max(world.clock.nowMs, beganMs + RUN_MS);
}

async function play(happenings: readonly Happening[]) {
  const world = aWorld({ channels: CHANNELS });
  const arrived = new Map<string, string>();
  const unanswered: number[] = [];
  let malformed = 0;
  let weathers: readonly Weather[] = [OK];
  let asked = 0;
  world.slack.weather = () => {
    const now = weathers[asked++ % weathers.length] ?? OK;
    if (now === 'accepted, then reset') unanswered.push(world.posts.length);
    return now;
  };

  const perform = async (one: Happening): Promise<void> => {
    switch (one.kind) {
      case 'arrive':
        for (const call of one.calls) {
          const body = aBody(call, { channel: one.channel, rule: 'reads' });
          arrived.set(`notified#${eventIdOf(call)}#${one.channel}`, body);
          world.sqs.send(body);
        }
        return;
      case 'arrive malformed':
        malformed += 1;
        world.sqs.send(`malformed ${malformed}`);
        return;
      case 'weather':
        weathers = one.weathers;
        return;
      case 'time passes':
        world.clock.nowMs += one.seconds * 1000;
        return;
      case 'run':
        return runDigest(world, one.crashAtStep);
      case 'run two at once':
        await Promise.all([runDigest(world), runDigest(world)]);
        return;
    }
  };
  for (const one of happenings) await perform(one);

  weathers = [OK];
  for (let round = 0; world.sqs.size() > 0 && round < 50; round += 1) {
    world.clock.nowMs = Math.max(world.clock.nowMs, world.sqs.nextVisibleAtMs());
    await runDigest(world);
  }
  return { world, arrived, unanswered, malformed };
}

it('loses nothing, and repeats only what a crash or a lost answer kept from being marked', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
      const { world, arrived, unanswered, malformed } = await play(happenings);
      expect(world.sqs.size()).toBe(0);
      const letters = new Set(world.sqs.deadLetters.map(({ body }) => body));
      const keys = [...arrived.keys()];
      const notified = keys.filter((key) => world.memory.isNotified(key));
      expect(keys.filter((key) => !world.memory.isNotified(key) && !letters.has(arrived.get(key) ?? ''))).toEqual([]);
      expect([...letters].filter((body) => body.startsWith('malformed'))).toHaveLength(malformed);
      expect(world.sqs.deadLetters.filter(({ attributes }) => attributes === 'too many receives')).toEqual([]);

      const accepted = world.posts.filter((post) => post.accepted);
      const repeated = accepted.reduce((sum, { calls }) => sum + calls, 0) - notified.length;
      const lostAnswers = unanswered.reduce((sum, index) => sum + (world.posts[index]?.calls ?? 0), 0);
      const crashes = happenings.filter((one) => one.kind === 'run' && one.crashAtStep !== undefined).length;
      const largest = Math.max(0, ...accepted.map(({ calls }) => calls));
      expect(repeated).toBeGreaterThanOrEqual(0);
      expect(repeated).toBeLessThanOrEqual(lostAnswers + crashes * CHANNELS.length * largest);
    }),
    { numRuns: 200 },
  );
});
