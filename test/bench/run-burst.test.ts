import { expect, it } from 'vitest';
import { runBurst } from './burst.ts';

/** What Lambda hands out where nobody waits for more. */
const BATCH_SIZE = 10;

it.each([
  { principals: 1, flows: 1 },
  { principals: 5, flows: 40 },
  { principals: 25, flows: 1 },
  { principals: 25, flows: 40 },
])('reports 1,000 calls by $principals on $flows flows in at most 10 posts, a second apart', async (shape) => {
  const { posts, notified, seconds } = await runBurst({ calls: 1000, ...shape, batchSize: BATCH_SIZE });
  expect({ notified, isFew: posts <= 10, seconds }).toEqual({ notified: 1000, isFew: true, seconds: posts - 1 });
});

it('reports a call that is alone at once', async () => {
  expect(await runBurst({ calls: 1, principals: 1, flows: 1, batchSize: BATCH_SIZE })).toEqual({
    posts: 1,
    notified: 1,
    invocations: 1,
    seconds: 0,
  });
});
