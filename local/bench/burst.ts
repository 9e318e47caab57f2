import type { Benchmark, Figure } from './benchmark.ts';
import { templateSettings } from './measuring/template-settings.ts';
import { withinCount } from './target.ts';
import type { BurstShape } from './workload/burst-calls.ts';
import { type BurstEnd, runBurst } from './workload/run-burst.ts';

const MOST_POSTS_PER_THOUSAND = 10;

const SHAPES: readonly BurstShape[] = [1000, 10_000].flatMap((calls) =>
  [1, 5, 25].flatMap((principals) => [1, 40].map((flows) => ({ calls, principals, flows }))),
);

function figureOf({ calls, principals, flows }: BurstShape, { posts, told, seconds }: BurstEnd): Figure {
  const limit = (MOST_POSTS_PER_THOUSAND * calls) / 1000;
  const many = calls.toLocaleString('en');
  return {
    what: `${many} calls by ${principals} on ${flows} ${flows === 1 ? 'flow' : 'flows'}`,
    value: `${posts} posts, the last call told after ${seconds.toFixed(0)} s`,
    floor: `${many} posts, ${(calls - 1).toLocaleString('en')} s: one post a call`,
    target: withinCount(told === calls ? posts : Number.POSITIVE_INFINITY, limit, `every call, ≤ ${limit} posts`),
  };
}

/** How many posts a burst becomes, and how long it takes until its last call is told. */
export const burst: Benchmark = {
  name: 'burst',
  title: 'Burst',

  async run() {
    const { batchSize } = await templateSettings();
    const ends: (readonly [BurstShape, BurstEnd])[] = [];
    for (const shape of SHAPES) ends.push([shape, await runBurst({ ...shape, batchSize })]);

    return {
      figures: ends.map(([shape, end]) => figureOf(shape, end)),
      notes: [
        `The real handler of the notifier, one invocation after another: each gets a batch of ${batchSize} as in the template, and empties the queue behind it; Slack takes one message a second and answers at once, on a virtual clock, so the seconds are exact and say nothing of this machine. A call counts as told when its own log line says so.`,
      ],
      numbers: Object.fromEntries(
        ends.map(([{ calls, principals, flows }, { posts }]) => [`posts${calls}by${principals}on${flows}`, posts]),
      ),
    };
  },
};
