import { createHandler } from '../../functions/notifier/notify-batch.ts';
import type { OperationName } from '../../shared/call/operations.ts';
import { assumedRole } from '../builders.ts';
import { benchWorld } from './bench-world.ts';
import { type Benchmark, type Figure, withinCount } from './benchmark.ts';
import { templateSettings } from './measuring.ts';
import { callShape, envelopeText, eventIdOf, sqsEvent } from './workload.ts';

export interface BurstShape {
  readonly calls: number;
  readonly principals: number;
  readonly flows: number;
}

/** What a deployment does, or an operator in a hurry: some of it on air. */
const OPERATIONS: readonly OperationName[] = [
  'UpdateFlow',
  'UpdateFlowOutput',
  'StopFlow',
  'AddFlowOutputs',
  'StartFlow',
  'RemoveFlowOutput',
  'TagResource',
  'GrantFlowEntitlements',
];

const flowArn = (flow: number): string =>
  `arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-Regional${flow}-0000000${flow}:Regional-${flow}`;

/** The text of the burst's call with that number; each principal works through all flows. */
export function burstCall(number: number, { principals, flows }: BurstShape): string {
  const operation = OPERATIONS[number % OPERATIONS.length] ?? 'UpdateFlow';
  const shape = callShape(operation);
  const arn = encodeURIComponent(flowArn(number % flows));
  const named = operation === 'TagResource' ? { resourceArn: arn } : { flowArn: arn };
  return envelopeText({
    ...shape,
    requestParameters: { ...shape.requestParameters, ...named },
    responseElements: null,
    userIdentity: assumedRole('Operators', `person-${Math.floor(number / flows) % principals}@example.org`),
    eventTime: new Date(Date.parse('2026-11-22T19:59:00Z') + Math.floor(number / 50) * 1000).toISOString(),
    eventID: eventIdOf(number),
  });
}

export interface BurstOptions extends BurstShape {
  /** Records of one batch at most, as in the template. */
  readonly batchSize: number;
}

export interface BurstEnd {
  readonly posts: number;
  /** Calls that a log line says were reported, each counted once. */
  readonly notified: number;
  readonly invocations: number;
  /** Until the last call was reported, with Slack taking one message a second. */
  readonly seconds: number;
}

const TIMEOUT_MS = 120_000;

/** Lets the real notifier report a burst that waits in the queue, in time that passes only while everybody waits. */
export async function runBurst({ batchSize, ...shape }: BurstOptions): Promise<BurstEnd> {
  let posts = 0;
  let given = 0;
  let invocations = 0;
  let lastNotifiedMs = 0;
  const notified = new Set<string>();
  const take = (most: number): readonly string[] => {
    const from = given;
    given = Math.min(shape.calls, given + most);
    return Array.from({ length: given - from }, (_, index) => burstCall(from + index, shape));
  };
  const { now, run, notifying, invocation } = benchWorld({
    take,
    onPost: () => {
      posts += 1;
    },
    onDecision: ({ eventId, result }, atMs) => {
      if (result !== 'posted' && result !== 'folded') return;
      notified.add(eventId);
      lastNotifiedMs = atMs;
    },
  });
  const handler = createHandler(notifying);
  const startMs = now();

  while (given < shape.calls) {
    invocations += 1;
    // Nothing is given back while Slack takes all: a call that came back would be missing in `notified`.
    await run(handler(sqsEvent(take(batchSize)), invocation(TIMEOUT_MS)));
  }
  return { posts, notified: notified.size, invocations, seconds: (lastNotifiedMs - startMs) / 1000 };
}

const MOST_POSTS_PER_THOUSAND = 10;

export const SHAPES: readonly BurstShape[] = [1000, 10_000].flatMap((calls) =>
  [1, 5, 25].flatMap((principals) => [1, 40].map((flows) => ({ calls, principals, flows }))),
);

export function burstFigure({ calls, principals, flows }: BurstShape, { posts, notified, seconds }: BurstEnd): Figure {
  const limit = (MOST_POSTS_PER_THOUSAND * calls) / 1000;
  const many = calls.toLocaleString('en');
  return {
    what: `${many} calls by ${principals} on ${flows} ${flows === 1 ? 'flow' : 'flows'}`,
    value: `${posts} posts, the last call reported after ${seconds.toFixed(0)} s`,
    floor: `${many} posts, ${(calls - 1).toLocaleString('en')} s: one post a call`,
    target: withinCount(notified === calls ? posts : Number.POSITIVE_INFINITY, limit, `every call, ≤ ${limit} posts`),
  };
}

/** How many posts a burst becomes, and how long it takes until its last call is reported. */
export const burst: Benchmark = {
  name: 'burst',
  title: 'Burst',

  async run() {
    const { batchSize } = await templateSettings();
    const ends: (readonly [BurstShape, BurstEnd])[] = [];
    for (const shape of SHAPES) ends.push([shape, await runBurst({ ...shape, batchSize })]);

    return {
      figures: ends.map(([shape, end]) => burstFigure(shape, end)),
      notes: [
        `The real handler of the notifier, one invocation after another: each gets a batch of ${batchSize} as in the template, and empties the queue behind it; Slack takes one message a second and answers at once, on a virtual clock, so the seconds are exact and say nothing of this machine. A call counts as reported when its own log line says so.`,
      ],
      numbers: Object.fromEntries(
        ends.map(([{ calls, principals, flows }, { posts }]) => [`posts${calls}by${principals}on${flows}`, posts]),
      ),
    };
  },
};
