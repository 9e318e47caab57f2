import { describe, expect, it } from 'vitest';
import { aServiceEvent, FLOW_ARN } from '../../shared/outcome/signal-examples.ts';
import { OK, type Post, START_MS } from '../world.ts';
import { type Arrival, type Circumstances, live } from './live.ts';

const HEALTH = { outcomes: { say: 'trouble' }, health: { say: 'trouble' } } as const;

type Detail = Readonly<Record<string, unknown>>;

/** An event that happens at a second, and comes so many seconds later. */
const event = (second: number, type: string, detail: Detail, resources: readonly string[], lag = 0.3): Arrival => ({
  afterMs: (second + lag) * 1000,
  event: aServiceEvent(type, detail, {
    id: `${second} ${type} ${JSON.stringify(detail)} ${resources.at(-1)?.slice(-10)}`.slice(0, 180),
    time: new Date(START_MS + second * 1000).toISOString(),
    resources,
  }),
});
const status = (second: number, currentStatus: string, previousStatus: string): Arrival =>
  event(second, 'Flow Status Change', { currentStatus, previousStatus }, [FLOW_ARN]);

/** A call that is made at a second, and whose record comes so many seconds later. */
const call = (second: number, eventName: string, lag = 0, detail: Detail = {}): Arrival => ({
  afterMs: (second + lag) * 1000,
  madeBeforeMs: lag * 1000,
  detail: { eventName, eventID: `${eventName} ${second}`, responseElements: null, ...detail },
});

const wordsOf = ({ message: { blocks = [] } }: Post): string =>
  blocks.map((block) => (block.type === 'section' ? (block.text?.text ?? '') : '')).join('\n');

/** Each line that Slack took, with the second. */
async function said(circumstances: Circumstances): Promise<readonly string[]> {
  const arrivals = circumstances.arrivals.toSorted((one, other) => one.afterMs - other.afterMs);
  const { posts } = await live({ processes: 2, ...circumstances, arrivals });
  return posts
    .filter(({ accepted }) => accepted)
    .flatMap((post) =>
      wordsOf(post)
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => `${Math.round((post.atMs - START_MS) / 1000)} s: ${line}`),
    );
}

const slackOut =
  (seconds: number): NonNullable<Circumstances['prepare']> =>
  ({ slack, clock }) => {
    slack.weather = () => (clock.nowMs < START_MS + seconds * 1000 ? { status: 503, body: '' } : OK);
  };

describe('7. after Slack was out, an end stands below its beginning', () => {
  it.each([126, 1200])('%i s', async (seconds) => {
    const arrivals = [
      call(0, 'StartFlow', 4),
      status(1, 'STARTING', 'STANDBY'),
      status(8, 'ERROR', 'STARTING'),
      status(12, 'STANDBY', 'ERROR'),
    ].map((arrival) => ({ ...arrival, afterMs: arrival.afterMs + 10_000 }));
    const lines = await said({ signals: HEALTH, arrivals: shifted(arrivals), prepare: slackOut(seconds) });
    const found = lines.flatMap((line) => line.match(/was in ERROR|is no longer in ERROR/)?.[0] ?? []);
    expect(found).toEqual(['was in ERROR', 'is no longer in ERROR']);
  });
  /** What happens ten seconds later happened ten seconds later. */
  function shifted(arrivals: readonly Arrival[]): readonly Arrival[] {
    return arrivals.map((arrival) => {
      const time = arrival.event?.['time'];
      if (typeof time !== 'string') return arrival;
      return { ...arrival, event: { ...arrival.event, time: new Date(Date.parse(time) + 10_000).toISOString() } };
    });
  }
});
