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
export const looksLikeAddress = (text: string): boolean => IPV4.test(text) || IPV6.test(text);

/** An address in 8 (IPv4) or 32 (IPv6) hexadecimal digits, `undefined` if the text is none. IPv4-mapped IPv6 is IPv4. */
export function addressDigits(text: string): string | undefined {
  if (IPV4.test(text)) return ipv4Digits(text);
  return IPV6.test(text) ? ipv6Digits(text) : undefined;
}
