import { allowedOf, lowerCamel } from './allowed-of-kind.ts';
import { ALLOWED_LISTS, type AllowedList, type AllowedParameter } from './allowed-parameters.ts';
import type { Classification } from './classify-call.ts';
import type { DisplaySettings } from './display-settings.ts';
import { asList, asText, type JsonObject, member, memberAt } from './json-member.ts';
import type { Detail, Phrase } from './notification.ts';
import { enumeration, named, phrase } from './phrase.ts';
import type { ResourceKind } from './resource-kind.ts';
import { namingOf } from './resource-members.ts';
import { shownParameters } from './shown-parameters.ts';

const LIST_MEMBERS: ReadonlySet<string> = new Set(ALLOWED_LISTS.map(({ member: key }) => key));

type AccountNames = DisplaySettings['accountNames'];

/** Lines for the elements of one list before the rest is counted. */
const ELEMENTS_SHOWN = 8;
const CHANGED_FIELDS_SHOWN = 20;

/** `203.0.113.9:5000`, `[2001:db8::1]:5000` */
function withPort(address: Phrase | undefined, port: Phrase | undefined): Phrase | undefined {
  const [number] = port ?? [];
  if (address === undefined || number === undefined) return address;
  const [only] = address;
  if (only?.kind !== 'name') return phrase(address, ', port ', number);
  return only.text.includes(':') ? phrase('[', address, ']:', number) : phrase(address, ':', number);
}

function detailOf(source: unknown, allowed: AllowedParameter, accountNames: AccountNames): Detail | undefined {
  const value = allowed.format(memberAt(source, allowed.path), accountNames);
  if (allowed.portPath === undefined) return value && { label: allowed.label, value };
  const port = portOf(memberAt(source, allowed.portPath));
  const address = withPort(value, port);
  if (address !== undefined) return { label: allowed.label, value: address };
  return port && { label: 'Port', value: port };
}

const portOf = (value: unknown): Phrase | undefined =>
  typeof value === 'number' || (typeof value === 'string' && /^\d{1,5}$/.test(value))
    ? [named(String(value))]
    : undefined;

const detailsOf = (source: unknown, kind: ResourceKind, accountNames: AccountNames): readonly Detail[] =>
  allowedOf(source, kind)
    .map((allowed) => detailOf(source, allowed, accountNames))
    .filter((detail) => detail !== undefined);

function elementName(element: unknown, kind: ResourceKind): Phrase {
  const paths = namingOf(kind)?.elementNames ?? [];
  const name = paths.map((path) => asText(memberAt(element, path))).find((text) => text !== undefined);
  return name === undefined ? phrase('no name') : [named(name)];
}

const NAMED_IN_A_LINE: ReadonlySet<string> = new Set(['Protocol', 'Destination', 'Type']);

/** "cdn-a: srt-listener, 203.0.113.9:5000, ingest port 5000" */
function elementLine(element: unknown, kind: ResourceKind, accountNames: AccountNames): Phrase {
  const facts = detailsOf(element, kind, accountNames).map(({ label, value }) =>
    NAMED_IN_A_LINE.has(label) ? value : phrase(`${label.toLowerCase()} `, value),
  );
  const line = facts.flatMap((fact, index) => (index === 0 ? [': ', fact] : [', ', fact]));
  return phrase(elementName(element, kind), ...line);
}

function elementLines(
  { label, kind }: AllowedList,
  elements: readonly unknown[],
  names: AccountNames,
): readonly Detail[] {
  const lines = elements
    .slice(0, ELEMENTS_SHOWN)
    .map((element) => ({ label, value: elementLine(element, kind, names) }));
  const rest = elements.length - lines.length;
  return rest === 0 ? lines : [...lines, { label, value: phrase(`… ${rest} more`) }];
}

/** A bridge's outputs and sources have members of their own. */
const inBridge = (list: AllowedList, kind: ResourceKind): AllowedList => {
  if (!kind.startsWith('bridge')) return list;
  if (list.kind === 'output') return { ...list, kind: 'bridgeOutput' };
  return list.kind === 'source' ? { ...list, kind: 'bridgeSource' } : list;
};

/** What a call creates or adds. One thing that is added is the call's subject, so its parameters are lines of their own. */
function listDetails(request: JsonObject, call: Classification, accountNames: AccountNames): readonly Detail[] {
  return listsIn(request).flatMap((candidate) => {
    const list = inBridge(candidate, call.resource);
    const elements = asList(member(request, list.member));
    const isSubject = elements.length === 1 && list.kind === call.resource;
    return isSubject ? detailsOf(elements[0], list.kind, accountNames) : elementLines(list, elements, accountNames);
  });
}

const isList = (key: string): boolean => LIST_MEMBERS.has(lowerCamel(key));

/** Most requests list nothing. */
const listsIn = (request: JsonObject): readonly AllowedList[] =>
  Object.keys(request).some(isList) ? ALLOWED_LISTS : [];

/** Members that say which resource or which request is meant rather than what becomes of it. */
const IDENTIFIERS: ReadonlySet<string> = new Set([
  'flowArn',
  'sourceArn',
  'outputArn',
  'entitlementArn',
  'mediaStreamName',
  'bridgeArn',
  'outputName',
  'sourceName',
  'gatewayInstanceArn',
  'arn',
  'clientToken',
]);

/** Names of members are shown only where they look like names of members. */
const MEMBER_NAME = /^[A-Za-z]\w{0,63}$/;

/** `maintenance.maintenanceDay`: what is inside a structure is what was changed. */
function changedIn(key: string, value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [key];
  const inside = Object.keys(value).filter((inner) => MEMBER_NAME.test(inner));
  return inside.length === 0 ? [key] : inside.slice(0, CHANGED_FIELDS_SHOWN).map((inner) => `${key}.${inner}`);
}

/** Which fields an update sets; their names are told even where their values are not. */
function changedFields(request: JsonObject): readonly string[] {
  return Object.keys(request)
    .slice(0, 100)
    .filter((key) => MEMBER_NAME.test(key) && !IDENTIFIERS.has(lowerCamel(key)) && request[key] !== null)
    .flatMap((key) => changedIn(key, request[key]));
}

function changeDetail(request: JsonObject, { operation }: Classification): readonly Detail[] {
  if (!operation.startsWith('Update')) return [];
  const fields = changedFields(request);
  if (fields.length === 0) return [];
  return [
    {
      label: 'Changed',
      value: enumeration(
        fields.map((field) => [named(field)]),
        CHANGED_FIELDS_SHOWN,
      ),
    },
  ];
}

/**
 * What an operator may see of the call's parameters: those that matter, by allow-list, so that a member that is new
 * stays hidden; then what the admin allows beside them. Reads have none worth telling.
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
    ...changeDetail(request, call),
    ...detailsOf(request, call.resource, accountNames),
    ...(isAllowed ? listDetails(request, call, accountNames) : []),
    ...extra,
  ];
}
