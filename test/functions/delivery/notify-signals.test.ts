import { describe, expect, it } from 'vitest';
import { createDelivery } from '../../../functions/delivery/notify-calls.ts';
import { notifySignals, type SayingRecord } from '../../../functions/delivery/notify-signals.ts';
import { type DeliveredCall, notifiedKey } from '../../../shared/delivery/settle.ts';
import type { Saying } from '../../../shared/outcome/signal-memory.ts';
import { FLOW_ARN } from '../../shared/outcome/signal-examples.ts';
import { aWorld, OK, START_MS, type Weather } from '../world.ts';

const newsAt = (number: number): Saying => ({
  kind: 'news',
  key: `news#${number}`,
  state: {
    eventId: String(number),
    thing: { kind: 'flow', name: `F${number}`, arn: FLOW_ARN },
    aspect: 'failover',
    state: '1',
    atMs: START_MS + number * 1000,
  },
});

/** The name breaks whoever renders it. */
const broken = (number: number): Saying => {
  const saying = newsAt(number);
  if (saying.kind !== 'news') throw new Error('it is news');
  const thing = {
    ...saying.state.thing,
    get name(): string {
      throw new Error('broken');
    },
  };
  return { ...saying, state: { ...saying.state, thing } };
};

const recordOf = (saying: Saying): SayingRecord => ({
  record: { messageId: saying.key, receiptHandle: saying.key, body: '{}', receiveCount: 1 },
  saying,
  channel: 'default',
});

function aSignalNotifier(weather: (text: string) => Weather = () => OK) {
  const world = aWorld();
  world.slack.weather = (_, message) => weather(JSON.stringify(message));
  const say = async (sayings: readonly Saying[]): Promise<readonly string[]> => {
    const ends: DeliveredCall[] = [];
    const urls = await world.notifying.webhooks.urls();
    await notifySignals(sayings.map(recordOf), {
      ...world.notifying,
      delivery: createDelivery(world.notifying, { urls, states: new Map(), lastAnswerMs: START_MS + 60_000 }),
      claimedUntilMs: START_MS + 300_000,
      onEnd: (delivered) => ends.push(delivered),
    });
    return ends.map(({ about, deliveryResult }) => `${about?.eventId}: ${deliveryResult.kind}`);
  };
  const lines = (): readonly string[] =>
    world.posts
      .filter(({ accepted }) => accepted)
      .map(({ message: { text } }) => Array.from(text.matchAll(/F(\d+)/g), ([, number]) => number).join(' '));
  return { world, say, lines };
}

const numbers = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('what there is to say at once', () => {
  it('is said in order of time, ten lines to a message', async () => {
    const { say, lines } = aSignalNotifier();
    const ends = await say(numbers(1, 12).toReversed().map(newsAt));
    expect(lines()).toEqual(['1 2 3 4 5 6 7 8 9 10', '11 12']);
    expect(ends).toEqual(numbers(1, 12).map((number) => `news#${number}: notified`));
  });

  it('waits behind what Slack does not take for now, and is nobody’s meanwhile', async () => {
    let posts = 0;
    const { world, say, lines } = aSignalNotifier(() => {
      posts += 1;
      return posts === 2 ? { status: 503, body: '' } : OK;
    });
    const ends = await say(numbers(1, 25).map(newsAt));
    expect(lines()).toEqual(['1 2 3 4 5 6 7 8 9 10']);
    expect(ends).toEqual(numbers(1, 25).map((number) => `news#${number}: ${number <= 10 ? 'notified' : 'waiting'}`));
    const keys = numbers(1, 25).map((number) => notifiedKey(`news#${number}`, 'default'));
    const claims = await world.memory.ledger.claim(keys, { owner: 'another', untilMs: START_MS + 400_000 });
    expect([...claims.values()].map((claim) => claim === 'claimed')).toEqual(
      numbers(1, 25).map((number) => number > 10),
    );
  });

  it('goes without the line that cannot be rendered, or that Slack refuses', async () => {
    const { say, lines } = aSignalNotifier((text) =>
      text.includes('F3') ? { status: 400, body: 'invalid_blocks' } : OK,
    );
    const ends = await say([newsAt(1), broken(2), newsAt(3), newsAt(4)]);
    expect(lines()).toEqual(['1', '4']);
    expect(ends).toEqual(['news#1: notified', 'news#2: dead-lettered', 'news#3: dead-lettered', 'news#4: notified']);
  });

  it('is not said where a card says it while the line waits for its slot', async () => {
    const { world, say, lines } = aSignalNotifier();
    const { reserveSlot, markNotified } = world.memory.ledger;
    world.memory.ledger.reserveSlot = async (key, request) => {
      await markNotified([notifiedKey('news#1', 'default')]);
      return reserveSlot(key, request);
    };
    expect(await say([newsAt(1), newsAt(2)])).toEqual(['news#1: repeated', 'news#2: notified']);
    expect(lines()).toEqual(['2']);
  });

  it('is said once, although what was said is remembered only by the second try', async () => {
    const { world, say, lines } = aSignalNotifier();
    const { markNotified } = world.memory.ledger;
    let failures = 1;
    world.memory.ledger.markNotified = async (keys) => {
      failures -= 1;
      if (failures >= 0) throw new Error('away');
      return markNotified(keys);
    };
    await say([newsAt(1)]);
    world.clock.nowMs += 400_000;
    expect(await say([newsAt(1)])).toEqual(['news#1: repeated']);
    expect(lines()).toEqual(['1']);
  });

  it('waits as a whole when it broke off, and is nobody’s', async () => {
    const { world, say, lines } = aSignalNotifier();
    world.memory.ledger.readSignals = () => Promise.reject(new Error('away'));
    world.telemetry.warn = () => {
      throw new Error('broken');
    };
    expect(await say([newsAt(1), newsAt(2)])).toEqual(['news#1: waiting', 'news#2: waiting']);
    expect(lines()).toEqual([]);
    const keys = [1, 2].map((number) => notifiedKey(`news#${number}`, 'default'));
    const claims = await world.memory.ledger.claim(keys, { owner: 'another', untilMs: START_MS + 400_000 });
    expect([...claims.values()]).toEqual(['claimed', 'claimed']);
  });
});
