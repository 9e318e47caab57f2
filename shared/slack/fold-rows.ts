import type { Impact } from '../call/operations.ts';
import {
  inOrderOfTime,
  type Notification,
  type Phrase,
  type PhrasePart,
  type Principal,
  plain,
} from '../notification/notification.ts';
import { codeOrPlain, codeSpan, elideMiddle } from './escape-text.ts';
import { clauseOf, joinWithin, linkTarget, localText, mrkdwnPhrase, TIME, utcTime } from './mrkdwn.ts';
import { CALLS, countText, NOBODY, newerText, olderCount, principalText, styleNameOf, styleOfCall } from './style.ts';

/** The calls that one principal made on one root resource, in the order in which they were made. */
export interface CallGroup {
  readonly subject: Notification['subject'];
  readonly principal: Principal;
  readonly notifications: readonly Notification[];
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

type OpenGroup = CallGroup & { readonly notifications: Notification[] };

/**
 * Groups calls as an operator thinks of them: by root resource and principal. The groups of one resource stand
 * together, and resources come in the order of their first call.
 */
export function groupNotifications(notifications: readonly Notification[]): readonly (readonly CallGroup[])[] {
  const subjects = new Map<string, Map<string, OpenGroup>>();
  for (const notification of inOrderOfTime(notifications)) {
    const { subject, principal } = notification;
    const groups = entry(subjects, subject.key, () => new Map<string, OpenGroup>());
    entry(groups, principal.key, () => ({ subject, principal, notifications: [] })).notifications.push(notification);
  }
  return Array.from(subjects.values(), (groups) => [...groups.values()]);
}

/**
 * How much a row of a fold says. `roomy`: local times that link to CloudTrail's event, and sentences; `tight`: UTC times
 * and sentences; `compact`: operation and names only.
 */
export interface Density {
  readonly kind: 'roomy' | 'tight' | 'compact';
  /** The longest name of a resource, or of a principal in a heading, its code span included. */
  readonly nameLength: number;
  /** The same for principals in rows, who are shortened first: what was called is listed by name. */
  readonly whoLength: number;
  /**
   * Counts calls of one operation together although they say different things, and says so: the last resort.
   * @default false
   */
  readonly counting?: boolean;
}

/** How rows are written. */
interface Style extends Density {
  /** The kinds of call whose operation alone does not say what happened: others in the fold say something else. */
  readonly ambiguous: ReadonlySet<string>;
}

/** One line of a fold and the calls that it counts. Rows of one heading stand together under it. */
export interface FoldRow {
  readonly heading: string;
  readonly text: string;
  readonly notifications: readonly Notification[];
}

/** Single calls name their principal themselves; where groups share a section, a heading keeps them apart. */
const aloneHeading = ({ kind }: Density): string => (kind === 'roomy' ? '' : '▸ One call each');
const SENTENCE_LENGTH = 500;
/** Of a sentence that has to fit between compact rows: two names, and the words around them as far as they go. */
const compactLength = ({ nameLength }: Density): number => 36 + 2 * nameLength;
const COUNTED_LENGTH = 400;

const SIGNAL: ReadonlySet<Impact> = new Set(['off-air', 'unknown', 'signal-changed', 'put-on-air']);

/** Calls that may never be counted only: they touch the signal, or somebody tried what he may not. */
const needsOwnLine = ({ call }: Notification): boolean => SIGNAL.has(call.impact) || call.outcome === 'denied';

const nameText = (name: string, maxLength: number): string => codeSpan(elideMiddle(name, maxLength), maxLength);

const loudly = ({ principal }: CallGroup, maxLength: number): string =>
  `${principal.sensitive ? '🚨 ' : ''}${principalText(principal, maxLength)}`;

/** Who called, within a row: where there is least room by name alone, since the heading or the headline says more. */
const inRow = (group: CallGroup, { kind, whoLength }: Density): string => {
  const { sensitive, name } = group.principal;
  if (kind !== 'compact') return loudly(group, whoLength);
  return `${sensitive ? '🚨 ' : ''}${name === null ? NOBODY : nameText(name, whoLength)}`;
};

function timeOf({ calledAtMs, links }: Notification, { kind }: Density): string {
  if (kind === 'compact') return '';
  if (calledAtMs === undefined) return 'time ? ';
  return `${kind === 'roomy' ? localText(calledAtMs, TIME, linkTarget(links.event)) : utcTime(calledAtMs)} `;
}

/** Operation and name; with the flow where no heading says it. */
function briefly({ call, resourceName, flowName }: Notification, density: Density, headed: boolean): string {
  const flow = headed || flowName === resourceName ? null : flowName;
  const names = [resourceName, flow].filter((name) => name !== null);
  return [
    codeOrPlain(call.operation, density.nameLength),
    ...names.map((name) => nameText(name, density.nameLength)),
  ].join(' ');
}

/** What is counted together, as far as it says the same. */
const kindOf = ({ call }: Notification): string => `${styleNameOf(call)} ${call.operation}`;

/** What an operation says by itself, unless others of its calls say something else. */
const saidByName = ({ call }: Notification): string => `${call.outcome} ${call.operation}`;

const isOwnName = ({ kind, text }: PhrasePart, { resourceName, flowName, resources }: Notification): boolean =>
  kind === 'name' &&
  (text === resourceName ||
    text === flowName ||
    resources.some(({ name, arn }) => name === text || arn?.endsWith(`:${text}`) === true));

/** What a sentence says besides the names of what was called: to whom, to which state, why not. */
const gistOf = (notification: Notification): string =>
  clauseOf(notification)
    .map((part) => (isOwnName(part, notification) ? '' : `${part.kind} ${part.text}`))
    .join('\n');

/** The kinds of call of which some say something else than others. */
export function ambiguousKinds(notifications: readonly Notification[]): ReadonlySet<string> {
  const gists = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const notification of notifications) {
    const [kind, gist] = [saidByName(notification), gistOf(notification)];
    if ((gists.get(kind) ?? gist) !== gist) ambiguous.add(kind);
    gists.set(kind, gist);
  }
  return ambiguous;
}

function sentenceText(sentence: Phrase, style: Style): string {
  if (style.kind !== 'compact') return mrkdwnPhrase(sentence, SENTENCE_LENGTH);
  const shortened = sentence.map((part) =>
    part.kind === 'name' ? { ...part, text: elideMiddle(part.text, style.nameLength) } : part,
  );
  return mrkdwnPhrase(shortened, compactLength(style));
}

/** The row of a single call; `who` is empty under a heading that says it. */
function callRow(notification: Notification, style: Style, heading: string, who: string): FoldRow {
  const { call, correction, by } = notification;
  const isBrief =
    style.kind === 'compact' && (style.counting === true || !style.ambiguous.has(saidByName(notification)));
  const what = isBrief
    ? briefly(notification, style, heading !== aloneHeading(style))
    : sentenceText(clauseOf(notification), style);
  const sign = `${correction === undefined ? '' : '✏️'}${styleOfCall(call).emoji}`;
  const newer = newerText(notification, style.kind === 'roomy' ? 'local' : 'utc');
  const text = `${sign} ${timeOf(notification, style)}${what}${who === '' ? '' : `${by}${who}`}${newer}`;
  return { heading, text, notifications: [notification] };
}

/** Several calls; there is a first one. */
type Calls = readonly [Notification, ...Notification[]];

/** What all of them say; a name that is not the same in all is left open. */
function commonSentence([first, ...others]: Calls): Phrase {
  const clauses = others.map(clauseOf);
  return clauseOf(first).map((part, index) =>
    clauses.every((clause) => clause[index]?.text === part.text) ? part : plain('…'),
  );
}

/** Their names as far as there is room. */
function namesText(calls: Calls, { nameLength }: Style): string {
  const names = [...new Set(calls.flatMap(({ resourceName }) => resourceName ?? []))];
  const listed = joinWithin(names, (name) => nameText(name, nameLength), ', ', COUNTED_LENGTH);
  return listed === '' ? '' : `: ${listed}`;
}

/** What calls of one kind and gist did, where the operation does not say it, and when they did it last. */
function spelled(calls: Calls, style: Style): string {
  const [first, ...others] = calls;
  const names = others.some(({ resourceName }) => resourceName !== first.resourceName) ? namesText(calls, style) : '';
  const last = timeOf(calls.at(-1) ?? first, style).trimEnd();
  return `${sentenceText(commonSentence(calls), style)}${names}${last === '' ? '' : `, last ${last}`}`;
}

function counted(calls: Calls, style: Style): string {
  const [first] = calls;
  const isAmbiguous = style.ambiguous.has(saidByName(first));
  if (isAmbiguous && style.counting !== true) return spelled(calls, style);
  const outcome = first.call.outcome === 'succeeded' ? '' : ` ${first.call.outcome}`;
  const operation = codeOrPlain(first.call.operation, style.nameLength);
  return `${operation}${outcome}${isAmbiguous ? ', not all alike' : ''}${namesText(calls, style)}`;
}

/** One row for calls that are counted together. */
function countedRow(calls: Calls, style: Style, heading: string, who: string): FoldRow {
  const [first, ...others] = calls;
  if (others.length === 0) return callRow(first, style, heading, who);
  const text = [styleOfCall(first.call).emoji, who, `${calls.length} × ${counted(calls, style)}${olderCount(calls)}`];
  return { heading, text: text.filter((part) => part !== '').join(' '), notifications: calls };
}

/**
 * Which calls of one kind are counted together: those that say the same. What several things are said of stands by
 * itself, so that it can be read how it stands now.
 */
function keyOfAlike(ofKind: readonly Notification[]): (notification: Notification) => string {
  const byName = Map.groupBy(ofKind, ({ resourceName }) => resourceName);
  const isContested = (calls: readonly Notification[]): boolean => new Set(calls.map(gistOf)).size > 1;
  const contested = new Set([...byName].filter(([, calls]) => isContested(calls)).map(([name]) => name));
  return (notification) => {
    const { resourceName } = notification;
    return `${gistOf(notification)}\n${contested.has(resourceName) ? resourceName : ''}`;
  };
}

/** Kind by kind; within a kind what was said last stands last. */
function alike(notifications: readonly Notification[], { counting, ambiguous }: Style): readonly Calls[] {
  return [...Map.groupBy(notifications, kindOf).values()].flatMap((ofKind) => {
    if (counting === true || !ofKind.some((one) => ambiguous.has(saidByName(one))))
      return [ofKind as [Notification, ...Notification[]]];
    const lastFirst = Map.groupBy(ofKind.toReversed(), keyOfAlike(ofKind));
    return Array.from(
      lastFirst.values(),
      (calls) => calls.toReversed() as [Notification, ...Notification[]],
    ).toReversed();
  });
}

/** The rows of a group: first each call that needs its own line, in order of time, then the rest, counted. */
function groupRows({ notifications }: CallGroup, style: Style, heading: string, who: string): readonly FoldRow[] {
  const own = notifications.filter(needsOwnLine).map((notification) => callRow(notification, style, heading, who));
  const rest = alike(
    notifications.filter((notification) => !needsOwnLine(notification)),
    style,
  );
  return [...own, ...rest.map((calls) => countedRow(calls, style, heading, who))];
}

const labelOf = ({ subject }: CallGroup, density: Density): string =>
  mrkdwnPhrase(
    subject.label.map((part) =>
      part.kind === 'name' ? { ...part, text: elideMiddle(part.text, density.nameLength) } : part,
    ),
    density.nameLength + 30,
  );

const groupHeading = (group: CallGroup, density: Density): string =>
  `▸ ${loudly(group, density.nameLength)} · ${labelOf(group, density)} · ${countText(group.notifications.length, CALLS)}`;

const isSingle = ({ notifications }: CallGroup): boolean => notifications.length === 1;

/** A principal's several calls under a heading of their own; the single calls of others on the resource together. */
function rowsByGroup(groups: readonly CallGroup[], density: Style): readonly FoldRow[] {
  const singles = groups.filter(isSingle);
  const [first, second] = singles;
  const heading =
    first === undefined || second === undefined
      ? aloneHeading(density)
      : `▸ ${labelOf(first, density)} · ${countText(singles.length, ['caller', 'callers'])}, one call each`;
  return [
    ...groups
      .filter((group) => !isSingle(group))
      .flatMap((group) => groupRows(group, density, groupHeading(group, density), '')),
    ...singles.flatMap((group) => groupRows(group, density, heading, inRow(group, density))),
  ];
}

/** The resource once in a heading, the principal in each row. */
function rowsBySubject(groups: readonly CallGroup[], density: Style): readonly FoldRow[] {
  const [first] = groups;
  if (first === undefined) return [];
  const heading = `▸ ${labelOf(first, density)}`;
  return groups.flatMap((group) => groupRows(group, density, heading, inRow(group, density)));
}

/** What rows need, each heading once. */
const lengthOf = (rows: readonly FoldRow[]): number =>
  rows.reduce(
    (sum, { heading, text }, index) => sum + text.length + (rows[index - 1]?.heading === heading ? 0 : heading.length),
    0,
  );

/** Whichever says the same in less room. */
function shortestRows(groups: readonly CallGroup[], density: Style): readonly FoldRow[] {
  const byGroup = rowsByGroup(groups, density);
  if (groups.length === 1) return byGroup;
  const bySubject = rowsBySubject(groups, density);
  return lengthOf(bySubject) < lengthOf(byGroup) ? bySubject : byGroup;
}

/**
 * What a fold says of these calls, each of them in exactly one row.
 *
 * @param ambiguous what `ambiguousKinds` says of them.
 */
export function foldRows(
  notifications: readonly Notification[],
  density: Density,
  ambiguous: ReadonlySet<string>,
): readonly FoldRow[] {
  const rowsOf = density.kind === 'compact' ? shortestRows : rowsByGroup;
  const style = { ...density, ambiguous };
  return groupNotifications(notifications).flatMap((groups) => rowsOf(groups, style));
}
