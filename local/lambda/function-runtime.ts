import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { FunctionModel } from '../template/stack-model.ts';
import {
  type ExecutionEnvironment,
  type InvocationResult,
  startExecutionEnvironment,
} from './execution-environment.ts';

/** A function that can be called, in as many processes as calls are under way. */
export interface FunctionRuntime {
  readonly name: string;
  /** Whether an access key was given to one of its processes, dead or alive. */
  hasGiven(accessKeyId: string): boolean;
  invoke(event: unknown): Promise<InvocationResult>;
  /** Starts a process before it is needed. */
  warm(): void;
  /** Ids of the living processes, those under an invocation first. */
  pids(): readonly number[];
  /**
   * Ends a process at once, as a crash does: that of an access key, else one at work if there is one. Gives its id, or
   * `undefined` if there is none.
   */
  killOne(accessKeyId?: string): number | undefined;
  stop(): void;
}

export interface FunctionRuntimeOptions {
  readonly model: FunctionModel;
  readonly region: string;
  readonly endpoint: string;
  readonly clock: Clock;
  readonly newId: () => string;
  /** A line that a process wrote, and which access key that process has. */
  readonly onLine: (line: string, accessKeyId: string) => void;
  /**
   * A process has ended.
   * @default nobody hears it
   */
  readonly onEnd?: ((accessKeyId: string) => void) | undefined;
}

/** What Lambda and this machine add to the template's environment. */
const machineEnvironment = (
  { name, memoryMegabytes, handler }: FunctionModel,
  { region, endpoint }: Pick<FunctionRuntimeOptions, 'region' | 'endpoint'>,
  accessKeyId: string,
): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  // Tells the processes apart at the gateway.
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SESSION_TOKEN: 'local',
  // A profile of the person at this machine must not reach the functions.
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  _HANDLER: handler,
  TZ: ':UTC',
  // There is no X-Ray daemon here.
  POWERTOOLS_TRACE_ENABLED: 'false',
});

const moduleOf = ({ codeDir, handler }: FunctionModel): { modulePath: string; exportName: string } => {
  const dot = handler.lastIndexOf('.');
  return { modulePath: join(codeDir, `${handler.slice(0, dot)}.mjs`), exportName: handler.slice(dot + 1) };
};

/** Runs a function of the template as Lambda would. */
export function createFunctionRuntime(options: FunctionRuntimeOptions): FunctionRuntime {
  const { model, clock, newId, onLine, onEnd } = options;
  const accessKeys = new WeakMap<ExecutionEnvironment, string>();
  const keysGiven = new Set<string>();
  const idle: ExecutionEnvironment[] = [];
  const busy = new Set<ExecutionEnvironment>();
  let started = 0;
  let isStopped = false;

  function start(): ExecutionEnvironment {
    started += 1;
    // Whoever knows it posts as this process, so nobody can guess it.
    const accessKeyId = `LOCAL${model.logicalId}${started}-${newId()}`;
    keysGiven.add(accessKeyId);
    const environment = startExecutionEnvironment({
      ...moduleOf(model),
      functionArn: model.arn,
      timeoutMs: model.timeoutMs,
      memoryMegabytes: model.memoryMegabytes,
      environment: { ...model.environment, ...machineEnvironment(model, options, accessKeyId) },
      onLine: (line) => onLine(line, accessKeyId),
      onEnd: () => onEnd?.(accessKeyId),
      clock,
      newId,
    });
    accessKeys.set(environment, accessKeyId);
    return environment;
  }

  function take(): ExecutionEnvironment {
    for (let next = idle.pop(); next !== undefined; next = idle.pop()) if (next.isAlive) return next;
    return start();
  }

  const all = (): readonly ExecutionEnvironment[] => [...busy, ...idle].filter(({ isAlive }) => isAlive);

  return {
    name: model.name,
    hasGiven: (accessKeyId) => keysGiven.has(accessKeyId),
    async invoke(event) {
      if (isStopped) return { kind: 'crashed' };
      const environment = take();
      busy.add(environment);
      const result = await environment.invoke(event);
      busy.delete(environment);
      if (environment.isAlive && !isStopped) idle.push(environment);
      return result;
    },
    warm() {
      if (idle.length === 0 && busy.size === 0) idle.push(start());
    },
    pids: () => all().flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    killOne(accessKeyId) {
      const victim = all().find((each) => accessKeyId === undefined || accessKeys.get(each) === accessKeyId);
      victim?.kill();
      return victim?.pid;
    },
    stop() {
      isStopped = true;
      for (const environment of all()) environment.kill();
    },
  };
}
