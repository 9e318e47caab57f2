import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Chance } from './chance.ts';
import { createProcess, type Death, type FunctionName, type Invocation, latency, type Process } from './process.ts';
import { type Queue, type QueueMessage, systemAttributes } from './queues.ts';
import type { Scheduler } from './scheduler.ts';

export type Handler = (event: never, context: Context) => Promise<unknown>;

/** What became of an invocation, as Lambda tells whoever asked for it. */
export type Ending = { readonly kind: 'returned'; readonly value: unknown } | { readonly kind: 'failed' };

export interface LambdaFunction {
  readonly name: FunctionName;
  /** Runs the handler in an environment that is idle, or in a new one. `onStart` hears of it before it runs. */
  readonly invoke: (
    event: object,
    on: { readonly start: (process: Process) => void; readonly end: (ending: Ending) => void },
  ) => void;
  /** Environments that are at work go on to their end; then, as the idle ones at once, they are gone. */
  readonly replaceAll: () => void;
}

export interface LambdaOptions {
  readonly name: FunctionName;
  readonly timeoutMs: number;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  /** The function as it is deployed now, in a process of its own. */
  readonly create: (process: Process) => Handler;
  /** By how much a new process's clock may be wrong. */
  readonly mostSkewMs: number;
  readonly onDeath: (process: Process, why: Death) => void;
  /** A handler that threw; a function that is retried may. */
  readonly onError: (process: Process, error: unknown) => void;
}

interface Environment {
  readonly process: Process;
  readonly handler: Handler;
  readonly deployment: number;
  idleSinceMs: number;
  /** Ends the invocation that is under way because its process is gone. */
  broken: (() => void) | undefined;
}

const MINUTE_MS = 60_000;
const COLD_START_MS = [250, 1200] as const;

/** One function of Lambda and its execution environments, each with one process that serves one invocation at a time. */
export function createLambda(options: LambdaOptions): LambdaFunction {
  const { name, timeoutMs, scheduler, chance, create, mostSkewMs, onDeath, onError } = options;
  let idle: Environment[] = [];
  let environments = 0;
  let invocations = 0;
  let deployment = 0;

  function start(): Environment {
    environments += 1;
    const process = createProcess({
      name: `${name}-${environments}`,
      functionName: name,
      skewMs: chance.between(-mostSkewMs, mostSkewMs),
      onDeath: (dead, why) => {
        onDeath(dead, why);
        environment.broken?.();
      },
    });
    const environment: Environment = {
      process,
      handler: create(process),
      deployment,
      idleSinceMs: 0,
      broken: undefined,
    };
    return environment;
  }

  /** Lambda keeps an idle environment for some minutes, and sometimes takes a new one for no reason that it gives. */
  function takeIdle(): Environment | undefined {
    idle = idle.filter(
      ({ process, idleSinceMs }) =>
        process.isAlive() && scheduler.nowMs() - idleSinceMs < chance.between(5, 45) * MINUTE_MS && !chance.is(0.01),
    );
    return idle.pop();
  }

  function contextOf(invocation: Invocation): Context {
    return {
      getRemainingTimeInMillis: () => invocation.startedMs + timeoutMs - scheduler.nowMs(),
      functionName: name,
      functionVersion: '$LATEST',
      invokedFunctionArn: `arn:aws:lambda:eu-west-1:111122223333:function:${name}`,
      memoryLimitInMB: '512',
      awsRequestId: invocation.name,
      logGroupName: `/aws/lambda/${name}`,
      logStreamName: name,
      callbackWaitsForEmptyEventLoop: true,
      done: () => undefined,
      fail: () => undefined,
      succeed: () => undefined,
    };
  }

  function release(environment: Environment): void {
    environment.process.invocation = undefined;
    environment.broken = undefined;
    environment.idleSinceMs = scheduler.nowMs();
    if (environment.deployment === deployment) idle.push(environment);
    else environment.process.die('replaced');
  }

  function run(environment: Environment, event: object, on: Parameters<LambdaFunction['invoke']>[1]): void {
    const { process, handler } = environment;
    invocations += 1;
    const invocation: Invocation = {
      name: `${process.name}/${invocations}`,
      functionName: name,
      startedMs: scheduler.nowMs(),
      isBroken: false,
    };
    process.invocation = invocation;
    const limit = scheduler.after(timeoutMs, () => process.die('timed out'));
    const end = (ending: Ending, afterMs: number): void => {
      limit.cancel();
      scheduler.after(afterMs, () => on.end(ending));
    };
    environment.broken = () => end({ kind: 'failed' }, chance.between(50, 1000));
    on.start(process);
    const finish = (ending: Ending): void => {
      if (!process.isAlive()) return;
      release(environment);
      end(ending, latency(chance, 4));
    };
    handler(event as never, contextOf(invocation)).then(
      (value) => finish({ kind: 'returned', value }),
      (error: unknown) => {
        onError(process, error);
        finish({ kind: 'failed' });
      },
    );
  }

  return {
    name,
    invoke(event, on) {
      const warm = takeIdle();
      if (warm !== undefined) {
        scheduler.after(latency(chance, 6), () => run(warm, event, on));
        return;
      }
      const cold = start();
      scheduler.after(chance.between(...COLD_START_MS), () => run(cold, event, on));
    },
    replaceAll() {
      deployment += 1;
      for (const { process } of idle) process.die('replaced');
      idle = [];
    },
  };
}

const toRecord = (message: QueueMessage, queue: Queue): SQSRecord => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: systemAttributes(message) as unknown as SQSRecord['attributes'],
  messageAttributes: Object.fromEntries(
    Object.entries(message.attributes).map(([name, { DataType, StringValue }]) => [
      name,
      { dataType: DataType, stringValue: StringValue, stringListValues: [], binaryListValues: [] },
    ]),
  ),
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: `arn:aws:sqs:eu-west-1:111122223333:${queue.settings.name}`,
  awsRegion: 'eu-west-1',
});

/** The records that a function gave back; `undefined` where its answer is none and Lambda takes all of them for failed. */
function failedOf(value: unknown, batch: readonly QueueMessage[]): ReadonlySet<string> | undefined {
  const failures = (value as { batchItemFailures?: readonly { itemIdentifier?: unknown }[] | null } | undefined)
    ?.batchItemFailures;
  const ids = (failures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  const known = new Set<unknown>(batch.map(({ messageId }) => messageId));
  return ids.every((id) => known.has(id)) ? (new Set(ids) as ReadonlySet<string>) : undefined;
}

export interface MappingOptions {
  readonly queue: Queue;
  readonly lambda: LambdaFunction;
  readonly windowSeconds: number;
  readonly concurrency: number;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  /** Whether SQS answers Lambda's poller at the moment. */
  readonly isInReach: () => boolean;
  readonly onStart: (process: Process, batch: readonly QueueMessage[]) => void;
}

const PAGE = 10;
const BATCH = 500;
const POLL_MS = 30;
const LOOK_AGAIN_MS = 1000;
/** "Lambda might wait for up to 20 seconds before invoking your function", where little comes in and there is a window. */
const LONGEST_WINDOW_MS = 20_000;
const QUIET_MS = 60_000;
/** A poller that lost its delete: the record comes once more. */
const DELETE_LOST = 0.0005;

/**
 * Lambda's poller of a queue. Without a window it hands on at once what one receive brings; with one it gathers, and
 * takes its time.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function startMapping(options: MappingOptions): void {
  const { queue, lambda, windowSeconds, concurrency, scheduler, chance, isInReach, onStart } = options;
  let underWay = 0;
  let lastStartMs = 0;
  let isLooking = false;

  function settle(batch: readonly QueueMessage[], handles: readonly string[], ending: Ending): void {
    underWay -= 1;
    look();
    const failed = ending.kind === 'returned' ? failedOf(ending.value, batch) : undefined;
    if (failed === undefined) return;
    batch.forEach(({ messageId }, index) => {
      if (!failed.has(messageId) && !chance.is(DELETE_LOST)) queue.remove(handles[index] ?? '');
    });
  }

  function hand(batch: readonly QueueMessage[]): void {
    const handles = batch.map(({ receiptHandle }) => receiptHandle);
    const event: SQSEvent = { Records: batch.map((message) => toRecord(message, queue)) };
    lastStartMs = scheduler.nowMs();
    lambda.invoke(event, {
      start: (process) => onStart(process, batch),
      end: (ending) => settle(batch, handles, ending),
    });
  }

  function receive(most: number): readonly QueueMessage[] {
    return isInReach() ? queue.receive({ most: Math.min(PAGE, most), isShort: false, process: undefined }) : [];
  }

  /** Gathers until the window is over or the batch is full. */
  function gather(batch: QueueMessage[], untilMs: number): void {
    while (batch.length < BATCH) {
      const page = receive(BATCH - batch.length);
      if (page.length === 0) break;
      batch.push(...page);
    }
    if (batch.length >= BATCH || scheduler.nowMs() >= untilMs) {
      hand(batch);
      look();
      return;
    }
    scheduler.after(Math.min(200, untilMs - scheduler.nowMs()), () => gather(batch, untilMs));
  }

  function windowMs(): number {
    const isQuiet = scheduler.nowMs() - lastStartMs > QUIET_MS;
    const longest = isQuiet ? Math.max(LONGEST_WINDOW_MS, windowSeconds * 1000) : windowSeconds * 1000;
    return chance.between(windowSeconds * 1000, longest);
  }

  function take(): void {
    isLooking = false;
    if (underWay >= concurrency) return;
    const page = receive(PAGE);
    if (page.length === 0) {
      scheduler.after(isInReach() ? 0 : LOOK_AGAIN_MS, look);
      return;
    }
    underWay += 1;
    if (windowSeconds > 0) {
      gather([...page], scheduler.nowMs() + windowMs());
      return;
    }
    hand(page);
    look();
  }

  function look(): void {
    if (isLooking || underWay >= concurrency) return;
    isLooking = true;
    queue.whenVisible(() => scheduler.after(latency(chance, POLL_MS), take));
  }

  look();
}
