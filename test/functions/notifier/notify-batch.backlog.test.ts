import { describe, expect, it } from 'vitest';
import { OK, START_MS, type Weather } from '../world.ts';
import { type Arrival, type Lived, live, notNotifiedOnce, steadily, together } from './live.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Slack takes nothing until then. */
const without = (weatherAt: (afterMs: number) => Weather, backMs: number, arrivals: readonly Arrival[]) =>
  live({
    arrivals,
    prepare: ({ slack, clock }) => {
      slack.answersAfterMs = 100;
      slack.weather = () => {
        const afterMs = clock.nowMs - START_MS;
        return afterMs < backMs ? weatherAt(afterMs) : OK;
      };
    },
  });

const acceptedIn = ({ posts }: Lived) => posts.filter(({ accepted }) => accepted);

const notifiedAtMs = ({ afterMs, delayMs }: Lived['notified'][number]): number => Math.round(afterMs + delayMs);

/** The calls of the first message that Slack took. */
const firstNotified = ({ notified: [first, ...others] }: Lived): readonly number[] =>
  first === undefined
    ? []
    : [first, ...others].filter((one) => notifiedAtMs(one) === notifiedAtMs(first)).map(({ number }) => number);

const DOWN: Weather = { status: 503, body: '' };

/** Of 1,000 calls each is reported once, the oldest first, in at most ten messages and as soon as they can be posted. */
function expectFewMessages(lived: Lived, backMs: number): void {
  const accepted = acceptedIn(lived);
  expect(notNotifiedOnce(lived, 1000)).toEqual([]);
  expect(lived.world.sqs.deadLetters).toEqual([]);
  expect(accepted.length).toBeLessThanOrEqual(10);
  expect(firstNotified(lived)).toContain(0);
  expect(lived.endedMs - backMs).toBeLessThanOrEqual(6 * MINUTE_MS + accepted.length * 1000);
}

describe('a backlog of 1,000 calls', () => {
  it.each<[string, number, Weather]>([
    ['5 minutes of 503', 5, DOWN],
    ['20 minutes of 503', 20, DOWN],
    ['an hour of 503', 60, DOWN],
    ['20 minutes of 429 that ask for half a minute', 20, { status: 429, body: 'rate_limited', retryAfter: '30' }],
    ['20 minutes of 429 that ask for a day', 20, { status: 429, body: 'rate_limited', retryAfter: '86400' }],
    ['20 minutes of silence', 20, 'silence'],
    ['20 minutes of a login page', 20, { status: 200, body: '<html>' }],
  ])('that gathered in %s is reported in at most ten messages, the oldest first', async (_, minutes, weather) => {
    const backMs = minutes * MINUTE_MS;
    const lived = await without(() => weather, backMs, steadily(1000, { untilMs: backMs }));
    expectFewMessages(lived, backMs);
  });

  it.each([
    { minutes: 5, callsPerSecond: 4 },
    { minutes: 12, callsPerSecond: 7 },
    { minutes: 20, callsPerSecond: 1 },
  ])(
    'that gathered in $minutes minutes is told so while $callsPerSecond calls a second go on coming',
    async ({ minutes, callsPerSecond }) => {
      const backMs = minutes * MINUTE_MS;
      const more = 6 * 60 * callsPerSecond;
      const lived = await without(
        () => DOWN,
        backMs,
        together(
          steadily(1000, { untilMs: backMs }),
          steadily(more, { fromMs: backMs, untilMs: backMs + 6 * MINUTE_MS }),
        ),
      );
      const waited = lived.notified.filter(({ afterMs }) => afterMs < backMs);
      expect(notNotifiedOnce(lived, 1000 + more)).toEqual([]);
      expect(new Set(waited.map(notifiedAtMs)).size).toBeLessThanOrEqual(10);
      expect(firstNotified(lived)).toContain(0);
      expect(Math.max(...waited.map(notifiedAtMs)) - backMs).toBeLessThanOrEqual(5.5 * MINUTE_MS);
    },
  );

  it('that gathered in four days, steadily and most of them last, is told so too', async () => {
    const backMs = 4 * DAY_MS;
    const arrivals = together(
      steadily(100, { untilMs: 3.9 * DAY_MS }),
      steadily(900, { fromMs: backMs - 30 * MINUTE_MS, untilMs: backMs }),
    );
    const lived = await without(() => DOWN, backMs, arrivals);
    expectFewMessages(lived, backMs);
  });
});

describe('four days without Slack', () => {
  it.each<[string, Weather]>([
    ['503', DOWN],
    ['resets', 'reset'],
    ['silence', 'silence'],
    ['429 without Retry-After', { status: 429, body: 'rate_limited' }],
    ['429 that ask for a second', { status: 429, body: 'rate_limited', retryAfter: '1' }],
    ['429 that ask for a minute', { status: 429, body: 'rate_limited', retryAfter: '60' }],
    ['a login page', { status: 200, body: '<html>' }],
  ])('of %s lose no call, nor use up its receives', async (_, weather) => {
    const backMs = 4 * DAY_MS;
    const lived = await without(() => weather, backMs, steadily(9, { untilMs: backMs }));
    expect(notNotifiedOnce(lived, 9)).toEqual([]);
    expect(lived.world.sqs.deadLetters).toEqual([]);
    expect(acceptedIn(lived).map(({ calls }) => calls)).toEqual([9]);
    expect(lived.endedMs - backMs).toBeLessThanOrEqual(5 * MINUTE_MS + 5000);
    // SQS allows a thousand; each was tried more than a thousand times.
    expect(lived.posts.length).toBeGreaterThan(1000);
    expect(lived.world.sqs.state.mostReceives).toBeLessThan(30);
  });

  it('that are four days without a secret lose no call either', async () => {
    const backMs = 4 * DAY_MS;
    let goodText: string | undefined;
    const lived = await live({
      arrivals: steadily(40, { untilMs: backMs }),
      prepare: ({ secret, clock }) => {
        goodText = secret.text;
        Object.defineProperty(secret, 'text', {
          get: () => (clock.nowMs - START_MS < backMs ? undefined : goodText),
        });
      },
    });
    expect(notNotifiedOnce(lived, 40)).toEqual([]);
    expect(lived.posts.length).toBeLessThanOrEqual(4);
    expect(lived.endedMs - backMs).toBeLessThanOrEqual(5 * MINUTE_MS + 5000);
    expect(lived.world.sqs.state.mostReceives).toBeLessThan(100);
  });
});

describe('a few calls', () => {
  it('that gathered in an hour come together too', async () => {
    const backMs = 60 * MINUTE_MS;
    const lived = await without(() => DOWN, backMs, steadily(200, { untilMs: backMs }));
    expect(notNotifiedOnce(lived, 200)).toEqual([]);
    expect(acceptedIn(lived).length).toBeLessThanOrEqual(2);
  });

  it('are reported within a minute after 45 seconds of trouble of every kind', async () => {
    const kinds: readonly Weather[] = [
      { status: 429, body: 'rate_limited', retryAfter: '3' },
      { status: 500, body: 'rollup_error' },
      'silence',
      { status: 429, body: 'rate_limited', retryAfter: '1' },
      'reset',
    ];
    let tried = 0;
    const backMs = 45_000;
    const lived = await without(() => kinds[tried++ % kinds.length] ?? OK, backMs, steadily(60, { untilMs: backMs }));
    expect(notNotifiedOnce(lived, 60)).toEqual([]);
    expect(lived.endedMs - backMs).toBeLessThanOrEqual(MINUTE_MS);
  });
});
