import type { ScheduleRule } from '../template/stack-model.ts';

/** Calls functions by the clock until it is stopped. */
export interface RunningSchedule {
  stop(): void;
}

export interface ScheduleOptions {
  readonly schedule: ScheduleRule;
  readonly nowMs: () => number;
  /** How much faster than on AWS. */
  readonly speed: number;
  readonly run: () => void;
}

/** The longest delay that a timer takes. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Runs a schedule of the template; disabled ones never run. */
export function startSchedule({ schedule, nowMs, speed, run }: ScheduleOptions): RunningSchedule {
  let timer: NodeJS.Timeout | undefined;

  function wait(untilMs: number): void {
    const delayMs = Math.max(0, untilMs - nowMs());
    timer = setTimeout(
      () => {
        if (nowMs() < untilMs) return wait(untilMs);
        run();
        arm();
      },
      Math.min(delayMs, MAX_DELAY_MS),
    );
    timer.unref();
  }

  function arm(): void {
    const now = nowMs();
    wait(now + (schedule.next(now) - now) / speed);
  }

  if (schedule.state !== 'DISABLED') arm();
  return { stop: () => clearTimeout(timer) };
}

/** The event with which EventBridge calls a schedule's target that has no input of its own. */
export const scheduledEvent = (
  ruleArn: string,
  place: { account: string; region: string },
  nowMs: number,
  id: string,
) => ({
  version: '0',
  id,
  'detail-type': 'Scheduled Event',
  source: 'aws.events',
  account: place.account,
  time: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
  region: place.region,
  resources: [ruleArn],
  detail: {},
});
