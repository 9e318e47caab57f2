import type { Phrase } from './notification.ts';
import { named, phrase } from './phrase.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Error codes by what they contain, first match first, in an operator's words. */
const WORDS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/NotFound/i, 'not found'],
  [/TooManyRequests|Throttl|RequestLimit|SlowDown/i, 'too many requests'],
  [/420|Quota|LimitExceeded/i, 'quota exceeded'],
  [
    /InvalidClientToken|SignatureDoesNotMatch|UnrecognizedClient|OptInRequired|IncompleteSignature/i,
    'credentials not accepted',
  ],
  [/Expired/i, 'expired credentials'],
  [/Conflict|AlreadyExists|InUse/i, 'not possible in its current state'],
  [/BadRequest|Validation|Invalid|Malformed|Missing/i, 'invalid request'],
  [/InternalServer|InternalFailure|InternalError/i, 'internal error of MediaConnect'],
  [/Unavailable/i, 'MediaConnect unavailable'],
  [/Timeout|TimedOut/i, 'timed out'],
];

/** Why a call did not succeed, in words that stand behind "Failed, " or in brackets; a code that we do not know is said as it is. */
export function errorInWords(code: string | undefined): Phrase {
  if (code === undefined) return phrase('no reason given');
  const words = WORDS.find(([pattern]) => pattern.test(code))?.[1];
  return words === undefined ? [named(withoutSecrets(code))] : phrase(words);
}
