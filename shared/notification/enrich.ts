import {
  type ApiCallEvent,
  type CloudTrailRecord,
  eventIdOf,
  hashOf,
  parseTimestampMs,
  type RoutedEvent,
} from '../call/api-call-event.ts';
import { type Classification, errorInResponse } from '../call/classify-call.ts';
import { asList, asObject, asText, boundedText, exactMember, exactText } from '../call/json.ts';
import { ACCOUNT_ID, type MediaConnectArn, parseMediaConnectArn, REGION } from '../call/mediaconnect-arn.ts';
import { RESOURCE_KIND_WORDS, type ResourceKind } from '../call/operations.ts';
import { consoleLinks, isUuid, type LinkParts } from './console-links.ts';
import { callNotes } from './notes.ts';
import {
  accountNameOf,
  type DisplaySettings,
  type Notification,
  named,
  namedPrincipal,
  namesIn,
  phrase,
  withNames,
} from './notification.ts';
import { detectOrigin } from './origin.ts';
import { callDetails } from './parameters.ts';
import { identifyPrincipal } from './principal.ts';
import { codeWithoutSecrets, membersWithoutSecrets, messageWithoutSecrets, withoutTypedSecrets } from './redaction.ts';
import { NOT_SHOWN, withoutSecrets } from './secret-shapes.ts';
import { describeCall } from './sentence.ts';
import {
  displayOf,
  flowNameOf,
  namedResources,
  requestAndResponseOf,
  resourceNameOf,
  type Target,
  type Targets,
  targetsOfCall,
} from './targets.ts';

const FIELDS_SAID = 20;

/** `updatedFields` is a list in a string, such as `eventName,userIdentity.arn`. */
const fieldsOf = (updatedFields: unknown): readonly string[] =>
  (typeof updatedFields === 'string'
    ? updatedFields.split(',', FIELDS_SAID)
    : asList(updatedFields).slice(0, FIELDS_SAID)
  )
    .map((field) => (typeof field === 'string' ? asText(field.trim()) : undefined))
    .filter((field) => field !== undefined);

/** An addendum that changes what an earlier event said; one that only came late corrects nothing. */
function correctionOf({ addendum }: CloudTrailRecord): Notification['correction'] {
  if (addendum === undefined || addendum === null) return undefined;
  const originalEventId = exactText(addendum, 'originalEventID');
  const updatedFields = fieldsOf(exactMember(addendum, 'updatedFields'));
  const reason = exactText(addendum, 'reason');
  if (reason !== 'UPDATED_DATA' && originalEventId === undefined && updatedFields.length === 0) return undefined;
  return { reason: reason ?? 'no reason given', originalEventId, updatedFields };
}

function messageOf(record: CloudTrailRecord): string | undefined {
  const { errorMessage, responseElements } = record;
  const inResponse = (key: string): string | undefined => {
    const text = exactMember(responseElements, key);
    return typeof text === 'string' && text !== '' ? text : undefined;
  };
  const said = errorMessage || (inResponse('message') ?? inResponse('errorMessage'));
  return said ? messageWithoutSecrets(said, record) : undefined;
}

function codeOf(record: CloudTrailRecord): string | undefined {
  const code = record.errorCode || errorInResponse(record);
  return code ? codeWithoutSecrets(code, record) : undefined;
}

/** Why the call did not succeed, as CloudTrail has it, else as the response has it. */
function errorOfCall(record: CloudTrailRecord, code: string | undefined): Notification['error'] {
  if (code === undefined && !record.errorMessage) return undefined;
  return { code: code ?? 'no error code', message: messageOf(record) };
}

/**
 * By what a call is reported once, wherever it is said: its id, or a hash in place of one that is no id but a secret. Two calls
 * never have one id.
 */
export function shownIdOf(event: ApiCallEvent): string {
  const eventId = eventIdOf(event);
  const isShown = isUuid(eventId) || withoutSecrets(eventId) === eventId;
  return isShown ? eventId : eventIdOf({ ...event, id: undefined, detail: { ...event.detail, eventID: undefined } });
}

/** Of a request whose names are not shown, enough to tell one from the next. */
const HASHED_LENGTH = 10_000;

/** The id in an ARN that is not shown for the name in it, else a hash of what was asked. */
function keyOfUnshown(kind: ResourceKind, at: string, request: unknown): string {
  const arns = Object.values(asObject(request) ?? {}).map(parseMediaConnectArn);
  const id = arns.find((parsed) => parsed?.kind === kind)?.id;
  return id === undefined || withoutSecrets(id) !== id
    ? `${kind}/${at}/${NOT_SHOWN}/${hashOf(boundedText(JSON.stringify(request) ?? '', HASHED_LENGTH))}`
    : `${kind}:${id}/${at}`;
}

/**
 * What calls on one thing have in common. An ARN that cannot be an address, such as that of a name with a space, still has
 * the id that AWS gave. What was named only in part belongs together within one account and region.
 */
function keyOf({ kind, arn, id }: Target, name: string, at: string, request: unknown): string {
  if (arn !== undefined) return arn;
  if (id !== undefined && !id.includes(NOT_SHOWN)) return `${kind}:${id}/${at}`;
  return name.includes(NOT_SHOWN) ? keyOfUnshown(kind, at, request) : `${kind}/${at}/${name}`;
}

/**
 * The root resource of a call: the flow of its outputs, sources and entitlements, the bridge of its own, the gateway of
 * its instances, else the resource itself. Calls that name none belong together by kind.
 */
function subjectOf(
  { main, parent }: Targets,
  call: Classification,
  account = '',
  region = '',
  request?: unknown,
): Notification['subject'] {
  const root = displayOf(parent) === null ? main[0] : parent;
  const name = displayOf(root);
  const place = `${account}/${region}`;
  const [one, many] = RESOURCE_KIND_WORDS[root?.kind ?? call.resource];
  if (root === undefined || name === null) {
    return {
      key: `${call.resource}/${place}`,
      label: phrase(call.resource === 'unrecognized' ? 'MediaConnect' : many),
    };
  }
  return { key: keyOf(root, name, place, request), label: phrase(`${one} `, named(name)) };
}

/** Calls reach EventBridge within seconds as a rule; later than this is worth a word. */
const LATE_AFTER_MS = 2 * 60 * 1000;

/** The first candidate that is as it must be, else the first that is there at all. */
function best(pattern: RegExp, ...candidates: readonly unknown[]): string | undefined {
  let first: string | undefined;
  for (const candidate of candidates) {
    const text = asText(candidate);
    if (text !== undefined && pattern.test(text)) return text;
    first ??= text;
  }
  return first;
}

function accountOf({ account, detail }: ApiCallEvent, { accountNames }: DisplaySettings): Notification['account'] {
  const id = best(ACCOUNT_ID, detail.recipientAccountId, exactMember(detail.userIdentity, 'accountId'), account);
  return id === undefined ? undefined : { id, name: accountNameOf(id, accountNames) };
}

function lateness(calledAtMs: number | undefined, ingestedAtMs: number | undefined): number | undefined {
  if (calledAtMs === undefined || ingestedAtMs === undefined) return undefined;
  const lateByMs = ingestedAtMs - calledAtMs;
  return lateByMs > LATE_AFTER_MS ? lateByMs : undefined;
}

/** A flow that is gone, or never was, has no page. */
const isGone = ({ operation, outcome }: Classification, errorCode: string | null | undefined): boolean =>
  (operation === 'DeleteFlow' && outcome === 'succeeded') || errorCode?.includes('NotFound') === true;

/** A flow whose name is not shown is no part of an address either. */
const linkable = (flow: MediaConnectArn | undefined): MediaConnectArn | undefined =>
  flow?.arn === undefined || withoutSecrets(flow.arn) === flow.arn ? flow : undefined;

/** The flow that a call is about or belongs to, if there is a page of it. */
function linkedFlow({ main, parent }: Targets, call: Classification, { errorCode }: CloudTrailRecord) {
  if (isGone(call, errorCode)) return undefined;
  return linkable([parent, ...main].find((target) => target?.parsed?.kind === 'flow')?.parsed);
}

/** Of a correction also the event that it corrects. */
function linksOf(parts: LinkParts, correction: Notification['correction']): Notification['links'] {
  const links = consoleLinks(parts);
  if (correction === undefined) return links;
  return { ...links, original: consoleLinks({ ...parts, eventId: correction.originalEventId }).event };
}

/** Names that AWS gave with an ARN, or that were asked for by one. */
const namesInArns = ({ main, parent, other }: Targets): readonly string[] =>
  [...main, parent, other].flatMap((target) => target?.parsed?.name ?? []);

/** What of a notification may hold what somebody typed, without what the request keeps secret. */
function withoutTyped(said: Notification, request: unknown, targets: Targets): Notification {
  const { resources, resourceName, flowName, subject, sentence, details } = said;
  const typed = { resources, resourceName, flowName, subject, sentence, details };
  const filtered = withoutTypedSecrets(typed, request, () => namesInArns(targets));
  return filtered === typed ? said : { ...said, ...filtered };
}

/** Whether a member holds texts of the record that have not been filtered yet. The compiler asks it of each new member. */
const IS_FROM_RECORD: Readonly<Record<keyof Notification, boolean>> = {
  eventId: false,
  route: false,
  call: true,
  principal: true,
  origin: true,
  sourceAddress: true,
  calledAtMs: false,
  lateByMs: false,
  newerCall: false,
  outcome: false,
  account: true,
  region: true,
  resources: true,
  resourceName: true,
  flowName: true,
  subject: true,
  effect: true,
  sentence: true,
  by: true,
  details: true,
  error: true,
  notes: true,
  correction: true,
  links: false,
};
const FROM_RECORD = (Object.keys(IS_FROM_RECORD) as (keyof Notification)[]).filter((key) => IS_FROM_RECORD[key]);

/**
 * Makes of a matched event what an operator should be notified of. Never throws: whatever a record leaves out or has in an
 * odd shape is left out of the notification, and its strings stay raw, for the renderer to escape.
 */
export function enrich(routed: RoutedEvent, call: Classification, settings: DisplaySettings): Notification {
  const names = namesIn(settings);
  if (names === undefined) return enriched(routed, call, settings);
  const { byId } = names;
  const notification = enriched(routed, call, names.settings);
  const principal = namedPrincipal(notification.principal, byId);
  return withNames({ ...notification, principal }, ({ arn, id }) => byId.get(arn) ?? byId.get(id));
}

function enriched({ route, event }: RoutedEvent, call: Classification, settings: DisplaySettings): Notification {
  const record = event.detail;
  const eventId = shownIdOf(event);
  const asked = requestAndResponseOf(record);
  const { request, response } = asked;
  const targets = targetsOfCall(call.operation, call.resource, record, asked);
  const account = accountOf(event, settings);
  const region = best(REGION, record.awsRegion, event.region);
  const calledAtMs = parseTimestampMs(record.eventTime) ?? parseTimestampMs(event.time);
  const correction = correctionOf(record);
  const errorCode = codeOf(record);
  const { effect, sentence, by } = describeCall({
    call,
    targets,
    request,
    response,
    accountNames: settings.accountNames,
    errorCode,
  });

  const said: Notification = {
    call,
    principal: identifyPrincipal(record),
    origin: detectOrigin(record),
    sourceAddress: asText(record.sourceIPAddress),
    account,
    region,
    resources: namedResources(targets),
    resourceName: resourceNameOf(targets, call.operation),
    flowName: flowNameOf(targets),
    subject: subjectOf(targets, call, account?.id, region, record.requestParameters),
    effect,
    sentence,
    by,
    details: callDetails(request, call, settings),
    error: errorOfCall(record, errorCode),
    notes: callNotes(event, call, targets),
    correction,
    eventId,
    route,
    calledAtMs,
    lateByMs: lateness(calledAtMs, route.ingestedAtMs),
    links: linksOf({ region, account: account?.id, eventId, flow: linkedFlow(targets, call, record) }, correction),
  };
  return withoutTyped(membersWithoutSecrets(said, FROM_RECORD), request, targets);
}
