import { isComparable } from './comparable-number.ts';
import { addressDigits } from './ip-address.ts';
import type { Reading, Subject } from './matcher.ts';

const ofString = (string: string): Subject => ({ string, number: undefined, literal: undefined });
const ofLiteral = (literal: string): Subject => ({ string: undefined, number: undefined, literal });

/** One value of an event as the matchers of a field see it. */
export function subjectOf(value: unknown, reading: Reading): Subject {
  if (typeof value === 'string') {
    const digits = reading === 'address' ? addressDigits(value) : undefined;
    return digits === undefined ? ofString(value) : ofLiteral(digits);
  }
  if (reading === 'number' && typeof value === 'number' && isComparable(value)) {
    // `+ 0` because -0 equals 0.
    return { string: undefined, number: value + 0, literal: undefined };
  }
  return ofLiteral(String(value));
}
