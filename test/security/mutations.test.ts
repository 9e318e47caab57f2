import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { runEventMutations, runMutations } from './mutation-run.ts';

const RUNS = 3000;
// In the test's name, so that what it finds can be found again: npm run mutations -- --seed …
const seed = randomInt(2 ** 31);

it(`brings nothing to life, shows no secret and never throws, whatever ${RUNS} mutations of real events hold (seed ${seed})`, () => {
  const { findings, notified } = runMutations({ seed, runs: RUNS });
  expect(findings).toEqual([]);
  expect(notified).toBeGreaterThan(0.9 * RUNS);
});

it(`nor do ${RUNS} mutations of MediaConnect’s own events (seed ${seed})`, () => {
  const { findings, read } = runEventMutations({ seed, runs: RUNS });
  expect(findings).toEqual([]);
  expect(read).toBeGreaterThan(0.4 * RUNS);
});
