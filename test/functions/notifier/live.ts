import { createHandler } from '../../../functions/notifier/notify-batch.ts';
import type { DisplaySettings } from '../../../shared/notification/notification.ts';
import { virtualTime } from '../virtual-time.ts';
import { aBody, aContext, aWorld, eventIdOf, type Post, START_MS, type World } from '../world.ts';

/** A call that reaches the queue so long after the start. */
export interface Arrival {
  readonly afterMs: number;
  readonly channel?: string;
  /** What CloudTrail says of it, beside what every call has. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** How long before it arrives it was made, in whole seconds. @default 0 */
  readonly madeBeforeMs?: number;
  /** One of MediaConnect's own events in place of a call. */
  readonly event?: Readonly<Record<string, unknown>>;
}

export interface Circumstances {
  readonly channels?: readonly string[];
  readonly arrivals: readonly Arrival[];
  /** @default nobody is called */
  readonly channelSettings?: DisplaySettings['channels'];
  /** The admin's names, by id or ARN. @default none */
  readonly names?: DisplaySettings['names'];
  /** @default nothing is said of MediaConnect's own events */
  readonly signals?: DisplaySettings['signals'];
  /** Sets Slack, the ledger and the secret up. */
  readonly prepare?: (world: World) => void;
  /** How many invocations run beside one another, each in a process of its own. */
  readonly processes?: number;
  /**
   * How long records gather, up to 500, before an invocation is given them.
   * @default 0: up to ten, at once
   */
  readonly windowMs?: number;
  /**
   * When nobody begins anything any more.
   * @default when every record has left the queue
   */
  readonly stopAfterMs?: number;
}

/** A call that was reported: when it came, and when Slack had it. */
export interface NotifiedCall {
  readonly number: number;
  readonly channel: string;
  readonly afterMs: number;
  readonly delayMs: number;
}

export interface Lived {
  readonly world: World;
  readonly posts: readonly Post[];
  readonly notified: readonly NotifiedCall[];
  readonly endedMs: number;
  readonly invocations: number;
}

/** What it takes Lambda to hand records to a function that has nothing else to do. */
const HANDED_AFTER_MS = 16;

/** Lets calls arrive while notifiers run as Lambda runs them, until every record has left the queue. */
export async function live(circumstances: Circumstances): Promise<Lived> {
  const { arrivals, prepare, processes = 4, windowMs = 0, channels = ['default', 'ops'] } = circumstances;
  const { stopAfterMs = Number.POSITIVE_INFINITY } = circumstances;
  const time = virtualTime(START_MS);
  const world = aWorld({ channels, time });
  const { sqs, telemetry } = world;
  const notifying = {
    ...world.notifying,
    settings: {
      ...world.notifying.settings,
      channels: circumstances.channelSettings ?? {},
      names: circumstances.names,
      signals: circumstances.signals,
    },
  };
  prepare?.(world);
  const notified: NotifiedCall[] = [];
  const { decision } = telemetry;
  telemetry.decision = (one) => {
    decision(one);
    if (one.result !== 'posted' && one.result !== 'folded') return;
    const number = Number(one.eventId.slice(-12));
    const afterMs = arrivals[number]?.afterMs ?? 0;
    notified.push({ number, channel: one.channel, afterMs, delayMs: time.now() - START_MS - afterMs });
  };

  let changed = Promise.withResolvers<void>();
  const change = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  sqs.state.onChange = change;
  const stopMs = START_MS + stopAfterMs;
  let hasArrived = false;
  let invocations = 0;

  const goesOn = (): boolean => (!hasArrived || sqs.size() > 0) && time.now() < stopMs;

  async function somethingToTake(): Promise<void> {
    const inMs = sqs.nextVisibleAtMs() - time.now();
    if (inMs > 0) await Promise.race([changed.promise, ...(Number.isFinite(inMs) ? [time.wait(inMs)] : [])]);
    await time.wait(Math.max(HANDED_AFTER_MS, windowMs));
  }

  async function runProcess(): Promise<void> {
    const handle = createHandler(notifying);
    while (goesOn()) {
      const records = sqs.takeBatch(windowMs === 0 ? 10 : 500);
      if (records.length === 0) {
        await somethingToTake();
        continue;
      }
      invocations += 1;
      const { batchItemFailures } = await handle({ Records: [...records] }, aContext(world));
      sqs.acknowledge(records, batchItemFailures);
      change();
    }
  }

  async function arrive(): Promise<void> {
    for (const [number, { afterMs, channel = 'default', detail = {}, madeBeforeMs = 0, event }] of arrivals.entries()) {
      const inMs = START_MS + afterMs - time.now();
      if (inMs > 0) await time.wait(inMs);
      const body = aBody(number, { channel, calledAtMs: time.now() - madeBeforeMs, detail });
      sqs.send(event === undefined ? body : JSON.stringify({ rule: '_signal', channel, event }));
    }
    hasArrived = true;
    change();
  }

  await time.run(Promise.all([arrive(), ...Array.from({ length: processes }, runProcess)]));
  return { world, posts: world.posts, notified, endedMs: time.now() - START_MS, invocations };
}

/** So many calls, one after another. */
export const steadily = (
  calls: number,
  { fromMs = 0, untilMs, channel = 'default' }: { fromMs?: number; untilMs: number; channel?: string },
): readonly Arrival[] =>
  Array.from({ length: calls }, (_, index) => ({ afterMs: fromMs + (index * (untilMs - fromMs)) / calls, channel }));

/** Several flows of calls at the same time. */
export const together = (...flows: readonly (readonly Arrival[])[]): readonly Arrival[] =>
  flows.flat().toSorted((one, other) => one.afterMs - other.afterMs);

/** The value that so many percent do not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

/** Calls that were reported not at all, or more than once. */
export const notNotifiedOnce = ({ notified }: Lived, calls: number): readonly string[] => {
  const counts = Map.groupBy(notified, ({ number }) => number);
  return Array.from({ length: calls }, (_, number) => number)
    .filter((number) => counts.get(number)?.length !== 1)
    .map(eventIdOf);
};
