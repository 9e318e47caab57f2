import { refuse } from './invalid-event-pattern.ts';
import { addressDigits, looksLikeAddress } from './ip-address.ts';
import { type Matcher, quoted } from './matcher.ts';

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
