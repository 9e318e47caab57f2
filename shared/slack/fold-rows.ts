import { type CallGroup, groupNotifications } from '../group-notifications.ts';
import type { Notification } from '../notification.ts';
import { CALLS, countText } from './count-text.ts';
import { codeSpan, elideMiddle, quietText } from './escape-text.ts';
import { linkTarget } from './link-text.ts';
import { listWithin } from './list-within.ts';
import { lookNameOf, lookOfCall } from './look-of-call.ts';
import { mrkdwnPhrase } from './phrase-text.ts';
import { NOBODY } from './principal-text.ts';
import { localText, TIME, utcTime } from './time-text.ts';

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
const COUNTED_LENGTH = 400;

/** Calls that may never be counted only: they touch the signal, or somebody tried what he may not. */
const needsOwnLine = ({ call }: Notification): boolean => call.impact === 'on-air' || call.outcome === 'denied';

const nameText = (name: string, maxLength: number): string => codeSpan(elideMiddle(name, maxLength), maxLength);

const loudly = ({ principal }: CallGroup, maxLength: number): string =>
  `${principal.loud ? '🚨 ' : ''}${principal.name === null ? NOBODY : nameText(principal.name, maxLength)}`;

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
    quietText(call.operation, density.nameLength),
    ...names.map((name) => nameText(name, density.nameLength)),
  ].join(' ');
}

/** The row of a single call; `who` is empty under a heading that says it. */
function callRow(notification: Notification, density: Density, heading: string, who: string): FoldRow {
  const { call, correction, sentence } = notification;
  const what =
    density.kind === 'compact'
      ? briefly(notification, density, heading !== aloneHeading(density))
      : mrkdwnPhrase(sentence, SENTENCE_LENGTH);
  const sign = `${correction === undefined ? '' : '✏️'}${lookOfCall(call).emoji}`;
  const text = `${sign} ${timeOf(notification, density)}${who === '' ? '' : `${who} `}${what}`;
  return { heading, text, notifications: [notification] };
}

/** One row for the calls of one operation and outcome, with names as far as there is room. */
function countedRow(notifications: readonly Notification[], density: Density, heading: string, who: string): FoldRow {
  const [first] = notifications;
  if (first === undefined || notifications.length === 1) {
    return first === undefined ? { heading, text: '', notifications } : callRow(first, density, heading, who);
  }
  const { call } = first;
  const names = [...new Set(notifications.flatMap(({ resourceName }) => resourceName ?? []))];
  const listed = listWithin(names, (name) => nameText(name, density.nameLength), ', ', COUNTED_LENGTH);
  const outcome = call.outcome === 'succeeded' ? '' : ` ${call.outcome}`;
  const text = [
    lookOfCall(call).emoji,
    who,
    `${notifications.length} × ${quietText(call.operation, density.nameLength)}${outcome}${listed === '' ? '' : `: ${listed}`}`,
  ];
  return { heading, text: text.filter((part) => part !== '').join(' '), notifications };
}

/** The rows of a group: first each call that needs its own line, in order of time, then the rest, counted. */
function groupRows({ notifications }: CallGroup, density: Density, heading: string, who: string): readonly FoldRow[] {
  const own = notifications.filter(needsOwnLine).map((notification) => callRow(notification, density, heading, who));
  const rest = Map.groupBy(
    notifications.filter((notification) => !needsOwnLine(notification)),
    ({ call }) => `${lookNameOf(call)} ${call.operation}`,
  );
  return [...own, ...Array.from(rest.values(), (calls) => countedRow(calls, density, heading, who))];
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
function rowsByGroup(groups: readonly CallGroup[], density: Density): readonly FoldRow[] {
  const singles = groups.filter(isSingle);
  const [first, second] = singles;
  const heading =
    first === undefined || second === undefined
      ? aloneHeading(density)
      : `▸ ${labelOf(first, density)} · ${countText(singles.length, ['person', 'people'])}, one call each`;
  return [
    ...groups
      .filter((group) => !isSingle(group))
      .flatMap((group) => groupRows(group, density, groupHeading(group, density), '')),
    ...singles.flatMap((group) => groupRows(group, density, heading, loudly(group, density.whoLength))),
  ];
}

/** The resource once in a heading, the principal in each row. */
function rowsBySubject(groups: readonly CallGroup[], density: Density): readonly FoldRow[] {
  const [first] = groups;
  if (first === undefined) return [];
  const heading = `▸ ${labelOf(first, density)}`;
  return groups.flatMap((group) => groupRows(group, density, heading, loudly(group, density.whoLength)));
}

/** What rows need, each heading once. */
const lengthOf = (rows: readonly FoldRow[]): number =>
  rows.reduce(
    (sum, { heading, text }, index) => sum + text.length + (rows[index - 1]?.heading === heading ? 0 : heading.length),
    0,
  );

/** Whichever says the same in less room. */
function shortestRows(groups: readonly CallGroup[], density: Density): readonly FoldRow[] {
  const byGroup = rowsByGroup(groups, density);
  if (groups.length === 1) return byGroup;
  const bySubject = rowsBySubject(groups, density);
  return lengthOf(bySubject) < lengthOf(byGroup) ? bySubject : byGroup;
}

/** What a fold says of these calls, each of them in exactly one row. */
export function foldRows(notifications: readonly Notification[], density: Density): readonly FoldRow[] {
  const rowsOf = density.kind === 'compact' ? shortestRows : rowsByGroup;
  return groupNotifications(notifications).flatMap((groups) => rowsOf(groups, density));
}
