import { isObject, type JsonObject } from '../../shared/call/json.ts';
import { OPERATIONS } from '../../shared/call/operations.ts';
import {
  formOfPrincipal,
  isPersonalName,
  NOBODY_NAMED,
  PERMISSION_SET_ROLE,
} from '../../shared/notification/principal-words.ts';
import { globMatches } from '../rules/clause.ts';
import type { Principals } from '../rules/principals.ts';
import { nearestName } from './issue-line.ts';

/** Members of the event around the record. `match` begins within the record, so none of them is ever found. */
const ENVELOPE: ReadonlyMap<string, string> = new Map([
  ['detail', 'match is on the detail already: write what is inside'],
  ['source', 'every rule asks for the source aws.mediaconnect already: leave it out'],
  ['detail-type', 'every rule asks for API calls already: leave it out'],
  ['account', 'it stands outside of the detail: use accounts'],
  ['region', 'it stands outside of the detail: each of notifier:regions has its own stack'],
  ['time', 'it stands outside of the detail: the record has eventTime'],
  ['id', 'it stands outside of the detail: the record has eventID'],
  ['version', 'it stands outside of the detail: the record has eventVersion'],
]);

/** What a member holds, as far as that decides what can match it; an object with the members that are known. */
type Holds = 'text' | 'boolean' | 'object' | 'anything' | Members;
interface Members extends ReadonlyMap<string, Holds> {}

const texts = (...names: readonly string[]): readonly (readonly [string, Holds])[] =>
  names.map((name) => [name, 'text']);

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
const SESSION_CONTEXT: Members = new Map<string, Holds>([
  ['sessionIssuer', new Map(texts('type', 'principalId', 'arn', 'accountId', 'userName'))],
  ['webIdFederationData', 'object'],
  ['attributes', new Map(texts('creationDate', 'mfaAuthenticated'))],
  ...texts('sourceIdentity', 'ec2RoleDelivery', 'assumedRoot'),
]);

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
const USER_IDENTITY: Members = new Map<string, Holds>([
  ...texts('type', 'principalId', 'arn', 'accountId', 'accessKeyId', 'userName', 'invokedBy', 'identityProvider'),
  ...texts('credentialId'),
  ['sessionContext', SESSION_CONTEXT],
  ['onBehalfOf', new Map(texts('userId', 'identityStoreArn'))],
  ['inScopeOf', 'object'],
  ['invokedByDelegate', 'object'],
]);

/**
 * Members of a CloudTrail record.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
const RECORD: Members = new Map<string, Holds>([
  ...texts('eventVersion', 'eventTime', 'eventSource', 'eventName', 'awsRegion', 'sourceIPAddress', 'userAgent'),
  ...texts('errorCode', 'errorMessage', 'requestID', 'eventID', 'eventType', 'apiVersion', 'recipientAccountId'),
  ...texts('sharedEventID', 'vpcEndpointId', 'vpcEndpointAccountId', 'eventCategory', 'sessionCredentialFromConsole'),
  ['readOnly', 'boolean'],
  ['managementEvent', 'boolean'],
  ['userIdentity', USER_IDENTITY],
  ['tlsDetails', new Map(texts('tlsVersion', 'cipherSuite', 'clientProvidedHostHeader', 'keyExchange'))],
  ...[
    ...['requestParameters', 'responseElements', 'additionalEventData', 'addendum', 'serviceEventDetails'],
    ...['edgeDeviceDetails', 'eventContext'],
  ].map((name) => [name, 'object'] as const),
  ['resources', 'anything'],
]);

interface Found {
  /** The path within `match`. */
  readonly path: string;
  readonly message: string;
}

const isTextOfFlag = (value: unknown): boolean => typeof value === 'string' && /^(?:true|false)$/i.test(value);

/** Whether an entry of a list can match where the record has an object: only null and what is not there. */
const matchesObject = (entry: unknown): boolean =>
  entry === null || (isObject(entry) && (entry.exists === false || Object.hasOwn(entry, 'anything-but')));

const WRONG: Readonly<Record<Exclude<Holds, Members>, (values: readonly unknown[]) => string | undefined>> = {
  text: (values) => {
    const bare = values.find((value) => typeof value === 'boolean' || typeof value === 'number');
    return bare === undefined ? undefined : `CloudTrail has text there: write it in quotes, such as "${bare}"`;
  },
  boolean: (values) =>
    values.some(isTextOfFlag) ? 'CloudTrail has a boolean there: write true or false without quotes' : undefined,
  object: (values) =>
    values.some(matchesObject)
      ? undefined
      : 'CloudTrail has an object there, and a pattern looks only at what is inside: write its members',
  anything: () => undefined,
};

const OPERATION_NAMES = Object.keys(OPERATIONS);

/** Exact names that no operation has. One that is newer than the table is written as a prefix. */
const unknownOperations = (values: readonly unknown[]): string | undefined => {
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.length < values.length || texts.some((text) => OPERATION_NAMES.includes(text))) return undefined;
  const near = nearestName(texts[0] ?? '', OPERATION_NAMES);
  return `no operation of MediaConnect has that name${near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`}`;
};

/** Fields that are the same in every call that reaches a rule. */
const CONSTANT: ReadonlyMap<string, { readonly value: unknown; readonly because: string }> = new Map([
  ['managementEvent', { value: true, because: 'every call of MediaConnect is a management event: leave it out' }],
  ['eventCategory', { value: 'Management', because: 'every call of MediaConnect is a management event: leave it out' }],
  ['eventType', { value: 'AwsApiCall', because: 'every call that reaches a rule is an AwsApiCall: leave it out' }],
]);

/**
 * What `userIdentity.type` can be.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
const IDENTITY_TYPES = [
  ...['Root', 'IAMUser', 'AssumedRole', 'Role', 'FederatedUser', 'Directory', 'AWSAccount', 'AWSService', 'Unknown'],
  ...['IdentityCenterUser', 'SAMLUser', 'WebIdentityUser'],
];

/** Exact types of which none is known, and the first is a known one in another spelling. */
const misspelledTypes = (values: readonly unknown[]): string | undefined => {
  const [first] = values;
  if (typeof first !== 'string' || values.some((value) => isObject(value) || IDENTITY_TYPES.includes(String(value))))
    return undefined;
  const near = nearestName(first, IDENTITY_TYPES);
  return near === undefined ? undefined : `no caller has that type; did you mean ${JSON.stringify(near)}?`;
};

/** Plain values only: an operator may mean anything. */
function otherThanAlways(name: string, values: readonly unknown[]): string | undefined {
  const always = CONSTANT.get(name);
  if (always === undefined || values.some((value) => isObject(value) || value === always.value)) return undefined;
  return always.because;
}

/** What is to be said of the values of certain members, by their paths. */
const OF_VALUES: Readonly<Record<string, (values: readonly unknown[]) => string | undefined>> = {
  eventName: unknownOperations,
  'userIdentity.type': misspelledTypes,
};

function wrongValues(path: string, holds: Holds | undefined, values: readonly unknown[]): string | undefined {
  if (values.length === 0 || holds === undefined) return undefined;
  const wrong = WRONG[typeof holds === 'string' ? holds : 'object'](values);
  return wrong ?? otherThanAlways(path, values) ?? OF_VALUES[path]?.(values);
}

/** `{"userIdentity":{"type":…}}` */
const nestedText = (steps: readonly string[]): string =>
  `${steps.map((step) => `{${JSON.stringify(step)}:`).join('')}…${'}'.repeat(steps.length)}`;

function wrongName(name: string, members: Members, isTop: boolean): string | undefined {
  const outside = isTop ? ENVELOPE.get(name) : undefined;
  if (outside !== undefined || members.has(name)) return outside;
  const steps = name.split('.');
  if (members.has(steps[0] ?? '')) return `a pattern has no paths: write ${nestedText(steps)}`;
  const near = nearestName(name, [...members.keys()]);
  return near === undefined ? undefined : `is no member of CloudTrail records; did you mean ${JSON.stringify(near)}?`;
}

const isBranches = (name: string, value: unknown): value is readonly unknown[] =>
  name === '$or' && Array.isArray(value);

function wrongAt(name: string, value: unknown, members: Members, path: string): readonly Found[] {
  const at = path === '' ? name : `${path}.${name}`;
  const values = Array.isArray(value) ? value : [];
  const holds = members.get(name);
  const message = wrongName(name, members, path === '') ?? wrongValues(at, holds, values);
  if (message !== undefined) return [{ path: at, message }];
  return typeof holds === 'object' && isObject(value) ? within(value, holds, at) : [];
}

function within(fragment: JsonObject, members: Members, path: string): readonly Found[] {
  return Object.entries(fragment).flatMap(([name, value]) =>
    isBranches(name, value)
      ? value.filter(isObject).flatMap((branch) => within(branch, members, path))
      : wrongAt(name, value, members, path),
  );
}

/** What in a rule's `match` can never match a record as CloudTrail writes it, each with what was probably meant. */
export const matchMistakes = (match: JsonObject): readonly Found[] => within(match, RECORD, '');

/** Exact regions in a rule's `match` of which none has a stack. */
export function regionsWithoutStack({ awsRegion }: JsonObject, regions: readonly string[]): readonly string[] {
  const asked = Array.isArray(awsRegion) ? awsRegion.filter((value) => typeof value === 'string') : [];
  const areAllPlain = Array.isArray(awsRegion) && asked.length === awsRegion.length;
  return areAllPlain && !asked.some((region) => regions.includes(region)) ? asked : [];
}

/** Members at the top that this version does not know: perhaps newer, perhaps wrong. */
export const unknownMembers = (match: JsonObject): readonly string[] =>
  Object.entries(match).flatMap(([name, value]) => {
    if (name !== '$or') return RECORD.has(name) ? [] : [name];
    return Array.isArray(value) ? value.filter(isObject).flatMap(unknownMembers) : [];
  });

const ALLOWED =
  'is not allowed; allowed: a role, permission set or user, ROLE/SESSION, a service (…amazonaws.com), an ARN, an account id or root; * stands for any text, but not alone';

/** What is shown of callers without a name, and why a rule cannot say it. */
const NOT_WRITABLE: readonly { readonly is: RegExp; readonly because: string }[] = [
  {
    is: new RegExp(`^(?:${NOBODY_NAMED}|somebody unknown|hidden by AWS)`),
    because: 'is shown of callers whom the record does not name, so there is nothing that a rule could look for',
  },
  {
    is: /^(?:AKIA|ASIA)[A-Z0-9]{12,}$/,
    because: 'is an access key id, which is no caller; allowed: the name of the user or role whose key it is',
  },
  {
    // Of users and roles; IAM gives them and no name of a person or a program looks like one.
    is: /^(?:AIDA|AROA)[A-Z0-9]{7,}(?::.*)?$/s,
    because: 'is an id, which is not looked for; allowed: the name of the user or role, ROLE/SESSION or an ARN',
  },
  {
    is: /^(?:session|role|user):/,
    because: `${ALLOWED} (a session of any role is */SESSION)`,
  },
  {
    is: /^(?!arn:)(?!.*\.amazonaws\.com$)[^/]*\/(?:.*\/.*)?$|^\//,
    because: 'is no ROLE/SESSION; a user is written without its path',
  },
];

/** Why a text cannot be a principal of a rule, as the end of a line; `undefined` if it can. */
export function reasonAgainstPrincipal(written: string): string | undefined {
  if (!/[^*/]/.test(written)) return ALLOWED;
  return NOT_WRITABLE.find(({ is }) => is.test(written))?.because;
}

/** The whole name, of which there is one in an account: nobody else's role is called so. */
const ROLE_OF_A_SET = new RegExp(`:\\d{12}:assumed-role/${PERMISSION_SET_ROLE}[^*/]+_[\\da-f]{16}/`);

/** Whether an ARN with `*` may be that of a session whose name its caller chose. */
function mayBeSessionArn(written: string): boolean {
  const start = written.split('*', 1)[0] ?? '';
  const sts = 'arn:aws:sts::';
  if (!start.startsWith(sts)) return written.includes('*') && sts.startsWith(start);
  return !ROLE_OF_A_SET.test(written);
}

const SESSION =
  'names sessions, and whoever may assume the role chooses the name of the session, so that they can keep their own calls from being reported; surer is the role alone';

/** Services through which people have any call made that they may make themselves, and which then stand beside them. */
const CALL_ANYTHING = [
  'cloudformation.amazonaws.com',
  'cloudshell.amazonaws.com',
  'servicecatalog.amazonaws.com',
  'ssm.amazonaws.com',
  'states.amazonaws.com',
];

const THROUGH_SERVICE =
  'is also what stands beside people who have their calls made through it, so that they can keep these from being reported; surer is the role that it calls with';

/** What an admin should know who keeps calls of this principal from being reported; `undefined`: callers cannot choose it. */
function warningOfExcluded(written: string): string | undefined {
  const form = formOfPrincipal(written);
  if (form === 'session' && !written.startsWith(PERMISSION_SET_ROLE)) return SESSION;
  if (form === 'arn' && mayBeSessionArn(written)) return SESSION;
  if (form === 'service' && CALL_ANYTHING.some((host) => globMatches(written, host))) return THROUGH_SERVICE;
  if (form !== 'name' || !isPersonalName(written)) return undefined;
  return 'is also looked for in source identities, which whoever may assume a role states for themselves where its trust policy allows sts:SetSourceIdentity without naming the value';
}

/**
 * What is looked for as a name, and was most likely meant as something else.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MEANT_OTHERWISE: readonly { readonly is: RegExp; readonly because: (written: string) => string }[] = [
  { is: /^(?:aws )?(?:account )?root(?:[ -]?user)?$/i, because: () => 'did you mean "root"?' },
  {
    is: /^\d{4}[ -]\d{4}[ -]\d{4}$/,
    because: (written) => `did you mean ${JSON.stringify(written.replace(/\D/g, ''))}?`,
  },
  { is: /^\d{9,11}$|^\d{13,14}$/, because: () => 'an account id has 12 digits' },
  {
    is: /[\s()<>[\]"'`·;]/,
    because: () => 'no name of IAM has such signs; explain says of a call how rules name its caller',
  },
];

/** Why a name will most likely be nobody's. */
function warningOfName(written: string): string | undefined {
  if (formOfPrincipal(written) !== 'name') return undefined;
  const meant = MEANT_OTHERWISE.find(({ is }) => is.test(written));
  return meant && `is looked for as the name of a role, permission set or user; ${meant.because(written)}`;
}

/** What an admin should know of the principals of a rule: who lets callers silence themselves, and who is most likely nobody. */
export function warningsOfPrincipals(name: string, { include = [], exclude = [] }: Principals = {}): readonly string[] {
  const lines = (key: string, list: readonly string[], warningOf: (written: string) => string | undefined) =>
    list.flatMap((written, index) => {
      const warning = warningOf(written);
      return warning === undefined
        ? []
        : [`notifier:rules.${name}.principals.${key}[${index}]: ${JSON.stringify(written)} ${warning}`];
    });
  return [
    ...lines('include', include, warningOfName),
    ...lines('exclude', exclude, (written) => warningOfExcluded(written) ?? warningOfName(written)),
  ];
}

const BY_AGENT: ReadonlySet<string> = new Set(['console', 'cli', 'terraform']);

const callersWrite = (what: string): string =>
  `${what}, which callers write themselves: whoever writes something else is not reported by this rule`;

/** Members at the top of `match`, also within branches. */
const membersOf = (match: JsonObject): readonly (readonly [name: string, value: unknown])[] =>
  Object.entries(match).flatMap(([name, value]) =>
    name === '$or' && Array.isArray(value) ? value.filter(isObject).flatMap(membersOf) : [[name, value] as const],
  );

const isArnText = (text: string): boolean => /^\S*(?::|%3A)\S*$/i.test(text);

/** Whether a pattern asks for an ARN, or a piece of one; what it refuses is reported in any odd spelling. */
function asksForArn(value: unknown): boolean {
  if (Array.isArray(value))
    return value.some((entry) => (typeof entry === 'string' ? isArnText(entry) : asksForArn(entry)));
  if (!isObject(value) || Object.hasOwn(value, 'anything-but')) return false;
  return Object.values(value).some((inner) => (typeof inner === 'string' ? isArnText(inner) : asksForArn(inner)));
}

/** What an admin should know of a rule that asks for what callers choose: how they call, and how they spell it. */
export function warningsOfChoices(
  name: string,
  {
    origins = [],
    match = {},
  }: { readonly origins?: readonly string[] | undefined; readonly match?: JsonObject | undefined },
): readonly string[] {
  const members = membersOf(match);
  const told = origins.filter((origin) => BY_AGENT.has(origin));
  const of = (member: string) => members.filter(([written]) => written === member).map(([, value]) => value);
  return [
    ...(told.length === 0
      ? []
      : [
          `origins: ${told.map((origin) => JSON.stringify(origin)).join(', ')} ${callersWrite('is told by the user agent')}`,
        ]),
    ...(of('userAgent').length === 0 ? [] : [`match.userAgent: ${callersWrite('asks for a text')}`]),
    ...(of('requestParameters').some(asksForArn)
      ? [
          `match.requestParameters: asks for an ARN, which callers may percent-encode in their own way: the usual spellings are reported by this rule`,
        ]
      : []),
  ].map((line) => `notifier:rules.${name}.${line}`);
}
