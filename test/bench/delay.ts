import { setTimeout } from 'node:timers/promises';
import type { Pipeline } from '../../local/pipeline.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import {
  type Benchmark,
  type BenchOptions,
  type Figure,
  maximum,
  quantile,
  type Target,
  withinRatio,
  withinWait,
} from './benchmark.ts';
import { delaysOf, putCalls } from './call-delays.ts';
import { countInvocations } from './count-invocations.ts';

/** One call in three seconds is alone: the message before it is reported, and the pace of Slack is not its matter. */
const LONE = { what: 'lone calls, one in 3 s', perSecond: 1 / 3 };
const FAST = { what: '50 calls/s', perSecond: 50 };
export const RATES = [LONE, { what: '1 call/s', perSecond: 1 }, { what: '10 calls/s', perSecond: 10 }, FAST] as const;
type Rate = (typeof RATES)[number];

const WARM_UP_CALLS = 100;
/** Until a webhook counts as quiet again, and every invocation is over. */
const QUIET_MS = 7000;
/** The batching window that was the default once: it gathers by waiting. */
const WINDOW_SECONDS = 1;
const MOST_MS = { lone: { p50: 100, p99: 300 }, fast: { p99: 1500 } };

export interface MeasuredRate {
  readonly rate: Rate;
  /** From the bus to Slack's ok. */
  readonly delaysMs: readonly number[];
  readonly invocations: number;
}

async function measure(pipeline: Pipeline, rate: Rate, seconds: number): Promise<MeasuredRate> {
  await setTimeout(QUIET_MS);
  const before = await countInvocations(pipeline);
  const putAt = await putCalls(pipeline, Math.max(1, Math.round(rate.perSecond * seconds)), rate.perSecond);
  await pipeline.settled();
  // Whoever handed calls over stays for a while, and is counted when it leaves.
  await setTimeout(QUIET_MS);
  const invocations = (await countInvocations(pipeline)) - before;
  return { rate, delaysMs: delaysOf(pipeline, putAt), invocations };
}

/** Measures rates on a pipeline of their own. */
async function measureAll(
  windowSeconds: number | undefined,
  rates: readonly Rate[],
  seconds: number,
): Promise<readonly MeasuredRate[]> {
  const context = windowSeconds === undefined ? {} : { 'notifier:batchingWindowSeconds': windowSeconds };
  const pipeline = await startPipeline({ context, page: false });
  try {
    // All environments that run at once are started, and their code is compiled: a start is another benchmark's matter.
    await putCalls(pipeline, WARM_UP_CALLS, FAST.perSecond);
    await pipeline.settled();
    const measured: MeasuredRate[] = [];
    for (const rate of rates) measured.push(await measure(pipeline, rate, seconds));
    return measured;
  } finally {
    await pipeline.stop();
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function targetOf({ rate, delaysMs }: MeasuredRate): Target | undefined {
  const p99 = quantile(delaysMs, 0.99);
  if (rate === FAST) return withinWait(p99, MOST_MS.fast.p99, `p99 under ${seconds(MOST_MS.fast.p99)}`);
  if (rate !== LONE) return undefined;
  const { p50: mostP50, p99: mostP99 } = MOST_MS.lone;
  // The worse of both, as part of what it may be.
  const part = Math.max(quantile(delaysMs, 0.5) / mostP50, p99 / mostP99);
  return withinWait(part, 1, `p50 under ${seconds(mostP50)}, p99 under ${seconds(mostP99)}`);
}

const figureOf = (measured: MeasuredRate): Figure => ({
  what: measured.rate.what,
  value: `p50 ${seconds(quantile(measured.delaysMs, 0.5))}, p99 ${seconds(quantile(measured.delaysMs, 0.99))}, max ${seconds(maximum(measured.delaysMs))}`,
  floor: measured.rate.perSecond <= 1 ? 'nothing to wait for' : '0 to 1 s: one message a second',
  target: targetOf(measured),
});

function invocationsFigure(ours: MeasuredRate | undefined, gathering: MeasuredRate | undefined): Figure {
  const [without, withWindow] = [ours?.invocations ?? Number.NaN, gathering?.invocations ?? Number.NaN];
  return {
    what: `${FAST.what}: invocations`,
    value: String(without),
    floor: `${withWindow} with a window of ${WINDOW_SECONDS} s`,
    target: withinRatio(without / withWindow, 1, 'no more than with the window'),
  };
}

const fastOf = (measured: readonly MeasuredRate[]): MeasuredRate | undefined =>
  measured.find(({ rate }) => rate === FAST);

/** What was measured of every rate, and of the fastest with a window. */
export const delayFigures = (
  measured: readonly MeasuredRate[],
  gathering: MeasuredRate | undefined,
): readonly Figure[] => [...measured.map(figureOf), invocationsFigure(fastOf(measured), gathering)];

/** From the bus to Slack's ok through the whole pipeline on this machine. */
export const delay: Benchmark = {
  name: 'delay',
  title: 'Delay',

  async run({ delaySeconds }: BenchOptions) {
    const measured = await measureAll(undefined, RATES, delaySeconds);
    const [gathering] = await measureAll(WINDOW_SECONDS, [FAST], delaySeconds);
    return {
      figures: delayFigures(measured, gathering),
      notes: [
        `The pipeline of \`npm start\`: the synthesized template, real SQS and DynamoDB protocols, the built functions in processes of their own, a Slack that answers 429 to more than a message a second. Each rate for ${delaySeconds} s, after a quiet time. CloudTrail's own delay comes before all this.`,
        `Invocations are counted by a metric that each writes once. With a batching window of ${WINDOW_SECONDS} s Lambda gathers calls by waiting; without one the notifier empties the queue while a burst runs. p99 with the window: ${seconds(quantile(gathering?.delaysMs ?? [], 0.99))}.`,
      ],
      numbers: {
        ...Object.fromEntries(measured.map(({ rate, delaysMs }) => [`p99Ms, ${rate.what}`, quantile(delaysMs, 0.99)])),
        invocationsASecond: (fastOf(measured)?.invocations ?? Number.NaN) / delaySeconds,
      },
    };
  },
};
