import { type Nameless, type Notification, namelessIn, type Phrase, renamed } from '../notification/notification.ts';
import { type Memory, nameKey, readPhrase, SIGNAL, type WrittenPhrase, writtenParts, writtenPhrase } from './memory.ts';
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

/** Who did what of one kind to which thing on one day, and how often. */
export interface NamedCount {
  readonly effect: string;
  /** The flow, bridge or router output; of what was refused nothing, since whoever is refused makes up what they like. */
  readonly on: Phrase;
  readonly by: Phrase;
  readonly count: number;
  /** Where only an id was known. */
  readonly nameless: readonly Nameless[];
}

const NAMED = 'named#';
/** The longest name in a counter's. */
const NAME_LENGTH = 80;

const shortened = (text: string): string => (text.length <= NAME_LENGTH ? text : `${text.slice(0, NAME_LENGTH)}…`);

/** A phrase, of what has only an id with its ARN. */
const written = (phrase: Phrase, nameless: readonly Nameless[] = []): WrittenPhrase =>
  writtenPhrase(phrase, (text) => {
    const arn = nameless.find(({ id }) => id === text)?.arn;
    return arn === undefined ? [shortened(text)] : [text, arn];
  });

const namelessAmong = (value: unknown): readonly Nameless[] =>
  writtenParts(value).flatMap(({ part, beside }) =>
    typeof beside === 'string' ? [{ id: part.text, arn: beside }] : [],
  );

const effectIn = (name: string): string => name.slice(NAMED.length, name.indexOf('#', NAMED.length));

/** What a counter's name says. */
function readNamed(name: string, count: number): NamedCount {
  const effect = effectIn(name);
  const [on, by]: readonly unknown[] = JSON.parse(name.slice(NAMED.length + effect.length + 1));
  return { effect, on: readPhrase(on), by: readPhrase(by), count, nameless: namelessAmong(on) };
}

/** Who did what to what on a day, the most frequent first. */
export const namedCounts = (counts: Readonly<Record<string, number>>): readonly NamedCount[] =>
  namesIn(counts)
    .map((name) => readNamed(name, counts[name] ?? 0))
    .toSorted((one, other) => other.count - one.count);

/** Keys in the ledger of the names of what a day knows by id only. */
export const nameKeysOf = (named: readonly NamedCount[]): readonly string[] =>
  named.flatMap(({ nameless }) => nameless.map(({ arn }) => nameKey(arn)));

/** The same with the names that are remembered, beside the ids. */
export const withKnownNames = (
  named: readonly NamedCount[],
  known: ReadonlyMap<string, Memory>,
): readonly NamedCount[] =>
  named.map((one) => {
    const names = one.nameless.flatMap(({ id, arn }) => {
      const name = known.get(nameKey(arn))?.name?.name;
      return name === undefined ? [] : [[id, name] as const];
    });
    return { ...one, on: renamed(one.on, new Map(names)) };
  });

/** The counter of what touched the signal: by whom, and of which flow. */
const nameOfDone = (notification: Notification): string =>
  `${NAMED}${notification.call.impact}#${JSON.stringify([
    written(notification.subject.label, namelessIn(notification)),
    written(notification.principal.said),
  ])}`;

/** The counter of what was refused: by whom. */
const nameOfDenied = ({ principal }: Notification): string =>
  `${NAMED}denied#${JSON.stringify([[], written(principal.said)])}`;

/** How many of each kind a day has room for: each makes every count of that day a little dearer. */
const ROOM: Readonly<Record<string, number>> = { 'off-air': 8 };
const ROOM_OTHERWISE = 4;

/** The counters that name somebody. */
export const namesIn = (counters: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(counters).filter((name) => name.startsWith(NAMED));

/** Leaves out those names, the least frequent first, that a day has no room for beside those that it has already. */
export function withinRoom(
  counts: Readonly<Record<string, number>>,
  there: readonly string[],
): Readonly<Record<string, number>> {
  const [known, taken] = [new Set(there), new Map<string, number>()];
  for (const name of there) taken.set(effectIn(name), (taken.get(effectIn(name)) ?? 0) + 1);
  const left = new Set<string>();
  const names = namesIn(counts).filter((name) => !known.has(name));
  for (const name of names.toSorted((one, other) => (counts[other] ?? 0) - (counts[one] ?? 0))) {
    const effect = effectIn(name);
    const before = taken.get(effect) ?? 0;
    if (before >= (ROOM[effect] ?? ROOM_OTHERWISE)) left.add(name);
    else taken.set(effect, before + 1);
  }
  return left.size === 0 ? counts : Object.fromEntries(Object.entries(counts).filter(([name]) => !left.has(name)));
}
