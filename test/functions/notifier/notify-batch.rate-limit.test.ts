import { describe, expect, it } from 'vitest';
import { OK, urlOf, type Weather, type World } from '../world.ts';
import { type Lived, live, notNotifiedOnce, percentile, steadily, together } from './live.ts';

const gapsMs = (posts: Lived['posts']): readonly number[] =>
  posts.slice(1).map(({ atMs }, index) => atMs - (posts[index]?.atMs ?? 0));
const delaysIn = ({ notified }: Lived, channel: string): readonly number[] =>
  notified.filter((one) => one.channel === channel).map(({ delayMs }) => delayMs);
const each = (ms: number, { seconds, channel, fromMs = 0 }: { seconds: number; channel: string; fromMs?: number }) =>
  steadily(Math.floor((seconds * 1000) / ms), { fromMs, untilMs: fromMs + seconds * 1000, channel });

const slackAnswersAfter =
  (ms: number) =>
  ({ slack }: World): void => {
    slack.answersAfterMs = ms;
  };

describe('a lone call', () => {
  it('is reported as soon as Lambda hands it over', async () => {
    const lived = await live({
      arrivals: each(7000, { seconds: 140, channel: 'default' }),
      prepare: slackAnswersAfter(20),
    });
    expect(Math.max(...delaysIn(lived, 'default'))).toBeLessThan(100);
    expect(lived.invocations).toBe(20);
  });
});

describe('invocations that run at the same time', () => {
  it.each([
    { processes: 2, callsPerSecond: 50, answersAfterMs: 100 },
    { processes: 4, callsPerSecond: 50, answersAfterMs: 900 },
    { processes: 2, callsPerSecond: 5, answersAfterMs: 100 },
    { processes: 4, callsPerSecond: 20, answersAfterMs: 300 },
    { processes: 4, callsPerSecond: 20, answersAfterMs: 1400 },
    { processes: 4, callsPerSecond: 3, answersAfterMs: 1400 },
    { processes: 4, callsPerSecond: 1, answersAfterMs: 3000 },
    { processes: 4, callsPerSecond: 50, answersAfterMs: 100, windowMs: 1000 },
  ])('post once a second to a webhook together, and keep up: %o', async (circumstances) => {
    const { callsPerSecond, answersAfterMs } = circumstances;
    const lived = await live({
      ...circumstances,
      arrivals: steadily(20 * callsPerSecond, { untilMs: 20_000 }),
      prepare: slackAnswersAfter(answersAfterMs),
    });
    expect(notNotifiedOnce(lived, 20 * callsPerSecond)).toEqual([]);
    expect(Math.min(...gapsMs(lived.posts))).toBeGreaterThanOrEqual(1000);
    expect(lived.posts.length).toBeLessThanOrEqual(24);
    // Whoever comes right after a fold began waits for its end and for the next, and seldom for one more.
    expect(Math.max(...delaysIn(lived, 'default'))).toBeLessThan(2 * Math.max(1000, answersAfterMs) + 1000);
  });

  it('report 50 calls a second within one and a half, the first alone and the others in folds', async () => {
    const lived = await live({ arrivals: steadily(1500, { untilMs: 30_000 }), prepare: slackAnswersAfter(100) });
    expect(percentile(delaysIn(lived, 'default'), 99)).toBeLessThan(1500);
    const [first, ...others] = lived.posts.map((post) => post.calls);
    expect(first).toBe(1);
    expect(Math.min(...others)).toBeGreaterThan(1);
  });

  it('are no more in a burst than with a window of a second', async () => {
    const arrivals = steadily(3000, { untilMs: 60_000 });
    const invocations = async (windowMs: number): Promise<number> =>
      (await live({ arrivals, windowMs, prepare: slackAnswersAfter(100) })).invocations;
    expect(await invocations(0)).toBeLessThanOrEqual(await invocations(1000));
  });

  it('share the pace between channels that share a webhook, and between no others', async () => {
    const [shared, own] = ['https://hooks.slack.test/services/one', 'https://hooks.slack.test/services/two'];
    const lived = await live({
      arrivals: together(
        ...['default', 'ops', 'security'].map((channel) => steadily(200, { untilMs: 20_000, channel })),
      ),
      prepare: ({ secret, slack }) => {
        secret.text = JSON.stringify({ default: shared, ops: shared, security: own });
        slack.answersAfterMs = 100;
      },
    });
    expect(notNotifiedOnce(lived, 600)).toEqual([]);
    const postsTo = (hook: string) => lived.posts.filter(({ url }) => url === hook);
    expect(Math.min(...gapsMs(postsTo(shared ?? '')))).toBeGreaterThanOrEqual(1000);
    expect(Math.min(...gapsMs(postsTo(own ?? '')))).toBeGreaterThanOrEqual(1000);
    expect(Math.min(...gapsMs(lived.posts))).toBeLessThan(1000);
  });

  it('each keep the pace by themselves while the ledger is out of reach, and say so', async () => {
    const lived = await live({
      processes: 1,
      arrivals: together(...['default', 'ops'].map((channel) => steadily(25, { untilMs: 5000, channel }))),
      prepare: ({ secret, memory }) => {
        secret.text = 'https://hooks.slack.test/services/one';
        memory.state.isDown = true;
      },
    });
    expect(lived.posts.reduce((sum, { calls }) => sum + calls, 0)).toBe(50);
    expect(Math.min(...gapsMs(lived.posts))).toBeGreaterThanOrEqual(1000);
    const { lines, metrics } = lived.world.telemetry;
    expect(lines.map(({ message }) => message)).toContain('the pace of the webhooks is not shared');
    expect(metrics.LedgerUnavailable).toBeGreaterThan(50);
  });
});

describe('one channel’s trouble is its own', () => {
  const lone = each(7000, { seconds: 300, channel: 'ops', fromMs: 3000 });

  it.each<[string, Weather, number]>([
    ['answers nothing', 'silence', 3000],
    ['answers 503', { status: 503, body: '' }, 3000],
    ['answers nothing, with a call each quarter of a second', 'silence', 250],
    ['asks to wait five minutes', { status: 429, body: 'rate_limited', retryAfter: '300' }, 3000],
  ])('lone calls come within half a second beside a webhook that %s', async (_, weather, betweenMs) => {
    const lived = await live({
      arrivals: together(lone, each(betweenMs, { seconds: 300, channel: 'default' })),
      prepare: ({ slack }) => {
        slack.answersAfterMs = 100;
        slack.weather = (url) => (url === urlOf('default') ? weather : OK);
      },
      stopAfterMs: 320_000,
    });
    const delays = delaysIn(lived, 'ops');
    expect(delays).toHaveLength(lone.length);
    expect(percentile(delays, 90)).toBeLessThan(500);
    expect(Math.max(...delays)).toBeLessThan(3000);
  });

  it.each([
    ['5,000 calls that wait in another', Array.from({ length: 5000 }, () => ({ afterMs: 0 })), 40],
    ['20 calls a second in another', each(50, { seconds: 60, channel: 'default' }), 60],
  ])('lone calls come within half a second beside %s', async (_, others, seconds) => {
    const arrivals = together(each(5000, { seconds, channel: 'ops', fromMs: 2000 }), others);
    const lived = await live({ arrivals, prepare: slackAnswersAfter(100) });
    expect(notNotifiedOnce(lived, arrivals.length)).toEqual([]);
    expect(Math.max(...delaysIn(lived, 'ops'))).toBeLessThan(500);
  });
});
