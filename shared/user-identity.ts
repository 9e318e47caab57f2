import { asText, type JsonObject, member, memberAt, textMember } from './json-member.ts';

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
  /** What follows the first colon of `principalId`: the session of a role, the name of a federated user. */
  readonly principalSuffix: string | undefined;
  readonly identityProvider: string | undefined;
  readonly sourceIdentity: string | undefined;
  readonly issuer: { readonly type: string | undefined; readonly name: string | undefined };
  readonly hasSession: boolean;
  readonly mfa: boolean | undefined;
  readonly isAssumedRoot: boolean;
  readonly onBehalfOfUserId: string | undefined;
  readonly delegateAccountId: string | undefined;
  /** By the prefix of the access key id, of which nothing else is kept. */
  readonly keyKind: 'temporary' | 'long-term' | undefined;
}

const HIDDEN = 'HIDDEN_DUE_TO_SECURITY_REASONS';

const KEY_KINDS: Readonly<Record<string, 'temporary' | 'long-term'>> = { ASIA: 'temporary', AKIA: 'long-term' };

/** CloudTrail writes some booleans as text. */
function flag(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  return { true: true, false: false }[value.toLowerCase()];
}

/** `arn:aws:sts::111122223333:assumed-role/Ops/jane` → `assumed-role/Ops/jane` */
function resourceOfArn(arn: string | undefined): string | undefined {
  if (arn === undefined || !arn.startsWith('arn:')) return undefined;
  return arn.split(':').slice(5).join(':') || undefined;
}

function suffixOf(principalId: string | undefined): string | undefined {
  const colon = principalId?.indexOf(':') ?? -1;
  return colon < 0 ? undefined : principalId?.slice(colon + 1) || undefined;
}

function keyKindOf(accessKeyId: unknown): UserIdentity['keyKind'] {
  if (typeof accessKeyId !== 'string') return undefined;
  const prefix = accessKeyId.slice(0, 4);
  return Object.hasOwn(KEY_KINDS, prefix) ? KEY_KINDS[prefix] : undefined;
}

const lastPart = (resource: string | undefined): string | undefined => resource?.split('/').at(-1) || undefined;

/**
 * Reads `userIdentity`, in which every member is optional.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function readUserIdentity(identity: JsonObject | null | undefined): UserIdentity {
  const session = member(identity, 'sessionContext');
  const issuer = member(session, 'sessionIssuer');
  const userName = textMember(identity, 'userName');
  return {
    type: textMember(identity, 'type') ?? null,
    userName: userName === HIDDEN ? undefined : userName,
    isHidden: userName === HIDDEN,
    accountId: textMember(identity, 'accountId'),
    invokedBy: textMember(identity, 'invokedBy'),
    arnResource: resourceOfArn(textMember(identity, 'arn')),
    principalSuffix: suffixOf(textMember(identity, 'principalId')),
    identityProvider: textMember(identity, 'identityProvider'),
    sourceIdentity: textMember(session, 'sourceIdentity') ?? textMember(identity, 'sourceIdentity'),
    issuer: {
      type: textMember(issuer, 'type'),
      name: textMember(issuer, 'userName') ?? lastPart(resourceOfArn(textMember(issuer, 'arn'))),
    },
    hasSession: member(session, 'attributes') !== undefined,
    mfa: flag(memberAt(session, ['attributes', 'mfaAuthenticated'])),
    isAssumedRoot: flag(member(session, 'assumedRoot')) === true,
    onBehalfOfUserId: asText(memberAt(identity, ['onBehalfOf', 'userId'])),
    delegateAccountId: asText(memberAt(identity, ['invokedByDelegate', 'accountId'])),
    keyKind: keyKindOf(member(identity, 'accessKeyId')),
  };
}
