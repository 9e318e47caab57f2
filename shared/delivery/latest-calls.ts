import type { Impact } from '../call/operations.ts';
import { namelessIn, namesGivenBy, withNames } from '../notification/names.ts';
import type { Notification, NotifiedCall } from '../notification/notification.ts';
import { type LatestCalls, laterOf, type Memory } from './memory.ts';

const SIGNAL: ReadonlySet<Impact> = new Set(['off-air', 'unknown', 'signal-changed', 'put-on-air']);

const sideOf = ({ call }: Notification): keyof LatestCalls => (SIGNAL.has(call.impact) ? 'signal' : 'other');

/** Only what succeeded and changed something says how things stand now. */
const saysHowItStands = ({ call, calledAtMs }: Notification): boolean =>
  call.access === 'mutating' && call.outcome === 'succeeded' && calledAtMs !== undefined;

/** DynamoDB's keys have 2,048 bytes at most. */
const KEY_LENGTH = 400;

/** Key in the ledger of a channel and the thing that a call acts on; `undefined` where the order of calls says nothing. */
export const calledKey = (notification: Notification): string | undefined =>
  saysHowItStands(notification)
    ? `last#${notification.route.channel}#${notification.subject.key.slice(0, KEY_LENGTH)}`
    : undefined;

/** What is known after the channel was notified of these calls. */
export function latestCalls(notifications: readonly Notification[]): ReadonlyMap<string, LatestCalls> {
  const known = new Map<string, LatestCalls>();
  for (const notification of notifications) {
    const key = calledKey(notification);
    const { calledAtMs, call } = notification;
    if (key === undefined || calledAtMs === undefined) continue;
    const notified = { [sideOf(notification)]: { calledAtMs, operation: call.operation } };
    known.set(key, laterOf(known.get(key), notified));
  }
  return known;
}

/** The call that came after this one and was reported before it; `undefined` if this is the latest. */
export function newerCall(
  notification: Notification,
  notified: ReadonlyMap<string, LatestCalls>,
): NotifiedCall | undefined {
  const key = calledKey(notification);
  const latest = key === undefined ? undefined : notified.get(key)?.[sideOf(notification)];
  const { calledAtMs } = notification;
  if (latest === undefined || calledAtMs === undefined || latest.calledAtMs <= calledAtMs) return undefined;
  return latest;
}

const nameKey = (arn: string): string => `name#${arn}`;

/** Keys in the ledger of the names of what a call has only ids of. */
export const nameKeys = (notification: Notification): readonly string[] =>
  namelessIn(notification).map(({ arn }) => nameKey(arn));

/** The names that calls gave to what has only ids. */
export function namesGiven(notifications: readonly Notification[]): ReadonlyMap<string, Memory> {
  const given = new Map<string, Memory>();
  for (const notification of notifications) {
    for (const { arn, name } of namesGivenBy(notification)) {
      const memory: Memory = { name: { name, namedAtMs: notification.calledAtMs ?? 0 } };
      given.set(nameKey(arn), laterOf(given.get(nameKey(arn)), memory));
    }
  }
  return given;
}

/** Nobody minds a minute, and CloudTrail's own delay is seconds. */
const LATE_AFTER_MS = 2 * 60 * 1000;

/** A notification as it is reported at a moment: how late it comes, what came after it and was reported
 * already, and the names of what the record has only ids of. */
export function asNotifiedAt(
  notification: Notification,
  nowMs: number,
  notified: ReadonlyMap<string, Memory>,
): Notification {
  const { calledAtMs } = notification;
  const lateByMs = calledAtMs === undefined ? 0 : nowMs - calledAtMs;
  const named = withNames(notification, ({ arn }) => notified.get(nameKey(arn))?.name?.name);
  return {
    ...named,
    lateByMs: lateByMs > LATE_AFTER_MS ? lateByMs : undefined,
    newerCall: newerCall(notification, notified),
  };
}
