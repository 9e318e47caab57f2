/** The line, counted from 1, on which a text's offset lies. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** The value of a JSON text, or what is wrong with it and where (offset in the text). */
export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string; readonly offset: number };

const POSITION = /(?: in JSON)? at position (\d+).*$/s;
/** The engine quotes some of the text around the place; the text is not ours to print. */
const QUOTED_TEXT = /, (?:\.\.\.)?".*$/s;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function refusal(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Where an unexpected token stands. The engine does not say, but every text that ends before the token
 * could still become valid, so the place is found by halving.
 */
function offsetOfUnexpectedToken(text: string): number {
  let good = 0;
  let bad = text.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (refusal(text.slice(0, middle))?.startsWith('Unexpected token')) bad = middle;
    else good = middle;
  }
  return good;
}

function offsetOf(message: string, text: string): number {
  const position = POSITION.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  return message.startsWith('Unexpected token') ? offsetOfUnexpectedToken(text) : text.length;
}

/** Parses JSON; never throws. */
export function parseJson(text: string): ParsedJson {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const message = messageOf(error);
    const reason = message.replace(POSITION, '').replace(QUOTED_TEXT, '');
    return { ok: false, reason, offset: offsetOf(message, text) };
  }
}
