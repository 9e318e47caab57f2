import type { Phrase, PrincipalFact } from './notification.ts';
import { named, phrase } from './phrase.ts';
import { serviceInWords } from './service-in-words.ts';
import type { UserIdentity } from './user-identity.ts';
import { withoutSecrets } from './without-secrets.ts';

/** The console signs people in; to CloudTrail it is a service that invoked the call. */
const SIGN_IN = 'signin.amazonaws.com';

/** Whose credentials they are, by type. */
const CREDENTIALS: ReadonlyMap<string | null, string> = new Map([
  ['Root', 'credentials of the root user'],
  ['IAMUser', 'credentials of an IAM user'],
  ['AssumedRole', 'role credentials'],
  ['Role', 'role credentials'],
  ['FederatedUser', 'credentials of a federated user'],
  ['Directory', 'credentials of a directory user'],
  ['AWSAccount', 'credentials of another AWS account'],
  ['IdentityCenterUser', 'credentials of an Identity Center user'],
  ['SAMLUser', 'credentials by SAML'],
  ['WebIdentityUser', 'credentials by web identity'],
]);

/** Types that cannot call without temporary credentials. */
const ALWAYS_TEMPORARY: ReadonlySet<string | null> = new Set([
  'AssumedRole',
  'FederatedUser',
  'IdentityCenterUser',
  'SAMLUser',
  'WebIdentityUser',
]);

const isTemporary = ({ type, keyKind, hasSession }: UserIdentity): boolean =>
  ALWAYS_TEMPORARY.has(type) || keyKind === 'temporary' || (hasSession && keyKind === undefined);

function termOf(identity: UserIdentity): string {
  if (isTemporary(identity)) return 'Temporary ';
  return identity.keyKind === 'long-term' || identity.type === 'IAMUser' ? 'Long-term ' : '';
}

const capital = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;

/** "Temporary role credentials" */
function credentialWords(identity: UserIdentity): Phrase {
  const { type, isAssumedRoot, issuer } = identity;
  if (isAssumedRoot) return phrase('Temporary credentials as the root user of a member account');
  if (type === 'AWSService') return phrase('An AWS service, without credentials of anybody');
  if (type === null) return phrase('CloudTrail does not say whose credentials');
  const whose = CREDENTIALS.get(type);
  if (whose === undefined) {
    return type === 'Unknown'
      ? phrase('Credentials unknown to CloudTrail')
      : phrase('Credentials of the type ', named(type));
  }
  const ofRole = type === 'IAMUser' && isTemporary(identity) && issuer.name !== undefined;
  return phrase(capital(`${termOf(identity)}${whose}`), ofRole ? phrase(' by role ', named(issuer.name ?? '')) : []);
}

/**
 * MFA as far as CloudTrail can know it. For sessions by IAM Identity Center, SAML or a role that was assumed with these
 * it writes "false" also where the person used MFA, so that only a user's own session tells that there was none.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
function mfaWords({ mfa, type }: UserIdentity): string {
  if (mfa === true) return ', MFA';
  return mfa === false && (type === 'IAMUser' || type === 'Root') ? ', no MFA' : '';
}

/** A call that comes from a service's own address was made by it, also where `invokedBy` is missing. */
const serviceAt = (address: string | undefined): string | undefined =>
  address?.endsWith('.amazonaws.com') || address?.startsWith('AWS Internal') ? address : undefined;

const NOT_BY_TYPE: ReadonlyMap<string | null, string> = new Map([
  ['Root', 'not an IAM user'],
  ['IAMUser', 'not root'],
  ['AWSAccount', ''],
  ['Unknown', ''],
  [null, ''],
]);

const NEITHER = 'not root, not an IAM user';

/** What a service that stands between makes of it. */
function throughService(not: string, service: string): Phrase {
  if (service === SIGN_IN) return phrase(`${not === '' ? NEITHER : not}, a person through the console`);
  return phrase(not, not === '' ? '' : ', ', 'called through ', serviceInWords(service));
}

/** "not root, IAM user or AWS service" */
function otherwiseWords({ type, invokedBy, isAssumedRoot }: UserIdentity, address: string | undefined): Phrase {
  const not = isAssumedRoot ? '' : (NOT_BY_TYPE.get(type) ?? NEITHER);
  if (type === 'AWSService') return phrase(not);
  const service = invokedBy ?? serviceAt(address);
  if (service !== undefined) return throughService(not, service);
  if (not === NEITHER) return phrase('not root, IAM user or AWS service');
  return phrase(not === '' ? 'not by an AWS service' : `${not} or AWS service`);
}

/** The session, where something else is the principal's name. */
function sessionOf({ type, session }: UserIdentity, name: string | null): string | undefined {
  const hasSession = type === 'AssumedRole' || type === 'AWSAccount';
  return hasSession && session !== name ? session : undefined;
}

const HIDDEN_NAME: PrincipalFact = { label: 'User name', value: phrase('hidden by AWS for security reasons') };

/** What is said only where the record says it. */
function addFurtherFacts(facts: PrincipalFact[], identity: UserIdentity, name: string | null): void {
  const { sourceIdentity, type, userName, isHidden, delegateAccountId, scope } = identity;
  const add = (label: string, text: string | undefined): void => {
    if (text !== undefined) facts.push({ label, value: [named(text)] });
  };
  if (sourceIdentity !== name) add('Source identity', sourceIdentity);
  add('Session', sessionOf(identity, name));
  if (type === 'Root') add('Account alias', userName);
  if (isHidden) facts.push(HIDDEN_NAME);
  add('Delegate account', delegateAccountId);
  if (type !== 'IdentityCenterUser') add('On behalf of Identity Center user', identity.onBehalfOfUserId);
  add('In scope of', scope === undefined ? undefined : withoutSecrets(scope));
}

/** What leaves out of the three answers what says nothing, in one sentence. */
function identityWords(identity: UserIdentity, address: string | undefined): Phrase {
  const otherwise = otherwiseWords(identity, address);
  return phrase(credentialWords(identity), mfaWords(identity), otherwise.length === 0 ? '' : ' · ', otherwise);
}

/**
 * Answers the three questions that the user guide asks of every record: root or IAM user? temporary credentials of a
 * role or federated user? another AWS service?
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/ug/logging-using-cloudtrail.html
 */
export function principalFacts(
  identity: UserIdentity,
  name: string | null,
  address: string | undefined,
): readonly PrincipalFact[] {
  const facts: PrincipalFact[] = [{ label: '', value: identityWords(identity, address) }];
  addFurtherFacts(facts, identity, name);
  return facts;
}
