import { setTimeout } from 'node:timers/promises';
import type { Pipeline } from '../pipeline.ts';
import { startPipeline } from '../start-pipeline.ts';
import type { Benchmark, BenchOptions, Figure } from './benchmark.ts';
import { maximum, quantile } from './measuring/statistics.ts';
import { withinTime } from './target.ts';
import { callShape } from './workload/call-shapes.ts';
import { busEvent } from './workload/queued-text.ts';

interface Rate {
  readonly what: string;
  readonly perSecond: number;
  /** For p99 beyond the batching window; none where nobody asked for one. */
  readonly mostMs: number | undefined;
}

/** One call in three seconds is alone: the message before it is told, and the pace of Slack is not its matter. */
const RATES: readonly Rate[] = [
  { what: 'lone calls, one in 3 s', perSecond: 1 / 3, mostMs: 300 },
  { what: '1 call/s', perSecond: 1, mostMs: undefined },
  { what: '10 calls/s', perSecond: 10, mostMs: undefined },
  { what: '50 calls/s', perSecond: 50, mostMs: 2000 },
];
const WARM_UP_CALLS = 3;

interface Delays {
  readonly rate: Rate;
  readonly windowMs: number;
  /** From the bus to Slack's ok. */
  readonly delaysMs: readonly number[];
}

let calls = 0;

/** Puts a call on the bus, and remembers when. */
async function putCall(pipeline: Pipeline, putAt: Map<string, number>): Promise<void> {
  calls += 1;
  const eventID = `0be9c400-0000-4000-8000-${String(calls).padStart(12, '0')}`;
  const time = `${new Date().toISOString().slice(0, 19)}Z`;
  const event = busEvent({ ...callShape('UpdateFlowOutput'), eventID, eventTime: time });
  putAt.set(eventID, Date.now());
  await pipeline.putEvent(event);
}

async function putCalls(pipeline: Pipeline, { perSecond }: Rate, seconds: number): Promise<Map<string, number>> {
  const putAt = new Map<string, number>();
  const startMs = Date.now();
  const total = Math.max(1, Math.round(perSecond * seconds));
  for (let index = 0; index < total; index += 1) {
    const waitMs = startMs + (index * 1000) / perSecond - Date.now();
    if (waitMs > 0) await setTimeout(waitMs);
    await putCall(pipeline, putAt);
  }
  await pipeline.settled();
  return putAt;
}

/** The delay of each call by the message that tells it. */
function delaysOf(pipeline: Pipeline, putAt: ReadonlyMap<string, number>): readonly number[] {
  const delays = pipeline.messages().flatMap(({ postedAtMs, events }) =>
    events.flatMap(({ eventId }) => {
      const put = putAt.get(eventId);
      return put === undefined ? [] : [postedAtMs - put];
    }),
  );
  if (delays.length !== putAt.size) throw new Error(`${putAt.size} calls were put on the bus, ${delays.length} told`);
  return delays;
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function figureOf({ rate, windowMs, delaysMs }: Delays): Figure {
  const p99 = quantile(delaysMs, 0.99);
  const limit = rate.mostMs;
  return {
    what: rate.what,
    value: `p50 ${seconds(quantile(delaysMs, 0.5))}, p99 ${seconds(p99)}, max ${seconds(maximum(delaysMs))}`,
    floor: `${seconds(windowMs)}, the batching window`,
    target:
      limit === undefined
        ? undefined
        : withinTime(p99 - windowMs, limit, `p99 under ${limit / 1000} s beyond the window`),
  };
}

async function measure(pipeline: Pipeline, { delaySeconds }: BenchOptions): Promise<readonly Delays[]> {
  const windowMs = pipeline.model.mappings[0]?.windowMs ?? 0;
  for (let call = 0; call < WARM_UP_CALLS; call += 1) {
    await putCall(pipeline, new Map());
    await pipeline.settled();
  }
  const measured: Delays[] = [];
  for (const rate of RATES) {
    // The webhook is quiet again before the next rate.
    await setTimeout(2 * windowMs);
    const putAt = await putCalls(pipeline, rate, delaySeconds);
    measured.push({ rate, windowMs, delaysMs: delaysOf(pipeline, putAt) });
  }
  return measured;
}

/** From the bus to Slack's ok through the whole pipeline on this machine. */
export const delay: Benchmark = {
  name: 'delay',
  title: 'Delay',

  async run(options) {
    const pipeline = await startPipeline({ context: {}, page: false });
    try {
      const measured = await measure(pipeline, options);
      return {
        figures: measured.map(figureOf),
        notes: [
          `The pipeline of \`npm start\`: the synthesized template, real SQS and DynamoDB protocols, the built functions in processes of their own, a Slack that answers 429 to more than a message a second. Each rate for ${options.delaySeconds} s. A call waits for the batching window of the template at first; one that comes while a window is open waits less. CloudTrail's own delay comes before all this.`,
        ],
        numbers: Object.fromEntries(
          measured.map(({ rate, delaysMs }) => [`p99Ms, ${rate.what}`, quantile(delaysMs, 0.99)]),
        ),
      };
    } finally {
      await pipeline.stop();
    }
  },
};
