import { describe, expect, it } from 'vitest';
import { createHandler, type Dependencies } from '../../../functions/summary/send-summaries.ts';
import { virtualTime } from '../virtual-time.ts';
import { aContext, aWorld, OK, START_MS, urlOf, type World } from '../world.ts';

const run = (world: World, changes: Partial<Dependencies> = {}) =>
  createHandler({ ...world.posting, channels: ['default', 'ops'], countVisible: async () => 0, ...changes })(
    {},
    aContext(world),
  );

const YESTERDAY = 'day#2026-11-21#default';
const textOf = (world: World, channel: string): string =>
  JSON.stringify(world.posts.filter(({ url }) => url === urlOf(channel)).map(({ message }) => message));

describe('the daily summary', () => {
  it('says what yesterday brought, and that nothing happened', async () => {
    const world = aWorld();
    await world.memory.ledger.count(YESTERDAY, {
      counts: { notified: 3, folded: 40, 'effect#off-air': 36, 'resource#flow': 43, 'outcome#denied': 7 },
      slowestDeliveryMs: 61_000,
    });
    await world.memory.ledger.count('day#2026-11-22#ops', { counts: { notified: 9 }, slowestDeliveryMs: undefined });
    await run(world);
    expect(textOf(world, 'default')).toContain('43 calls');
    expect(textOf(world, 'default')).toContain('43 calls reported: 36 off air, 7 denied');
    expect(textOf(world, 'ops')).toContain('no MediaConnect calls');
  });

  it('says who took what off air, by the name that is remembered of what has only an id', async () => {
    const world = aWorld();
    const arn = 'arn:aws:mediaconnect:eu-west-1:111122223333:routerOutput:a1b2';
    const counter = `named#off-air#${JSON.stringify([['router output ', ['a1b2', arn]], [['jane@example.org']]])}`;
    await world.memory.ledger.count(YESTERDAY, {
      counts: { notified: 2, 'effect#off-air': 2, [counter]: 2 },
      slowestDeliveryMs: undefined,
    });
    await world.memory.ledger.remember(new Map([[`name#${arn}`, { name: { name: 'cdn-north', namedAtMs: 1 } }]]));
    await run(world);
    expect(textOf(world, 'default')).toContain('2 off air (router output cdn-north (a1b2) by jane@example.org (2))');
  });

  it('is sent all the same where names cannot be read', async () => {
    const world = aWorld();
    const counter = 'named#off-air#[["router output ",["a1b2","arn:x"]],[["jane@example.org"]]]';
    await world.memory.ledger.count(YESTERDAY, {
      counts: { notified: 1, 'effect#off-air': 1, [counter]: 1 },
      slowestDeliveryMs: undefined,
    });
    const recall = async (): Promise<never> => {
      throw new Error('the table is out of reach');
    };
    await run(world, { ledger: { ...world.memory.ledger, recall } });
    expect(textOf(world, 'default')).toContain('1 off air (router output a1b2 by jane@example.org)');
  });

  it('comes without names where Slack will not have one of them', async () => {
    const world = aWorld();
    const counter = 'named#off-air#[["flow ",["refused"]],[["jane@example.org"]]]';
    await world.memory.ledger.count(YESTERDAY, {
      counts: { notified: 1, 'effect#off-air': 1, [counter]: 1 },
      slowestDeliveryMs: undefined,
    });
    world.slack.weather = (_, message) =>
      JSON.stringify(message).includes('flow refused') ? { status: 400, body: 'invalid_blocks' } : OK;
    await run(world);
    const accepted = world.posts.filter(({ url, accepted }) => accepted && url === urlOf('default'));
    expect(accepted.map(({ message }) => message.text)).toEqual([
      '📋 Daily summary, channel default: 1 call reported: 1 off air',
    ]);
  });

  it('says what waits, for each channel its own', async () => {
    const world = aWorld();
    const note = {
      records: 12,
      sinceMs: world.clock.nowMs - 3_600_000,
      reason: 'HTTP 503',
      notedAtMs: world.clock.nowMs,
    };
    await world.memory.ledger.noteWaiting('immediate#ops', note);
    await run(world);
    expect(textOf(world, 'ops')).toContain('12 calls still waiting');
    expect(textOf(world, 'default')).toContain('nothing is waiting');
  });

  it('does not warn of what the next digest reports', async () => {
    const world = aWorld();
    const note = {
      records: 400,
      sinceMs: world.clock.nowMs,
      reason: 'another invocation is reporting it',
      notedAtMs: world.clock.nowMs,
    };
    await world.memory.ledger.noteWaiting('digest#default', note);
    await run(world);
    expect(textOf(world, 'default')).not.toContain('waiting*');
    expect(textOf(world, 'default')).not.toContain('⚠️');
  });

  it('says that what waits could not be measured', async () => {
    const world = aWorld();
    const countVisible = async () => {
      throw new Error('out of reach');
    };
    await run(world, { countVisible });
    expect(textOf(world, 'default')).toContain('could not be measured');
    expect(textOf(world, 'default')).not.toContain('nothing is waiting');
    expect(world.posts).toHaveLength(2);
  });

  it('fails when a channel did not get it, and then reports only that one', async () => {
    const world = aWorld();
    world.slack.weather = (url) => (url === urlOf('ops') ? { status: 503, body: '' } : { status: 200, body: 'ok' });
    await expect(run(world)).rejects.toMatchObject({ name: 'SummaryError', message: 'no summary for channel ops' });
    world.slack.weather = () => OK;
    world.clock.nowMs += 60_000;
    await run(world);
    // Channels are notified side by side, so only the order within one is sure.
    const accepted = (channel: string) =>
      world.posts.filter(({ url }) => url === urlOf(channel)).map((post) => post.accepted);
    expect({ default: accepted('default'), ops: accepted('ops') }).toEqual({ default: [true], ops: [false, true] });
  });

  it('notifies one channel although another breaks off, and fails for that one', async () => {
    const world = aWorld();
    const readDay = async (key: string) => {
      if (key.endsWith('#ops')) throw new Error('out of reach');
      return world.memory.ledger.readDay(key);
    };
    const ledger = { ...world.memory.ledger, readDay };
    await expect(run(world, { ledger })).rejects.toThrow('no summary for channel ops');
    expect(world.posts.map(({ url }) => url)).toEqual([urlOf('default')]);
  });

  it('is reported although the ledger cannot take the mark', async () => {
    const world = aWorld();
    const markNotified = async () => {
      throw new Error('out of reach');
    };
    await run(world, { ledger: { ...world.memory.ledger, markNotified } });
    expect(world.posts).toHaveLength(2);
    expect(world.telemetry.lines.map(({ message }) => message)).toEqual([
      'the summary was not marked',
      'the summary was not marked',
    ]);
  });

  it('is left to whoever posts it already, and fails where that one does not come to an end', async () => {
    const time = virtualTime(START_MS);
    const world = aWorld({ time });
    const key = 'notified#summary-day#2026-11-21#default#default';
    await world.memory.ledger.claim([key], { owner: 'another', untilMs: START_MS + 600_000 });
    await expect(time.run(run(world))).rejects.toThrow('no summary for channel default');
    expect(world.posts.map(({ url }) => url)).toEqual([urlOf('ops')]);
    // As long as there is time left, and no longer.
    expect(time.now() - START_MS).toBeGreaterThan(100_000);
    expect(time.now() - START_MS).toBeLessThanOrEqual(115_000);
  });

  it('is reported by whoever finds that the one before has died', async () => {
    const world = aWorld();
    const key = 'notified#summary-day#2026-11-21#default#default';
    await world.memory.ledger.claim([key], { owner: 'another', untilMs: world.clock.nowMs + 20_000 });
    await run(world, { channels: ['default'] });
    expect(world.posts).toHaveLength(1);
    expect(world.memory.isNotified(key)).toBe(true);
  });

  it('gives its claim back when it was not reported, so that the next run need not wait', async () => {
    const world = aWorld();
    world.slack.weather = () => ({ status: 503, body: '' });
    await expect(run(world)).rejects.toThrow('no summary for channel default, ops');
    world.slack.weather = () => OK;
    world.clock.nowMs += 10_000;
    const startMs = world.clock.nowMs;
    await run(world);
    expect(world.posts.filter(({ accepted }) => accepted)).toHaveLength(2);
    expect(world.clock.nowMs - startMs).toBeLessThan(5000);
  });

  it('is reported although the ledger cannot be asked for its claim', async () => {
    const world = aWorld();
    const claim = async (keys: readonly string[]) => new Map(keys.map((one) => [one, 'unknown' as const]));
    await run(world, { ledger: { ...world.memory.ledger, claim } });
    expect(world.posts).toHaveLength(2);
  });

  it('fails without a secret, so that somebody hears of it', async () => {
    const world = aWorld();
    world.secret.text = undefined;
    await expect(run(world)).rejects.toMatchObject({ name: 'WebhookSecretError' });
  });
});
