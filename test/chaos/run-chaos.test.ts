import { expect, it } from 'vitest';
import { type ChaosProgress, type ChaosResult, runChaos } from './run-chaos.ts';
import { breachesIn, faultsIn } from './verify.ts';

/** A function has six seconds of the machine's for its two minutes, or 24 on a machine that is too busy for that. */
const FAST = { clockFactor: 120, limitMs: 120_000 };
const SLOW = { clockFactor: 30, limitMs: 400_000 };

it('loses nothing, and repeats nothing without excuse, while Slack and the functions fail', {
  timeout: 1_200_000,
}, async () => {
  const heard: ChaosProgress[] = [];
  const run = (clock: typeof FAST): Promise<ChaosResult> =>
    runChaos({ events: 300, seed: 192, kills: 3, ...clock, onProgress: (progress) => heard.push(progress) });
  const fast = await run(FAST);
  // What was cut off by its clock, and killed by nobody, may still wait, and so may kills: nothing else is excused by that.
  expect([breachesIn({ ...fast, waiting: 0, killsAsked: fast.kills }), fast.contradictions]).toEqual([[], []]);
  const isCutOff = fast.ends > fast.kills && breachesIn(fast).length > 0;
  const result = isCutOff ? await run(SLOW) : fast;
  expect([breachesIn(result), result.contradictions]).toEqual([[], []]);
  const { posted, folded, deadLettered, kills, ends, posts } = result;
  // The seed makes two of the records no calls at all.
  expect([posted + folded, deadLettered]).toEqual([298, 2]);
  expect([kills, ends >= kills]).toEqual([3, true]);
  expect(faultsIn(result)).toBeGreaterThan(0);
  expect(heard.at(-1)).toMatchObject({ put: 300, events: 300, kills: 3, messages: posts });
});

it('says so when it ends before everything is reported', async () => {
  const result = await runChaos({
    events: 60,
    seed: 5,
    kills: 1,
    clockFactor: 1,
    limitMs: 0,
    onProgress: () => undefined,
  });
  // On AWS's own clock the reads of the last minute still gather for their digest.
  expect(result.waiting).toBeGreaterThan(0);
  expect(breachesIn(result)).toContain(`${result.waiting} were still waiting at the end`);
});
