import { memoizeFor } from '../call/json.ts';
import {
  inOrderOfTime,
  type Notification,
  type Phrase,
  type PhrasePart,
  type Principal,
  phrase,
  plain,
  type TroubleAfterCall,
} from '../notification/notification.ts';
import { toldOtherwise } from './card.ts';
import {
  type Fresh,
  type Stand,
  spansDays,
  statesAfter,
  styleNameAmong,
  touchesSignal,
  touchesSignalOrAccess,
} from './fold-state.ts';
import {
  clauseOf,
  codeOrPlain,
  DAY_AND_TIME,
  durationText,
  joinWithin,
  linkTarget,
  localText,
  mrkdwnPhrase,
  nameSpan,
  numberText,
  TIME,
  withShortNames,
} from './mrkdwn.ts';
import { CARD_STYLES, countBy, NOBODY, newerText, olderCount, principalText, STYLE_NAMES } from './style.ts';

/**
 * How much a row of a fold says. `roomy`: local times that link to CloudTrail's event, and sentences; `tight`: local
 * times and sentences; `compact`: operation and names only, in order of time.
 */
export interface Density {
  readonly kind: 'roomy' | 'tight' | 'compact';
  /** The longest name of a resource, its code span included. */
  readonly nameLength: number;
  /** The same for principals, who are shortened first: what was called is listed by name. */
  readonly whoLength: number;
  /**
   * Counts calls of one operation together although they say different things, and says so: the last resort.
   * @default false
   */
  readonly counting?: boolean;
}

/** What is known of all calls of a fold before its rows are written. */
export interface FoldFacts {
  /** What the sentence of each call says besides the names of what was called: to whom, to which state, why not. */
  readonly gists: ReadonlyMap<Notification, string>;
  /** The kinds of call whose operation alone does not say what happened: others in the fold say something else. */
  readonly ambiguous: ReadonlySet<string>;
  readonly fresh: Fresh;
  /** How each flow, bridge and router input and output stands after the calls. */
  readonly states: ReadonlyMap<string, Stand>;
  /** What went wrong after calls and is said at the head; the rest is said below its row. */
  readonly atHead: ReadonlySet<TroubleAfterCall>;
  /** Whether only some of the calls came late, so that each of these says so. */
  readonly areSomeLate: boolean;
  /** Whether a time alone does not say on which day. */
  readonly isLong: boolean;
  /** The role of everybody who is named beside one: said once, in the small print. */
  readonly commonRole: string | undefined;
}

/** How rows are written. */
type Style = Density & FoldFacts;

/** One line of a fold and the calls that it counts. Rows of one group stand together, under its heading if it has one. */
export interface FoldRow {
  readonly group: string;
  readonly heading: string;
  readonly text: string;
  readonly notifications: readonly Notification[];
}

const SENTENCE_LENGTH = 500;
const ROLE_LENGTH = 80;
/** Of a sentence that has to fit between compact rows: two names, and the words around them as far as they go. */
const compactLength = ({ nameLength }: Density): number => 36 + 2 * nameLength;
/** Of the names in one counted row; more of them need another row, so that each is told. */
const NAMES_LENGTH = 1000;
/** Of what calls that are counted together came to, where that is not the same. */
const CAME_TO_LENGTH = 200;
/** Of what the channel was told before a correction. */
const CORRECTED_LENGTH = 200;
/** Of what went wrong after one call, below its row: a flow may lose all of its outputs. */
const TROUBLES_BELOW_LENGTH = 1200;

/** A role behind a session's name is shortened more than the name: it is one of a few. */
const LEAST_ROLE_LENGTH = 10;

/** Who called, where there is least room: "jane as Operators". */
function whoBriefly({ name, said }: Principal, whoLength: number): string {
  if (name === null) return NOBODY;
  const first = said.findIndex(({ kind }) => kind === 'name');
  const roleLength = Math.max(LEAST_ROLE_LENGTH, Math.floor(whoLength / 2));
  const brief = said.map((part) => (part.kind === 'plain' ? plain(part.text.replace(' as role ', ' as ')) : part));
  const short = withShortNames(brief, (index) => (index === first ? whoLength : roleLength));
  return mrkdwnPhrase(short, 3 * whoLength);
}

const AS_ROLE = ' as role ';

/** The role beside a name that the caller chose, if there is one, and who called without it. */
const roleOf = memoizeFor((principal: Principal): { readonly role: string | undefined; readonly bare: Principal } => {
  const { said } = principal;
  const at = said.findIndex(({ kind, text }) => kind === 'plain' && text === AS_ROLE);
  if (at < 0) return { role: undefined, bare: principal };
  return { role: said[at + 1]?.text, bare: { ...principal, said: [...said.slice(0, at), ...said.slice(at + 2)] } };
});

/** "role «TerraformDeploy»", which no name stands before. */
const isRoleAlone = ({ said: [first] }: Principal): boolean => first?.kind === 'plain' && first.text === 'role ';

/** Fewer kinds of call take no more room with the role in each row. */
const LEAST_KINDS = 3;

function hasKinds(notifications: readonly Notification[], least: number): boolean {
  const kinds = new Set<string>();
  return notifications.some(({ principal, call }) => kinds.add(`${call.operation} ${principal.key}`).size >= least);
}

/** The role that everybody has who has a name beside one, where nobody has a name without. */
function commonRoleOf(notifications: readonly Notification[]): string | undefined {
  const principals = new Set(notifications.map(({ principal }) => principal));
  const roles = new Set<string>();
  for (const principal of principals) {
    const { role } = roleOf(principal);
    if (role !== undefined) roles.add(role);
    else if (!isRoleAlone(principal)) return undefined;
  }
  const [only] = roles;
  return roles.size === 1 && hasKinds(notifications, LEAST_KINDS) ? only : undefined;
}

/** The role that rows leave out, for the small print. */
export const roleLine = ({ commonRole }: FoldFacts): string =>
  commonRole === undefined ? '' : `*Role*  ${codeOrPlain(commonRole, ROLE_LENGTH)}, where a row names no other`;

/** Who called, within a row. */
function whoText({ principal }: Notification, { kind, whoLength, commonRole }: Style): string {
  const caller = commonRole === undefined ? principal : roleOf(principal).bare;
  const who = kind === 'compact' ? whoBriefly(caller, whoLength) : principalText(caller, whoLength);
  return `${principal.sensitive ? '🚨 ' : ''}${who}`;
}

function timeOf({ calledAtMs, links }: Notification, { kind, isLong }: Style): string {
  if (kind === 'compact') return '';
  if (calledAtMs === undefined) return 'time ? ';
  return `${localText(calledAtMs, isLong ? DAY_AND_TIME : TIME, kind === 'roomy' ? linkTarget(links.event) : undefined)} `;
}

/** The name of the flow or other thing that a call is about. */
const labelName = ({ subject }: Notification): string | undefined =>
  subject.label.findLast(({ kind }) => kind === 'name')?.text;

/** What a router output was switched to, by name or else by id; `undefined` for other calls. */
function takenInput({ call, resources }: Notification): string | undefined {
  if (call.operation !== 'TakeRouterInput') return undefined;
  const input = resources.find(({ kind }) => kind === 'routerInput');
  return input?.name ?? input?.label ?? input?.arn?.split(':').at(-1);
}

/** Operation and names, but for the name that a heading says; of what has none the id. */
function briefly(one: Notification, density: Density, isHeaded: boolean): string {
  const { call, resourceName, flowName } = one;
  const flow = isHeaded || flowName === resourceName ? null : flowName;
  const thing = isHeaded && resourceName === labelName(one) ? null : resourceName;
  const id = isHeaded || resourceName !== null || flowName !== null ? null : (labelName(one) ?? null);
  const names = [thing, flow, id].filter((name) => name !== null).map((name) => nameSpan(name, density.nameLength));
  const input = takenInput(one);
  if (input !== undefined) names.push(`→ ${nameSpan(input, density.nameLength)}`);
  return [codeOrPlain(call.operation, density.nameLength), ...names].join(' ');
}

/** What an operation says by itself, unless others of its calls say something else. */
const saidByName = ({ call }: Notification): string => `${call.outcome} ${call.operation}`;

/** What a router output is switched to is what a take says. */
const isOwnName = ({ kind, text }: PhrasePart, { call, resourceName, flowName, resources }: Notification): boolean =>
  kind === 'name' &&
  (text === resourceName ||
    text === flowName ||
    resources.some(
      ({ kind: resource, name, arn }) =>
        (resource !== 'routerInput' || call.operation !== 'TakeRouterInput') &&
        (name === text || arn?.endsWith(`:${text}`) === true),
    ));

function gistOf(notification: Notification): string {
  let gist = '';
  for (const part of clauseOf(notification))
    gist += isOwnName(part, notification) ? '\n' : `${part.kind} ${part.text}\n`;
  return gist;
}

/** The kinds of call of which some say something else than others. */
function ambiguousKinds(gists: FoldFacts['gists']): ReadonlySet<string> {
  const first = new Map<string, string>();
  const ambiguous = new Set<string>();
  for (const [one, gist] of gists) {
    const kind = saidByName(one);
    const known = first.get(kind);
    if (known === undefined) first.set(kind, gist);
    else if (known !== gist) ambiguous.add(kind);
  }
  return ambiguous;
}

/** " of flow ", " from bridge " before a name that the heading says. */
const BEHIND = / (?:of|from|to|on) (?:flow|bridge|gateway|router (?:input|output|network interface)) $/;
const NOUN = /(?:flow|bridge|gateway|router (?:input|output|network interface)) $/;

/** A clause without the name that stands in the heading: "output «cdn-a» removed", "flow stopped". */
function withoutSubject(clause: Phrase, subject: string | undefined): Phrase {
  return clause.flatMap((part, index) => {
    const [before, next] = [clause[index - 1], clause[index + 1]];
    const isSubject = (one: PhrasePart | undefined): boolean => one?.kind === 'name' && one.text === subject;
    if (isSubject(part) && before?.kind === 'plain' && NOUN.test(before.text)) return [];
    if (part.kind !== 'plain' || !isSubject(next) || !NOUN.test(part.text)) return [part];
    return [plain(BEHIND.test(part.text) ? part.text.replace(BEHIND, '') : part.text.trimEnd())];
  });
}

function sentenceText(sentence: Phrase, style: Style): string {
  if (style.kind !== 'compact') return mrkdwnPhrase(sentence, SENTENCE_LENGTH, 'quiet numbers');
  return mrkdwnPhrase(
    withShortNames(sentence, () => style.nameLength),
    compactLength(style),
  );
}

const signOf = (one: Notification, { fresh }: Style): string =>
  `${one.correction === undefined ? '' : '✏️'}${CARD_STYLES[styleNameAmong(one, fresh)].emoji}`;

const lateText = ({ lateByMs }: Notification, { areSomeLate, kind }: Style): string => {
  if (lateByMs === undefined || !areSomeLate) return '';
  return kind === 'compact' ? ' ⏰' : ` ⏰ *${durationText(lateByMs)} late*`;
};

/** " (who: «sam» → «jane»)": what the channel was told before a correction; of calls in a compact list there is no room. */
function correctedText(one: Notification, { kind, whoLength }: Style): string {
  if (kind === 'compact') return '';
  const words = toldOtherwise(one, (said) => mrkdwnPhrase(said, 2 * whoLength, 'quiet numbers'), CORRECTED_LENGTH);
  return words === '' ? '' : ` (${words})`;
}

/** Several calls; there is a first one. */
type Calls = readonly [Notification, ...Notification[]];

/** Where a row stands: what its heading says need not be said in it. */
interface Group {
  readonly key: string;
  readonly heading: string;
  readonly isHeaded: boolean;
}

const isBrief = (one: Notification, style: Style): boolean =>
  style.kind === 'compact' && (style.counting === true || !style.ambiguous.has(saidByName(one)));

/** What MediaConnect says a call came to, in few words. */
function cameTo({ outcome }: Notification): string {
  const state = outcome?.state;
  if (state === undefined) return '';
  const { words, isOtherwise, stands = words, more = '' } = state;
  return `${isOtherwise ? '⚠️ ' : ''}${mrkdwnPhrase(isOtherwise ? words : stands, SENTENCE_LENGTH)}${more}`;
}

/** The same behind its row, with the time that it took; empty where the heading of its thing says it. */
function cameToText(one: Notification, { kind, states }: Style, isHeaded: boolean): string {
  const state = one.outcome?.state;
  if (state === undefined || (isHeaded && states.get(one.subject.key)?.saidOf === one)) return '';
  const isTimed = kind !== 'compact' && one.calledAtMs !== undefined;
  return ` → ${cameTo(one)}${isTimed ? ` after ${durationText(state.atMs - (one.calledAtMs ?? 0))}` : ''}`;
}

/** What went wrong after a call and is not said at the head. */
const troublesBelow = ({ outcome }: Notification, { atHead }: FoldFacts): readonly TroubleAfterCall[] =>
  (outcome?.troubles ?? []).filter((trouble) => !atHead.has(trouble));

/** The same, each in a line below the call's row. */
function troubleLines(one: Notification, style: Style): string {
  const write = ({ amongOthers }: TroubleAfterCall): string =>
    mrkdwnPhrase(amongOthers, SENTENCE_LENGTH, 'quiet numbers');
  const lines = joinWithin(troublesBelow(one, style), write, '\n', TROUBLES_BELOW_LENGTH);
  return lines === '' ? '' : `\n${lines}`;
}

/** The row of a single call. */
function callRow(one: Notification, style: Style, { key, heading, isHeaded }: Group): FoldRow {
  const clause = isHeaded ? withoutSubject(clauseOf(one), labelName(one)) : clauseOf(one);
  const what = isBrief(one, style) ? briefly(one, style, isHeaded) : sentenceText(clause, style);
  const by = isBrief(one, style) ? ' by ' : one.by;
  const newer = newerText(one, style.kind === 'compact' ? 'none' : 'local');
  const said = cameToText(one, style, isHeaded);
  const text = `${signOf(one, style)} ${timeOf(one, style)}${what}${by}${whoText(one, style)}${correctedText(one, style)}${said}${lateText(one, style)}${newer}${troubleLines(one, style)}`;
  return { group: key, heading, text, notifications: [one] };
}

/** A clause without the settings in brackets behind it, which are not the same in all. */
function withoutSettings(clause: Phrase): Phrase {
  const at = clause.findIndex(({ kind, text }) => kind === 'plain' && text.includes(' ('));
  const [last] = clause.slice(at, at + 1);
  return at < 0 || last === undefined ? clause : [...clause.slice(0, at), plain(last.text.split(' (')[0] ?? '')];
}

/** What all of them say; a name that is not the same in all is left out. */
function commonSentence([first, ...others]: Calls, { fresh }: Style): Phrase {
  const said = (one: Notification): Phrase => (fresh.calls.has(one) ? withoutSettings(clauseOf(one)) : clauseOf(one));
  const clauses = others.map(said);
  return phrase(
    ...said(first).map((part, index) =>
      clauses.every((clause) => clause[index]?.text === part.text) ? part : plain(''),
    ),
  ).map((part) => (part.kind === 'plain' ? plain(part.text.replaceAll(/ {2,}/g, ' ')) : part));
}

const NUMBERED = /^(.*?)(\d{1,9})$/s;

interface Numbered {
  readonly name: string;
  readonly stem: string;
  readonly number: number;
}

const numbered = (name: string): Numbered => {
  const [, stem = name, digits = ''] = NUMBERED.exec(name) ?? [];
  return { name, stem: `${stem}#${digits.length}`, number: digits === '' ? Number.NaN : Number(digits) };
};

/** What `joinWithin` keeps free. */
const ROOM_FOR_COUNT = 30;
/** Fewer names than this are listed. */
const LEAST_RANGE = 4;

/** Names that count up by one stand together: `League-02` … `League-08`. */
function rangesOf(names: readonly string[]): readonly (readonly string[])[] {
  const runs: Numbered[][] = [];
  const stems = [...Map.groupBy(names.map(numbered), ({ stem }) => stem).values()];
  for (const one of stems.flatMap((alike) => alike.toSorted((a, b) => a.number - b.number))) {
    const last = runs.at(-1)?.at(-1);
    if (last?.stem === one.stem && one.number === last.number + 1) runs.at(-1)?.push(one);
    else runs.push([one]);
  }
  return runs.flatMap((run) =>
    run.length < LEAST_RANGE ? run.map(({ name }) => [name]) : [[run[0]?.name ?? '', run.at(-1)?.name ?? '']],
  );
}

/** Names as far as there is room. */
function listed(names: readonly string[], { nameLength }: Style): string {
  return joinWithin(
    rangesOf(names),
    (range) => range.map((name) => nameSpan(name, nameLength)).join(' … '),
    ', ',
    NAMES_LENGTH + ROOM_FOR_COUNT,
  );
}

/** The names that the common sentence leaves out: of what was called, and of what it belongs to. */
function namesText(calls: Calls, style: Style, isHeaded: boolean): string {
  const names = [...new Set(calls.flatMap(({ resourceName }) => resourceName ?? []))];
  const subjects = [...new Set(calls.flatMap((one) => labelName(one) ?? []))];
  const isOther = subjects.some((subject) => !names.includes(subject));
  const on = isHeaded || !isOther || (subjects.length === 1 && style.kind !== 'compact') ? '' : listed(subjects, style);
  const what = names.length === 1 && style.kind !== 'compact' ? '' : listed(names, style);
  const both = [what, on].filter((part) => part !== '').join(' on ');
  return both === '' ? '' : `: ${both}`;
}

/** From when to when, with the first and the last event to look at. */
function spanOf(calls: Calls, style: Style): string {
  const [first] = calls;
  const last = calls.at(-1) ?? first;
  if (style.kind === 'compact' || first.calledAtMs === undefined) return '';
  const isShort = last.calledAtMs === undefined || last.calledAtMs === first.calledAtMs;
  return isShort ? timeOf(first, style) : `${timeOf(first, style)}– ${timeOf(last, style)}`;
}

function counted(calls: Calls, style: Style, isHeaded: boolean): string {
  const [first] = calls;
  const names = namesText(calls, style, isHeaded);
  const isAmbiguous = style.ambiguous.has(saidByName(first));
  if (style.kind !== 'compact' || (isAmbiguous && style.counting !== true)) {
    const sentence = commonSentence(calls, style);
    const clause = isHeaded ? withoutSubject(sentence, labelName(first)) : sentence;
    return `${sentenceText(clause, style).trim()}${first.by}${whoText(first, style)}${names}`;
  }
  const outcome = first.call.outcome === 'succeeded' ? '' : ` ${first.call.outcome}`;
  const operation = codeOrPlain(first.call.operation, style.nameLength);
  return `${operation}${outcome}${isAmbiguous ? ', not all alike,' : ''} by ${whoText(first, style)}${names}`;
}

/** " → each active", " → 3 active, 1 standby": what calls that are counted together came to. */
function eachCameTo(calls: Calls): string {
  const counts = countBy(calls, cameTo).filter(([words]) => words !== '');
  const [first] = counts;
  if (first === undefined) return '';
  const isEach = first[1] === calls.length;
  return ` → ${isEach ? `each ${first[0]}` : joinWithin(counts, ([words, count]) => `${numberText(count)} ${words}`, ', ', CAME_TO_LENGTH)}`;
}

/** One row for calls that are counted together. */
function countedRow(calls: Calls, style: Style, group: Group): FoldRow {
  const [first, ...others] = calls;
  if (others.length === 0) return callRow(first, style, group);
  const late = calls.find(({ lateByMs }) => lateByMs !== undefined) ?? first;
  const text = `${signOf(first, style)} ${spanOf(calls, style)}${numberText(calls.length)} × ${counted(calls, style, group.isHeaded)}${correctedText(first, style)}${eachCameTo(calls)}${lateText(late, style)}${olderCount(calls)}`;
  return { group: group.key, heading: group.heading, text, notifications: calls };
}

interface OpenRow {
  readonly key: string;
  readonly calls: [Notification, ...Notification[]];
  readonly names: Set<string>;
  /** What its names need, shortened and with what stands between them. */
  namesLength: number;
}

const BETWEEN_NAMES = 4;

/** Puts a call into a row, if there is room for its names. */
function addTo(row: OpenRow, one: Notification, { nameLength }: Density): boolean {
  const names = [one.resourceName, labelName(one)].filter((name) => typeof name === 'string' && !row.names.has(name));
  const needed = names.reduce((sum, name) => sum + nameSpan(name ?? '', nameLength).length + BETWEEN_NAMES, 0);
  if (row.namesLength + needed > NAMES_LENGTH) return false;
  row.namesLength += needed;
  for (const name of names) row.names.add(name ?? '');
  row.calls.push(one);
  return true;
}

const openRow = (key: string, one: Notification): OpenRow => ({
  key,
  calls: [one],
  names: new Set([one.resourceName, labelName(one)].filter((name) => typeof name === 'string')),
  namesLength: 2 * BETWEEN_NAMES + (one.resourceName?.length ?? 0) + (labelName(one)?.length ?? 0),
});

/** "output ", "2 outputs added to flow ": what is set up is summed up by that, whatever its settings. */
const kindSaid = (one: Notification): string => clauseOf(one).find(({ kind }) => kind === 'plain')?.text ?? '';

/** What a call says, of whatever thing: those of one person that say the same are counted together. */
function saidBy(one: Notification, style: Style): string {
  const { counting, fresh, gists } = style;
  const { call, correction } = one;
  const { operation } = call;
  const gist = fresh.calls.has(one) ? kindSaid(one) : gists.get(one);
  const what = `${styleNameAmong(one, fresh)} ${correction === undefined} ${operation.length} ${operation}`;
  if (troublesBelow(one, style).length > 0) return `${what}\n${one.eventId}`;
  return counting === true ? what : `${what}\n${correctedText(one, style)}${cameTo(one)}\n${gist}`;
}

/** What a call is about, to which a later call of another kind makes a difference. */
function thingOf(one: Notification): string {
  const { call, subject, resourceName } = one;
  return `${call.operation} ${subject.key.length} ${subject.key} ${resourceName?.length} ${resourceName} ${takenInput(one)}`;
}

/** What was said last of a thing, and in which rows. */
interface LastSaid {
  readonly said: string;
  readonly rows: Set<OpenRow>;
}

/**
 * Which calls share a row: those of one person that say the same, unless something else was said of one of their things
 * in between, so that the rows can be read in order of time. What touches the signal is only counted where it says the
 * very same twice in a row.
 */
function rowsOfCalls(notifications: readonly Notification[], style: Style): readonly Calls[] {
  const rows: OpenRow[] = [];
  const open = new Map<string, OpenRow>();
  const lastSaid = new Map<string, LastSaid>();

  const rowFor = (one: Notification, key: string): OpenRow | undefined => {
    if (!touchesSignal(one) || style.fresh.calls.has(one)) return open.get(key);
    const last = rows.at(-1);
    return last?.key === key && thingOf(last.calls[0]) === thingOf(one) ? last : undefined;
  };
  /** The rows that say the same of a thing; what said something else of it before takes no more calls. */
  const rowsThatSay = (said: string, thing: string): Set<OpenRow> => {
    const known = lastSaid.get(thing);
    if (known?.said === said) return known.rows;
    for (const row of known?.rows ?? []) if (open.get(row.key) === row) open.delete(row.key);
    const fresh = new Set<OpenRow>();
    lastSaid.set(thing, { said, rows: fresh });
    return fresh;
  };

  for (const one of notifications) {
    const said = saidBy(one, style);
    const key = `${one.principal.key}\n${said}`;
    const alike = rowsThatSay(said, thingOf(one));
    const known = rowFor(one, key);
    const row = known !== undefined && addTo(known, one, style) ? known : openRow(key, one);
    if (row !== known) rows.push(row);
    open.set(key, row);
    alike.add(row);
  }
  return rows.map(({ calls }) => calls);
}

const labelText = ({ subject }: Notification, { nameLength }: Density): string =>
  mrkdwnPhrase(
    withShortNames(subject.label, () => nameLength),
    nameLength + 30,
  );

function headingOf(first: Notification, style: Style): string {
  const state = style.states.get(first.subject.key);
  const now = state === undefined ? '' : ` now *${mrkdwnPhrase(state.words, style.nameLength + 30)}*`;
  return `*${labelText(first, style).trim() || 'MediaConnect'}*${now}`;
}

/** The calls on one flow, bridge or router input or output of which some touched the signal, strictly by time. */
function subjectRows([first, ...others]: Calls, style: Style): readonly FoldRow[] {
  const { key } = first.subject;
  const heading = headingOf(first, style);
  const rows = rowsOfCalls([first, ...others], style);
  return rows.map((calls) => countedRow(calls, style, { key: `on ${key}`, heading, isHeaded: true }));
}

const SINGLE: Group = { key: 'single calls', heading: '', isHeaded: false };
const NEW: Group = { key: 'new', heading: '*New, not on air yet*', isHeaded: false };
const OTHERS: Group = { key: 'others', heading: '', isHeaded: false };
const REST: Group = { key: 'rest', heading: '', isHeaded: false };

const rankOf = (one: Notification, { fresh }: FoldFacts): number => STYLE_NAMES.indexOf(styleNameAmong(one, fresh));

/** What matters most of a few calls. */
const rankAmong = (calls: readonly Notification[], facts: FoldFacts): number =>
  calls.reduce((least, one) => Math.min(least, rankOf(one, facts)), Number.POSITIVE_INFINITY);

const byRank =
  (facts: FoldFacts) =>
  (one: Calls, other: Calls): number =>
    rankAmong(one, facts) - rankAmong(other, facts);

const asCalls = (calls: readonly Notification[]): readonly Calls[] => {
  const [first, ...others] = calls;
  return first === undefined ? [] : [[first, ...others]];
};

/** Of what went wrong at the head of a fold, above all rows. */
const TROUBLES_LENGTH = 250;

export const troubleAtHead = ({ amongOthers }: TroubleAfterCall): string =>
  mrkdwnPhrase(amongOthers, TROUBLES_LENGTH, 'quiet numbers');

/** The first that there is room for. */
function troublesAtHead(notifications: readonly Notification[]): ReadonlySet<TroubleAfterCall> {
  const atHead = new Set<TroubleAfterCall>();
  let length = 0;
  for (const trouble of notifications.flatMap(({ outcome }) => outcome?.troubles ?? [])) {
    length += troubleAtHead(trouble).length + 1;
    if (length > TROUBLES_LENGTH) break;
    atHead.add(trouble);
  }
  return atHead;
}

/** What is known of some calls before their rows are written. */
export function foldFacts(notifications: readonly Notification[], fresh: Fresh): FoldFacts {
  const gists = new Map(notifications.map((one) => [one, gistOf(one)]));
  return {
    gists,
    ambiguous: ambiguousKinds(gists),
    fresh,
    states: statesAfter(notifications),
    atHead: troublesAtHead(notifications),
    areSomeLate: notifications.some(({ lateByMs }) => lateByMs === undefined),
    isLong: spansDays(notifications),
    commonRole: commonRoleOf(notifications),
  };
}

/**
 * What a fold says of these calls, each of them in exactly one row: thing by thing what touched the signal, what matters
 * most first; then what was refused or failed, by person and operation; then what was set up and is not on air; then all
 * else, counted. One after another, for whoever finds that they take too much room.
 */
export function* foldRows(
  notifications: readonly Notification[],
  density: Density,
  facts: FoldFacts,
): Generator<FoldRow, void, undefined> {
  const style: Style = { ...density, ...facts };
  const inOrder = inOrderOfTime(notifications);
  const isFresh = (one: Notification): boolean => facts.fresh.calls.has(one);
  const touched = new Set(
    inOrder.filter((one) => touchesSignalOrAccess(one) && !isFresh(one)).map(({ subject }) => subject.key),
  );
  const isOnTouched = (one: Notification): boolean => touched.has(one.subject.key) && !isFresh(one);

  const bySubject = [...Map.groupBy(inOrder.filter(isOnTouched), ({ subject }) => subject.key).values()]
    .flatMap(asCalls)
    .toSorted((one, other) => byRank(facts)(one, other) || Number(one.length === 1) - Number(other.length === 1));
  const pooled = rowsOfCalls(
    inOrder.filter((one) => !isOnTouched(one) && !isFresh(one)),
    style,
  ).toSorted(byRank(facts));
  const changeRank = STYLE_NAMES.indexOf('change');
  const needsLook = (calls: Calls): boolean => rankAmong(calls, facts) < changeRank;

  for (const calls of bySubject) {
    if (calls.length === 1) yield callRow(calls[0], style, SINGLE);
    else yield* subjectRows(calls, style);
  }
  for (const calls of pooled.filter(needsLook)) yield countedRow(calls, style, OTHERS);
  for (const calls of rowsOfCalls(inOrder.filter(isFresh), style)) yield countedRow(calls, style, NEW);
  for (const calls of pooled.filter((some) => !needsLook(some))) yield countedRow(calls, style, REST);
}
