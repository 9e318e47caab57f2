import { expect, it } from 'vitest';
import { createChance } from './chance.ts';
import { createScheduler } from './scheduler.ts';

async function orderOf(seed: string, schedule: readonly number[]): Promise<readonly string[]> {
  const happened: string[] = [];
  const scheduler = createScheduler(0, createChance(seed));
  schedule.forEach((atMs, index) => {
    scheduler.at(atMs, () => happened.push(`${index} at ${scheduler.nowMs()}`));
  });
  await scheduler.runUntil(1000);
  return happened;
}

it('lets things happen in the order of their time', async () => {
  expect(await orderOf('a', [30, 10, 20, 5])).toEqual(['3 at 5', '1 at 10', '2 at 20', '0 at 30']);
});

it('decides by its seed what comes first at one moment', async () => {
  const ties = Array.from({ length: 8 }, () => 7);
  const one = await orderOf('a', ties);
  expect(await orderOf('a', ties)).toEqual(one);
  expect(await orderOf('b', ties)).not.toEqual(one);
  expect(one.toSorted()).toEqual(ties.map((atMs, index) => `${index} at ${atMs}`));
});

it('lets everybody go on who can, before time goes on', async () => {
  const happened: string[] = [];
  const scheduler = createScheduler(0, createChance('a'));
  const wait = (ms: number) => new Promise<void>((resolve) => scheduler.after(ms, resolve));
  async function work(name: string): Promise<void> {
    await wait(10);
    for (let step = 0; step < 50; step += 1) await Promise.resolve();
    happened.push(`${name} at ${scheduler.nowMs()}`);
  }
  void work('one');
  scheduler.at(11, () => happened.push('later'));
  await scheduler.runUntil(20);
  expect(happened).toEqual(['one at 10', 'later']);
});

it('does not let happen what was cancelled, what is too late, or anything once it is over', async () => {
  const happened: number[] = [];
  const scheduler = createScheduler(0, createChance('a'));
  scheduler.at(1, () => happened.push(1)).cancel();
  scheduler.at(2, () => happened.push(2));
  scheduler.at(3, () => happened.push(3));
  scheduler.at(100, () => happened.push(100));
  await scheduler.runUntil(50, () => happened.length === 1);
  expect([happened, scheduler.nowMs()]).toEqual([[2], 2]);
  await scheduler.runUntil(50);
  expect([happened, scheduler.nowMs(), scheduler.events()]).toEqual([[2, 3], 50, 2]);
});
