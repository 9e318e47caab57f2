import type { Impact } from '../call/operations.ts';
import type { Notification, NotifiedCall } from '../notification/notification.ts';

/**
 * The latest call on one thing that a channel was notified of, apart for what touches the signal: an output that is
 * renamed after a stop does not make the stop old news.
 */
export type LatestCalls = Readonly<Partial<Record<'signal' | 'other', NotifiedCall>>>;

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

/** The later of two calls on each side. */
export function laterOf(one: LatestCalls | undefined, other: LatestCalls | undefined): LatestCalls {
  const side = (name: keyof LatestCalls): LatestCalls => {
    const [a, b] = [one?.[name], other?.[name]];
    const later = a === undefined || (b !== undefined && b.calledAtMs > a.calledAtMs) ? b : a;
    return later === undefined ? {} : { [name]: later };
  };
  return { ...side('signal'), ...side('other') };
}

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

/** Nobody minds a minute, and CloudTrail's own delay is seconds. */
const LATE_AFTER_MS = 2 * 60 * 1000;

/** A notification as it is reported at a moment: how late it comes, and what came after it and was reported already. */
export function asNotifiedAt(
  notification: Notification,
  nowMs: number,
  notified: ReadonlyMap<string, LatestCalls>,
): Notification {
  const { calledAtMs } = notification;
  const lateByMs = calledAtMs === undefined ? 0 : nowMs - calledAtMs;
  return {
    ...notification,
    lateByMs: lateByMs > LATE_AFTER_MS ? lateByMs : undefined,
    newerCall: newerCall(notification, notified),
  };
}
