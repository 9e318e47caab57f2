import { expect, it } from 'vitest';
import { type ChaosProgress, runChaos } from './run-chaos.ts';
import { breachesIn, faultsIn } from './verify.ts';

it('loses nothing, and repeats nothing without excuse, while Slack and the functions fail', async () => {
  const heard: ChaosProgress[] = [];
  const result = await runChaos({
    events: 300,
    seed: 192,
    kills: 3,
    clockFactor: 120,
    limitMs: 120_000,
    onProgress: (progress) => heard.push(progress),
  });
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
