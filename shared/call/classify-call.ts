import { type CloudTrailRecord, isOmitted } from './api-call-event.ts';
import { asObject, asText, exactText, type JsonObject, member } from './json.ts';
import {
  type Access,
  type Impact,
  knownOperation,
  type Operation,
  type OperationName,
  type ResourceKind,
  verbOf,
  verbsThat,
} from './operations.ts';

/** What the parameters of a call say of its effect; `undefined`: what the table says first. */
type ByParameters = (request: JsonObject) => Impact | undefined;

const SWITCHES: ReadonlyMap<unknown, Impact> = new Map([
  ['DISABLED', 'off-air'],
  ['ENABLED', 'put-on-air'],
]);

const hasMember = (request: JsonObject, key: string): boolean => member(request, key) !== undefined;

/** Members that name the resource, and the text that describes it: a call that sets nothing else changes no signal. */
const HARMLESS: ReadonlySet<string> = new Set([
  'flowarn',
  'sourcearn',
  'outputarn',
  'arn',
  'name',
  'description',
  'maintenanceconfiguration',
]);

const setsOnlyWords: ByParameters = (request) => {
  const keys = Object.keys(request).filter((key) => request[key] !== null);
  const isHarmless = keys.every((key) => HARMLESS.has(key.toLowerCase()));
  return isHarmless && keys.some((key) => !/arn$/i.test(key)) ? 'change' : undefined;
};

const setsFailover: ByParameters = (request) =>
  hasMember(request, 'sourceFailoverConfig') ? 'signal-changed' : undefined;

/**
 * MediaConnect removes the outputs of subscribers that are left out of the list. The record does not say who was in it
 * before, so that a call that sets the list is taken for one that leaves somebody out.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/api/API_UpdateFlowEntitlement.html
 */
const switchesEntitlement: ByParameters = (request) =>
  hasMember(request, 'subscribers') ? 'off-air' : SWITCHES.get(member(request, 'entitlementStatus'));

const BY_PARAMETERS: Partial<Readonly<Record<OperationName, ByParameters>>> = {
  TakeRouterInput: (request) => (asText(member(request, 'routerInputArn')) === undefined ? 'off-air' : undefined),
  UpdateBridge: setsFailover,
  UpdateBridgeState: (request) => (member(request, 'desiredState') === 'ACTIVE' ? 'put-on-air' : undefined),
  UpdateFlow: setsFailover,
  UpdateFlowEntitlement: switchesEntitlement,
  UpdateFlowOutput: (request) => SWITCHES.get(member(request, 'outputStatus')) ?? setsOnlyWords(request),
  UpdateFlowSource: setsOnlyWords,
  UpdateRouterInput: setsOnlyWords,
  UpdateRouterNetworkInterface: setsOnlyWords,
  UpdateRouterOutput: setsOnlyWords,
};

/** The effect that the parameters give to a call on a known operation; one of the table's `impacts`. */
const impactByParameters = (name: OperationName, request: JsonObject | undefined): Impact | undefined =>
  request === undefined ? undefined : BY_PARAMETERS[name]?.(request);

/** Whether the call worked: `denied` is a refusal for lack of permission, `failed` is every other error. */
export type Outcome = 'succeeded' | 'denied' | 'failed';

/**
 * Error codes that say "you may not". MediaConnect's own refusal is `ForbiddenException`; IAM's is
 * `AccessDenied` or `AccessDeniedException`; EC2-style codes come with a `Client.` prefix.
 * Kept as prefixes and suffixes so that a rule's event pattern can say the same thing.
 */
export const DENIED_ERROR_PREFIXES = ['AccessDenied', 'Forbidden', 'NotAuthorized', 'Unauthorized'] as const;
export const DENIED_ERROR_SUFFIXES = ['AccessDenied', 'UnauthorizedOperation'] as const;

const isDenied = (errorCode: string): boolean =>
  DENIED_ERROR_PREFIXES.some((prefix) => errorCode.startsWith(prefix)) ||
  DENIED_ERROR_SUFFIXES.some((suffix) => errorCode.endsWith(suffix));

/** The outcome by the record's `errorCode`. A record with only an `errorMessage` failed too. */
export function callOutcome({
  errorCode,
  errorMessage,
}: Pick<CloudTrailRecord, 'errorCode' | 'errorMessage'>): Outcome {
  if (errorCode) return isDenied(errorCode) ? 'denied' : 'failed';
  return errorMessage ? 'failed' : 'succeeded';
}

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/** What a field says that is a boolean or, as CloudTrail is seen to write it, the text of one; `undefined` for all else. */
export function statedFlag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? FLAGS.get(value.toLowerCase()) : undefined;
}

/** What kind of call this was. */
export interface Classification {
  readonly operation: string;
  readonly resource: ResourceKind;
  readonly access: Access;
  readonly outcome: Outcome;
  /** What the call does, or would have done, by its operation and its parameters. */
  readonly impact: Impact;
  /** What CloudTrail's `readOnly` says, when that contradicts our table. */
  readonly contradictedBy: 'readOnly' | undefined;
  /** CloudTrail has the call as one that worked, but the response holds an error. */
  readonly isDoubtful?: true;
}

/** Verbs that read, also where the name starts with two words. */
export const READ_ONLY_PREFIXES = verbsThat(({ access }) => access === 'read-only');

/** CloudTrail's `readOnly` is a boolean; strings are seen. `undefined` when it says neither. */
export const statedReadOnly = (readOnly: unknown): boolean | undefined => statedFlag(readOnly);

/** Verbs whose effect is worth a word also where the operation is new. */
const SPEAKING: ReadonlySet<Impact> = new Set(['off-air', 'signal-changed', 'put-on-air']);

/** An operation that is newer than our table: `readOnly` decides, then the verb of the name. */
function guess(name: string, readOnly: boolean | undefined): Operation {
  const verb = verbOf(name);
  if (readOnly ?? verb?.access === 'read-only') {
    return { resource: 'unrecognized', access: 'read-only', impacts: ['none'] };
  }
  const impact = verb !== undefined && SPEAKING.has(verb.impact) ? verb.impact : 'unknown';
  return { resource: 'unrecognized', access: 'mutating', impacts: [impact] };
}

/** The error that a response holds: some services say there that a call did not work. */
export function errorInResponse({ errorCode, errorMessage, responseElements }: CloudTrailRecord): string | undefined {
  if (errorCode || errorMessage) return undefined;
  return exactText(responseElements, 'errorCode') ?? exactText(responseElements, 'error');
}

const contradicts = (name: string, access: Access, readOnly: boolean | undefined): boolean =>
  readOnly !== undefined && readOnly !== (access === 'read-only') && verbOf(name)?.isMachine !== true;

/**
 * Says what kind of call this was. Never throws: an operation that we do not know yet is
 * `unrecognized`, so that a new MediaConnect API is announced rather than lost.
 */
export function classifyCall(record: CloudTrailRecord): Classification {
  const readOnly = statedReadOnly(record.readOnly);
  const known = knownOperation(record.eventName);
  const { resource, access, impacts } = known ?? guess(record.eventName, readOnly);
  const request = isOmitted(record.requestParameters) ? undefined : asObject(record.requestParameters);

  return {
    operation: known?.name ?? record.eventName,
    resource,
    access,
    outcome: callOutcome(record),
    impact: (known && impactByParameters(known.name, request)) ?? impacts[0],
    contradictedBy: known !== undefined && contradicts(known.name, access, readOnly) ? 'readOnly' : undefined,
    ...(errorInResponse(record) !== undefined && { isDoubtful: true }),
  };
}
