import { statedFlag } from '../call/classify-call.ts';
import { asObject, asText, type JsonObject } from '../call/json.ts';
import { withoutSecrets } from './secret-shapes.ts';

/** The members of CloudTrail's `userIdentity` that tell who called; access keys and credential ids are not read. */
export interface UserIdentity {
  readonly type: string | null;
  readonly userName: string | undefined;
  /** Set where CloudTrail hides the name, e.g. because it may be a mistyped password. */
  readonly isHidden: boolean;
  readonly accountId: string | undefined;
  readonly invokedBy: string | undefined;
  /** What the ARN ends in: path and name of a user, role and session of an assumed role. */
  readonly arnResource: string | undefined;
  readonly role: string | undefined;
  readonly session: string | undefined;
  /** The unique id of the principal, e.g. `AIDAEXAMPLE`; of a session its role's. */
  readonly principalId: string | undefined;
  /** What follows the first colon of `principalId`: the session of a role, the name of a federated user. */
  readonly principalSuffix: string | undefined;
  readonly identityProvider: string | undefined;
  /** Of a session by a token of a web identity: whose token it was, and who issued it. Callers cannot choose these. */
  readonly web: { readonly subject: string | undefined; readonly provider: string | undefined };
  readonly sourceIdentity: string | undefined;
  /** Whether the source identity is another name than the session, also where neither is shown. */
  readonly isStatedOtherwise: boolean;
  readonly issuer: { readonly type: string | undefined; readonly name: string | undefined };
  /** The permission set whose role it is: then IAM Identity Center set the session's name, and its caller did not. */
  readonly permissionSet: string | undefined;
  readonly hasSession: boolean;
  readonly mfa: boolean | undefined;
  readonly isAssumedRoot: boolean;
  readonly onBehalfOfUserId: string | undefined;
  readonly delegateAccountId: string | undefined;
  /** The resource whose service may call for the principal: an EC2 instance, a Lambda function. */
  readonly scope: string | undefined;
  /** By the prefix of the access key id, of which nothing else is kept. */
  readonly keyKind: 'temporary' | 'long-term' | undefined;
}

const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

const KEY_KINDS: Readonly<Record<string, 'temporary' | 'long-term'>> = { ASIA: 'temporary', AKIA: 'long-term' };

/**
 * Whoever calls has one ARN of these services, whose names have no blanks, colons or escapes; in anything else the whole
 * may be a secret of which the end says nothing.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
 */
const CALLER_ARN = /^arn:[\w-]+:(?:iam|sts):[\w-]*:\w*:[\p{L}\p{N}_+=,.@/-]+$/u;

/** `arn:aws:sts::111122223333:assumed-role/Ops/jane` → `assumed-role/Ops/jane` */
function resourceOfArn(written: string | undefined): string | undefined {
  if (written === undefined || !written.startsWith('arn:')) return undefined;
  const isCaller = CALLER_ARN.test(written);
  const arn = isCaller ? written : withoutSecrets(written);
  if (arn !== written) return arn;
  let colon = 3;
  for (let part = 1; part < 5 && colon >= 0; part += 1) colon = arn.indexOf(':', colon + 1);
  return colon < 0 ? undefined : withoutSecrets(arn.slice(colon + 1)) || undefined;
}

function suffixOf(principalId: string | undefined): string | undefined {
  const colon = principalId?.indexOf(':') ?? -1;
  return colon < 0 ? undefined : principalId?.slice(colon + 1) || undefined;
}

const keyKindOf = (prefix: string | undefined): UserIdentity['keyKind'] =>
  prefix !== undefined && Object.hasOwn(KEY_KINDS, prefix) ? KEY_KINDS[prefix] : undefined;

/** `user/path/name` → `name` */
export const lastPart = (resource: string | undefined): string | undefined =>
  resource?.slice(resource.lastIndexOf('/') + 1) || undefined;

interface AssumedRole {
  readonly role: string | undefined;
  readonly session: string | undefined;
}

const ASSUMED_ROLE = 'assumed-role/';

/** `assumed-role/<role>/<session>` */
function assumedRoleOf(resource: string | undefined): AssumedRole {
  if (!resource?.startsWith(ASSUMED_ROLE)) return { role: undefined, session: undefined };
  const slash = resource.indexOf('/', ASSUMED_ROLE.length);
  if (slash < 0) return { role: resource.slice(ASSUMED_ROLE.length) || undefined, session: undefined };
  return {
    role: resource.slice(ASSUMED_ROLE.length, slash) || undefined,
    session: resource.slice(slash + 1) || undefined,
  };
}

/**
 * Roles of permission sets, which IAM Identity Center makes under a path of its own and nobody else can. A name can be given
 * to any role, so that it is the path that counts.
 *
 * @see https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
const PERMISSION_SET_ARN =
  /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/aws-reserved\/sso\.amazonaws\.com\/(?:[a-z]{2,}(?:-[a-z]+)+-\d{1,2}\/)?AWSReservedSSO_([\w+=,.@-]+)_[\da-f]{16}$/;

function permissionSetOf(issuerArn: string | undefined): string | undefined {
  const set = PERMISSION_SET_ARN.exec(issuerArn ?? '')?.[1];
  return set === undefined ? undefined : withoutSecrets(set);
}

/** Without secrets before it is taken apart: half an ARN no longer shows what it was. */
const shown = (text: string | undefined): string | undefined => (text === undefined ? undefined : withoutSecrets(text));

/**
 * All that is read of an identity, as it was written, for remembering what was made of it: of an access key only the
 * prefix, and no times, so that all calls of one session are alike.
 */
export interface WrittenIdentity
  extends Pick<
    UserIdentity,
    'hasSession' | 'mfa' | 'isAssumedRoot' | 'onBehalfOfUserId' | 'delegateAccountId' | 'scope'
  > {
  readonly type: string | undefined;
  readonly userName: string | undefined;
  readonly accountId: string | undefined;
  readonly invokedBy: string | undefined;
  readonly arn: string | undefined;
  readonly principalId: string | undefined;
  readonly identityProvider: string | undefined;
  readonly webProvider: string | undefined;
  readonly webSubject: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly keyPrefix: string | undefined;
  readonly issuerType: string | undefined;
  readonly issuerName: string | undefined;
  readonly issuerArn: string | undefined;
}

const NO_MEMBERS: JsonObject = {};
/** For members by names that no object has of itself, so that none needs to be asked whose it is. */
const membersOf = (value: unknown): JsonObject => asObject(value) ?? NO_MEMBERS;

const SUBJECT = /(?:^|:)sub$/;

/** The subject of a token: `{ "accounts.google.com:sub": "1234" }` or `{ "sub": "1234" }`; often there is none. */
function subjectIn(attributes: JsonObject): string | undefined {
  const key = Object.keys(attributes).find((name) => SUBJECT.test(name));
  return key === undefined ? undefined : asText(attributes[key]);
}

/**
 * Reads `userIdentity`, in which every member is optional.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function writtenIdentity(identity: JsonObject | null | undefined): WrittenIdentity {
  const written = membersOf(identity);
  const session = membersOf(written.sessionContext);
  const issuer = membersOf(session.sessionIssuer);
  const web = membersOf(session.webIdFederationData);
  const { attributes } = session;
  const scope = membersOf(written.inScopeOf);
  const { accessKeyId } = written;
  return {
    type: asText(written.type),
    userName: asText(written.userName),
    accountId: asText(written.accountId),
    invokedBy: asText(written.invokedBy),
    arn: asText(written.arn),
    principalId: asText(written.principalId),
    identityProvider: asText(written.identityProvider),
    webProvider: asText(web.federatedProvider),
    webSubject: subjectIn(membersOf(web.attributes)),
    sourceIdentity: asText(session.sourceIdentity) ?? asText(written.sourceIdentity),
    keyPrefix: typeof accessKeyId === 'string' ? accessKeyId.slice(0, 4) : undefined,
    issuerType: asText(issuer.type),
    issuerName: asText(issuer.userName),
    issuerArn: asText(issuer.arn),
    hasSession: attributes !== undefined && attributes !== null,
    mfa: statedFlag(membersOf(attributes).mfaAuthenticated),
    isAssumedRoot: statedFlag(session.assumedRoot) === true,
    onBehalfOfUserId: asText(membersOf(written.onBehalfOf).userId),
    delegateAccountId: asText(membersOf(written.invokedByDelegate).accountId),
    scope: asText(scope.credentialsIssuedTo) ?? asText(scope.sourceArn),
  };
}

const OIDC_PROVIDER = ':oidc-provider/';

/** `arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com` → `token.actions.githubusercontent.com` */
const providerName = (provider: string | undefined): string | undefined =>
  provider?.slice(provider.includes(OIDC_PROVIDER) ? provider.indexOf(OIDC_PROVIDER) + OIDC_PROVIDER.length : 0);

/**
 * What is behind the issuer and the audience: `accounts.google.com:app:1234` → `1234`. An issuer that is an ARN has colons
 * of its own, and subjects have them, too: `system:serviceaccount:playout:operator`.
 */
function subjectBehind(provider: string | undefined, principalId: string | undefined): string | undefined {
  if (provider === undefined || !principalId?.startsWith(`${provider}:`)) return principalId?.split(':').at(-1);
  return suffixOf(principalId.slice(provider.length + 1));
}

function webOf({ type, principalId, identityProvider, webProvider, webSubject }: WrittenIdentity): UserIdentity['web'] {
  if (type !== 'WebIdentityUser') return { subject: shown(webSubject), provider: providerName(shown(webProvider)) };
  const provider = shown(identityProvider);
  return { subject: subjectBehind(provider, shown(principalId)), provider: providerName(provider) };
}

/** The session as it was written, for comparing: what is hidden looks like everything else that is. */
const writtenSession = ({ arn, principalId }: WrittenIdentity): string | undefined =>
  lastPart(arn) ?? suffixOf(principalId);

/** What a written identity says of who called, without secrets. */
export function userIdentityOf(written: WrittenIdentity): UserIdentity {
  const { issuerArn, hasSession, mfa, isAssumedRoot } = written;
  const userName = shown(written.userName);
  const arnResource = resourceOfArn(written.arn);
  const principalId = shown(written.principalId);
  const principalSuffix = suffixOf(principalId);
  const assumed = assumedRoleOf(arnResource);
  const stated = written.sourceIdentity;
  const issuerName = shown(written.issuerName) ?? lastPart(resourceOfArn(issuerArn));
  return {
    type: shown(written.type) ?? null,
    userName: userName === HIDDEN ? undefined : userName,
    isHidden: userName === HIDDEN,
    accountId: shown(written.accountId),
    invokedBy: shown(written.invokedBy),
    arnResource,
    role: issuerName ?? assumed.role,
    session: assumed.session ?? principalSuffix,
    principalId: principalId?.split(':', 1)[0],
    principalSuffix,
    identityProvider: shown(written.identityProvider),
    web: webOf(written),
    sourceIdentity: shown(stated),
    isStatedOtherwise: stated !== undefined && stated !== writtenSession(written),
    issuer: { type: shown(written.issuerType), name: issuerName },
    permissionSet: permissionSetOf(issuerArn),
    hasSession,
    mfa,
    isAssumedRoot,
    onBehalfOfUserId: shown(written.onBehalfOfUserId),
    delegateAccountId: shown(written.delegateAccountId),
    scope: shown(written.scope),
    keyKind: keyKindOf(written.keyPrefix),
  };
}
