import { describe, expect, it } from 'vitest';
import { createHandler } from '../../../functions/notifier/create-handler.ts';
import { aBody, aContext, aWorld, OK, type Weather, type World } from '../world.ts';

const HOUR_MS = 60 * 60 * 1000;
const OUTAGE_MS = 4 * 24 * HOUR_MS;
const BATCH = 500;

/** Runs the function whenever records are visible, until `untilMs` or until the queue is empty. */
async function runUntil(world: World, handler: ReturnType<typeof createHandler>, untilMs: number): Promise<void> {
  while (world.sqs.size() > 0) {
    world.clock.nowMs = Math.max(world.clock.nowMs, world.sqs.nextVisibleAtMs());
    if (world.clock.nowMs >= untilMs) return;
    const batch = world.sqs.takeBatch(BATCH);
    const { batchItemFailures } = await handler({ Records: [...batch] }, aContext(world));
    world.sqs.acknowledge(batch, batchItemFailures);
  }
}

interface Arrival {
  readonly afterMs: number;
  readonly calls: number;
}

/** Lets calls arrive while Slack refuses with one weather, and Slack come back after four days. */
async function liveThrough(weather: Weather, arrivals: readonly Arrival[]) {
  const world = aWorld();
  const handler = createHandler({ ...world.telling, queue: world.sqs.queue });
  const startMs = world.clock.nowMs;
  world.slack.weather = () => weather;

  let number = 0;
  for (const { afterMs, calls } of arrivals) {
    await runUntil(world, handler, startMs + afterMs);
    world.clock.nowMs = Math.max(world.clock.nowMs, startMs + afterMs);
    for (let call = 0; call < calls; call += 1) world.sqs.send(aBody(number++));
  }
  await runUntil(world, handler, startMs + OUTAGE_MS);
  const before = { queued: world.sqs.size(), accepted: world.posts.filter(({ accepted }) => accepted).length };

  world.slack.weather = () => OK;
  await runUntil(world, handler, Number.POSITIVE_INFINITY);
  const posts = world.posts.filter(({ accepted }) => accepted);
  return {
    before,
    posts: posts.length,
    calls: posts.reduce((sum, { calls }) => sum + calls, 0),
    decided: world.telemetry.decisions.filter(({ result }) => result === 'posted' || result === 'folded').length,
    deadLetters: world.sqs.deadLetters,
    minutesToCatchUp: (world.clock.nowMs - startMs - OUTAGE_MS) / 60_000,
  };
}

const every = (hours: number, fromHours: number, toHours: number, calls: number): readonly Arrival[] =>
  Array.from({ length: Math.floor((toHours - fromHours) / hours) }, (_, index) => ({
    afterMs: (fromHours + index * hours) * HOUR_MS,
    calls,
  }));

describe('Slack down for four days', () => {
  it('loses none of 1,000 calls, and tells them in at most 10 posts when it is back', async () => {
    const arrivals = [...every(5, 0, 90, 1), ...every(0.25, 92, 96, 50), { afterMs: 95.8 * HOUR_MS, calls: 182 }];
    const { posts, minutesToCatchUp, ...told } = await liveThrough({ status: 503, body: '' }, arrivals);
    expect(told).toEqual({ before: { queued: 1000, accepted: 0 }, calls: 1000, decided: 1000, deadLetters: [] });
    expect(posts).toBeLessThanOrEqual(10);
    expect(minutesToCatchUp).toBeLessThanOrEqual(16);
  });

  it.each<[string, Weather]>([
    ['resets', 'reset'],
    ['429 without Retry-After', { status: 429, body: 'rate_limited' }],
    ['429 that ask for a second', { status: 429, body: 'rate_limited', retryAfter: '1' }],
    ['429 that ask for a minute', { status: 429, body: 'rate_limited', retryAfter: '60' }],
    ['a login page', { status: 200, body: '<html>' }],
  ])('does not use up the receives of a record by %s', async (_, weather) => {
    const { before, calls, deadLetters } = await liveThrough(weather, every(10, 0, 90, 1));
    expect({ before, calls, deadLetters }).toEqual({ before: { queued: 9, accepted: 0 }, calls: 9, deadLetters: [] });
  });
});
