import { describe, expect, it } from 'vitest';
import { createHandler, type Dependencies } from '../../../functions/digest/create-handler.ts';
import { aBody, aContext, aWorld, eventIdOf, urlOf, type World } from '../../functions/world.ts';

const run = (world: World, changes: Partial<Dependencies> = {}) =>
  createHandler({ ...world.telling, queue: world.sqs.queue, ...changes })({}, aContext(world, 300_000));

const read = (number: number, channel = 'default'): string =>
  aBody(number, { channel, rule: 'reads', detail: { eventName: 'DescribeFlow', readOnly: true } });

const worldWith = (bodies: readonly string[]): World => {
  const world = aWorld();
  for (const body of bodies) world.sqs.send(body);
  return world;
};
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Channels are told side by side: the order of their posts says nothing. */
const callsByUrl = (world: World) => world.posts.map(({ url, calls }) => [url, calls]).sort();

describe('the digest', () => {
  it('tells each channel everything in one message and empties the queue', async () => {
    const world = worldWith([...numbers(234).map((number) => read(number)), read(1000, 'ops')]);
    await run(world);
    expect(world.sqs.size()).toBe(0);
    expect(callsByUrl(world)).toEqual([
      [urlOf('default'), 234],
      [urlOf('ops'), 1],
    ]);
    expect(world.posts.find(({ url }) => url === urlOf('default'))?.message.text).toContain('234');
    expect(world.telemetry.metrics).toEqual({ Digested: 235, SlackAccepted: 2 });
    expect(world.memory.days.get('day#2026-11-22#default')?.counts).toEqual({
      digested: 234,
      'access#read-only': 234,
      'resource#flow': 234,
      'outcome#succeeded': 234,
    });
  });

  it('posts nothing when the queue is empty', async () => {
    const world = worldWith([]);
    await run(world);
    expect(world.posts).toEqual([]);
    expect(world.telemetry.metrics).toEqual({});
  });

  it('does not tell again what was told at once on the same channel', async () => {
    const world = worldWith([read(1), read(2), read(2), read(1, 'ops')]);
    await world.memory.ledger.markTold([`told#${eventIdOf(1)}#default`]);
    await run(world);
    expect(callsByUrl(world)).toEqual([
      [urlOf('default'), 1],
      [urlOf('ops'), 1],
    ]);
    expect(world.sqs.size()).toBe(0);
    expect(world.telemetry.metrics).toMatchObject({ Digested: 2, RepeatsSuppressed: 2 });
  });

  it('does not post when everything was told before', async () => {
    const world = worldWith([read(1)]);
    await world.memory.ledger.markTold([`told#${eventIdOf(1)}#default`]);
    await run(world);
    expect({ posts: world.posts, left: world.sqs.size() }).toEqual({ posts: [], left: 0 });
  });

  it.each([
    ['a 503', { status: 503, body: '' }],
    ['refused blocks and refused text', { status: 400, body: 'invalid_blocks' }],
    ['an archived channel', { status: 410, body: 'channel_is_archived' }],
    ['a reset', 'reset'],
  ] as const)('deletes nothing after %s, and tells it all next time', async (_, weather) => {
    const world = worldWith([read(1), read(2)]);
    world.slack.weather = () => weather;
    await run(world);
    expect({ left: world.sqs.size(), dead: world.sqs.deadLetters }).toEqual({ left: 2, dead: [] });
    expect(world.telemetry.decisions.map(({ result }) => result)).toEqual(['waiting', 'waiting']);

    world.slack.weather = () => ({ status: 200, body: 'ok' });
    world.clock.nowMs += 15 * 60_000;
    await run(world);
    expect(world.sqs.size()).toBe(0);
    expect(world.posts.filter(({ accepted }) => accepted).map(({ calls }) => calls)).toEqual([2]);
  });

  it('tells one channel although another refuses', async () => {
    const world = worldWith([read(1), read(2, 'ops')]);
    world.slack.weather = (url) => (url === urlOf('ops') ? { status: 503, body: '' } : { status: 200, body: 'ok' });
    await run(world);
    expect(world.sqs.size()).toBe(1);
    expect(world.telemetry.metrics).toMatchObject({ Digested: 1, SlackTransient: 1 });
  });

  it('tells rather than swallows when the ledger is out of reach, and counts it', async () => {
    const world = worldWith([read(1), read(2)]);
    world.memory.state.isDown = true;
    await run(world);
    expect({ calls: callsByUrl(world), left: world.sqs.size() }).toEqual({ calls: [[urlOf('default'), 2]], left: 0 });
    // Asked for two calls, written for two, and for the day's count.
    expect(world.telemetry.metrics).toMatchObject({ Digested: 2, LedgerUnavailable: 5 });
  });

  it('tells one channel although telling another breaks off, which then waits', async () => {
    const world = worldWith([read(1), read(2, 'ops')]);
    const lookup = async (keys: readonly string[]) => {
      if (keys.some((key) => key.endsWith('#ops'))) throw new Error('a fault of ours');
      return world.memory.ledger.lookup(keys);
    };
    await run(world, { ledger: { ...world.memory.ledger, lookup } });
    expect({ calls: callsByUrl(world), left: world.sqs.size() }).toEqual({ calls: [[urlOf('default'), 1]], left: 1 });
    expect(world.telemetry.decisions.map(({ channel, result, reason }) => [channel, result, reason]).sort()).toEqual([
      ['default', 'folded', undefined],
      ['ops', 'waiting', 'telling broke off'],
    ]);
  });

  it('dead-letters what is no call, and keeps it while the dead-letter queue does not take it', async () => {
    const world = worldWith(['not JSON', read(1)]);
    world.sqs.state.isDeadLetterQueueDown = true;
    await run(world);
    expect({ left: world.sqs.size(), dead: world.sqs.deadLetters }).toEqual({ left: 1, dead: [] });
    world.sqs.state.isDeadLetterQueueDown = false;
    world.clock.nowMs += 3_600_000;
    await run(world);
    expect(world.sqs.deadLetters).toMatchObject([{ body: 'not JSON', attributes: { reason: 'malformed' } }]);
    expect(world.sqs.size()).toBe(0);
  });

  it('takes a full queue in several rounds, within its memory', async () => {
    const world = worldWith(numbers(950).map((number) => read(number)));
    await run(world, { limit: 300 });
    expect(world.sqs.size()).toBe(0);
    expect(world.posts.map(({ calls }) => calls).reduce((sum, calls) => sum + calls, 0)).toBe(950);
    expect(Math.max(...world.posts.map(({ calls }) => calls))).toBeLessThanOrEqual(300);
  });

  it('leaves in the queue what there is no time for', async () => {
    const world = worldWith(numbers(500).map((number) => read(number)));
    const receive = async () => {
      world.clock.nowMs += 5000;
      return world.sqs.queue.receive();
    };
    await run(world, { queue: { ...world.sqs.queue, receive } });
    const told = world.posts.reduce((sum, { calls }) => sum + calls, 0);
    expect(told).toBeGreaterThan(0);
    expect(world.sqs.size()).toBe(500 - told);
  });

  it('tells what it received before receiving broke off, and fails for all to see', async () => {
    const world = worldWith(numbers(500).map((number) => read(number)));
    let receives = 0;
    const receive = async () => {
      receives += 1;
      if (receives > 20) throw new Error('out of reach');
      return world.sqs.queue.receive();
    };
    await expect(run(world, { queue: { ...world.sqs.queue, receive } })).rejects.toThrow('out of reach');
    expect(world.posts.map(({ calls }) => calls)).toEqual([200]);
    expect(world.sqs.size()).toBe(300);
  });

  it('recognises what it told when deleting failed', async () => {
    const world = worldWith([read(1)]);
    const remove = async () => {
      throw new Error('out of reach');
    };
    await run(world, { queue: { ...world.sqs.queue, remove } });
    world.clock.nowMs += 3_600_000;
    await run(world);
    expect(world.posts).toHaveLength(1);
    expect(world.sqs.size()).toBe(0);
  });
});
