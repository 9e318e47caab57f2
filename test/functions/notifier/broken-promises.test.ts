import { describe, expect, it } from 'vitest';
import { aServiceEvent, FLOW_ARN } from '../../shared/outcome/signal-examples.ts';
import { OK, type Post, START_MS } from '../world.ts';
import { type Arrival, live } from './live.ts';

const ALL = { outcomes: { say: 'all' }, health: { say: 'off' } } as const;
const TROUBLE = { outcomes: { say: 'trouble' }, health: { say: 'off' } } as const;

const timeOf = (afterMs: number): string => new Date(START_MS + afterMs).toISOString();

const anEventAt = (
  afterMs: number,
  type: string,
  detail: Readonly<Record<string, unknown>>,
  resources: readonly string[] = [FLOW_ARN],
): Arrival => ({
  afterMs,
  event: aServiceEvent(type, detail, {
    id: `${type} ${afterMs} ${JSON.stringify(detail)}`.slice(0, 90),
    time: timeOf(afterMs),
    resources,
  }),
});

const status = (afterMs: number, currentStatus: string, previousStatus: string): Arrival =>
  anEventAt(afterMs, 'Flow Status Change', { currentStatus, previousStatus });

const call = (
  eventName: string,
  afterMs: number,
  madeBeforeMs = 0,
  channel = 'default',
  eventID?: string,
): Arrival => ({
  afterMs,
  madeBeforeMs,
  channel,
  detail: { eventName, responseElements: null, ...(eventID && { eventID }) },
});

/** All texts that Slack took, line by line. */
const lines = (posts: readonly Post[]): readonly string[] =>
  posts
    .filter(({ accepted }) => accepted)
    .flatMap(({ message: { blocks = [] } }) =>
      blocks.flatMap((block) => (block.type === 'section' ? (block.text?.text ?? '').split('\n') : [])),
    );

describe('while Slack is out', () => {
  it('for a quarter of an hour, an ERROR that was to stand on the card is not lost', async () => {
    const { posts } = await live({
      signals: TROUBLE,
      arrivals: [status(2000, 'ERROR', 'STARTING'), call('StartFlow', 6000, 6000)],
      prepare: ({ slack, clock }) => {
        slack.weather = () => (clock.nowMs < START_MS + 16 * 60_000 ? { status: 503, body: '' } : OK);
      },
    });
    expect(lines(posts).join('\n')).toContain('started');
    expect(lines(posts).join('\n')).toContain('ERROR');
  });

  it('a state is said once: in a line of its own, or on the card that comes after it', async () => {
    const { posts } = await live({
      signals: ALL,
      arrivals: [call('StopFlow', 1000, 1000), status(4000, 'STANDBY', 'STOPPING')],
      prepare: ({ slack, clock }) => {
        slack.weather = () => (clock.nowMs < START_MS + 60_000 ? { status: 503, body: '' } : OK);
      },
    });
    expect(lines(posts).filter((line) => line.includes('standby'))).toHaveLength(1);
  });
});

describe('in one batch', () => {
  it('with two channels, both cards say it', async () => {
    const { posts } = await live({
      signals: TROUBLE,
      arrivals: [
        status(3000, 'ERROR', 'STARTING'),
        call('StartFlow', 6000, 6000, 'default', 'of both'),
        call('StartFlow', 6000, 6000, 'ops', 'of both'),
        status(40_000, 'ACTIVE', 'ERROR'),
      ],
    });
    const all = lines(posts);
    expect(all.filter((line) => line.includes('is in ERROR'))).toHaveLength(2);
    expect(all.filter((line) => line.includes('no longer in ERROR'))).toHaveLength(2);
  });
});
