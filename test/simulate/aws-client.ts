import type { Chance } from './chance.ts';
import { latency, type Outcome, type Process, type Senses } from './process.ts';

export type ServiceName = 'queues' | 'table' | 'secret';

/**
 * What happens to one request on its way. `deaf`: it takes effect, and no answer ever comes. `late`: it takes effect when
 * nobody expects it any more.
 */
export type Fault =
  | 'none'
  | 'unreachable'
  | 'silent'
  | 'deaf'
  | 'late'
  | 'answer lost'
  | 'server error'
  | 'server error after the effect'
  | 'throttled';

export type Input = Readonly<Record<string, unknown>>;

/** A service of AWS, behind the network. */
export interface Service {
  readonly name: ServiceName;
  /** What its throttling is called. */
  readonly throttling: string;
  /** Has the effect of a request and answers it, at once or later. */
  readonly execute: (
    request: { readonly operation: string; readonly input: Input },
    process: Process,
    answer: (outcome: Outcome<object>) => void,
  ) => void;
}

/** The faults of the moment. */
export interface Network {
  readonly faultOf: (service: ServiceName) => Fault;
  /** By how many times slower than usual a service answers. */
  readonly slownessOf: (service: ServiceName) => number;
}

/** A call that the functions had to do without. */
export interface FailedCall {
  readonly service: ServiceName;
  readonly operation: string;
  readonly input: Input;
  readonly error: unknown;
}

export interface AwsOptions {
  readonly senses: Senses;
  readonly chance: Chance;
  readonly network: Network;
  /** Called with every call that failed in the end, not of those that a retry mended. */
  readonly onFailure: (process: Process, failed: FailedCall) => void;
  /** Called when a request takes effect after whoever sent it has given it up. */
  readonly onLate: (process: Process, late: Omit<FailedCall, 'error'>) => void;
  /** Called with every call that was answered in the end, and how long that took. */
  readonly onAnswer: (process: Process, service: ServiceName, tookMs: number) => void;
  readonly nowMs: () => number;
  readonly log: (line: string) => void;
}

/** As much of a client of the SDK as is seen from outside. */
interface Client {
  readonly config: {
    readonly maxAttempts: () => Promise<number>;
    readonly requestHandler: { readonly configProvider?: Promise<{ readonly requestTimeout?: number }> };
  };
}

type Send = (command: object, options?: { readonly abortSignal?: AbortSignal }) => Promise<object>;

const USUAL_MS: Readonly<Record<ServiceName, number>> = { queues: 8, table: 5, secret: 15 };

/** An error as the SDK throws it. */
export function awsError(name: string, message = name): Error {
  return Object.assign(new Error(message), { name, $fault: 'server', $metadata: {} });
}

const LATE_MS = [2000, 20_000] as const;

const aborted = (): Error => awsError('AbortError', 'Request aborted');

/** What the SDK tries again; a condition that was not met is an answer, and so is a request that was wrong. */
const RETRIED = new Set([
  'TimeoutError',
  'ECONNRESET',
  'ECONNREFUSED',
  'InternalServerError',
  'ServiceUnavailable',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestThrottled',
]);

const isRetried = (error: unknown): boolean => error instanceof Error && RETRIED.has(error.name);
/** Answers that are no failures of the service. */
const isAnswer = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';

/** What the caller of a request gets to see instead of its answer. */
function errorOf(fault: Fault, { throttling }: Service): Error | undefined {
  switch (fault) {
    case 'unreachable':
      return awsError('ECONNREFUSED');
    case 'answer lost':
      return awsError('ECONNRESET');
    case 'server error':
    case 'server error after the effect':
      return awsError('InternalServerError');
    case 'throttled':
      return awsError(throttling);
    default:
      return undefined;
  }
}

function outcomeBy(fault: Fault, service: Service): Outcome<object> {
  const error = errorOf(fault, service);
  return error === undefined ? { kind: 'never' } : { kind: 'error', error };
}

const HAS_EFFECT: ReadonlySet<Fault> = new Set([
  'none',
  'deaf',
  'late',
  'answer lost',
  'server error after the effect',
]);

interface Limits {
  readonly attempts: number;
  readonly requestTimeoutMs: number | undefined;
}

/** The SDK's own: how often it tries, and how long it waits for one answer. */
async function limitsOf({ config }: Client): Promise<Limits> {
  const handler = await config.requestHandler.configProvider;
  return { attempts: await config.maxAttempts(), requestTimeoutMs: handler?.requestTimeout };
}

/**
 * The `send` of an SDK client in a process: the request meets the faults of the moment, and the SDK's own retries try
 * again, as they do under the functions' feet.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function createSend(client: object, service: Service, process: Process, options: AwsOptions): Send {
  const { senses, chance, network, onFailure, onLate, onAnswer, nowMs, log } = options;
  let limits: Limits | undefined;

  /**
   * Aborts with the caller's signal, and when one answer takes too long. Not by `AbortSignal.any`, which knows its
   * sources only weakly: whether they are still heard is up to the garbage collector, and no seed would replay.
   */
  function startTimeout(signal: AbortSignal | undefined): {
    readonly signal: AbortSignal;
    readonly cancel: () => void;
  } {
    const controller = new AbortController();
    const abort = (): void => controller.abort();
    const ms = limits?.requestTimeoutMs;
    const alarm = ms === undefined ? undefined : senses.alarm(process, ms, abort);
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort);
    return {
      signal: controller.signal,
      cancel() {
        alarm?.cancel();
        signal?.removeEventListener('abort', abort);
      },
    };
  }

  /** What becomes of an answer on its way back. */
  function heard(outcome: Outcome<object>, fault: Fault): Outcome<object> {
    if (fault === 'none' || fault === 'late') return outcome;
    if (outcome.kind === 'value') outcome.onLost?.();
    return outcomeBy(fault, service);
  }

  async function attempt(operation: string, input: Input, signal: AbortSignal | undefined): Promise<object> {
    const fault = network.faultOf(service.name);
    const slowness = network.slownessOf(service.name);
    const oneWayMs = (): number => latency(chance, USUAL_MS[service.name] / 2) * slowness;
    const timeout = startTimeout(signal);
    const answered = senses.ask<object>(process, {
      thereMs: fault === 'late' ? chance.between(...LATE_MS) : oneWayMs(),
      signal: timeout.signal,
      abortError: () => (signal?.aborted === true ? aborted() : awsError('TimeoutError')),
      arrive(answer) {
        log(`${process.name} ${operation} ${fault}`);
        if (fault === 'late') onLate(process, { service: service.name, operation, input });
        if (!HAS_EFFECT.has(fault)) answer(outcomeBy(fault, service), oneWayMs());
        else service.execute({ operation, input }, process, (outcome) => answer(heard(outcome, fault), oneWayMs()));
      },
    });
    return answered.finally(timeout.cancel);
  }

  async function untilAnswered(operation: string, input: Input, signal: AbortSignal | undefined): Promise<object> {
    limits ??= await limitsOf(client as Client);
    for (let tries = 1; ; tries += 1) {
      try {
        return await attempt(operation, input, signal);
      } catch (error) {
        if (tries >= limits.attempts || !isRetried(error)) throw error;
        await senses.wait(process, chance.draw() * 100 * 2 ** tries);
      }
    }
  }

  return async (command, { abortSignal } = {}) => {
    const operation = command.constructor.name.replace(/Command$/, '');
    const { input } = command as { readonly input: Input };
    const sentMs = nowMs();
    const noteAnswer = (): void => onAnswer(process, service.name, nowMs() - sentMs);
    try {
      const answer = await untilAnswered(operation, input, abortSignal);
      noteAnswer();
      return answer;
    } catch (error) {
      if (isAnswer(error)) noteAnswer();
      else onFailure(process, { service: service.name, operation, input, error });
      throw error;
    }
  };
}
