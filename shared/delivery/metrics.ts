import type { Notification } from '../notification/notification.ts';
import { SIGNAL } from './memory.ts';
import { nameOfDenied, nameOfDone } from './named-calls.ts';
import type { DeliveredCall, DeliveryMode, DeliveryResult } from './settle.ts';

/** The dimension `service` of every metric, and the name in traces and logs. One for all: they are one service. */
export const SERVICE = 'mediaconnect-notifier';

export const METRICS_NAMESPACE = 'MediaConnectNotifier';

/**
 * The metrics that the functions write, by name, with their unit. Dashboard and alarms are built on these.
 *
 * The four of waiting are written by every invocation of the notifier or the digest, and are 0 when nothing waits: SQS
 * leaves out of its own ages what was received three times, and counts anew what was sent again.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export const METRICS = {
  Notified: 'Count',
  Folded: 'Count',
  Digested: 'Count',
  DeadLettered: 'Count',
  RepeatsSuppressed: 'Count',
  SlackAccepted: 'Count',
  SlackTransient: 'Count',
  SlackPermanent: 'Count',
  SlackMisconfigured: 'Count',
  UnrecognizedOperations: 'Count',
  /** MediaConnect's own events of which there was nothing to say. */
  SignalsDropped: 'Count',
  /** What was said in messages of their own: what came of calls, and what nobody called for. */
  SignalsNotified: 'Count',
  LedgerUnavailable: 'Count',
  CallToPostedMs: 'Milliseconds',
  BusToPostedMs: 'Milliseconds',
  /** Records that a notifier left waiting, whatever the reason. */
  WaitingRecords: 'Count',
  /** Since EventBridge took the oldest of them in. */
  WaitingAgeMs: 'Milliseconds',
  /** Records that a digest left waiting. */
  DigestWaitingRecords: 'Count',
  /** Since the digest of the oldest of them was due. */
  DigestWaitingAgeMs: 'Milliseconds',
} as const;

export type MetricName = keyof typeof METRICS;

/** What happened on one channel on one day (UTC), flat as the ledger holds it: `notified`, `effect#off-air`, … */
export interface DayCounters {
  readonly counts: Readonly<Record<string, number>>;
  /** From the call to Slack's ok. */
  readonly slowestDeliveryMs: number | undefined;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Key of a channel's day in the ledger. */
export const dayKey = (ms: number, channel: string): string =>
  `day#${new Date(ms).toISOString().slice(0, 'YYYY-MM-DD'.length)}#${channel}`;

/** The last whole day (UTC) before a moment. */
export function dayBefore(ms: number): { readonly fromMs: number; readonly toMs: number } {
  const toMs = ms - (ms % DAY_MS);
  return { fromMs: toMs - DAY_MS, toMs };
}

/** What a call did, for the counters: a correction does nothing a second time. */
function effectsOf(notification: Notification): readonly string[] {
  const { call, correction } = notification;
  const { outcome, impact, isDoubtful } = call;
  if (correction !== undefined) return [];
  if (outcome === 'denied') return [nameOfDenied(notification)];
  if (outcome !== 'succeeded' || isDoubtful) return [];
  return SIGNAL.has(impact) ? [`effect#${impact}`, nameOfDone(notification)] : [`effect#${impact}`];
}

const COUNTED_AS = { posted: 'notified', folded: 'folded', 'dead-lettered': 'deadLettered' } as const;

type Counted = Extract<DeliveryResult, { kind: keyof typeof COUNTED_AS }>;

const isCounted = (deliveryResult: DeliveryResult): deliveryResult is Counted =>
  Object.hasOwn(COUNTED_AS, deliveryResult.kind);

/** Counter names that one ended call adds one to; none for calls that are not at their end. */
function countersOf({ notification, deliveryResult }: DeliveredCall, delivery: DeliveryMode): readonly string[] {
  if (!isCounted(deliveryResult)) return [];
  const counted =
    deliveryResult.kind !== 'dead-lettered' && delivery === 'digest' ? 'digested' : COUNTED_AS[deliveryResult.kind];
  if (notification === undefined) return [counted];
  const { resource, outcome, isDoubtful } = notification.call;
  return [counted, `resource#${resource}`, `outcome#${isDoubtful ? 'failed' : outcome}`, ...effectsOf(notification)];
}

function slowest(delivered: readonly DeliveredCall[], nowMs: number): number | undefined {
  const delays = delivered.flatMap(({ notification, deliveryResult }) =>
    (deliveryResult.kind === 'posted' || deliveryResult.kind === 'folded') && notification?.calledAtMs !== undefined
      ? [nowMs - notification.calledAtMs]
      : [],
  );
  return delays.length === 0 ? undefined : delays.reduce((a, b) => Math.max(a, b));
}

/** Counts what one batch did on one channel; `undefined` when there is nothing to count. */
export function tally(
  delivered: readonly DeliveredCall[],
  nowMs: number,
  delivery: DeliveryMode = 'immediate',
): DayCounters | undefined {
  const counts: Record<string, number> = {};
  for (const name of delivered.flatMap((call) => countersOf(call, delivery))) counts[name] = (counts[name] ?? 0) + 1;
  if (Object.keys(counts).length === 0) return undefined;
  return { counts, slowestDeliveryMs: delivery === 'digest' ? undefined : slowest(delivered, nowMs) };
}

const greater = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

/** What two parts of a day come to together. */
export function together(one: DayCounters | undefined, other: DayCounters): DayCounters {
  if (one === undefined) return other;
  const counts: Record<string, number> = { ...one.counts };
  for (const [name, count] of Object.entries(other.counts)) counts[name] = (counts[name] ?? 0) + count;
  return { counts, slowestDeliveryMs: greater(one.slowestDeliveryMs, other.slowestDeliveryMs) };
}
