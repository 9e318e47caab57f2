import type { CloudTrailRecord } from './api-call-event.ts';
import { boundedText } from './bounded-text.ts';
import type { Phrase, Principal } from './notification.ts';
import { named, phrase } from './phrase.ts';
import { principalFacts } from './principal-facts.ts';
import { serviceInWords } from './service-in-words.ts';
import { lastPart, readUserIdentity, type UserIdentity } from './user-identity.ts';

type Via = Principal['via'];

/** IAM Identity Center makes a role for each permission set: `AWSReservedSSO_<set>_<hex>`. */
const RESERVED_SSO = /^AWSReservedSSO_(.+?)(?:_[\da-f]{8,32})?$/i;

/** Session names that programs make up when nobody chose one. */
const MADE_UP_SESSION =
  /^(?:botocore-session-|aws-sdk-|aws-go-sdk-|AWSCLI-Session|AWSCodeBuild-|AssumeRoleSession|i-[\da-f]{8,}$|[\d.-]{6,}$|[\da-f]{8}-[\da-f]{4}-)/i;

/** The session of a role, where somebody chose its name; what a program made up is nobody's name. */
const chosenSession = ({ session, role }: UserIdentity): string | undefined =>
  session === undefined || session === role || MADE_UP_SESSION.test(session) ? undefined : session;

const ownName = ({ userName, arnResource }: UserIdentity): string | undefined => userName ?? lastPart(arnResource);

/** Whom an operator would name, for each of the twelve types. */
const NAMES: ReadonlyMap<string | null, (identity: UserIdentity) => string | undefined> = new Map([
  ['Root', () => 'root'],
  ['IAMUser', ownName],
  [
    'AssumedRole',
    (identity: UserIdentity) => chosenSession(identity) ?? identity.role ?? identity.session ?? identity.userName,
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

/** The id of a principal says who it is where nothing else does; it is no secret. */
const anyName = (identity: UserIdentity): string | undefined =>
  ownName(identity) ?? identity.invokedBy ?? identity.principalId;

function nameOf(identity: UserIdentity): string | null {
  if (identity.isHidden && identity.type !== 'Root') return 'hidden by AWS for security reasons';
  return (NAMES.get(identity.type) ?? anyName)(identity) ?? identity.principalId ?? null;
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

/**
 * A role's ARN holds its session, so the key is put together: one person in one role is one key, and so is a role whose
 * sessions have names that programs make up.
 */
function keyOf({ type, accountId = '', sourceIdentity = '' }: UserIdentity, name: string | null, via: Via): string {
  const stated = sourceIdentity === name || sourceIdentity === '' ? '' : `/${sourceIdentity}`;
  return boundedText(`${type ?? ''}/${accountId}/${via === undefined ? '' : `${via.name}/`}${name ?? ''}${stated}`);
}

/** Who stands behind a call that CloudFormation makes for somebody; AWS writes this and no caller can. */
const CLOUDFORMATION = 'cloudformation.amazonaws.com';

/** " (source identity «mallory»)": what whoever gave out the role says of who holds it, where that is another name. */
const statedAs = ({ sourceIdentity }: UserIdentity, name: string | null): Phrase =>
  sourceIdentity === undefined || sourceIdentity === name
    ? []
    : phrase(' (source identity ', named(sourceIdentity), ')');

/** A session's name is chosen by whoever takes the role, unless IAM Identity Center sets it: so the role is said too. */
function roleSaid(identity: UserIdentity, name: string, via: Via): Phrase {
  if (via?.kind !== 'role') return [named(name)];
  return chosenSession(identity) === undefined
    ? phrase('role ', named(via.name))
    : phrase(named(name), ' as role ', named(via.name));
}

/** Words before a name that does not speak for itself. */
const KIND_WORDS: ReadonlyMap<string | null, string> = new Map([
  ['Role', 'role '],
  ['AWSAccount', 'account '],
  ['IdentityCenterUser', 'Identity Center user '],
]);

function personSaid(identity: UserIdentity, name: string, via: Via): Phrase {
  if (identity.isHidden && identity.type !== 'Root') return phrase('somebody whose name AWS hides');
  if (name === identity.principalId) return phrase('principal ', named(name));
  if (identity.type === 'AWSService') return serviceInWords(name);
  if (identity.type === 'AssumedRole') return phrase(roleSaid(identity, name, via), statedAs(identity, name));
  const federated = via?.kind === 'broker' ? phrase(', federated by ', named(via.name)) : [];
  return phrase(KIND_WORDS.get(identity.type) ?? '', named(name), federated);
}

/** Who called, as a sentence says it. */
function saidOf(identity: UserIdentity, name: string | null, via: Via): Phrase {
  if (name === null) return phrase('somebody unknown');
  const person = personSaid(identity, name, via);
  return identity.invokedBy === CLOUDFORMATION && name !== CLOUDFORMATION
    ? phrase('CloudFormation for ', person)
    : person;
}

/** Who called: what cannot be chosen leads, or stands beside what can. */
export function identifyPrincipal({ userIdentity, recipientAccountId, sourceIPAddress }: CloudTrailRecord): Principal {
  const identity = readUserIdentity(userIdentity);
  const name = nameOf(identity);
  const via = VIAS.get(identity.type)?.(identity);
  const said = saidOf(identity, name, via);
  return {
    kind: identity.type,
    name,
    said,
    via,
    facts: principalFacts(identity, name, sourceIPAddress ?? undefined),
    accountId: identity.accountId,
    key: keyOf(identity, name, via),
    loud: isLoud(identity, recipientAccountId || undefined),
  };
}
