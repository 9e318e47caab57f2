import { expect, it } from 'vitest';
import { violationText } from './report.ts';
import { simulate } from './simulation.ts';

const SEEDS = 100;

it(`keeps every promise on ${SEEDS} days, each of another seed`, async () => {
  const broken: string[] = [];
  const seen = { kills: 0, outages: 0, deadLettered: 0, excused: 0, exchanges: 0, deployments: 0, notified: 0 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const result = await simulate({ seed, days: 1 });
    const [violation] = result.violations;
    if (violation !== undefined) broken.push(violationText(violation, result));
    seen.kills += result.kills;
    seen.outages += result.outages;
    seen.deadLettered += result.deadLettered;
    seen.exchanges += result.exchanges;
    seen.deployments += result.deployments;
    seen.notified += result.alone + result.folded + result.digested;
    for (const count of Object.values(result.repeatsExcused)) seen.excused += count;
  }
  expect(broken).toEqual([]);
  // Days on which nothing happens would prove nothing.
  for (const [what, count] of Object.entries(seen))
    expect({ what, count }).toEqual({ what, count: expect.any(Number) });
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(5);
  expect(seen.notified).toBeGreaterThan(8000);
}, 360_000);

it('replays a seed exactly', async () => {
  const [one, again] = [await simulate({ seed: 7, days: 2 }), await simulate({ seed: 7, days: 2 })];
  expect(again).toEqual(one);
  expect((await simulate({ seed: 8, days: 2 })).hash).not.toBe(one.hash);
});

it('leaves the process as it was', async () => {
  const { now } = Date;
  await simulate({ seed: 1, days: 1 });
  expect(Date.now).toBe(now);
});
