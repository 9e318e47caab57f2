import { type ChildProcess, fork } from 'node:child_process';
import { extname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as z from 'zod';
import type { Clock } from '../clock.ts';

/** What came of one invocation. */
export type InvocationResult =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string }
  | { readonly kind: 'timeout' }
  /** The process ended under it. */
  | { readonly kind: 'crashed' };

export interface ExecutionEnvironmentOptions {
  /** File of the built code. */
  readonly modulePath: string;
  readonly exportName: string;
  readonly functionArn: string;
  readonly timeoutMs: number;
  readonly memoryMegabytes: number;
  /** The whole environment of the process: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
  /** The process is over, whatever ended it. */
  readonly onEnd: () => void;
  readonly clock: Clock;
  readonly newId: () => string;
}

/** One process with one function loaded, as one of Lambda's execution environments. */
export interface ExecutionEnvironment {
  readonly pid: number | undefined;
  readonly isAlive: boolean;
  /** One at a time. */
  invoke(event: unknown): Promise<InvocationResult>;
  kill(): void;
}

const failure = z.object({ errorType: z.string(), errorMessage: z.string() });
const AnswerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('init-error'), error: failure }),
  z.object({ kind: z.literal('value'), requestId: z.string(), value: z.unknown().optional() }),
  z.object({ kind: z.literal('error'), requestId: z.string(), error: failure }),
]);
type Answer = z.infer<typeof AnswerSchema>;

/** `.ts`, or `.js` in the package. */
const ENDING = extname(import.meta.filename);
const WORKER = new URL(`./function-worker${ENDING}`, import.meta.url);
const FAST_CLOCK = new URL(`./fast-clock${ENDING}`, import.meta.url);

/**
 * The heap that Lambda's own start of Node allows, in whole megabytes. Node goes by the memory of the machine otherwise,
 * and lets garbage grow until the function would long have been ended on AWS.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
const heapArguments = (memoryMegabytes: number): readonly string[] => [
  `--max-semi-space-size=${Math.floor((memoryMegabytes * 5) / 100)}`,
  `--max-old-space-size=${Math.floor((memoryMegabytes * 90) / 100)}`,
];

function readLines(streams: readonly (Readable | null)[], onLine: (line: string) => void): void {
  for (const stream of streams) if (stream !== null) createInterface({ input: stream }).on('line', onLine);
}

/** The next answer of the process; `crashed` when it ends instead. */
function nextAnswer(child: ChildProcess): Promise<Answer | 'crashed'> {
  return new Promise((resolve) => {
    const onMessage = (message: unknown): void => {
      child.off('exit', onExit);
      resolve(AnswerSchema.parse(message));
    };
    const onExit = (): void => {
      child.off('message', onMessage);
      resolve('crashed');
    };
    child.once('message', onMessage);
    child.once('exit', onExit);
  });
}

function toResult(answer: Answer | 'crashed'): InvocationResult {
  if (answer === 'crashed' || answer.kind === 'ready') return { kind: 'crashed' };
  if (answer.kind === 'value') return { kind: 'value', value: answer.value };
  return { kind: 'error', ...answer.error };
}

/** Starts a process and loads the function; its first invocation waits for that. */
export function startExecutionEnvironment(options: ExecutionEnvironmentOptions): ExecutionEnvironment {
  const { modulePath, exportName, functionArn, timeoutMs, memoryMegabytes } = options;
  const { environment, onLine, onEnd, clock, newId } = options;
  const child = fork(WORKER, [modulePath, exportName, String(clock.factor), String(clock.startMs)], {
    env: { ...environment },
    execArgv: [...heapArguments(memoryMegabytes), ...(clock.factor === 1 ? [] : ['--import', FAST_CLOCK.href])],
    serialization: 'json',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  readLines([child.stdout, child.stderr], onLine);
  let isAlive = true;
  child.once('exit', () => {
    isAlive = false;
    onEnd();
  });
  child.once('error', () => {
    isAlive = false;
  });
  const loaded = nextAnswer(child);

  const kill = (): void => void child.kill('SIGKILL');

  return {
    get pid() {
      return child.pid;
    },
    get isAlive() {
      // The end of a process that was killed is heard a moment later.
      return isAlive && !child.killed;
    },
    kill,
    async invoke(event) {
      const start = await loaded;
      if (start === 'crashed' || start.kind !== 'ready') {
        kill();
        return toResult(start);
      }
      if (!isAlive) return { kind: 'crashed' };
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        kill();
      }, timeoutMs / clock.factor);
      const answer = nextAnswer(child);
      child.send({ requestId: newId(), event, deadlineMs: clock.now() + timeoutMs, functionArn, memoryMegabytes });
      const result = toResult(await answer);
      clearTimeout(timer);
      return isLate && result.kind === 'crashed' ? { kind: 'timeout' } : result;
    },
  };
}
