import type { Phrase } from './notification.ts';
import type { Outcome } from './outcome.ts';
import { named, phrase } from './phrase.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Error codes by what they contain, first match first, in an operator's words. */
const WORDS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/NotFound/i, 'not found'],
  [/420|Quota|LimitExceeded/i, 'quota exceeded'],
  [/TooManyRequests|Throttl|RequestLimit|SlowDown/i, 'too many requests'],
  [/Conflict|AlreadyExists|InUse/i, 'conflict with its current state'],
  [/BadRequest|Validation|Invalid|Malformed|Missing/i, 'invalid request'],
  [/InternalServer|InternalFailure|InternalError/i, 'internal error of MediaConnect'],
  [/Unavailable/i, 'MediaConnect unavailable'],
  [/Expired/i, 'expired credentials'],
  [/Timeout|TimedOut/i, 'timed out'],
];

/** Why a call did not succeed, short enough for a push notification; a code that we do not know is said as it is. */
export function errorInWords(outcome: Outcome, code: string | undefined): Phrase {
  if (outcome === 'denied') return phrase('access denied');
  if (code === undefined) return phrase('failed without an error code');
  const words = WORDS.find(([pattern]) => pattern.test(code))?.[1];
  return words === undefined ? [named(withoutSecrets(code))] : phrase(words);
}
