import { describe, expect, it } from 'vitest';
import { ACCOUNT, REGION } from '../../builders.ts';
import { OK, type Post, type Weather, type World } from '../world.ts';
import { type Arrival, live, notNotifiedOnce } from './live.ts';

const MINUTE_MS = 60_000;
const DENIED = { errorCode: 'AccessDeniedException', errorMessage: 'User is not authorized to perform this' };
const CHANNELS = { default: { mention: { 'off-air': 'here', denied: 'here' } } } as const;

const flowArn = (name: string): string =>
  `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:flow:1-AbCdEfGhIjKlMnOp-0123456789ab:${name}`;
const callOn = (flow: string, detail: Readonly<Record<string, unknown>> = {}): NonNullable<Arrival['detail']> => ({
  eventName: 'StopFlow',
  requestParameters: { flowArn: encodeURIComponent(flowArn(flow)) },
  responseElements: null,
  ...detail,
});
const stop = (flow: string, afterMs: number): Arrival => ({ afterMs, detail: callOn(flow) });
const start = (flow: string, afterMs: number): Arrival => ({
  afterMs,
  detail: callOn(flow, { eventName: 'StartFlow' }),
});
const denied = (flow: string, afterMs: number): Arrival => ({ afterMs, detail: callOn(flow, DENIED) });

const accepted = (posts: readonly Post[]): readonly Post[] => posts.filter((post) => post.accepted);
const isLive = ({ message }: Post): boolean => JSON.stringify(message).includes('<!here>');
const liveOnes = (posts: readonly Post[]): readonly Post[] => accepted(posts).filter(isLive);
/** "3 calls" */
const heldBackIn = ({ message }: Post): string | undefined =>
  /mention held back: ([\d,]+ calls?) since /.exec(JSON.stringify(message))?.[1];

/** What operators saw: of each message whether somebody was called, or how many calls had asked for that. */
const seen = (posts: readonly Post[]): readonly (string | undefined)[] =>
  accepted(posts).map((post) => (isLive(post) ? 'called' : heldBackIn(post)));

const run = (arrivals: readonly Arrival[], prepare: (world: World) => void = () => undefined) =>
  live({ arrivals, channelSettings: CHANNELS, prepare });

describe('whoever rings the bell', () => {
  it('is heard once, however many calls are refused, and on however many flows', async () => {
    const storm = Array.from({ length: 192 }, (_, index) => denied(`Flow-${index}`, (index * 40_000) / 192));
    const lived = await run(storm);
    expect(notNotifiedOnce(lived, 192)).toEqual([]);
    expect(accepted(lived.posts).length).toBeGreaterThan(10);
    expect(liveOnes(lived.posts)).toHaveLength(1);
    expect(seen(lived.posts).at(0)).toBe('called');
    expect(seen(lived.posts).at(-1)).toBe('191 calls');
  });

  it.each<[string, readonly Arrival[], readonly (string | undefined)[]]>([
    ['a stop after a refusal', [denied('A', 0), stop('A', 20_000)], ['called', 'called']],
    ['a refusal after a stop', [stop('A', 0), denied('A', 20_000)], ['called', 'called']],
    ['stops of two flows', [stop('A', 0), stop('B', 20_000)], ['called', 'called']],
    ['two stops of one flow', [stop('A', 0), stop('A', 20_000)], ['called', '1 call']],
    ['refusals of two flows', [denied('A', 0), denied('B', 20_000)], ['called', '1 call']],
    ['a stop between starts', [start('A', 0), stop('A', 20_000), start('A', 40_000)], [undefined, 'called', undefined]],
    [
      'ten minutes of stops',
      [stop('A', 0), stop('A', 5 * MINUTE_MS), stop('A', 9 * MINUTE_MS), stop('A', 10 * MINUTE_MS + 1000)],
      ['called', '1 call', '2 calls', 'called'],
    ],
  ])('is heard for each cause once in ten minutes: %s', async (_, arrivals, expected) => {
    expect(seen((await run(arrivals)).posts)).toEqual(expected);
  });

  it('is not heard of what sets up a new flow, which is not on air yet, in a fold', async () => {
    const created = (flow: string, afterMs: number): Arrival => ({
      afterMs,
      detail: {
        eventName: 'CreateFlow',
        requestParameters: { name: flow },
        responseElements: { flow: { flowArn: flowArn(flow), name: flow } },
      },
    });
    const output = (flow: string, afterMs: number): Arrival => ({
      afterMs,
      detail: callOn(flow, { eventName: 'AddFlowOutputs' }),
    });
    const channelSettings = { default: { mention: { 'put-on-air': 'here' } } } as const;
    const fold = async (flow: string): Promise<readonly (string | undefined)[]> =>
      seen((await live({ arrivals: [stop('B', 0), created('A', 100), output(flow, 200)], channelSettings })).posts);
    expect(await fold('A')).toEqual([undefined, undefined]);
    expect(await fold('C')).toEqual([undefined, 'called']);
  });

  it('says since when nobody is called, beside the headline', async () => {
    const { posts } = await run([stop('A', 0), stop('A', 20_000)]);
    expect(JSON.stringify(posts[1]?.message.blocks?.[1])).toMatch(
      /🔕 mention held back: 1 call since <!date\^\d+\^\{time_secs\}\|2026-11-22 20:00:0\d UTC>/,
    );
  });

  it('is heard when a post that called somebody failed, and is tried again', async () => {
    const refused: Weather = { status: 503, body: 'unavailable' };
    let posts = 0;
    const lived = await run([stop('A', 0)], ({ slack }) => {
      slack.weather = () => {
        posts += 1;
        return posts === 1 ? refused : OK;
      };
    });
    expect(lived.posts.map(({ accepted: isAccepted }) => isAccepted)).toEqual([false, true]);
    expect(seen(lived.posts)).toEqual(['called']);
  });

  it('is heard in a half of a message that was refused', async () => {
    const lived = await run([start('B', 0), stop('A', 100), start('A', 200)], ({ slack }) => {
      slack.weather = (_, { text }) => (text.includes('2 calls') ? { status: 400, body: 'invalid_blocks' } : OK);
    });
    expect(lived.posts.filter((post) => !post.accepted).every(isLive)).toBe(true);
    expect(lived.posts.some((post) => !post.accepted)).toBe(true);
    expect(seen(lived.posts)).toEqual([undefined, 'called', undefined]);
  });

  it('is heard twice rather than never, while the ledger is out of reach', async () => {
    const lived = await run([stop('A', 0), stop('A', 20_000)], ({ memory }) => {
      memory.state.isDown = true;
    });
    expect(seen(lived.posts)).toEqual(['called', 'called']);
  });

  it('is heard where its channel refuses messages, once it takes them again', async () => {
    const lived = await live({
      arrivals: [
        { ...stop('A', 0), channel: 'ops' },
        { ...stop('A', 20_000), channel: 'ops' },
      ],
      channelSettings: { ops: CHANNELS.default },
      prepare: ({ slack, clock }) => {
        const untilMs = clock.nowMs + 10_000;
        slack.weather = (url) =>
          url.endsWith('/ops') && clock.nowMs < untilMs ? { status: 410, body: 'channel_is_archived' } : OK;
      },
    });
    // The first stands in `default`, where it calls nobody.
    expect(seen(lived.posts)).toEqual([undefined, 'called']);
  });
});
