import type { Chance } from './chance.ts';
import type { Appointment, Scheduler } from './scheduler.ts';

export type FunctionName = 'notifier' | 'digest' | 'summary';

/** One run of a handler. */
export interface Invocation {
  readonly name: string;
  readonly functionName: FunctionName;
  readonly startedMs: number;
  /** Whether its process ended under it. */
  isBroken: boolean;
}

/** The process of an execution environment, as its surroundings see it. */
export interface Process {
  readonly name: string;
  readonly functionName: FunctionName;
  /** Its clock is ahead by so much. */
  readonly skewMs: number;
  readonly isAlive: () => boolean;
  /** What it is at work on; `undefined` between two invocations. */
  invocation: Invocation | undefined;
  /** Ends it in the middle of whatever it does: nothing that it waits for ever comes. */
  readonly die: (why: Death) => void;
}

export type Death = 'killed' | 'timed out' | 'replaced';

/** What a question came to. `never`: the answer got lost. */
export type Outcome<Value> =
  | {
      readonly kind: 'value';
      readonly value: Value;
      /** Happens when nobody hears the answer, because it got lost or came too late. */
      readonly onLost?: () => void;
    }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'never' };

export interface Question<Value> {
  /** Until it arrives. */
  readonly thereMs: number;
  /** What it does where it arrives. Answers once, now or later. */
  readonly arrive: (answer: (outcome: Outcome<Value>, backMs: number) => void) => void;
  /** Whoever asks waits no longer once this is aborted; what the question does, it does all the same. */
  readonly signal?: AbortSignal | undefined;
  /** What the promise is rejected with then. */
  readonly abortError: () => unknown;
}

/** What a process hears of the world, and when: each answer at its time, and none after its death. */
export interface Senses {
  readonly ask: <Value>(process: Process, question: Question<Value>) => Promise<Value>;
  readonly wait: (process: Process, ms: number) => Promise<void>;
  /** Calls after so long, unless the process is gone by then. */
  readonly alarm: (process: Process, ms: number, ring: () => void) => Appointment;
  /** Aborts after so long, by the clock of everybody. */
  readonly timeLimit: (process: Process, ms: number) => AbortSignal;
}

export interface ProcessOptions {
  readonly name: string;
  readonly functionName: FunctionName;
  readonly skewMs: number;
  readonly onDeath: (process: Process, why: Death) => void;
}

export function createProcess({ name, functionName, skewMs, onDeath }: ProcessOptions): Process {
  let isAlive = true;
  const process: Process = {
    name,
    functionName,
    skewMs,
    isAlive: () => isAlive,
    invocation: undefined,
    die(why) {
      if (!isAlive) return;
      isAlive = false;
      if (process.invocation !== undefined) process.invocation.isBroken = true;
      onDeath(process, why);
    },
  };
  return process;
}

/** One for all: every request has a time limit, and an exception takes longer to make than most of them. */
const TIME_IS_UP = new DOMException('no answer in time', 'TimeoutError');

const never = <Value>(): Promise<Value> => new Promise(() => undefined);

/** What a process waits for: settled once, if it lives to hear it. */
function createReply<Value>(process: Process) {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  let isSettled = false;

  const lose = (outcome: Outcome<Value>): void => {
    if (outcome.kind === 'value') outcome.onLost?.();
  };
  const hear = (outcome: Outcome<Value>): void => {
    if (outcome.kind === 'value') resolve(outcome.value);
    if (outcome.kind === 'error') reject(outcome.error);
  };
  const settle = (outcome: Outcome<Value>): void => {
    if (outcome.kind === 'never') return;
    const isLost = isSettled || !process.isAlive();
    isSettled = true;
    if (isLost) lose(outcome);
    else hear(outcome);
  };
  return { promise, settle };
}

export interface SensesOptions {
  readonly scheduler: Scheduler;
  /** Whether a process dies at this step: before a question leaves it, after the question has had its effect, or at rest. */
  readonly isStruck: (process: Process) => boolean;
}

export function createSenses({ scheduler, isStruck }: SensesOptions): Senses {
  const strike = (process: Process): boolean => {
    if (process.isAlive() && process.invocation !== undefined && isStruck(process)) process.die('killed');
    return !process.isAlive();
  };

  async function ask<Value>(process: Process, question: Question<Value>): Promise<Value> {
    if (strike(process)) return never();
    const { thereMs, arrive, signal, abortError } = question;
    const { promise, settle } = createReply<Value>(process);
    const onAbort = (): void => settle({ kind: 'error', error: abortError() });
    if (signal?.aborted === true) {
      onAbort();
      return promise;
    }
    signal?.addEventListener('abort', onAbort);
    scheduler.after(thereMs, () => {
      arrive((outcome, backMs) => scheduler.after(backMs, () => settle(outcome)));
      strike(process);
    });
    return promise;
  }

  const alarm: Senses['alarm'] = (process, ms, ring) =>
    scheduler.after(Math.max(0, ms), () => {
      if (process.isAlive()) ring();
    });

  return {
    ask,
    wait: (process, ms) =>
      new Promise((resolve) => {
        scheduler.after(Math.max(0, ms), () => {
          if (!strike(process)) resolve();
        });
      }),
    alarm,
    timeLimit(process, ms) {
      const controller = new AbortController();
      alarm(process, ms, () => controller.abort(TIME_IS_UP));
      return controller.signal;
    },
  };
}

/** How long something takes that is quick as a rule and slow at times. */
export function latency(chance: Chance, usualMs: number): number {
  const ms = usualMs / 2 + chance.draw() * usualMs;
  return Math.round(chance.is(0.005) ? ms * 20 : ms);
}
