import type { CloudTrailRecord } from './api-call-event.ts';
import { asList, asObject, asText, type JsonObject, member, memberAt, textMember } from './json-member.ts';
import { type MediaConnectArn, parseMediaConnectArn } from './mediaconnect-arn.ts';
import type { NamedResource } from './notification.ts';
import { isOmitted } from './omitted-parameters.ts';
import type { ResourceKind } from './resource-kind.ts';
import { type Naming, namingOf, type ParentNaming, parentNamingOf } from './resource-members.ts';

/** One resource that a call names, with all that the record says of it. */
export interface Target extends NamedResource {
  readonly id: string | undefined;
  readonly parsed: MediaConnectArn | undefined;
  /** Text that stands where an ARN or a name should. */
  readonly given: string | undefined;
}

/** The resources that a call names. */
export interface Targets {
  /** What the operation is about; several for calls that take a list. */
  readonly main: readonly Target[];
  /** What the main ones belong to: the flow of an output, the bridge of a source, the gateway of an instance. */
  readonly parent: Target | undefined;
  /** What else takes part: the router input that an output is switched to. */
  readonly other: Target | undefined;
}

/** What a record says was asked and answered; nothing where CloudTrail left it out for its size. */
interface Said {
  readonly request: JsonObject | undefined;
  readonly response: JsonObject | undefined;
}

export const saidInRequest = ({ requestParameters }: CloudTrailRecord): JsonObject | undefined =>
  isOmitted(requestParameters) ? undefined : asObject(requestParameters);

const saidInResponse = ({ responseElements }: CloudTrailRecord): JsonObject | undefined =>
  isOmitted(responseElements) ? undefined : asObject(responseElements);

/** What a person would call it: its name, else its id, else what was typed. */
export const displayOf = (target: Target | undefined): string | null =>
  target?.name ?? target?.id ?? target?.given ?? null;

const isTold = (target: Target): boolean => displayOf(target) !== null;

function ofArn(kind: ResourceKind, value: unknown): Target | undefined {
  const parsed = parseMediaConnectArn(value);
  if (parsed === undefined) {
    const given = asText(value);
    return given === undefined
      ? undefined
      : { kind, name: null, arn: undefined, id: undefined, parsed: undefined, given };
  }
  return {
    kind: parsed.kind ?? kind,
    name: parsed.name,
    arn: parsed.arn,
    id: parsed.id,
    parsed,
    given: asText(value),
  };
}

const ofName = (kind: ResourceKind, name: string): Target => ({
  kind,
  name,
  arn: undefined,
  id: undefined,
  parsed: undefined,
  given: undefined,
});

/** One resource of which the record speaks twice: the first word counts, the second fills what it leaves open. */
function completed(first: Target | undefined, second: Target | undefined): Target | undefined {
  if (first === undefined || second === undefined || first.kind !== second.kind) return first ?? second;
  return {
    kind: first.kind,
    name: first.name ?? second.name,
    arn: first.arn ?? second.arn,
    id: first.id ?? second.id,
    parsed: first.arn === undefined ? (second.parsed ?? first.parsed) : first.parsed,
    given: first.given ?? second.given,
  };
}

function firstText(source: JsonObject | undefined, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textMember(source, key);
    if (text !== undefined) return text;
  }
  return undefined;
}

function arnsIn(source: JsonObject | undefined, kind: ResourceKind, keys: readonly string[]): readonly Target[] {
  return keys
    .flatMap((key) => asList(member(source, key)))
    .map((value) => ofArn(kind, value))
    .filter((target) => target !== undefined);
}

/** The resources by their own members in one half of the record: by ARN, by name, or both. */
function directIn(source: JsonObject | undefined, kind: ResourceKind, naming: Naming): readonly Target[] {
  if (source === undefined) return [];
  const arns = arnsIn(source, kind, naming.arns);
  const name = firstText(source, naming.names);
  if (name === undefined || arns.length > 1) return arns;
  const byArn = arns[0];
  return [byArn === undefined ? ofName(kind, name) : { ...byArn, name }];
}

/** One element of a list of things to add, or of things added. */
function ofElement(kind: ResourceKind, element: unknown, naming: Naming): Target | undefined {
  for (const path of naming.elementNames) {
    const name = asText(memberAt(element, path));
    if (name !== undefined) return completed(ofName(kind, name), arnsIn(asObject(element), kind, naming.arns)[0]);
  }
  return arnsIn(asObject(element), kind, naming.arns)[0];
}

const unnamed = (kind: ResourceKind): Target => ({ ...ofName(kind, ''), name: null });

/** The elements asked for, each completed by the element that answers it. */
function listed({ request, response }: Said, kind: ResourceKind, naming: Naming): readonly Target[] {
  if (naming.list === undefined) return [];
  const asked = asList(member(request, naming.list));
  const answered = asList(member(response, naming.list));
  const longer = asked.length >= answered.length ? asked : answered;
  return longer.map(
    (_, index) =>
      completed(ofElement(kind, asked[index], naming), ofElement(kind, answered[index], naming)) ?? unnamed(kind),
  );
}

function mainTargets(said: Said, kind: ResourceKind, naming: Naming): readonly Target[] {
  const list = listed(said, kind, naming);
  if (list.length > 0) return list;
  const asked = directIn(said.request, kind, naming);
  if (asked.length > 1) return asked;
  const wrapper = naming.wrapper === undefined ? undefined : asObject(member(said.response, naming.wrapper));
  const answered = directIn(said.response, kind, naming)[0] ?? ofElementOrSelf(wrapper, kind, naming);
  const only = completed(asked[0], answered);
  return only === undefined ? [] : [only];
}

/** `responseElements.flow`, `.routerInput`, `.output`: the resource as it is after the call. */
function ofElementOrSelf(wrapper: JsonObject | undefined, kind: ResourceKind, naming: Naming): Target | undefined {
  if (wrapper === undefined) return undefined;
  return completed(directIn(wrapper, kind, naming)[0], ofElement(kind, wrapper, naming));
}

/** A media stream's ARN names its flow, an instance's its gateway. */
function parentByArn(target: Target | undefined): Target | undefined {
  const parent = target?.parsed?.parent;
  if (parent?.kind === undefined) return undefined;
  return { kind: parent.kind, name: parent.name, arn: parent.arn, id: parent.id, parsed: parent, given: undefined };
}

function parentTarget({ request, response }: Said, naming: ParentNaming | undefined, main: Target | undefined) {
  const byMember =
    naming && completed(arnsIn(request, naming.kind, naming.arns)[0], arnsIn(response, naming.kind, naming.arns)[0]);
  return completed(byMember, parentByArn(main));
}

function switchedTo({ request, response }: Said): Target | undefined {
  const asked = ofArn('routerInput', member(request, 'routerInputArn'));
  const name = textMember(response, 'routerInputName');
  const answered = ofArn('routerInput', member(response, 'routerInputArn'));
  const input = completed(asked, answered);
  if (name === undefined) return input;
  return input === undefined ? ofName('routerInput', name) : { ...input, name };
}

/** An operation that is newer than our tables: members that end in `Arn`, and `name`. */
function targetsOfUnknown(said: Said): Targets {
  const source = said.request ?? said.response;
  const arns = Object.keys(source ?? {})
    .slice(0, 50)
    .filter((key) => /arns?$/i.test(key))
    .flatMap((key) => asList(source?.[key]))
    .map((value) => ofArn('unrecognized', value))
    .filter((target) => target?.parsed !== undefined) as readonly Target[];
  const name = textMember(source, 'name');
  const flow = arns.find(({ kind }) => kind === 'flow');
  const others = arns.filter((target) => target !== flow);
  const main = name === undefined ? others : [ofName('unrecognized', name), ...others];
  return main.length === 0
    ? { main: flow === undefined ? [] : [flow], parent: undefined, other: undefined }
    : { main, parent: flow ?? parentByArn(main[0]), other: undefined };
}

/** Which resources a call names, by its request and, where that leaves something open, by the response. */
export function targetsOfCall(operation: string, kind: ResourceKind, record: CloudTrailRecord): Targets {
  const said: Said = { request: saidInRequest(record), response: saidInResponse(record) };
  const naming = namingOf(kind);
  if (naming === undefined) return targetsOfUnknown(said);
  const main = mainTargets(said, kind, naming);
  return {
    main,
    parent: parentTarget(said, parentNamingOf(operation, kind), main[0]),
    other: operation === 'TakeRouterInput' ? switchedTo(said) : undefined,
  };
}

const named = ({ kind, name, arn }: Target): NamedResource => ({ kind, name, arn });

/** The resources as a notification lists them, the main ones first. */
export const namedResources = ({ main, parent, other }: Targets): readonly NamedResource[] =>
  [...main, other, parent]
    .filter((target) => target !== undefined)
    .filter(isTold)
    .map(named);

const joined = (names: readonly (string | null)[]): string | null => {
  const known = names.filter((name) => name !== null);
  return known.length === 0 ? null : known.join(', ');
};

/** Names of what the operation is about; a call that lists the resources of one is about that one. */
export const resourceNameOf = ({ main, parent }: Targets): string | null =>
  main.length > 0 ? joined(main.map(({ name }) => name)) : (parent?.name ?? null);

/** The flow that it is about or belongs to. */
export function flowNameOf({ main, parent }: Targets): string | null {
  if (parent?.kind === 'flow') return parent.name;
  return joined(main.filter(({ kind }) => kind === 'flow').map(({ name }) => name));
}
