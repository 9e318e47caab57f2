import { expect, it } from 'vitest';
import { isGuaranteed } from '../../../local/chaos/is-guaranteed.ts';
import { type ChaosProgress, runChaos } from '../../../local/chaos/run-chaos.ts';

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
  const { posted, folded, deadLettered, waiting, lost, repeated, repeatedInKillWindow, contradictions } = result;
  expect({ waiting, lost, unexplained: repeated - repeatedInKillWindow, contradictions }).toEqual({
    waiting: 0,
    lost: 0,
    unexplained: 0,
    contradictions: [],
  });
  expect(isGuaranteed(result)).toBe(true);
  // The seed makes two of the records no calls at all.
  expect([posted + folded, deadLettered]).toEqual([298, 2]);
  expect(result.kills).toBe(3);
  expect(result.faults).toBeGreaterThan(0);
  expect(heard.at(-1)).toMatchObject({ put: 300, events: 300, kills: 3, messages: result.posts });
}, 150_000);
