import { type CloudTrailRecord, isOmitted } from '../call/api-call-event.ts';
import { asList, asObject, asText, boundedText, type JsonObject, member, memberAt, textMember } from '../call/json.ts';
import { decodeArn, type MediaConnectArn, parseMediaConnectArn } from '../call/mediaconnect-arn.ts';
import type { ResourceKind } from '../call/operations.ts';
import type { NamedResource } from './notification.ts';
import { withoutSecretsIn } from './redaction.ts';
import { withoutSecrets } from './secret-shapes.ts';
import { type Naming, namingOf, type ParentNaming, parentNamingOf } from './target-members.ts';

/** One resource that a call names, with all that the record says of it. */
export interface Target extends NamedResource {
  readonly id: string | undefined;
  readonly parsed: MediaConnectArn | undefined;
  /** Text that stands where an ARN should. */
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
export interface RequestAndResponse {
  readonly request: JsonObject | undefined;
  readonly response: JsonObject | undefined;
}

const requestOf = ({ requestParameters }: CloudTrailRecord): JsonObject | undefined =>
  isOmitted(requestParameters) ? undefined : withoutSecretsIn(asObject(requestParameters));

const responseOf = ({ responseElements }: CloudTrailRecord): JsonObject | undefined =>
  isOmitted(responseElements) ? undefined : withoutSecretsIn(asObject(responseElements));

/** What a record says was asked and answered, without secrets. */
export const requestAndResponseOf = (record: CloudTrailRecord): RequestAndResponse => ({
  request: requestOf(record),
  response: responseOf(record),
});

/** What a person would call it: its name, else its id, else what was typed. */
export const displayOf = (target: Target | undefined): string | null =>
  target?.name ?? target?.id ?? target?.given ?? null;

/** A resource of which nothing is known but that it is one. */
const unnamedTarget = (kind: ResourceKind): Target => ({
  kind,
  name: null,
  arn: undefined,
  id: undefined,
  parsed: undefined,
  given: undefined,
});

const targetOfName = (kind: ResourceKind, name: string): Target => ({ ...unnamedTarget(kind), name });

const targetOfParsedArn = (parsed: MediaConnectArn, kind: ResourceKind): Target => ({
  kind,
  name: parsed.name,
  arn: parsed.arn,
  id: parsed.id,
  parsed,
  given: undefined,
});

/** A media stream's ARN names its flow, an instance's its gateway. */
function parentByArn(target: Target | undefined): Target | undefined {
  const parent = target?.parsed?.parent;
  return parent?.kind === undefined ? undefined : targetOfParsedArn(parent, parent.kind);
}

/** What stands in a member for an ARN; the ARN's own kind counts more than the member's. */
function targetOfArn(kind: ResourceKind, value: unknown): Target | undefined {
  const parsed = parseMediaConnectArn(value);
  if (parsed !== undefined) return targetOfParsedArn(parsed, parsed.kind ?? kind);
  const given = asText(value);
  return given === undefined ? undefined : { ...unnamedTarget(kind), given };
}

/** Whether the other half of the record could add nothing. */
const isComplete = ({ name, arn }: Target): boolean => name !== null && arn !== undefined;

/** One resource of which the record speaks twice: the first word counts, the second fills what it leaves open. */
function completed(first: Target | undefined, second: () => Target | undefined): Target | undefined {
  if (first === undefined) return second();
  if (isComplete(first)) return first;
  const other = second();
  if (other === undefined || first.kind !== other.kind) return first;
  return {
    kind: first.kind,
    name: first.name ?? other.name,
    arn: first.arn ?? other.arn,
    id: first.id ?? other.id,
    parsed: first.arn === undefined ? (other.parsed ?? first.parsed) : first.parsed,
    given: first.given ?? other.given,
  };
}

/** CloudTrail cuts error messages at 1 KB; what is longer is none of its. */
const LONGEST_ERROR = 4096;

/** What IAM's words about a refused call name: `… is not authorized to perform: mediaconnect:StopFlow on resource: arn:…` */
const REFUSED_RESOURCE = / is not authorized to perform: mediaconnect:\w+ on resource: "?(arn[^\s"',;()]{1,2000})/;

/** The ARN of a resource, if the message holds one in which every part is as it must be; a wildcard is none. */
function refusedTarget(errorMessage: string): Target | undefined {
  const arn = REFUSED_RESOURCE.exec(errorMessage)?.[1]?.replace(/\.+$/, '');
  const parsed = arn?.includes('*') ? undefined : parseMediaConnectArn(arn);
  if (parsed?.arn === undefined || parsed.kind === undefined) return undefined;
  return targetOfParsedArn(parsed, parsed.kind);
}

/**
 * What a refused call was about, where its request is not in the record: IAM refuses before MediaConnect reads it, and
 * then only the error message says. An ARN of another kind is what the resource belongs to, or says nothing.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
function targetsOfDenial(
  errorMessage: string | null | undefined,
  kind: ResourceKind,
  parentNaming: ParentNaming | undefined,
): Targets {
  const target = errorMessage ? refusedTarget(withoutSecrets(boundedText(errorMessage, LONGEST_ERROR))) : undefined;
  const isParent = target !== undefined && target.kind === parentNaming?.kind;
  const isMain = target?.kind === kind || kind === 'tag' || kind === 'unrecognized';
  return {
    main: target !== undefined && isMain ? [target] : [],
    parent: isParent ? target : parentByArn(target),
    other: undefined,
  };
}

/** Members of a request that are looked through for ARNs when its operation is new to us. */
const MEMBERS_LOOKED_THROUGH = 50;

/** An operation that is newer than our tables: members that end in `Arn`, and `name`. */
function targetsOfUnknown({ request, response }: RequestAndResponse): Targets {
  const source = request ?? response ?? {};
  const arns = Object.keys(source)
    .slice(0, MEMBERS_LOOKED_THROUGH)
    .filter((key) => /arns?$/i.test(key))
    .flatMap((key) => asList(source[key]))
    .map((value) => targetOfArn('unrecognized', value))
    .filter((target) => target !== undefined)
    .filter(({ parsed }) => parsed !== undefined);
  const name = textMember(source, 'name');
  const flow = arns.find(({ kind }) => kind === 'flow');
  const others = arns.filter((target) => target !== flow);
  const main = name === undefined ? others : [targetOfName('unrecognized', name), ...others];
  if (main.length === 0) return { main: flow === undefined ? [] : [flow], parent: undefined, other: undefined };
  return { main, parent: flow ?? parentByArn(main[0]), other: undefined };
}

/** Names that stand in a path of the API, and so may be percent-encoded as ARNs are. */
const NAMES_IN_PATHS: ReadonlySet<string> = new Set([
  'outputName',
  'sourceName',
  'mediaStreamName',
  'vpcInterfaceName',
]);

function firstText(source: JsonObject, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const text = textMember(source, key);
    if (text !== undefined) return NAMES_IN_PATHS.has(key) ? decodeArn(text) : text;
  }
  return undefined;
}

function arnsIn(source: JsonObject, kind: ResourceKind, keys: readonly string[]): readonly Target[] {
  const targets: Target[] = [];
  for (const key of keys) {
    for (const value of asList(member(source, key))) {
      const target = targetOfArn(kind, value);
      if (target !== undefined) targets.push(target);
    }
  }
  return targets;
}

/** The resources by their own members in one half of the record: by ARN, by name, or both. */
function directIn(source: JsonObject | undefined, kind: ResourceKind, naming: Naming): readonly Target[] {
  if (source === undefined) return [];
  const arns = arnsIn(source, kind, naming.arns);
  const name = firstText(source, naming.names);
  if (name === undefined || arns.length > 1) return arns;
  const [byArn] = arns;
  return [byArn === undefined ? targetOfName(kind, name) : { ...byArn, name }];
}

/** One element of a list of things to add, or of things added. */
function elementIn(element: unknown, kind: ResourceKind, naming: Naming): Target | undefined {
  const source = asObject(element);
  if (source === undefined) return undefined;
  const byArn = (): Target | undefined => arnsIn(source, kind, naming.arns)[0];
  for (const path of naming.elementNames) {
    const name = asText(memberAt(source, path));
    if (name !== undefined) return completed(targetOfName(kind, name), byArn);
  }
  return byArn();
}

/** The elements asked for, each completed by the element that answers it. */
function listed({ request, response }: RequestAndResponse, kind: ResourceKind, naming: Naming): readonly Target[] {
  if (naming.list === undefined) return [];
  const asked = asList(member(request, naming.list));
  const answered = asList(member(response, naming.list));
  const longer = asked.length >= answered.length ? asked : answered;
  return longer.map(
    (_, index) =>
      completed(elementIn(asked[index], kind, naming), () => elementIn(answered[index], kind, naming)) ??
      unnamedTarget(kind),
  );
}

/** The resource as a whole: the response's `flow`, `routerInput`, `output` as it is after the call. */
function wholeIn(source: JsonObject | undefined, kind: ResourceKind, naming: Naming): Target | undefined {
  if (source === undefined || naming.wrapper === undefined) return undefined;
  const whole = asObject(member(source, naming.wrapper));
  return completed(directIn(whole, kind, naming)[0], () => elementIn(whole, kind, naming));
}

function mainTargets(said: RequestAndResponse, kind: ResourceKind, naming: Naming): readonly Target[] {
  const list = listed(said, kind, naming);
  if (list.length > 0) return list;
  const { request, response } = said;
  const asked = directIn(request, kind, naming);
  if (asked.length > 1) return asked;
  const answered = (): Target | undefined =>
    completed(directIn(response, kind, naming)[0], () => wholeIn(response, kind, naming));
  const only = completed(asked[0] ?? wholeIn(request, kind, naming), answered);
  return only === undefined ? [] : [only];
}

function parentTarget(
  { request, response }: RequestAndResponse,
  naming: ParentNaming | undefined,
  main: Target | undefined,
) {
  if (naming === undefined) return parentByArn(main);
  const asked = targetOfArn(naming.kind, asList(member(request, naming.arn))[0]);
  const inRecord = completed(asked, () => targetOfArn(naming.kind, member(response, naming.arn)));
  return completed(inRecord, () => parentByArn(main));
}

function switchedTo({ request, response }: RequestAndResponse): Target | undefined {
  const input = completed(targetOfArn('routerInput', member(request, 'routerInputArn')), () =>
    targetOfArn('routerInput', member(response, 'routerInputArn')),
  );
  const name = textMember(response, 'routerInputName');
  if (name === undefined) return input;
  return input === undefined ? targetOfName('routerInput', name) : { ...input, name };
}

function targetsOfKnown(operation: string, kind: ResourceKind, naming: Naming, said: RequestAndResponse): Targets {
  const main = mainTargets(said, kind, naming);
  return {
    main,
    parent: parentTarget(said, parentNamingOf(operation, kind), main[0]),
    other: operation === 'TakeRouterInput' ? switchedTo(said) : undefined,
  };
}

/**
 * Which resources a call names, by its request and, where that leaves something open, by the response; where neither
 * says anything, by the words with which it was refused.
 */
export function targetsOfCall(
  operation: string,
  kind: ResourceKind,
  record: CloudTrailRecord,
  said: RequestAndResponse = requestAndResponseOf(record),
): Targets {
  const naming = namingOf(kind);
  const targets = naming === undefined ? targetsOfUnknown(said) : targetsOfKnown(operation, kind, naming, said);
  if (targets.main.length > 0 || targets.parent !== undefined) return targets;
  return targetsOfDenial(record.errorMessage, kind, parentNamingOf(operation, kind));
}

/** The resources as a notification lists them, the main ones first. */
export function namedResources({ main, parent, other }: Targets): readonly NamedResource[] {
  const resources: NamedResource[] = [];
  for (const target of [...main, other, parent]) {
    if (target === undefined || displayOf(target) === null) continue;
    resources.push({ kind: target.kind, name: target.name, arn: target.arn });
  }
  return resources;
}

function joinedNames(targets: readonly Target[]): string | null {
  const names = targets.map(({ name }) => name).filter((name) => name !== null);
  return names.length === 0 ? null : names.join(', ');
}

/** Names of what the operation is about; a call that lists the resources of one is about that one. */
export const resourceNameOf = ({ main, parent }: Targets, operation: string): string | null =>
  main.length === 0 && operation.startsWith('List') ? (parent?.name ?? null) : joinedNames(main);

/** The flow that it is about or belongs to. */
export const flowNameOf = ({ main, parent }: Targets): string | null =>
  parent?.kind === 'flow' ? parent.name : joinedNames(main.filter(({ kind }) => kind === 'flow'));
