import type { CloudTrailRecord } from '../call/api-call-event.ts';
import { boundedText, memoizeLatest } from '../call/json.ts';
import { named, type Phrase, type Principal, type PrincipalFact, phrase } from './notification.ts';
import { wordsOf } from './principal-words.ts';
import { filteredOnce } from './redaction.ts';
import { NOT_SHOWN, withoutSecrets } from './secret-shapes.ts';
import { lastPart, type UserIdentity, userIdentityOf, type WrittenIdentity, writtenIdentity } from './user-identity.ts';

/** Services that call MediaConnect for somebody, as people call them. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ['medialive.amazonaws.com', 'MediaLive'],
  ['mediaconnect.amazonaws.com', 'MediaConnect'],
  ['mediapackage.amazonaws.com', 'MediaPackage'],
  ['cloudformation.amazonaws.com', 'CloudFormation'],
  ['config.amazonaws.com', 'Config'],
  ['lambda.amazonaws.com', 'Lambda'],
  ['ssm.amazonaws.com', 'Systems Manager'],
  ['states.amazonaws.com', 'Step Functions'],
  ['trustedadvisor.amazonaws.com', 'Trusted Advisor'],
]);

/** "AWS service MediaLive"; one that we do not know by its host, and "AWS Internal", which has none, as it is. */
export const describeService = (host: string): Phrase =>
  host.startsWith('AWS ') ? phrase(named(host)) : phrase('AWS service ', NAMES.get(host) ?? named(host));

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
  return phrase(not, not === '' ? '' : ', ', 'called through ', describeService(service));
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

/** Whether the source identity is the name that is shown; two that are hidden look alike, and may be two. */
const isSameName = ({ sourceIdentity, isStatedOtherwise }: UserIdentity, name: string | null): boolean =>
  sourceIdentity === name && !(isStatedOtherwise && name?.includes(NOT_SHOWN));

const HIDDEN_NAME: PrincipalFact = { label: 'User name', value: phrase('hidden by AWS for security reasons') };

/** Whose token the credentials are for, where that is not the principal's name, and who issued it. */
function webFacts({ web: { subject, provider } }: UserIdentity, name: string | null): readonly PrincipalFact[] {
  const by = provider === undefined ? [] : [named(provider)];
  if (subject === undefined || subject === name)
    return by.length === 0 ? [] : [{ label: 'Web identity by', value: by }];
  return [{ label: 'Web identity', value: phrase(named(subject), by.length === 0 ? [] : phrase(' by ', by)) }];
}

/** What is said only where the record says it. */
function addFurtherFacts(facts: PrincipalFact[], identity: UserIdentity, name: string | null): void {
  const { sourceIdentity, type, userName, isHidden, delegateAccountId, scope } = identity;
  const add = (label: string, text: string | undefined): void => {
    if (text !== undefined) facts.push({ label, value: [named(text)] });
  };
  if (!isSameName(identity, name)) add('Source identity', sourceIdentity);
  add('Session', sessionOf(identity, name));
  facts.push(...webFacts(identity, name));
  if (type === 'Root') add('Account alias', userName);
  if (isHidden) facts.push(HIDDEN_NAME);
  add('Delegate account', delegateAccountId);
  if (type !== 'IdentityCenterUser') add('On behalf of Identity Center user', identity.onBehalfOfUserId);
  add('In scope of', scope);
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
function principalFacts(
  identity: UserIdentity,
  name: string | null,
  address: string | undefined,
): readonly PrincipalFact[] {
  const facts: PrincipalFact[] = [{ label: '', value: identityWords(identity, address) }];
  addFurtherFacts(facts, identity, name);
  return facts;
}

type Via = Principal['via'];

/** Session names that programs make up when nobody chose one. */
const MADE_UP_SESSION =
  /^(?:botocore-session-|aws-sdk-|aws-go-sdk-|AWSCLI-Session|AWSCodeBuild-|AssumeRoleSession|i-[\da-f]{8,}$|[\d.-]{6,}$|[\da-f]{8}-[\da-f]{4}-)/i;

/** The session of a role, where somebody chose its name; what a program made up is nobody's name. */
const chosenSession = ({ session, role }: UserIdentity): string | undefined =>
  session === undefined || session === role || MADE_UP_SESSION.test(session) ? undefined : session;

const ownName = ({ userName, arnResource }: UserIdentity): string | undefined => userName ?? lastPart(arnResource);

/** Whom an operator would name, for each of the twelve types. */
const PRINCIPAL_NAMES: ReadonlyMap<string | null, (identity: UserIdentity) => string | undefined> = new Map([
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
  ['WebIdentityUser', ({ userName, web }: UserIdentity) => userName ?? web.subject],
  ['Unknown', ownName],
  [null, ({ invokedBy, userName }: UserIdentity) => invokedBy ?? userName],
]);

/** The id of a principal says who it is where nothing else does; it is no secret. */
const anyName = (identity: UserIdentity): string | undefined =>
  ownName(identity) ?? identity.invokedBy ?? identity.principalId;

function nameOf(identity: UserIdentity): string | null {
  if (identity.isHidden && identity.type !== 'Root') return 'hidden by AWS for security reasons';
  return (PRINCIPAL_NAMES.get(identity.type) ?? anyName)(identity) ?? identity.principalId ?? null;
}

function viaRole({ role, permissionSet }: UserIdentity): Via {
  if (permissionSet !== undefined) return { kind: 'permission set', name: permissionSet };
  return role === undefined ? undefined : { kind: 'role', name: role };
}

const providerOf = ({ identityProvider: name }: UserIdentity): Via =>
  name === undefined ? undefined : { kind: 'identity provider', name };

const brokerOf = ({ issuer }: UserIdentity): Via => {
  const name = issuer.type === 'Root' ? 'root' : issuer.name;
  return name === undefined ? undefined : { kind: 'broker', name };
};

const VIAS: ReadonlyMap<string | null, (identity: UserIdentity) => Via> = new Map([
  ['AssumedRole', viaRole],
  ['FederatedUser', brokerOf],
  ['SAMLUser', providerOf],
  ['WebIdentityUser', providerOf],
]);

/** Root, and whoever comes from another account than the one that was called. */
function isSensitive({ type, accountId }: UserIdentity, calledAccount: string | undefined): boolean {
  if (type === 'Root' || type === 'AWSAccount') return true;
  return accountId !== undefined && calledAccount !== undefined && accountId !== calledAccount;
}

/**
 * A role's ARN holds its session, so the key is put together: one person in one role is one key, and so is a role whose
 * sessions have names that programs make up.
 */
function keyOf({ type, accountId = '', sourceIdentity = '' }: UserIdentity, name: string | null, via: Via): string {
  const stated = sourceIdentity === name || sourceIdentity === '' ? '' : `/${sourceIdentity}`;
  // No role's name has a space.
  const group = via && `${via.kind === 'permission set' ? 'set ' : ''}${via.name}/`;
  return boundedText(`${type ?? ''}/${accountId}/${group ?? ''}${name ?? ''}${stated}`);
}

/** Who stands behind a call that CloudFormation makes for somebody; AWS writes this and no caller can. */
const CLOUDFORMATION = 'cloudformation.amazonaws.com';

/** " (source identity «mallory»)": what whoever gave out the role says of who holds it, where that is another name. */
const statedAs = (identity: UserIdentity, name: string | null): Phrase =>
  identity.sourceIdentity === undefined || isSameName(identity, name)
    ? []
    : phrase(' (source identity ', named(identity.sourceIdentity), ')');

/** A session's name is chosen by whoever takes the role, unless IAM Identity Center sets it: so the role is said too. */
function describeRole(identity: UserIdentity, name: string, via: Via): Phrase {
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

function describePerson(identity: UserIdentity, name: string, via: Via): Phrase {
  if (identity.isHidden && identity.type !== 'Root') return phrase('somebody whose name AWS hides');
  // A session may be called like its role's id: what is no name of anybody's choice is said beside it all the same.
  if (name === identity.principalId && via === undefined) {
    return phrase('principal ', named(name), statedAs(identity, name));
  }
  if (identity.type === 'AWSService' || name === identity.invokedBy) return describeService(name);
  if (identity.type === 'AssumedRole') return phrase(describeRole(identity, name, via), statedAs(identity, name));
  const federated = via?.kind === 'broker' ? phrase(', federated by ', named(via.name)) : [];
  return phrase(KIND_WORDS.get(identity.type) ?? '', named(name), federated);
}

/** Who called, as a sentence says it. */
function saidOf(identity: UserIdentity, name: string | null, via: Via): Phrase {
  if (name === null) return phrase('somebody unknown');
  const person = describePerson(identity, name, via);
  return identity.invokedBy === CLOUDFORMATION && name !== CLOUDFORMATION
    ? phrase('CloudFormation for ', person)
    : person;
}

/**
 * By which word a rule would name who called, where the name that the headline leads with is none: of a session whose name
 * its caller chose that is the role and the session, of a service its host.
 */
function factOfRules(written: WrittenIdentity, identity: UserIdentity, said: Phrase): readonly PrincipalFact[] {
  const words = wordsOf(written);
  const leading = said.find(({ kind }) => kind === 'name')?.text;
  if (words.some(({ text }) => text === leading)) return [];
  const ofSession =
    chosenSession(identity) && words.find(({ form, from }) => form === 'session' && from !== 'look-alike');
  const word = (ofSession || words[0])?.text;
  return word === undefined || withoutSecrets(word) !== word || word.includes(NOT_SHOWN)
    ? []
    : [{ label: 'In rules', value: [named(word)] }];
}

/** All that a principal is made from. */
interface Evidence extends WrittenIdentity {
  readonly calledAccount: string | undefined;
  /** Of a service; where a person calls from is no part of who calls. */
  readonly serviceAddress: string | undefined;
}

function principalOf(evidence: Evidence): Principal {
  const { calledAccount, serviceAddress } = evidence;
  const identity = userIdentityOf(evidence);
  const name = nameOf(identity);
  const via = VIAS.get(identity.type)?.(identity);
  const said = saidOf(identity, name, via);
  return {
    kind: identity.type,
    name,
    said,
    via,
    facts: [...principalFacts(identity, name, serviceAddress), ...factOfRules(evidence, identity, said)],
    accountId: identity.accountId,
    key: keyOf(identity, name, via),
    sensitive: isSensitive(identity, calledAccount),
  };
}

/** Where the same person is looked for: whether it is the same is decided by all the evidence. */
const keyOfEvidence = ({ arn, principalId, type }: Evidence): string => String(arn ?? principalId ?? type);

const remembered = memoizeLatest(keyOfEvidence, (evidence: Evidence) => filteredOnce(principalOf(evidence)));

/**
 * Who called: what cannot be chosen leads, or stands beside what can. People call again and again, so that what is made of
 * the same evidence is made once.
 */
export const identifyPrincipal = ({ userIdentity, recipientAccountId, sourceIPAddress }: CloudTrailRecord): Principal =>
  remembered({
    ...writtenIdentity(userIdentity),
    calledAccount: recipientAccountId || undefined,
    serviceAddress: serviceAt(sourceIPAddress ?? undefined),
  });
