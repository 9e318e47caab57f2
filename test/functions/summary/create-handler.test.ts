import { describe, expect, it } from 'vitest';
import { createHandler, type Dependencies } from '../../../functions/summary/create-handler.ts';
import { aContext, aWorld, urlOf, type World } from '../world.ts';

const run = (world: World, changes: Partial<Dependencies> = {}) =>
  createHandler({ ...world.posting, channels: ['default', 'ops'], countWaiting: async () => 0, ...changes })(
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
      counts: { told: 3, folded: 40, 'access#mutating': 43, 'resource#flow': 43, 'outcome#denied': 7 },
      slowestDeliveryMs: 61_000,
    });
    await world.memory.ledger.count('day#2026-11-22#ops', { counts: { told: 9 }, slowestDeliveryMs: undefined });
    await run(world);
    expect(textOf(world, 'default')).toContain('43 calls');
    expect(textOf(world, 'default')).toContain('denied 7');
    expect(textOf(world, 'ops')).toContain('Nothing happened');
  });

  it('says how many records wait', async () => {
    const world = aWorld();
    await run(world, { countWaiting: async () => 12 });
    expect(textOf(world, 'default')).toContain('12 calls');
  });

  it('is told although the queues cannot be measured', async () => {
    const world = aWorld();
    const countWaiting = async () => {
      throw new Error('out of reach');
    };
    await run(world, { countWaiting });
    expect(world.posts).toHaveLength(2);
  });

  it('fails when a channel did not get it, and then tells only that one', async () => {
    const world = aWorld();
    world.slack.weather = (url) => (url === urlOf('ops') ? { status: 503, body: '' } : { status: 200, body: 'ok' });
    await expect(run(world)).rejects.toMatchObject({ name: 'SummaryError', message: 'no summary for channel ops' });
    world.slack.weather = () => ({ status: 200, body: 'ok' });
    await run(world);
    // Channels are told side by side, so only the order within one is sure.
    const accepted = (channel: string) =>
      world.posts.filter(({ url }) => url === urlOf(channel)).map((post) => post.accepted);
    expect({ default: accepted('default'), ops: accepted('ops') }).toEqual({ default: [true], ops: [false, true] });
  });

  it('tells one channel although another breaks off, and fails for that one', async () => {
    const world = aWorld();
    const readDay = async (key: string) => {
      if (key.endsWith('#ops')) throw new Error('out of reach');
      return world.memory.ledger.readDay(key);
    };
    const ledger = { ...world.memory.ledger, readDay };
    await expect(run(world, { ledger })).rejects.toThrow('no summary for channel ops');
    expect(world.posts.map(({ url }) => url)).toEqual([urlOf('default')]);
  });

  it('is told although the ledger cannot take the mark', async () => {
    const world = aWorld();
    const markTold = async () => {
      throw new Error('out of reach');
    };
    await run(world, { ledger: { ...world.memory.ledger, markTold } });
    expect(world.posts).toHaveLength(2);
    expect(world.telemetry.lines.map(({ message }) => message)).toEqual([
      'the summary was not marked as told',
      'the summary was not marked as told',
    ]);
  });

  it('fails without a secret, so that somebody hears of it', async () => {
    const world = aWorld();
    world.secret.text = undefined;
    await expect(run(world)).rejects.toMatchObject({ name: 'WebhookSecretError' });
  });
});
