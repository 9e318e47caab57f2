import { type Matcher, quoted, refuse } from './matcher.ts';
import { exactLiteral } from './text-operators.ts';

const IPV4 = /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$/;
const IPV6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/;
const LONGEST_IPV4 = 15;
const MAPPED_IPV4 = '00000000000000000000FFFF';

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** Leading zeros are decimal zeros: `0177.0.0.1` is `177.0.0.1`. */
function ipv4Digits(text: string): string | undefined {
  const octets = text.split('.').map(Number);
  if (text.length > LONGEST_IPV4 || octets.some((octet) => octet > 255)) return undefined;
  return octets.map((octet) => hex(octet, 2)).join('');
}

/** Groups of one side of `::`; `undefined` if one is no number of 16 bits. */
function groups(side: string): readonly string[] | undefined {
  if (side === '') return [];
  const parts = side.split(':');
  const values = parts.map((part) => Number.parseInt(part, 16));
  return values.every((value) => value <= 0xffff) ? values.map((value) => hex(value, 4)) : undefined;
}

function ipv6Digits(text: string): string | undefined {
  const sides = text.split('::');
  if (sides.length > 2) return undefined;
  const [head, tail] = [groups(sides[0] ?? ''), groups(sides[1] ?? '')];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  // `::` stands for at least one group; without it there must be all eight.
  if (sides.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const digits = [...head, ...Array.from({ length: missing }, () => '0000'), ...tail].join('');
  return digits.startsWith(MAPPED_IPV4) ? digits.slice(MAPPED_IPV4.length) : digits;
}

/** Whether a text is written like an address. It may still be none, such as `1.2.3.400`. */
const looksLikeAddress = (text: string): boolean => IPV4.test(text) || IPV6.test(text);

/** An address in 8 (IPv4) or 32 (IPv6) hexadecimal digits, `undefined` if the text is none. IPv4-mapped IPv6 is IPv4. */
export function addressDigits(text: string): string | undefined {
  if (IPV4.test(text)) return ipv4Digits(text);
  return IPV6.test(text) ? ipv6Digits(text) : undefined;
}

/**
 * Compares digit by digit and stops where a digit decides. So does the engine, which knows no address families: a long
 * address whose first digits fall into a short range is in it, and a number's digits count as well.
 */
function inRange(text: string, bottom: string, top: string): boolean {
  const [digits = ''] = /^[0-9A-F]*/.exec(text.slice(0, bottom.length)) ?? [];
  if (digits.length === bottom.length) return bottom <= digits && digits <= top;
  return bottom.slice(0, digits.length) < digits && digits < top.slice(0, digits.length);
}

const rangeMatcher = (bottom: string, top: string, words: string): Matcher => ({
  matches: ({ literal }) => literal !== undefined && inRange(literal, bottom, top),
  reading: 'address',
  words,
});

/** A string of a pattern that is an address is compared as one: `2001:DB8::0` equals `2001:db8::`. */
export function exactAddress(text: string): Matcher | undefined {
  const digits = addressDigits(text);
  return digits === undefined ? undefined : rangeMatcher(digits, digits, quoted(text));
}

/** The mask as Java reads an integer: a sign is fine, white space is not. */
function maskBits(mask: string, path: string): number {
  const bits = /^[+-]?[0-9]+$/.test(mask) ? Number(mask) : Number.NaN;
  if (!(Math.abs(bits) < 2 ** 31)) refuse('Malformed CIDR, mask bits must be an integer', path);
  return bits < 0 ? refuse('Malformed CIDR, mask bits must not be negative', path) : bits;
}

function parseCidr(cidr: string, path: string): { readonly digits: string; readonly bits: number } {
  const [address = '', mask = '', ...more] = cidr.replace(/\/+$/, '').split('/');
  if (mask === '' || more.length > 0) refuse("Malformed CIDR, one '/' required", path);
  const bits = maskBits(mask, path);
  const digits = addressDigits(address);
  if (digits === undefined) {
    refuse(`${looksLikeAddress(address) ? 'Invalid' : 'Nonstandard'} IP address: ${address}`, path);
  }
  if (bits >= digits.length * 4) {
    refuse(digits.length === 8 ? 'IPv4 mask bits must be < 32' : 'IPv6 mask bits must be < 128', path);
  }
  return { digits, bits };
}

/** Addresses of a block; the host bits of the pattern do not count. */
export function cidr(block: string, path: string): Matcher {
  const { digits, bits } = parseCidr(block, path);
  const width = digits.length * 4;
  const hostMask = (1n << BigInt(width - bits)) - 1n;
  const base = BigInt(`0x${digits}`) & ~hostMask;
  const spell = (value: bigint): string => value.toString(16).toUpperCase().padStart(digits.length, '0');
  return rangeMatcher(spell(base), spell(base | hostMask), `an address in ${block}`);
}

const FIVE_BILLION = 5e9;
const MAX_DECIMALS = 6;

function decimals(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  const [, fraction = ''] = digits.split('.');
  return Math.max(0, fraction.length - Number(exponent));
}

/**
 * Whether the engine compares this number as a number. Others it knows only by their text: they equal
 * themselves, and no `numeric` holds for them. Within these bounds a double is exact enough to compare.
 *
 * @see https://github.com/aws/event-ruler/blob/main/src/main/software/amazon/event/ruler/ComparableNumber.java
 */
export const isComparable = (value: number): boolean =>
  Math.abs(value) <= FIVE_BILLION && (Number.isInteger(value) || decimals(value) <= MAX_DECIMALS);

/** Why a number cannot stand in a comparison, in EventBridge's words; `undefined` if it can. */
export function incomparable(value: number): string | undefined {
  if (isComparable(value)) return undefined;
  return Math.abs(value) > FIVE_BILLION
    ? 'Value must be between -5.0E9 and 5.0E9, inclusive'
    : 'Only values upto 6 decimals are supported';
}

/** `1`, `1.0` and `1e0` are equal. A number too large or too fine to be compared equals its own text only. */
export function exactNumber(wanted: number): Matcher {
  const text = String(wanted);
  if (!isComparable(wanted)) return exactLiteral(text);
  return { matches: (subject) => subject.number === wanted, reading: 'number', words: text };
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

interface Comparison {
  readonly operator: string;
  readonly bound: number;
  readonly holds: (value: number) => boolean;
}

function comparison(operator: unknown, bound: unknown, path: string): Comparison {
  if (typeof operator !== 'string') refuse(`Invalid member in numeric match: ${JSON.stringify(operator) ?? ']'}`, path);
  const compare = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (compare === undefined) refuse(`Unrecognized numeric range operator: ${operator}`, path);
  if (typeof bound !== 'number') refuse(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`, path);
  const fault = incomparable(bound);
  if (fault !== undefined) refuse(fault, path);
  return { operator, bound, holds: (value) => compare(value, bound) };
}

/** The limits that a one-sided comparison leaves to the engine: `< -5e9` and `> 5e9` are empty, hence refused. */
function limits({ operator, bound }: Comparison): readonly [bottom: number, top: number] {
  if (operator === '=') return [-Infinity, Infinity];
  return operator.startsWith('<') ? [-5e9, bound] : [bound, 5e9];
}

function upperBound(lower: Comparison, [operator, bound, ...more]: readonly unknown[], path: string): Comparison {
  if (!lower.operator.startsWith('>')) refuse('Too many elements in numeric expression', path);
  if (typeof operator !== 'string') refuse(`Bad value in numeric range: ${JSON.stringify(operator)}`, path);
  if (operator !== '<' && operator !== '<=') refuse(`Bad numeric range operator: ${operator}`, path);
  if (more.length > 0) refuse('Too many terms in numeric range expression', path);
  return comparison(operator, bound, path);
}

const spell = ({ operator, bound }: Comparison): string => `${operator} ${bound}`;

/** One comparison, or `>`/`>=` followed by `<`/`<=` with the bottom below the top. Holds for JSON numbers only. */
export function numeric(terms: unknown, path: string): Matcher {
  if (!Array.isArray(terms)) refuse('Value of numeric must be an array.', path);
  const [operator, bound, ...more]: readonly unknown[] = terms;
  const first = comparison(operator, bound, path);
  const second = more.length === 0 ? undefined : upperBound(first, more, path);
  const [bottom, top] = second === undefined ? limits(first) : [first.bound, second.bound];
  if (bottom >= top) refuse('Bottom must be less than top', path);
  return {
    matches: ({ number }) => number !== undefined && first.holds(number) && (second?.holds(number) ?? true),
    reading: 'number',
    words: `a number ${spell(first)}${second === undefined ? '' : ` and ${spell(second)}`}`,
  };
}
