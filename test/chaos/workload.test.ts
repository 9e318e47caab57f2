import { expect, it } from 'vitest';
import { MalformedEventError, parseRouteEnvelope } from '../../shared/call/api-call-event.ts';
import { queuedText } from './chaos-call.ts';
import { markedEventId } from './marked-name.ts';
import { seededRandom } from './seeded-random.ts';
import { FAULTS_SHARE, slackFaults } from './slack-faults.ts';
import { createWorkload } from './workload.ts';

const EVENTS = 4000;
const POSTS = 30_000;
const play = (seed: number) => {
  const workload = createWorkload({ events: EVENTS, random: seededRandom(seed, 'events'), nowMs: () => 0 });
  return { workload, deliveries: [...workload.bursts].flatMap(({ deliveries }) => deliveries) };
};

it('is the same for the same seed, and another for another', () => {
  const [one, again, other] = [play(1), play(1), play(2)].map(({ deliveries }) => deliveries);
  expect(again).toEqual(one);
  expect(other).not.toEqual(one);
});

it('has each event once, and the duplicates and malformed records that it should have', () => {
  const { workload, deliveries } = play(3);
  const { calls, malformed } = workload;
  expect(calls.size + malformed.size).toBe(EVENTS);
  const shareOf = (count: number): number => count / EVENTS;
  const onBus = deliveries.filter(({ kind }) => kind === 'bus').length;
  const inQueues = deliveries.length - onBus - malformed.size;
  expect(shareOf(onBus - calls.size)).toBeCloseTo(0.05, 2);
  expect(shareOf(inQueues)).toBeCloseTo(0.05, 2);
  expect(shareOf(malformed.size)).toBeCloseTo(0.01, 2);
});

it('makes calls that functions can read, and records that they cannot', () => {
  const { calls, malformed } = play(5).workload;
  const routeOf = (text: string) => {
    const { route, event } = parseRouteEnvelope(text);
    return { rule: route.rule, channel: route.channel, eventId: event.detail.eventID };
  };
  expect([...calls.values()].map((call) => routeOf(queuedText(call)))).toEqual(
    Array.from(calls.values(), ({ number, route: { rule, channel } }) => ({
      rule,
      channel,
      eventId: markedEventId(number),
    })),
  );
  for (const text of malformed.keys()) expect(() => parseRouteEnvelope(text)).toThrow(MalformedEventError);
});

it('lets a third of the posts fail, by everything that can happen', () => {
  const counts = new Map<string, number>();
  const next = slackFaults(seededRandom(4, 'faults'));
  for (let post = 0; post < POSTS; post += 1) {
    const behaviour = next();
    if (behaviour !== 'ok') counts.set(behaviour, (counts.get(behaviour) ?? 0) + 1);
  }
  expect([...counts.values()].reduce((sum, count) => sum + count, 0) / POSTS).toBeCloseTo(1 / 3, 2);
  const seen = [...counts].filter(([behaviour]) => behaviour !== 'slow-body');
  expect(seen.reduce((sum, [, count]) => sum + count, 0) / POSTS).toBeCloseTo(FAULTS_SHARE, 2);
  expect([...counts.keys()].sort()).toEqual([
    '429',
    '500',
    '503',
    'nothing',
    'reset',
    'rollup_error',
    'slow-body',
    'slow-refusal',
    'taken-nothing',
    'taken-reset',
  ]);
});
