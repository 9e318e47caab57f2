import type { CloudTrailRecord } from './api-call-event.ts';
import { boundedText } from './bounded-text.ts';
import type { Principal } from './notification.ts';
import { principalFacts } from './principal-facts.ts';
import { lastPart, readUserIdentity, type UserIdentity } from './user-identity.ts';

type Via = Principal['via'];

/** IAM Identity Center makes a role for each permission set: `AWSReservedSSO_<set>_<hex>`. */
const RESERVED_SSO = /^AWSReservedSSO_(.+?)(?:_[\da-f]{8,32})?$/i;

/** Session names that programs make up when nobody chose one. */
const MADE_UP_SESSION =
  /^(?:botocore-session-|aws-sdk-|aws-go-sdk-|AWSCLI-Session|AssumeRoleSession|i-[\da-f]{8,}$|[\d.-]{6,}$|[\da-f]{8}-[\da-f]{4}-)/i;

const isPersonal = (name: string): boolean => name.includes('@');

/** The human first: a source identity that was carried along tells more than a session name that a program made up. */
function sessionHolder(session: string | undefined, sourceIdentity: string | undefined): string | undefined {
  if (session === undefined || sourceIdentity === undefined) return session ?? sourceIdentity;
  if (MADE_UP_SESSION.test(session)) return sourceIdentity;
  return isPersonal(sourceIdentity) && !isPersonal(session) ? sourceIdentity : session;
}

const ownName = ({ userName, arnResource }: UserIdentity): string | undefined => userName ?? lastPart(arnResource);

/** Whom an operator would name, for each of the twelve types. */
const NAMES: ReadonlyMap<string | null, (identity: UserIdentity) => string | undefined> = new Map([
  ['Root', () => 'root'],
  ['IAMUser', ownName],
  [
    'AssumedRole',
    ({ session, sourceIdentity, userName, role }: UserIdentity) =>
      sessionHolder(session, sourceIdentity) ?? userName ?? role,
  ],
  ['Role', ownName],
  [
    'FederatedUser',
    ({ arnResource, principalSuffix, userName }: UserIdentity) => lastPart(arnResource) ?? principalSuffix ?? userName,
  ],
  ['Directory', ownName],
  ['AWSAccount', ({ accountId }: UserIdentity) => accountId],
  ['AWSService', ({ invokedBy, userName }: UserIdentity) => invokedBy ?? userName],
  ['IdentityCenterUser', ({ onBehalfOfUserId, userName }: UserIdentity) => onBehalfOfUserId ?? userName],
  ['SAMLUser', ({ userName, principalSuffix }: UserIdentity) => userName ?? principalSuffix],
  ['WebIdentityUser', ({ userName, principalSuffix }: UserIdentity) => userName ?? principalSuffix?.split(':').at(-1)],
  ['Unknown', ownName],
  [null, ({ invokedBy, userName }: UserIdentity) => invokedBy ?? userName],
]);

const anyName = (identity: UserIdentity): string | undefined => ownName(identity) ?? identity.invokedBy;

function nameOf(identity: UserIdentity): string | null {
  if (identity.isHidden && identity.type !== 'Root') return 'hidden by AWS for security reasons';
  return (NAMES.get(identity.type) ?? anyName)(identity) ?? null;
}

function viaRole(role: string | undefined): Via {
  if (role === undefined) return undefined;
  const permissionSet = RESERVED_SSO.exec(role)?.[1];
  return permissionSet === undefined ? { kind: 'role', name: role } : { kind: 'permission set', name: permissionSet };
}

const providerOf = ({ identityProvider: name }: UserIdentity): Via =>
  name === undefined ? undefined : { kind: 'identity provider', name };

const brokerOf = ({ issuer }: UserIdentity): Via => {
  const name = issuer.type === 'Root' ? 'root' : issuer.name;
  return name === undefined ? undefined : { kind: 'broker', name };
};

const VIAS: ReadonlyMap<string | null, (identity: UserIdentity) => Via> = new Map([
  ['AssumedRole', ({ role }: UserIdentity) => viaRole(role)],
  ['FederatedUser', brokerOf],
  ['SAMLUser', providerOf],
  ['WebIdentityUser', providerOf],
]);

/** Root, and whoever comes from another account than the one that was called. */
function isLoud({ type, accountId }: UserIdentity, calledAccount: string | undefined): boolean {
  if (type === 'Root' || type === 'AWSAccount') return true;
  return accountId !== undefined && calledAccount !== undefined && accountId !== calledAccount;
}

/** A role's ARN holds its session, so the key is put together: one person in one role is one key. */
function keyOf({ type, accountId = '' }: UserIdentity, name: string | null, via: Via): string {
  return boundedText(`${type ?? ''}/${accountId}/${via === undefined ? '' : `${via.name}/`}${name ?? ''}`);
}

/** Who called, the human first. */
export function identifyPrincipal({ userIdentity, recipientAccountId, sourceIPAddress }: CloudTrailRecord): Principal {
  const identity = readUserIdentity(userIdentity);
  const name = nameOf(identity);
  const via = VIAS.get(identity.type)?.(identity);
  return {
    kind: identity.type,
    name,
    via,
    facts: principalFacts(identity, name, via, sourceIPAddress ?? undefined),
    accountId: identity.accountId,
    key: keyOf(identity, name, via),
    loud: isLoud(identity, recipientAccountId || undefined),
  };
}
