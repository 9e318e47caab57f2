import type { CloudTrailRecord } from './api-call-event.ts';

/** Whether the call worked: `denied` is a refusal for lack of permission, `failed` is every other error. */
export type Outcome = 'succeeded' | 'denied' | 'failed';

/**
 * Error codes that say "you may not". MediaConnect's own refusal is `ForbiddenException`; IAM's is
 * `AccessDenied` or `AccessDeniedException`; EC2-style codes come with a `Client.` prefix.
 * Kept as prefixes and suffixes so that a rule's event pattern can say the same thing.
 */
export const DENIED_ERROR_PREFIXES = ['AccessDenied', 'Forbidden', 'NotAuthorized', 'Unauthorized'] as const;
export const DENIED_ERROR_SUFFIXES = ['AccessDenied', 'UnauthorizedOperation'] as const;

const isDenied = (errorCode: string): boolean =>
  DENIED_ERROR_PREFIXES.some((prefix) => errorCode.startsWith(prefix)) ||
  DENIED_ERROR_SUFFIXES.some((suffix) => errorCode.endsWith(suffix));

/** The outcome by the record's `errorCode`. A record with only an `errorMessage` failed too. */
export function callOutcome({
  errorCode,
  errorMessage,
}: Pick<CloudTrailRecord, 'errorCode' | 'errorMessage'>): Outcome {
  if (errorCode) return isDenied(errorCode) ? 'denied' : 'failed';
  return errorMessage ? 'failed' : 'succeeded';
}
