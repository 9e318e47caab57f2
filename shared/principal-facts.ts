import type { Phrase, Principal, PrincipalFact } from './notification.ts';
import { named, phrase } from './phrase.ts';
import type { UserIdentity } from './user-identity.ts';

/** The types as people say them. */
const TYPE_WORDS: ReadonlyMap<string | null, Phrase> = new Map(
  (
    [
      ['Root', 'the root user of the account'],
      ['IAMUser', 'IAM user'],
      ['AssumedRole', 'assumed role, neither root nor an IAM user'],
      ['Role', 'role, neither root nor an IAM user'],
      ['FederatedUser', 'federated user, neither root nor an IAM user'],
      ['Directory', 'directory user, neither root nor an IAM user'],
      ['AWSAccount', 'another AWS account'],
      ['AWSService', 'AWS service, neither root nor an IAM user'],
      ['IdentityCenterUser', 'IAM Identity Center user, neither root nor an IAM user'],
      ['SAMLUser', 'SAML user, neither root nor an IAM user'],
      ['WebIdentityUser', 'web identity, neither root nor an IAM user'],
      ['Unknown', 'unknown to CloudTrail'],
      [null, 'not said'],
    ] as const
  ).map(([type, words]) => [type, phrase(words)]),
);

/** The console signs people in; to CloudTrail it is a service that invoked the call. */
const SIGN_IN = 'signin.amazonaws.com';

/** Types that cannot call without temporary credentials. */
const ALWAYS_TEMPORARY: ReadonlySet<string | null> = new Set([
  'AssumedRole',
  'FederatedUser',
  'IdentityCenterUser',
  'SAMLUser',
  'WebIdentityUser',
]);

const ASSUMED_ROOT = phrase('a session as the root user of a member account');
const NONE = phrase('none, the service itself');
const LONG_TERM = phrase('long-term, no temporary credentials');
const NOT_SAID = phrase('not said');
const YES = phrase('yes');
const NO = phrase('no');

function identityWords({ type, isAssumedRoot }: UserIdentity): Phrase {
  if (isAssumedRoot) return ASSUMED_ROOT;
  return TYPE_WORDS.get(type) ?? phrase(named(type ?? ''));
}

function temporaryWords({ issuer, type }: UserIdentity, via: Principal['via']): Phrase {
  if (via !== undefined) return phrase(`temporary, ${via.kind} `, named(via.name));
  if (issuer.name !== undefined) return phrase('temporary, role ', named(issuer.name));
  return type === 'IAMUser' || type === 'Root' ? phrase('temporary, a session of their own') : phrase('temporary');
}

const isTemporary = ({ type, keyKind, hasSession }: UserIdentity): boolean =>
  ALWAYS_TEMPORARY.has(type) || keyKind === 'temporary' || (hasSession && keyKind === undefined);

function credentialWords(identity: UserIdentity, via: Principal['via']): Phrase {
  if (isTemporary(identity)) return temporaryWords(identity, via);
  if (identity.type === 'AWSService') return NONE;
  const isLongTerm = identity.keyKind === 'long-term' || identity.type === 'IAMUser';
  return isLongTerm ? LONG_TERM : NOT_SAID;
}

/** A call that comes from a service's own address was made by it, also where `invokedBy` is missing. */
const serviceAt = (address: string | undefined): string | undefined =>
  address?.endsWith('.amazonaws.com') || address?.startsWith('AWS Internal') ? address : undefined;

function serviceWords({ invokedBy, type }: UserIdentity, address: string | undefined): Phrase {
  const service = invokedBy ?? serviceAt(address);
  if (service === SIGN_IN) return phrase('no, a person through the console (', named(service), ')');
  if (service !== undefined) return phrase('yes, ', named(service));
  return type === 'AWSService' ? YES : NO;
}

/** The session, where something else is the principal's name. */
function sessionOf({ type, session }: UserIdentity, name: string | null): string | undefined {
  const hasSession = type === 'AssumedRole' || type === 'AWSAccount';
  return hasSession && session !== name ? session : undefined;
}

const HIDDEN_NAME: PrincipalFact = { label: 'User name', value: phrase('hidden by AWS for security reasons') };

/** What is said only where the record says it. */
function addFurtherFacts(facts: PrincipalFact[], identity: UserIdentity, name: string | null): void {
  const { mfa, sourceIdentity, type, userName, isHidden, delegateAccountId } = identity;
  const add = (label: string, text: string | undefined): void => {
    if (text !== undefined) facts.push({ label, value: [named(text)] });
  };
  if (mfa !== undefined) facts.push({ label: 'MFA', value: mfa ? YES : NO });
  if (sourceIdentity !== name) add('Source identity', sourceIdentity);
  add('Session', sessionOf(identity, name));
  if (type === 'Root') add('Account alias', userName);
  if (isHidden) facts.push(HIDDEN_NAME);
  add('Delegate account', delegateAccountId);
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
  via: Principal['via'],
  address: string | undefined,
): readonly PrincipalFact[] {
  const facts: PrincipalFact[] = [
    { label: 'Root or IAM user', value: identityWords(identity) },
    { label: 'Credentials', value: credentialWords(identity, via) },
    { label: 'AWS service', value: serviceWords(identity, address) },
  ];
  addFurtherFacts(facts, identity, name);
  return facts;
}
