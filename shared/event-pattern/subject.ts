import { isComparable } from './comparable-number.ts';
import { addressDigits } from './ip-address.ts';
import { quoted, type Reading, type Subject } from './matcher.ts';

function textOf(value: unknown, reading: Reading): string {
  if (typeof value !== 'string') return String(value);
  return (reading === 'address' ? addressDigits(value) : undefined) ?? quoted(value);
}

/** One value of an event as the matchers of a field see it. */
export function subjectOf(value: unknown, reading: Reading): Subject {
  // `+ 0` because -0 equals 0.
  if (reading === 'number' && typeof value === 'number' && isComparable(value)) return { text: '', number: value + 0 };
  return { text: textOf(value, reading), number: undefined };
}
