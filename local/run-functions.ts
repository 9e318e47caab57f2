import type { QueueStore } from './aws/sqs.ts';
import type { Clock } from './clock.ts';
import { startEventSourceMapping } from './lambda/event-source-mapping.ts';
import { createFunctionRuntime, type FunctionRuntime } from './lambda/function-runtime.ts';
import { type RunningSchedule, scheduledEvent, startSchedule } from './lambda/schedule.ts';
import type { Consumers } from './pipeline.ts';
import type { FunctionModel, ScheduleRule, StackModel } from './template/stack-model.ts';
import { UnsupportedTemplateError } from './template/template.ts';

export interface RunFunctionsOptions {
  readonly model: StackModel;
  readonly endpoint: string;
  readonly queues: QueueStore;
  readonly speed: number;
  readonly nowMs: () => number;
  /** The functions' own, and that of the windows for which calls are gathered. */
  readonly clock: Clock;
  readonly newId: () => string;
  readonly onLine: (line: string, accessKeyId: string) => void;
  readonly onProcessEnd: ((accessKeyId: string) => void) | undefined;
  readonly onNote: (note: string) => void;
  readonly onProgress: () => void;
}

/** The stack's functions at work: called by their queues and by the clock. */
export interface RunningFunctions {
  readonly consumers: Consumers;
  /** Whether an access key was given to a process of a function. */
  hasGiven(accessKeyId: string): boolean;
  /** The messages of a queue that a function has in hand; `all` where it takes them by itself, and is at it. */
  inHand(queueArn: string): ReadonlySet<string> | 'all';
  /** Runs now what a schedule of the template runs by the clock. */
  runSchedulesOf(isWanted: (model: FunctionModel) => boolean): Promise<void>;
  stop(): Promise<void>;
}

/** What a batch under way gets to finish when everything is to stop. */
const GRACE_MS = 3_000;

export function runFunctions(options: RunFunctionsOptions): RunningFunctions {
  const { model, endpoint, queues, speed, nowMs, clock, newId, onLine, onProcessEnd, onNote, onProgress } = options;
  const { region, account } = model;
  const runtimes = new Map<string, FunctionRuntime>(
    model.functions.map((each) => [
      each.arn,
      createFunctionRuntime({ model: each, region, endpoint, clock, newId, onLine, onEnd: onProcessEnd }),
    ]),
  );
  const runtimeOf = (arn: string): FunctionRuntime => {
    const runtime = runtimes.get(arn);
    if (runtime === undefined) throw new UnsupportedTemplateError(`${arn} is not a function of the template`);
    return runtime;
  };

  const mappings = model.mappings.map((mapping) => {
    const runtime = runtimeOf(mapping.functionArn);
    // Loading a function takes longer than reporting a call; do it before the first one comes.
    runtime.warm();
    return startEventSourceMapping({ mapping, region, queues, runtime, clock, onProgress });
  });

  const running = new Set<ScheduleRule>();

  async function runTargets(schedule: ScheduleRule): Promise<void> {
    running.add(schedule);
    await callTargets(schedule);
    running.delete(schedule);
  }

  async function callTargets({ arn, targets }: ScheduleRule): Promise<void> {
    for (const { functionArn, input } of targets) {
      const event = input ?? scheduledEvent(arn, { account, region }, nowMs(), newId());
      const result = await runtimeOf(functionArn).invoke(event);
      onProgress();
      if (result.kind === 'error')
        onNote(`${runtimeOf(functionArn).name}: ${result.errorType}: ${result.errorMessage}`);
      if (result.kind === 'timeout') onNote(`${runtimeOf(functionArn).name}: timed out`);
    }
  }

  const schedules: readonly RunningSchedule[] = model.schedules.map((schedule) =>
    startSchedule({ schedule, nowMs, speed, run: () => void runTargets(schedule) }),
  );
  const consumers = (): readonly FunctionRuntime[] => model.mappings.map(({ functionArn }) => runtimeOf(functionArn));
  const modelOf = (arn: string): FunctionModel | undefined => model.functions.find((each) => each.arn === arn);

  return {
    hasGiven: (accessKeyId) => [...runtimes.values()].some((runtime) => runtime.hasGiven(accessKeyId)),
    consumers: {
      pids: () => [...runtimes.values()].flatMap((runtime) => runtime.pids()),
      kill: (accessKeyId) => {
        const victims = accessKeyId === undefined ? consumers() : [...runtimes.values()];
        for (const runtime of victims) {
          const pid = runtime.killOne(accessKeyId);
          if (pid !== undefined) return pid;
        }
        return undefined;
      },
    },
    inHand(queueArn) {
      const mapping = mappings.find((each) => each.queueArn === queueArn);
      if (mapping !== undefined) return mapping.inHand();
      return running.size > 0 ? 'all' : new Set();
    },
    async runSchedulesOf(isWanted) {
      const wanted = model.schedules.filter(({ targets }) =>
        targets.some(({ functionArn }) => {
          const target = modelOf(functionArn);
          return target !== undefined && isWanted(target);
        }),
      );
      await Promise.all(wanted.map(runTargets));
    },
    async stop() {
      for (const schedule of schedules) schedule.stop();
      const killAll = (): void => {
        for (const runtime of runtimes.values()) runtime.stop();
      };
      const grace = setTimeout(killAll, GRACE_MS);
      await Promise.all(mappings.map((mapping) => mapping.stop()));
      clearTimeout(grace);
      killAll();
    },
  };
}
