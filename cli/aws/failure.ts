import { UserError } from '../../infra/settings/user-error.ts';

/** Why a call to AWS did not work, by what a person would do about it. */
export type AwsFailureKind = 'no-credentials' | 'denied' | 'not-offered' | 'not-found' | 'unreachable' | 'other';

export interface AwsFailure {
  readonly kind: AwsFailureKind;
  /** One clause that says what is wrong and what to do. */
  readonly text: string;
}

/** A command cannot go on without what it asked AWS for. One line for a person. */
export class AwsCallError extends UserError {
  override readonly name = 'AwsCallError';
  readonly kind: AwsFailureKind;

  constructor(message: string, kind: AwsFailureKind, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

const NO_CREDENTIALS = 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with aws sso login';

/** AWS's names of errors; services do not agree on them. */
const KINDS: Readonly<Record<string, AwsFailureKind>> = {
  CredentialsProviderError: 'no-credentials',
  ExpiredToken: 'no-credentials',
  ExpiredTokenException: 'no-credentials',
  IncompleteSignature: 'no-credentials',
  InvalidClientTokenId: 'no-credentials',
  InvalidSignatureException: 'no-credentials',
  MissingAuthenticationToken: 'no-credentials',
  SignatureDoesNotMatch: 'no-credentials',
  TokenProviderError: 'no-credentials',
  UnrecognizedClientException: 'no-credentials',

  AccessDenied: 'denied',
  AccessDeniedException: 'denied',
  AuthorizationError: 'denied',
  NotAuthorized: 'denied',
  UnauthorizedOperation: 'denied',

  InvalidAction: 'not-offered',
  NotImplemented: 'not-offered',
  UnknownOperation: 'not-offered',
  UnknownOperationException: 'not-offered',
  UnsupportedOperation: 'not-offered',

  NotFoundException: 'not-found',
  QueueDoesNotExist: 'not-found',
  'AWS.SimpleQueueService.NonExistentQueue': 'not-found',
  ResourceNotFoundException: 'not-found',
  ResourceNotFound: 'not-found',

  ECONNREFUSED: 'unreachable',
  ECONNRESET: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
  ETIMEDOUT: 'unreachable',
  TimeoutError: 'unreachable',
};

/** Other look-alikes of AWS say with this status that a service is not among theirs. */
const NOT_IMPLEMENTED = 501;

const stringMember = (value: unknown, name: string): string =>
  typeof value === 'object' && value !== null && name in value ? String((value as Record<string, unknown>)[name]) : '';

function statusOf(error: unknown): number | undefined {
  const metadata = typeof error === 'object' && error !== null && '$metadata' in error ? error.$metadata : undefined;
  const status = Number(stringMember(metadata, 'httpStatusCode'));
  return Number.isNaN(status) ? undefined : status;
}

function kindOf(error: unknown): AwsFailureKind {
  const names = [stringMember(error, 'code'), stringMember(error, 'name'), stringMember(error, 'Code')];
  const known = names.find((name) => Object.hasOwn(KINDS, name));
  if (known !== undefined) return KINDS[known] ?? 'other';
  return statusOf(error) === NOT_IMPLEMENTED ? 'not-offered' : 'other';
}

/** Whether an error is AWS's answer, or the lack of one, and not a mistake of our own. */
export const isAwsError = (error: unknown): boolean =>
  error instanceof Error && ('$metadata' in error || '$response' in error || kindOf(error) !== 'other');

/** Control characters would reach the terminal, and a message may have lines. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

const TEXTS: Readonly<Record<AwsFailureKind, (said: string) => string>> = {
  'no-credentials': (said) => `no usable AWS credentials (${said}): ${NO_CREDENTIALS}`,
  denied: (said) => `not allowed: ${said}`,
  // What else it offers, as some endpoints go on to say, is of no use here.
  'not-offered': (said) => `this endpoint does not offer it (${said.split('. ', 1)[0]})`,
  'not-found': (said) => said,
  unreachable: (said) => `no answer: ${said}; is the endpoint right, and is there a way to it?`,
  other: (said) => said,
};

/** Says why a call to AWS did not work. Errors of AWS name resources and permissions, never a secret's value. */
export function awsFailure(error: unknown): AwsFailure {
  const kind = kindOf(error);
  const said = oneLine(stringMember(error, 'message')) || stringMember(error, 'name') || 'unknown error';
  return { kind, text: TEXTS[kind](said) };
}

/**
 * Asks AWS for what a command cannot do without.
 *
 * @param what is being asked for, in words: `the stack X`
 * @throws AwsCallError
 */
export async function ask<Answer>(what: string, call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (cause) {
    if (!isAwsError(cause)) throw cause;
    const { kind, text } = awsFailure(cause);
    throw new AwsCallError(`${what}: ${text}`, kind, { cause });
  }
}
