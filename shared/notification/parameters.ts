import type { Classification } from '../call/classify-call.ts';
import { asList, asText, isCut, type JsonObject, member, memberAt } from '../call/json.ts';
import type { ResourceKind } from '../call/operations.ts';
import {
  ACCOUNTS_SAID,
  describeFields,
  describeSettings,
  fieldsBeside,
  isSayable,
  type Setting,
  settingsOf,
  subscribersOf,
} from './changed-settings.ts';
import { type Detail, type DisplaySettings, named, type Phrase, phrase, withCommas } from './notification.ts';
import { ALLOWED_LISTS, type AllowedList, lowerCamel } from './parameter-table.ts';
import { shownParameters } from './redaction.ts';
import { namingOf } from './target-members.ts';

const LIST_MEMBERS: ReadonlySet<string> = new Set(ALLOWED_LISTS.map(({ member: key }) => key));

type AccountNames = DisplaySettings['accountNames'];

/** Lines for the elements of one list before the rest is counted. */
const ELEMENTS_SHOWN = 8;
const FIELDS_SHOWN = 20;
const ASKED_FOR = 'Asked for';

function elementName(element: unknown, kind: ResourceKind): Phrase {
  const paths = namingOf(kind)?.elementNames ?? [];
  const name = paths.map((path) => asText(memberAt(element, path))).find((text) => text !== undefined);
  return name === undefined ? phrase('no name') : [named(name)];
}

const NAMED_IN_A_LINE: ReadonlySet<string> = new Set(['Protocol', 'Destination', 'Type']);

/** "cdn-a srt-listener, 203.0.113.9:5000, ingest port 5000" */
function elementLine(element: unknown, kind: ResourceKind, accountNames: AccountNames): Phrase {
  const facts = settingsOf(element, kind, accountNames).map(({ label, value }) =>
    NAMED_IN_A_LINE.has(label) ? value : phrase(`${label.toLowerCase()} `, value),
  );
  const name = elementName(element, kind);
  return facts.length === 0 ? name : phrase(name, ' (', withCommas(facts), ')');
}

function elementLines(
  { label, kind }: AllowedList,
  elements: readonly unknown[],
  names: AccountNames,
  isCutOff: boolean,
): readonly Detail[] {
  const lines = elements
    .slice(0, ELEMENTS_SHOWN)
    .map((element) => ({ label, value: elementLine(element, kind, names) }));
  const rest = elements.length - lines.length;
  return rest === 0 ? lines : [...lines, { label, value: phrase(`… ${rest}${isCutOff ? '+' : ''} more`) }];
}

/** A bridge's outputs and sources have members of their own. */
const inBridge = (list: AllowedList, kind: ResourceKind): AllowedList => {
  if (!kind.startsWith('bridge')) return list;
  if (list.kind === 'output') return { ...list, kind: 'bridgeOutput' };
  return list.kind === 'source' ? { ...list, kind: 'bridgeSource' } : list;
};

const isList = (key: string): boolean => LIST_MEMBERS.has(lowerCamel(key));

/** Most requests list nothing. */
const listsIn = (request: JsonObject): readonly AllowedList[] =>
  Object.keys(request).some(isList) ? ALLOWED_LISTS : [];

/** The only thing that a call adds is its subject, so that its parameters are the call's own. */
function subjectIn(request: JsonObject, kind: ResourceKind): unknown {
  for (const candidate of listsIn(request)) {
    const elements = asList(member(request, candidate.member));
    if (elements.length === 1 && inBridge(candidate, kind).kind === kind) return elements[0];
  }
  return undefined;
}

/** What a call creates or adds beside its subject. */
const listDetails = (request: JsonObject, call: Classification, accountNames: AccountNames): readonly Detail[] =>
  listsIn(request).flatMap((candidate) => {
    const list = inBridge(candidate, call.resource);
    const elements = asList(member(request, list.member));
    const isSubject = elements.length === 1 && list.kind === call.resource;
    return isSubject ? [] : elementLines(list, elements, accountNames, isCut(member(request, list.member)));
  });

/** How many settings a sentence says itself, by the operation's verb; the card lists those behind. */
const SAID = 3;

/** Settings that the sentences of some operations say in words of their own; `base`: also of a call that did not work. */
interface SaidOtherwise {
  readonly done: readonly string[];
  readonly base: readonly string[];
}

const inBoth = (...labels: readonly string[]): SaidOtherwise => ({ done: labels, base: labels });
const onceDone = (...labels: readonly string[]): SaidOtherwise => ({ done: labels, base: [] });

const SAID_OTHERWISE: ReadonlyMap<string, SaidOtherwise> = new Map([
  ['UpdateBridgeState', inBoth('State')],
  ['UpdateGatewayInstance', inBoth('Bridge placement')],
  ['DeregisterGatewayInstance', inBoth('Forced')],
  ['TagResource', onceDone('Tags set')],
  ['TagGlobalResource', onceDone('Tags set')],
  ['UntagResource', onceDone('Tags removed')],
  ['UntagGlobalResource', onceDone('Tags removed')],
  ['PurchaseOffering', inBoth('Reservation')],
  ['CreateBridge', onceDone('Gateway')],
  ['GrantFlowEntitlements', inBoth('Subscribers')],
  ['UpdateFlowEntitlement', inBoth('Status')],
  ['UpdateFlowOutput', inBoth('Status')],
  ['UpdateFlow', onceDone('Primary source', 'Failover')],
  ['UpdateBridge', onceDone('Primary source', 'Failover')],
]);
const NONE: SaidOtherwise = onceDone();
const NEW_SUBSCRIBERS: SaidOtherwise = onceDone('Subscribers');

/** The labels of settings that the sentence says in words of its own. */
function labelsSaid(settings: readonly Setting[], { operation }: Classification): SaidOtherwise {
  const isSwitched = settings.some(({ label }) => label === 'Status');
  if (operation === 'UpdateFlowEntitlement' && !isSwitched) return NEW_SUBSCRIBERS;
  return SAID_OTHERWISE.get(operation) ?? NONE;
}

/** Of many subscribers a sentence says the first, and counts the rest. */
const isOnlyCounted = ({ label }: Setting, source: JsonObject): boolean =>
  label === 'Subscribers' && subscribersOf(source).length > ACCOUNTS_SAID;

/** Updates and additions say their first settings in the sentence, unless that says something else of them. */
function saidInSentence(settings: readonly Setting[], { operation }: Classification): readonly Setting[] {
  if (!operation.startsWith('Update') && !operation.startsWith('Add')) return [];
  const sayable = settings.filter(isSayable);
  // A destination is said along with the protocol before it.
  const room = sayable[1]?.label === 'Destination' ? SAID + 1 : SAID;
  return sayable.slice(0, room);
}

function settingDetails(source: JsonObject, settings: readonly Setting[], call: Classification): readonly Detail[] {
  const { done } = labelsSaid(settings, call);
  const isSaidOtherwise = settings.some(({ label }) => done.includes(label));
  const rest = settings.filter((setting) => !done.includes(setting.label) || isOnlyCounted(setting, source));
  const said = isSaidOtherwise ? [] : saidInSentence(rest, call);
  const lines = rest.filter((setting) => !said.includes(setting)).map(({ label, value }) => ({ label, value }));
  const fields = call.operation.startsWith('Update') ? fieldsBeside(source, settings) : [];
  // A sentence without settings names the fields itself.
  const isSaid = said.length === 0 && lines.length === 0 && !isSaidOtherwise && fields.length <= SAID;
  if (fields.length === 0 || isSaid) return lines;
  return [{ label: 'Also set', value: describeFields(fields, FIELDS_SHOWN) }, ...lines];
}

/** What else was asked for by a call that did not work, in one line: nothing of it has become true. */
function askedFor(source: JsonObject, call: Classification, accountNames: AccountNames): readonly Detail[] {
  const settings = settingsOf(source, call.resource, accountNames);
  const { base } = labelsSaid(settings, call);
  const except = settings
    .filter((setting) => base.includes(setting.label) && !isOnlyCounted(setting, source))
    .map(({ parameter: { path } }) => path[0] ?? '');
  const { words, fields } = describeSettings(source, call.resource, accountNames, except, FIELDS_SHOWN);
  const further = call.operation.startsWith('Update') ? fields() : [];
  if (words.length === 0 && further.length === 0) return [];
  const between = words.length === 0 || further.length === 0 ? '' : ', ';
  return [{ label: ASKED_FOR, value: phrase(words, between, further) }];
}

function ownDetails(request: JsonObject, call: Classification, accountNames: AccountNames): readonly Detail[] {
  const source = (subjectIn(request, call.resource) ?? request) as JsonObject;
  if (call.outcome !== 'succeeded' || call.isDoubtful) return askedFor(source, call, accountNames);
  return settingDetails(source, settingsOf(source, call.resource, accountNames), call);
}

/** Lists of a call that did not work are what it asked for too. */
const asAskedFor = (details: readonly Detail[], { outcome, isDoubtful }: Classification): readonly Detail[] =>
  outcome === 'succeeded' && !isDoubtful
    ? details
    : details.map(({ label, value }) => ({ label: `${ASKED_FOR}, ${label.toLowerCase()}`, value }));

/**
 * What an operator may see of the call's parameters beside what the sentence says: those that matter, by allow-list, so
 * that a member that is new stays hidden; then what the admin allows beside them. Reads have none worth reporting.
 */
export function callDetails(
  request: JsonObject | undefined,
  call: Classification,
  { accountNames, showParameters }: Pick<DisplaySettings, 'accountNames' | 'showParameters'>,
): readonly Detail[] {
  if (request === undefined) return [];
  const extra = showParameters.length === 0 ? [] : shownParameters(request, showParameters);
  if (call.access === 'read-only') return extra;
  const isAllowed = call.resource !== 'unrecognized';
  return [
    ...ownDetails(request, call, accountNames),
    ...(isAllowed ? asAskedFor(listDetails(request, call, accountNames), call) : []),
    ...extra,
  ];
}
