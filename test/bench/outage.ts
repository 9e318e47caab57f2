import { setTimeout } from 'node:timers/promises';
import { startPipeline } from '../../local/start-pipeline.ts';
import { type Benchmark, type Figure, withinCount } from './benchmark.ts';
import { putCalls } from './call-delays.ts';

const CALLS = 1000;
const PER_SECOND = 100;
const MOST_POSTS = 10;
/** Slack stays away for a moment longer than the calls come. */
const LONGER_MS = 5000;

export interface OutageEnd {
  readonly posts: number;
  /** Whether every call was reported. */
  readonly isWhole: boolean;
  /** From when Slack is back to the first and to the last post. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly awaySeconds: number;
}

export const outageFigure = ({ posts, isWhole, firstMs, lastMs, awaySeconds }: OutageEnd): Figure => ({
  what: `${CALLS.toLocaleString('en')} calls that waited`,
  value: `${posts} posts, the first ${(firstMs / 1000).toFixed(1)} s and the last ${(lastMs / 1000).toFixed(1)} s after Slack is back`,
  floor: `0 to ${(awaySeconds / 2).toFixed(0)} s until Slack is tried again, then a post a second`,
  target: withinCount(isWhole ? posts : Number.POSITIVE_INFINITY, MOST_POSTS, `every call, ≤ ${MOST_POSTS} posts`),
});

/** What waits when Slack is back, and how it is reported. */
export const outage: Benchmark = {
  name: 'outage',
  title: 'After an outage',

  async run() {
    const pipeline = await startPipeline({ context: {}, page: false });
    try {
      const startMs = Date.now();
      pipeline.slack.set('503');
      const putAt = await putCalls(pipeline, CALLS, PER_SECOND);
      await setTimeout(LONGER_MS);
      pipeline.slack.set('ok');
      const backMs = Date.now();
      await pipeline.settled();
      const messages = pipeline.messages().filter(({ events }) => events.some(({ eventId }) => putAt.has(eventId)));
      const notified = new Set(messages.flatMap(({ events }) => events.map(({ eventId }) => eventId)));
      const [first, last] = [messages.at(0)?.postedAtMs ?? Number.NaN, messages.at(-1)?.postedAtMs ?? Number.NaN];
      const isWhole = [...putAt.keys()].every((eventId) => notified.has(eventId));
      const awaySeconds = (backMs - startMs) / 1000;
      return {
        figures: [
          outageFigure({
            posts: messages.length,
            isWhole,
            firstMs: first - backMs,
            lastMs: last - backMs,
            awaySeconds,
          }),
        ],
        notes: [
          `The same pipeline; Slack answers 503 for ${awaySeconds.toFixed(0)} s, in which the calls come. It is tried again after half the time that the trouble has lasted, so how soon the first post comes is chance.`,
        ],
        numbers: { posts: messages.length },
      };
    } finally {
      await pipeline.stop();
    }
  },
};
