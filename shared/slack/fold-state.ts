import { type Impact, RESOURCE_KIND_WORDS, type ResourceKind } from '../call/operations.ts';
import {
  inOrderOfTime,
  type Notification,
  named,
  type Phrase,
  phrase,
  phraseText,
} from '../notification/notification.ts';
import { countText, numberText } from './mrkdwn.ts';
import { CARD_STYLES, countBy, STYLE_NAMES, type StyleName, styleNameOf } from './style.ts';

/** First and last time, if any of the calls has one. */
export function timeSpan(notifications: readonly Notification[]): { firstMs: number; lastMs: number } | undefined {
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { calledAtMs } of notifications) {
    if (calledAtMs === undefined) continue;
    firstMs = Math.min(firstMs, calledAtMs);
    lastMs = Math.max(lastMs, calledAtMs);
  }
  return firstMs > lastMs ? undefined : { firstMs, lastMs };
}

const HALF_A_DAY_MS = 43_200_000;

/** Whether the calls are so far apart that a time alone does not say on which day it was. */
export function spansDays(notifications: readonly Notification[]): boolean {
  const span = timeSpan(notifications);
  return span !== undefined && span.lastMs - span.firstMs >= HALF_A_DAY_MS;
}

export const worked = ({ call: { outcome, isDoubtful } }: Notification): boolean =>
  outcome === 'succeeded' && !isDoubtful;

const SIGNAL: ReadonlySet<Impact> = new Set(['off-air', 'unknown', 'signal-changed', 'put-on-air']);

/** Whether a call did something to the signal. */
export const touchesSignal = (one: Notification): boolean => worked(one) && SIGNAL.has(one.call.impact);

/** Whether a call did something to the signal, or to who receives it: what else was done to the same thing is told beside it. */
export const touchesSignalOrAccess = (one: Notification): boolean =>
  touchesSignal(one) || (worked(one) && one.call.impact === 'access');

/** What is started and stopped as a whole. */
const RUNNING: ReadonlySet<ResourceKind> = new Set(['flow', 'bridge', 'routerInput', 'routerOutput']);

const STATE_BY_VERB: readonly (readonly [verb: RegExp, state: string])[] = [
  [/^(?:Managed)?Start/, 'started'],
  [/^(?:Managed)?Stop/, 'stopped'],
  [/^Delete/, 'deleted'],
];
const BRIDGE_STATE = / set to (active|standby|deleted)$/;

function stateOfTake({ call, resources }: Notification): Phrase {
  const input = resources.find(({ kind }) => kind === 'routerInput');
  const name = input?.name ?? input?.arn?.split(':').at(-1);
  if (call.impact === 'off-air') return phrase('without input');
  return name === undefined ? phrase('on another input') : phrase('on input ', named(name));
}

/** The state that a call puts the whole flow, bridge or router input or output into; `undefined` if it says nothing of that. */
function stateSaidBy(one: Notification): Phrase | undefined {
  const { operation, resource } = one.call;
  if (!worked(one) || !RUNNING.has(resource)) return undefined;
  if (operation === 'TakeRouterInput') return stateOfTake(one);
  if (operation === 'UpdateBridgeState') {
    const state = BRIDGE_STATE.exec(phraseText(one.sentence))?.[1];
    return state === undefined ? undefined : phrase(state);
  }
  const state = STATE_BY_VERB.find(([verb]) => verb.test(operation))?.[1];
  return state === undefined ? undefined : phrase(state);
}

const ON: ReadonlySet<string> = new Set(['started', 'active']);

/** What MediaConnect itself said of a thing, and of which call it was said. */
interface SaidState {
  readonly words: Phrase;
  readonly atMs: number;
  readonly of: Notification;
}

function* statesIn(one: Notification): Generator<SaidState> {
  const { state, troubles } = one.outcome ?? { state: undefined, troubles: [] };
  for (const said of [state, ...troubles]) {
    if (said?.stands !== undefined) yield { words: said.stands, atMs: said.atMs, of: one };
  }
}

/** The last state that MediaConnect itself said of each thing in answer to these calls, in their order. */
function statesSaid(notifications: readonly Notification[]): ReadonlyMap<string, SaidState> {
  const last = new Map<string, SaidState>();
  for (const one of notifications) {
    for (const said of statesIn(one)) {
      if (said.atMs >= (last.get(one.subject.key)?.atMs ?? 0)) last.set(one.subject.key, said);
    }
  }
  return last;
}

/** How a thing stands by the last call that says so. */
interface CalledState {
  readonly words: Phrase;
  readonly by: Notification;
  /** Another call of the same second says something else. */
  readonly isUnclear: boolean;
}

function statesCalled(notifications: readonly Notification[]): ReadonlyMap<string, CalledState> {
  const last = new Map<string, CalledState>();
  for (const one of notifications) {
    const words = stateSaidBy(one);
    if (words === undefined || one.calledAtMs === undefined) continue;
    const known = last.get(one.subject.key);
    const isUnclear = known?.by.calledAtMs === one.calledAtMs && phraseText(known.words) !== phraseText(words);
    last.set(one.subject.key, { words: isUnclear ? phrase(known.words, ' or ', words) : words, by: one, isUnclear });
  }
  return last;
}

/** Whether MediaConnect said something since the last call, and of it: of an earlier one it says what is to change. */
function isSince({ atMs, of }: SaidState, { by, isUnclear }: CalledState): boolean {
  const calledAtMs = by.calledAtMs ?? 0;
  if (of === by) return isUnclear ? atMs > calledAtMs : atMs >= calledAtMs;
  return (of.calledAtMs ?? 0) > calledAtMs;
}

/** How a thing stands after some calls. */
export interface Stand {
  readonly words: Phrase;
  /** The call of which MediaConnect itself said it; `undefined`: the last call says so. */
  readonly saidOf?: Notification;
}

/**
 * How each thing stands after some calls, as far as they say: the last of them counts, or what MediaConnect itself said
 * since, which is marked as such. CloudTrail's times are whole seconds, so that of two that say different things in the
 * last second both are said. A call that came after a later one says nothing of how things stand now.
 */
export function statesAfter(notifications: readonly Notification[]): ReadonlyMap<string, Stand> {
  const inOrder = inOrderOfTime(notifications);
  const said = statesSaid(inOrder);
  const called = statesCalled(inOrder);
  const stands = new Map<string, Stand>();
  for (const [key, { words, by }] of called) if (by.newerCall === undefined) stands.set(key, { words });
  for (const [key, signal] of said) {
    const call = called.get(key);
    const isLast = signal.of.newerCall === undefined && (call === undefined || isSince(signal, call));
    if (isLast) stands.set(key, { words: phrase(signal.words, ' (says MediaConnect)'), saidOf: signal.of });
  }
  return stands;
}

/** A thing that can be off air by itself, and the words for it: "output «cdn-a» of flow «Show»", "flow «Show»". */
interface Part {
  readonly key: string;
  /** Equal for things of one kind and name in one flow, one after another. */
  readonly name: string;
  readonly words: Phrase;
}

/** Calls after which there is one thing more. Called like one that is gone, it is another one all the same. */
const ADDS = /^(?:Add|Grant|Create)/;

function partsOf({ subject, call, resources, resourceName, eventId }: Notification): readonly Part[] {
  const { key, label } = subject;
  if (RUNNING.has(call.resource) || resourceName === null) return [{ key, name: key, words: label }];
  const listed = resources.filter(({ kind, name }) => kind === call.resource && name !== null);
  const parts = listed.length === 0 ? [{ name: resourceName, arn: undefined }] : listed;
  const [one] = RESOURCE_KIND_WORDS[call.resource];
  return parts.map(({ name, arn }) => {
    const shown = name ?? resourceName;
    const byName = JSON.stringify([key, call.resource, shown]);
    return {
      key: arn ?? (ADDS.test(call.operation) ? `${byName}${eventId}` : byName),
      name: byName,
      words: phrase(`${one} `, named(shown), ' of ', label),
    };
  });
}

/** Whether a call puts something on air or takes it off; a change of what is on air, or is not, does neither. */
const switches = (one: Notification): boolean =>
  worked(one) &&
  (one.call.impact === 'off-air' || one.call.impact === 'put-on-air' || one.call.operation === 'TakeRouterInput');

/** What some calls took off air and none of them put back, and the call that did it last. */
export interface OffAir {
  readonly words: Phrase;
  readonly by: Notification;
}

/** What is off air after some calls; `isAllBack` where something was and none of it is any more. */
export interface Standing {
  readonly off: readonly OffAir[];
  readonly isAllBack: boolean;
}

interface Switched extends OffAir {
  readonly wasOff: boolean;
  readonly name: string;
}

/** Of two in the same second it is not known which was last. */
const isTied = (one: Notification, other: Notification): boolean =>
  one.calledAtMs === other.calledAtMs && one.call.impact !== other.call.impact;

function switched(known: Switched | undefined, one: Notification, { words, name }: Part): Switched {
  const isOff = one.call.impact === 'off-air';
  if (known !== undefined && isTied(known.by, one)) {
    const by = isOff ? one : known.by;
    return { words: phrase(words, ' perhaps'), by, wasOff: true, name };
  }
  return { words, by: one, wasOff: isOff || known?.wasOff === true, name };
}

/** What is off air, with a word on another thing of its name that is on air. */
function withNamesake(off: Switched, all: readonly Switched[]): OffAir {
  const isNamesake = ({ name, by }: Switched): boolean => name === off.name && by.call.impact === 'put-on-air';
  return all.some(isNamesake) ? { by: off.by, words: phrase(off.words, ' (another of that name was added)') } : off;
}

/** Whether MediaConnect says that something went wrong after a call: then nothing is back that the call put back. */
const isTroubled = ({ outcome }: Notification): boolean =>
  outcome !== undefined && (outcome.troubles.length > 0 || outcome.state?.isOtherwise === true);

export function standingAfter(notifications: readonly Notification[]): Standing {
  const last = new Map<string, Switched>();
  for (const one of inOrderOfTime(notifications)) {
    if (!switches(one)) continue;
    for (const part of partsOf(one)) last.set(part.key, switched(last.get(part.key), one, part));
  }
  const all = [...last.values()];
  const ends = all.filter(({ wasOff }) => wasOff);
  return {
    off: ends
      .filter(({ by }) => by.call.impact === 'off-air' && by.newerCall === undefined)
      .map((off) => withNamesake(off, all)),
    isAllBack:
      ends.length > 0 && ends.every(({ by }) => by.call.impact !== 'off-air') && !notifications.some(isTroubled),
  };
}

/** Calls that set up what is new and has not been started: none of them can be seen on air. */
export interface Fresh {
  readonly calls: ReadonlySet<Notification>;
  /** "8 new flows" */
  readonly words: string;
}

const SETS_UP: ReadonlySet<Impact> = new Set(['change', 'put-on-air', 'none']);

/** What was created in these calls, or just before them, and not started since. */
function createdIn(
  notifications: readonly Notification[],
  before: readonly Notification[],
): ReadonlyMap<string, Notification> {
  const all = [...before, ...notifications];
  const started = new Set(
    all.filter((one) => ON.has(phraseText(stateSaidBy(one) ?? []))).map(({ subject }) => subject.key),
  );
  return new Map(
    all
      .filter((one) => worked(one) && one.call.operation.startsWith('Create') && !started.has(one.subject.key))
      .map((one) => [one.subject.key, one]),
  );
}

export function freshCalls(notifications: readonly Notification[], before: readonly Notification[] = []): Fresh {
  const created = createdIn(notifications, before);
  const isFresh = (one: Notification): boolean => {
    const since = created.get(one.subject.key)?.calledAtMs;
    if (since === undefined || one.calledAtMs === undefined || one.calledAtMs < since) return false;
    return worked(one) && one.correction === undefined && SETS_UP.has(one.call.impact);
  };
  const calls = notifications.filter(isFresh);
  const subjects = new Set(calls.map(({ subject }) => subject.key));
  const kinds = [...subjects].map((key) => created.get(key)?.call.resource ?? 'unrecognized');
  const kind = new Set(kinds).size === 1 ? (kinds[0] ?? 'unrecognized') : 'unrecognized';
  const [one, many] = RESOURCE_KIND_WORDS[kind];
  return { calls: new Set(calls), words: countText(subjects.size, [`new ${one}`, `new ${many}`]) };
}

/** The look of a call among others: what sets up something new is a change like others. */
export const styleNameAmong = (one: Notification, fresh: Fresh): StyleName =>
  fresh.calls.has(one) ? 'change' : styleNameOf(one.call);

const FRESH_KEY = 'fresh';

/** Where there is nothing else, no change is another one. */
const ALL_WORDS: Partial<Readonly<Record<StyleName, string>>> = { change: 'changes' };

/** "1 off air, 38 to set up 8 new flows (not on air yet), 2 reads": every call counted once, what weighs most first; "all denied" of several alike. */
export function countsText(notifications: readonly Notification[], fresh: Fresh): string {
  const counts = new Map(countBy(notifications, (one) => (fresh.calls.has(one) ? FRESH_KEY : styleNameOf(one.call))));
  const areAlike = counts.size === 1 && notifications.length > 1;
  const words = (name: StyleName, count: number): string => {
    const { counted } = CARD_STYLES[name];
    return areAlike ? `all ${ALL_WORDS[name] ?? counted[1]}` : countText(count, counted);
  };
  const said = (isQuiet: boolean): readonly string[] =>
    STYLE_NAMES.flatMap((name) => {
      const count = counts.get(name);
      return count === undefined || (name === 'change' || name === 'none') !== isQuiet ? [] : [words(name, count)];
    });
  const count = counts.get(FRESH_KEY);
  const setUp =
    count === undefined ? [] : [`${areAlike ? 'all' : numberText(count)} to set up ${fresh.words} (not on air yet)`];
  return [...said(false), ...setUp, ...said(true)].join(', ');
}
