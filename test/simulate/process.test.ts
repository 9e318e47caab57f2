import { expect, it } from 'vitest';
import { aWorld } from './a-world.ts';

/** A process that dies at that step of its life, and what became of a question that it asked. */
async function askAndDieAt(step: number) {
  let steps = 0;
  const world = aWorld({
    isStruck: () => {
      steps += 1;
      return steps === step;
    },
  });
  let effects = 0;
  const asked = world.senses.ask(world.process, {
    thereMs: 5,
    abortError: () => undefined,
    arrive(answer) {
      effects += 1;
      answer({ kind: 'value', value: 'answer' }, 5);
    },
  });
  return { outcome: await world.outcomeOf(asked, 1000), effects, deaths: world.deaths, process: world.process };
}

it('may die before its question is sent', async () => {
  expect(await askAndDieAt(1)).toMatchObject({ outcome: undefined, effects: 0, deaths: ['killed'] });
});

it('may die after its question has had its effect', async () => {
  const { outcome, effects, deaths, process } = await askAndDieAt(2);
  expect([outcome, effects, deaths]).toEqual([undefined, 1, ['killed']]);
  expect(process.invocation?.isBroken).toBe(true);
});

it('hears the answer if it lives', async () => {
  expect(await askAndDieAt(3)).toMatchObject({ outcome: { value: 'answer', atMs: 10 }, deaths: [] });
});

it('may die while it waits', async () => {
  const world = aWorld({ isStruck: () => true });
  expect(await world.outcomeOf(world.senses.wait(world.process, 10), 1000)).toBeUndefined();
  expect(world.deaths).toEqual(['killed']);
});

it('does not die between two invocations', async () => {
  const world = aWorld({ isStruck: () => true });
  world.process.invocation = undefined;
  expect(await world.outcomeOf(world.senses.wait(world.process, 10), 1000)).toMatchObject({ atMs: 10 });
});

it('is notified of an answer that nobody hears', async () => {
  const world = aWorld();
  const lost: number[] = [];
  const signal = world.senses.timeLimit(world.process, 20);
  const asked = world.senses.ask(world.process, {
    thereMs: 5,
    signal,
    abortError: () => signal.reason,
    arrive: (answer) => answer({ kind: 'value', value: 1, onLost: () => lost.push(world.scheduler.nowMs()) }, 100),
  });
  expect(await world.outcomeOf(asked)).toMatchObject({ error: { name: 'TimeoutError' }, atMs: 20 });
  await world.scheduler.runUntil(1000);
  expect(lost).toEqual([105]);
});
