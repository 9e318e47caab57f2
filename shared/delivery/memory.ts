import type { Impact } from '../call/operations.ts';
import {
  type Before,
  type MadeMention,
  type Notification,
  type NotifiedCall,
  namelessIn,
  namesGivenBy,
  type Phrase,
  type PhrasePart,
  sayingOf,
  withNames,
} from '../notification/notification.ts';

/**
 * The latest call on one thing that a channel was notified of, apart for what touches the signal: an output that is
 * renamed after a stop does not make the stop old news.
 */
export type LatestCalls = Readonly<Partial<Record<'signal' | 'other', NotifiedCall>>>;

/** The name of what has only an id, by the call that gave it. */
export interface GivenName {
  readonly name: string;
  readonly namedAtMs: number;
}

/**
 * What the ledger remembers under one key: of a thing in a channel the latest calls, of a cause in a channel its mention,
 * of an ARN its name, of a call what was said of it. Everything that is needed before a post is read in one request, keyed from the calls; and each part
 * is written unless a later one is there.
 */
export interface Memory extends LatestCalls {
  readonly mention?: MadeMention;
  readonly name?: GivenName;
  /** What was said of one call, as it is written. */
  readonly said?: string;
}

const laterCall = (one: NotifiedCall | undefined, other: NotifiedCall | undefined): NotifiedCall | undefined =>
  one === undefined || (other !== undefined && other.calledAtMs > one.calledAtMs) ? other : one;

function laterMention(one: MadeMention | undefined, other: MadeMention | undefined): MadeMention | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  if (one.madeAtMs !== other.madeAtMs) return one.madeAtMs > other.madeAtMs ? one : other;
  return one.heldBack >= other.heldBack ? one : other;
}

const laterName = (one: GivenName | undefined, other: GivenName | undefined): GivenName | undefined =>
  one === undefined || (other !== undefined && other.namedAtMs > one.namedAtMs) ? other : one;

/** The later of what two say, part by part; a part of which nothing is known is not there. */
export function laterOf(one: Memory = {}, other: Memory = {}): Memory {
  const signal = laterCall(one.signal, other.signal);
  const rest = laterCall(one.other, other.other);
  const mention = laterMention(one.mention, other.mention);
  const name = laterName(one.name, other.name);
  const said = other.said ?? one.said;
  return {
    ...(signal && { signal }),
    ...(rest && { other: rest }),
    ...(mention && { mention }),
    ...(name && { name }),
    ...(said !== undefined && { said }),
  };
}

/** What touches the signal. */
export const SIGNAL: ReadonlySet<Impact> = new Set(['off-air', 'unknown', 'signal-changed', 'put-on-air']);

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

/** Key in the ledger of the name of what has only an id. */
export const nameKey = (arn: string): string => `name#${arn}`;

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

/** An id is as long as the record has it. */
const saidKey = (eventId: string, channel: string): string => `said#${eventId.slice(0, KEY_LENGTH)}#${channel}`;

/** Key in the ledger of what was said of the event that a call corrects. */
export const correctedKey = ({ correction, route }: Notification): string | undefined =>
  correction?.originalEventId === undefined ? undefined : saidKey(correction.originalEventId, route.channel);

/** A correction of what touches the signal, or who receives it, is worth old and new, whether or not it worked. */
const isWorthOldAndNew = ({ call: { impact } }: Notification): boolean => SIGNAL.has(impact) || impact === 'access';

/** What a channel was told of each call, for the case that it is corrected. */
export const saidOf = (notifications: readonly Notification[]): ReadonlyMap<string, Memory> =>
  new Map(
    notifications.filter(isWorthOldAndNew).map((notification) => {
      const { who, effect, what, how, from, calledAtMs } = sayingOf(notification);
      const phrases = [who, effect, what, how, from].map((phrase) => writtenPhrase(phrase));
      const said = JSON.stringify([...phrases, calledAtMs]);
      return [saidKey(notification.eventId, notification.route.channel), { said }] as const;
    }),
  );

/** What was said of the event that a call corrects, if that is remembered. */
function beforeOf(notification: Notification, notified: ReadonlyMap<string, Memory>): Before | undefined {
  const key = correctedKey(notification);
  const said = key === undefined ? undefined : notified.get(key)?.said;
  if (said === undefined) return undefined;
  const [who, effect, what, how, from, calledAtMs]: readonly unknown[] = JSON.parse(said);
  return {
    who: readPhrase(who),
    effect: readPhrase(effect),
    what: readPhrase(what),
    how: readPhrase(how),
    from: readPhrase(from),
    calledAtMs: typeof calledAtMs === 'number' ? calledAtMs : undefined,
  };
}

/** Nobody minds a minute, and CloudTrail's own delay is seconds. */
const LATE_AFTER_MS = 2 * 60 * 1000;

/** A notification as it is reported at a moment: how late it comes, what came after it and was reported
 * already, the names of what the record has only ids of, and what was said before it was corrected. */
export function asNotifiedAt(
  notification: Notification,
  nowMs: number,
  notified: ReadonlyMap<string, Memory>,
): Notification {
  const { calledAtMs } = notification;
  const lateByMs = calledAtMs === undefined ? 0 : nowMs - calledAtMs;
  const named = withNames(notification, ({ arn }) => notified.get(nameKey(arn))?.name?.name);
  const { correction } = named;
  const before = correction && beforeOf(named, notified);
  return {
    ...named,
    ...(before && { correction: { ...correction, before } }),
    lateByMs: lateByMs > LATE_AFTER_MS ? lateByMs : undefined,
    newerCall: newerCall(notification, notified),
  };
}

/** So many days the ledger keeps what names people: a day's summary comes minutes after it, a correction within days. */
export const PEOPLE_KEPT_DAYS = 3;

/** A phrase as short as it can be read again: our own words as text, names in a list, with what else is known of them. */
export type WrittenPhrase = readonly (string | readonly string[])[];

export const writtenPhrase = (
  phrase: Phrase,
  written: (name: string) => readonly string[] = (name) => [name],
): WrittenPhrase => phrase.map(({ kind, text }) => (kind === 'name' ? written(text) : text));

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** The parts of what was written, of names with what stood beside them. What is no phrase has none. */
export const writtenParts = (value: unknown): readonly { readonly part: PhrasePart; readonly beside: unknown }[] =>
  (isList(value) ? value : []).map((part) =>
    isList(part)
      ? { part: { kind: 'name', text: String(part[0]) }, beside: part[1] }
      : { part: { kind: 'plain', text: String(part) }, beside: undefined },
  );

export const readPhrase = (value: unknown): Phrase => writtenParts(value).map(({ part }) => part);
