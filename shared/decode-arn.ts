const MAX_DECODINGS = 3;
const ESCAPED_ASCII = /%([2-7][\da-f])/gi;

/** One decoding; where the text cannot be decoded as a whole, what stands for printable ASCII is. */
function decodeOnce(text: string): string {
  // Colons are all that most ARNs have to decode, and a replacement is several times as fast.
  const withColons = text.replaceAll('%3A', ':');
  if (!withColons.includes('%')) return withColons;
  try {
    return decodeURIComponent(withColons);
  } catch {
    return withColons.replace(ESCAPED_ASCII, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  }
}

/**
 * An ARN in a path of the API is percent-encoded in the record, the same ARN in a body is not, and clients are seen
 * to encode twice; so what looks encoded is decoded, and nothing else.
 */
export function decodeArn(text: string): string {
  let decoded = text;
  for (let round = 0; round < MAX_DECODINGS && decoded.includes('%'); round += 1) {
    const next = decodeOnce(decoded);
    if (next === decoded) break;
    decoded = next;
  }
  return decoded;
}
