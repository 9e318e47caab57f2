import { createChance } from './chance.ts';
import { createProcess, createSenses, type Process } from './process.ts';
import { createScheduler } from './scheduler.ts';

/** Virtual time and a process in it, for tests of single parts. */
export function aWorld({ isStruck = () => false }: { readonly isStruck?: (process: Process) => boolean } = {}) {
  const chance = createChance('test');
  const scheduler = createScheduler(0, chance.fork('ties'));
  const senses = createSenses({ scheduler, isStruck });
  const deaths: string[] = [];
  const process = createProcess({
    name: 'notifier-1',
    functionName: 'notifier',
    skewMs: 0,
    onDeath: (_, why) => deaths.push(why),
  });
  process.invocation = { name: 'notifier-1/1', functionName: 'notifier', startedMs: 0, isBroken: false };

  /** Lets time pass until the promise has an end; says how it ended, and when. */
  async function outcomeOf<Value>(promise: Promise<Value>, untilMs = 600_000) {
    let outcome: { value?: Value; error?: unknown; atMs: number } | undefined;
    promise.then(
      (value) => {
        outcome = { value, atMs: scheduler.nowMs() };
      },
      (error: unknown) => {
        outcome = { error, atMs: scheduler.nowMs() };
      },
    );
    await scheduler.runUntil(untilMs, () => outcome !== undefined);
    return outcome;
  }
  return { chance, scheduler, senses, process, deaths, outcomeOf };
}
