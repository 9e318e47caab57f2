import { describe, expect, it } from 'vitest';
import { createHandler as createDigest } from '../../functions/digest/send-digests.ts';
import { createHandler as createNotifier } from '../../functions/notifier/notify-batch.ts';
import type { Queue } from '../../functions/ports.ts';
import { createHandler as createSummary } from '../../functions/summary/send-summaries.ts';
import { memoryQueue } from './memory-queue.ts';
import { virtualTime } from './virtual-time.ts';
import { aBody, aContext, aWorld, eventIdOf, START_MS } from './world.ts';

const READ = { eventName: 'DescribeFlow', readOnly: true };
const KEY = `notified#${eventIdOf(1)}#default`;
const HOUR_MS = 3_600_000;

/** Both functions on one ledger, each with its own queue; Slack takes a second for a post. */
function aStackEnvironment() {
  const time = virtualTime(START_MS);
  const world = aWorld({ time });
  world.slack.answersAfterMs = 1000;
  const gathered = memoryQueue({
    now: time.now,
    visibilityTimeoutMs: 1_800_000,
    maxReceiveCount: 1000,
    wait: time.wait,
  });
  const notify = async (): Promise<void> => {
    const batch = world.sqs.takeBatch(10);
    if (batch.length === 0) return;
    const { batchItemFailures } = await createNotifier(world.notifying)({ Records: [...batch] }, aContext(world));
    world.sqs.acknowledge(batch, batchItemFailures);
  };
  const digest = (queue: Queue = gathered.queue): Promise<void> =>
    createDigest({ ...world.notifying, queue, digestMinutes: 60 })({}, aContext(world, 300_000));
  const later = (ms: number): void => time.advanceTo(time.now() + ms);
  return { time, world, gathered, notify, digest, later };
}

describe('one call in one channel', () => {
  // The digest has its queue after a second, and claims then; the notifier claims at once.
  it.each([
    { first: 'the notifier', startsAfterMs: 500, notified: 'posted' },
    { first: 'the digest', startsAfterMs: 1200, notified: 'folded' },
  ])(
    'is reported once although a rule at once and a digest rule match it, and $first begins',
    async ({ startsAfterMs, notified }) => {
      const { time, world, gathered, notify, digest, later } = aStackEnvironment();
      world.sqs.send(aBody(1, { rule: 'watch-awards-show', detail: READ }));
      gathered.send(aBody(1, { rule: 'reads', detail: READ }));
      await time.run(Promise.all([time.wait(startsAfterMs).then(notify), digest()]));
      expect(world.telemetry.decisions.map(({ result }) => result)).toEqual(
        expect.arrayContaining([notified, 'waiting']),
      );
      later(HOUR_MS);
      await time.run(Promise.all([notify(), digest()]));
      expect(world.posts.map(({ accepted }) => accepted)).toEqual([true]);
      expect([world.sqs.size(), gathered.size()]).toEqual([0, 0]);
    },
  );

  it('stays marked although a notifier whose post failed gives its claims back', async () => {
    const { time, world } = aStackEnvironment();
    world.sqs.send(aBody(1));
    const post = async () => {
      // Its claim is over, and another function reports the call meanwhile.
      await world.memory.ledger.markNotified([KEY]);
      throw new Error('socket hang up');
    };
    const batch = world.sqs.takeBatch(10);
    await time.run(createNotifier({ ...world.notifying, post })({ Records: [...batch] }, aContext(world)));
    expect(world.memory.isNotified(KEY)).toBe(true);
  });

  it('stays another’s who claimed it after the end of the first claim', async () => {
    const { time, world } = aStackEnvironment();
    world.sqs.send(aBody(1));
    const post = async () => {
      world.clock.nowMs += 200_000;
      await world.memory.ledger.claim([KEY], { owner: 'another', untilMs: time.now() + 60_000 });
      throw new Error('socket hang up');
    };
    const batch = world.sqs.takeBatch(10);
    await time.run(createNotifier({ ...world.notifying, post })({ Records: [...batch] }, aContext(world)));
    const third = await world.memory.ledger.claim([KEY], { owner: 'third', untilMs: time.now() + 60_000 });
    expect(third.get(KEY)).toBe('busy');
  });

  it('is reported once by two digests that overlap, of which each received one of its records', async () => {
    const { time, world, gathered, digest, later } = aStackEnvironment();
    gathered.send(aBody(1, { rule: 'reads', detail: READ }));
    gathered.send(aBody(1, { rule: 'reads', detail: READ }));
    const records = (await time.run(gathered.queue.receive({ waitSeconds: 0 }))).values();
    const runs = Array.from({ length: 2 }, () => {
      const { value } = records.next();
      const pages = [value === undefined ? [] : [value]].values();
      return digest({ ...gathered.queue, receive: async () => pages.next().value ?? [] });
    });
    await time.run(Promise.all(runs));
    expect(world.posts).toHaveLength(1);
    later(HOUR_MS);
    await time.run(digest());
    expect({ posts: world.posts.length, left: gathered.size() }).toEqual({ posts: 1, left: 0 });
  });

  it('is held by a claim for as long as it may take to report it, and clocks may differ', async () => {
    const { time, world, gathered, notify, digest } = aStackEnvironment();
    const untils: number[] = [];
    const { claim } = world.memory.ledger;
    const ledger = {
      ...world.memory.ledger,
      claim: (keys: readonly string[], claimer: { owner: string; untilMs: number }) => {
        untils.push(claimer.untilMs - START_MS);
        return claim(keys, claimer);
      },
    };
    Object.assign(world.notifying, { ledger });
    world.sqs.send(aBody(1));
    gathered.send(aBody(2, { rule: 'reads', detail: READ }));
    const summarize = createSummary({ ...world.notifying, channels: ['default'], countVisible: async () => 0 });
    await time.run(Promise.all([notify(), digest(), summarize({}, aContext(world, 60_000))]));
    expect(untils.toSorted((one, other) => one - other)).toEqual([45_100, 70_000, 310_000]);
  });
});

describe('the summary of a day', () => {
  it('is posted once although it is started twice', async () => {
    const { time, world } = aStackEnvironment();
    const run = () =>
      createSummary({ ...world.posting, channels: ['default', 'ops'], countVisible: async () => 0 })(
        {},
        aContext(world),
      );
    await time.run(Promise.all([run(), run()]));
    await time.run(run());
    expect(world.posts).toHaveLength(2);
    expect(new Set(world.posts.map(({ url }) => url)).size).toBe(2);
  });
});
