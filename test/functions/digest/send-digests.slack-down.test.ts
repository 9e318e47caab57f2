import { expect, it } from 'vitest';
import { createHandler } from '../../../functions/digest/send-digests.ts';
import { aBody, aContext, aWorld, OK, type World } from '../world.ts';

const MINUTE_MS = 60_000;
const OUTAGE_MS = 4 * 24 * 60 * MINUTE_MS;
const CALLS = 8;

const totalOf = (world: World): number =>
  world.posts.filter(({ accepted }) => accepted).reduce((sum, { calls }) => sum + calls, 0);

it.each([1, 15, 60])('loses nothing in four days without Slack, with a digest every %i minutes', async (minutes) => {
  const world = aWorld();
  const handler = createHandler({ ...world.notifying, digestMinutes: minutes });
  const timeoutMs = Math.min(5, minutes) * MINUTE_MS;
  const startMs = world.clock.nowMs;
  const runDigestsUntil = async (untilMs: number): Promise<void> => {
    for (let run = Math.ceil((world.clock.nowMs - startMs) / (minutes * MINUTE_MS)); ; run += 1) {
      const atMs = startMs + run * minutes * MINUTE_MS;
      if (atMs >= untilMs) return;
      world.clock.nowMs = Math.max(world.clock.nowMs, atMs);
      await handler({}, aContext(world, timeoutMs));
    }
  };

  world.slack.weather = () => ({ status: 503, body: '' });
  for (let number = 0; number < CALLS; number += 1) world.sqs.send(aBody(number, { rule: 'reads' }));
  await runDigestsUntil(startMs + OUTAGE_MS);
  expect({ queued: world.sqs.size(), notified: totalOf(world), dead: world.sqs.deadLetters }).toEqual({
    queued: CALLS,
    notified: 0,
    dead: [],
  });

  world.slack.weather = () => OK;
  const refused = world.posts.length;
  await runDigestsUntil(startMs + OUTAGE_MS + 2 * 60 * MINUTE_MS);
  expect({ queued: world.sqs.size(), notified: totalOf(world), posts: world.posts.length - refused }).toEqual({
    queued: 0,
    notified: CALLS,
    posts: 1,
  });
});
