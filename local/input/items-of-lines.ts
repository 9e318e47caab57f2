import { envelopeOfValue, valuesOf } from './envelope-of-value.ts';
import { InputError } from './input-error.ts';
import type { InputItem } from './input-item.ts';
import { lineAt } from './line-at.ts';
import { linesOfElements } from './lines-of-elements.ts';
import { parseJson } from './parse-json.ts';
import type { Line } from './read-lines.ts';

const NO_EVENT =
  'neither an EventBridge event (source, detail-type, detail) nor a CloudTrail record (eventSource, eventName)';

function itemOf(value: unknown, file: string, line: number): InputItem {
  const envelope = envelopeOfValue(value);
  return envelope === undefined
    ? { kind: 'error', error: NO_EVENT, file, line }
    : { kind: 'event', envelope, file, line };
}

/** The items of one JSON text that starts on line `firstLine`; a text that is not JSON is one error at the place of the mistake. */
function* itemsOfText(text: string, file: string, firstLine: number): Generator<InputItem> {
  const parsed = parseJson(text);
  if (!parsed.ok) {
    const line = firstLine - 1 + lineAt(text, parsed.offset);
    yield { kind: 'error', error: `not JSON: ${parsed.reason}`, file, line };
    return;
  }
  const values = valuesOf(parsed.value);
  const lines = text.includes('\n') && values.length > 1 ? linesOfElements(text, values.length) : [];
  for (const [index, value] of values.entries()) yield itemOf(value, file, firstLine - 1 + (lines[index] ?? 1));
}

const isBlank = ({ text }: Line): boolean => text.trim() === '';

/** A line that is a whole object by itself, not a piece of a document that is spread over lines. */
const isWholeObject = ({ text }: Line): boolean => text.startsWith('{"') && parseJson(text).ok;

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** What only a document over several lines starts with: an opening bracket, and nothing that it holds. */
const OPENS_DOCUMENT = /^\s*(?:\{\s*(?:"Records"\s*:\s*)?)?[[{]?\s*$/;

/** A document over several lines, or lines of which the first is broken. */
function* itemsOfWhole(lines: readonly [Line, ...Line[]], file: string): Generator<InputItem> {
  const [first, ...others] = lines;
  const whole = lines.map(({ text }) => text).join('\n');
  if (OPENS_DOCUMENT.test(first.text) || !others.some(isWholeObject) || parseJson(whole).ok) {
    yield* itemsOfText(whole, file, first.number);
    return;
  }
  for (const line of lines) if (!isBlank(line)) yield* itemsOfText(line.text, file, line.number);
}

/** The first line with anything on it, without a byte order mark. */
async function firstOf(lines: AsyncGenerator<Line>): Promise<Line | undefined> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const line = { ...next.value, text: next.value.text.replace(/^\uFEFF/, '') };
    if (!isBlank(line)) return line;
  }
  return undefined;
}

/**
 * Finds out by its first line whether a text is one JSON value a line or one document, and gives its
 * items. Only a document has to fit into memory.
 */
export async function* itemsOfLines(lines: AsyncGenerator<Line>, file: string): AsyncGenerator<InputItem> {
  const first = await firstOf(lines);
  if (first === undefined) throw new InputError(`${file}: is empty`);
  if (!parseJson(first.text).ok) {
    yield* itemsOfWhole([first, ...(await collect(lines))], file);
    return;
  }
  yield* itemsOfText(first.text, file, first.number);
  for await (const line of lines) if (!isBlank(line)) yield* itemsOfText(line.text, file, line.number);
}
