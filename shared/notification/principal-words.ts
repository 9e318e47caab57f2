import type { CloudTrailRecord } from '../call/api-call-event.ts';
import { type UserIdentity, userIdentityOf, type WrittenIdentity, writtenIdentity } from './user-identity.ts';

/**
 * The forms in which a rule names callers:
 *
 * - `name`: a role, a permission set, an IAM user, or a user of IAM Identity Center. Callers cannot choose these.
 * - `session`: `ROLE/SESSION`. Whoever assumes the role chooses the session's name, but for roles of permission sets.
 * - `service`: its DNS name, `medialive.amazonaws.com`
 * - `root`, `arn`
 * - `account`: another account, where that is all that the record says
 * - `user id`: of a user of IAM Identity Center whose name the record does not have
 */
export type PrincipalForm = 'name' | 'session' | 'service' | 'root' | 'arn' | 'account' | 'user id';

/**
 * How roles of permission sets are called, whose sessions are people, named by IAM Identity Center and not by themselves.
 * Other roles may be called so too: their path tells them apart.
 */
export const PERMISSION_SET_ROLE = 'AWSReservedSSO_';

/** Types of identity whose own name is the caller's choice, or is another thing than the caller. */
export const TYPES_WITHOUT_OWN_NAME = ['AssumedRole', 'FederatedUser', 'Root'] as const;

const FORMS: readonly { readonly form: PrincipalForm; readonly is: RegExp }[] = [
  { form: 'arn', is: /^arn:/ },
  { form: 'root', is: /^root$/ },
  { form: 'service', is: /\.amazonaws\.com$/ },
  { form: 'account', is: /^\d{12}$/ },
  { form: 'user id', is: /^(?:[\da-f]{10}-)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i },
  { form: 'session', is: /\// },
];

/** Which form somebody used who wrote this, with or without `*`, into a rule. */
export const formOfPrincipal = (written: string): PrincipalForm =>
  FORMS.find(({ is }) => is.test(written))?.form ?? 'name';

/** Whether a written name is one that a source identity may have. A role's is never looked for in it. */
export const isPersonalName = (written: string): boolean => written.includes('@');

/** One way to name a caller in a rule. */
export interface PrincipalWord {
  readonly form: PrincipalForm;
  readonly text: string;
  /** From where the name comes that only a written name of a certain kind is compared with. */
  readonly from?: 'source identity' | 'arn' | 'federation' | 'look-alike';
}

/** How a federated user begins, who has a broker and no role. */
export const FEDERATED = 'federated-user/';

/** A name that would be taken for another form, such as a user called `root`, cannot be written so. */
const word = (form: PrincipalForm, text: string | undefined, from?: PrincipalWord['from']): readonly PrincipalWord[] =>
  text === undefined || formOfPrincipal(text) !== form ? [] : [{ form, text, ...(from && { from }) }];

/** A role that is only called like that of a permission set. */
const lookAlike = (role: string | undefined, set: string | undefined): PrincipalWord['from'] =>
  set === undefined && role?.startsWith(PERMISSION_SET_ROLE) ? 'look-alike' : undefined;

/** `assumed-role/Ops/jane` → `Ops/jane`; a federated user keeps what it is, since it has no role. */
const sessionWords = ({ arnResource = '', permissionSet: set }: UserIdentity): readonly PrincipalWord[] => {
  if (arnResource.startsWith(FEDERATED)) return word('session', arnResource, 'federation');
  const [kind, role, session] = arnResource.split('/');
  if (kind !== 'assumed-role' || role === undefined || session === undefined) return [];
  return [
    ...word('session', set && `${set}/${session}`),
    ...word('session', `${role}/${session}`, lookAlike(role, set)),
  ];
};

const hasOwnName = (type: string | null): boolean => !TYPES_WITHOUT_OWN_NAME.some((without) => without === type);

/** Names of users: of IAM, of IAM Identity Center, of whoever else is no role, no federated user and not root. */
function userWords({ type, arnResource, userName, permissionSet }: UserIdentity): readonly PrincipalWord[] {
  const last = arnResource?.includes('/') ? arnResource.slice(arnResource.lastIndexOf('/') + 1) : undefined;
  if (hasOwnName(type)) return [...word('name', userName), ...word('name', last, 'arn')];
  return permissionSet === undefined ? [] : word('name', last);
}

/**
 * Every word by which a rule may name the caller of a record, the most reporting first: that one is shown where callers
 * are listed, and can be written into a rule as it stands.
 */
export const principalWords = ({ userIdentity }: Pick<CloudTrailRecord, 'userIdentity'>): readonly PrincipalWord[] =>
  wordsOf(writtenIdentity(userIdentity));

/** The same words, of an identity that was read already. */
export function wordsOf(written: WrittenIdentity): readonly PrincipalWord[] {
  const identity = userIdentityOf(written);
  const { type, sourceIdentity, onBehalfOfUserId, accountId, invokedBy, issuer, permissionSet } = identity;
  const stated = word(
    'name',
    sourceIdentity && isPersonalName(sourceIdentity) ? sourceIdentity : undefined,
    'source identity',
  );
  const sessions = sessionWords(identity);
  const people = sessions.filter(({ text }) => isPersonalName(text) || permissionSet !== undefined);
  const words = [
    ...word('root', type === 'Root' ? 'root' : undefined),
    ...word('account', type === 'AWSAccount' ? accountId : undefined),
    ...word('service', type === 'AWSService' ? invokedBy : undefined),
    ...stated,
    ...people,
    ...userWords(identity),
    ...word('name', permissionSet),
    ...word('name', issuer.name, lookAlike(issuer.name, permissionSet)),
    ...sessions.filter((session) => !people.includes(session)),
    ...word('user id', onBehalfOfUserId),
    ...word('service', type === 'AWSService' ? undefined : invokedBy),
    ...word('arn', written.arn),
    ...word('arn', written.issuerArn),
  ];
  const isOwn = ({ from }: PrincipalWord): boolean => from !== 'look-alike';
  return [...words.filter(isOwn), ...words.filter((one) => !isOwn(one))];
}

/** What is shown of a caller of whom the record says nothing that a rule could name. */
export const NOBODY_NAMED = 'nobody named';

/** The caller where callers are listed, in a word that can be written into a rule as it stands. */
export function shownPrincipal({ userIdentity }: Pick<CloudTrailRecord, 'userIdentity'>): string {
  const written = writtenIdentity(userIdentity);
  const { type } = userIdentityOf(written);
  return wordsOf(written)[0]?.text ?? (type === null ? NOBODY_NAMED : `${NOBODY_NAMED} (${type})`);
}
