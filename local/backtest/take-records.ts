import { CLOUDTRAIL_EVENT_SOURCE } from '../../shared/api-call-event.ts';
import { valuesOf } from '../input/envelope-of-value.ts';

/** Gets the values that may be MediaConnect calls, and `undefined` for what is no JSON. */
export type Take = (value: unknown) => void;

/** What a file has beside the values that were taken. */
export interface Rest {
  /** Records of other services that were passed over. */
  readonly others: number;
  /** The first and the last value, which say what time the file is of. */
  readonly ends: readonly [first: unknown, last: unknown];
}

const RECORD_START = '{"eventVersion":';
const START = `{"Records":[${RECORD_START}`;
const BETWEEN = `},${RECORD_START}`;
const END = '}]}';
const FIRST_RECORD = START.indexOf('[') + 1;

/** Whether a record, by its text, is another service's; where it is not, only parsing can tell. */
export const isOthersText = (record: string): boolean =>
  record.startsWith(RECORD_START) && !record.includes(CLOUDTRAIL_EVENT_SOURCE);

/** Where the last record ends; `undefined` for a text that is not as CloudTrail writes it, which is one line. */
function endOfRecords(text: string): number | undefined {
  if (!text.startsWith(START)) return undefined;
  const lineBreak = text.indexOf('\n');
  const end = lineBreak === -1 ? text.length : lineBreak;
  return end >= text.length - 1 && text.endsWith(END, end) ? end - END.length + 1 : undefined;
}

/** Goes through the records' places in the text. */
function forEachPlace(text: string, end: number, visit: (from: number, to: number) => void): void {
  for (let from = FIRST_RECORD, to = 0; to < end; from = to + 1) {
    const between = text.indexOf(BETWEEN, from);
    to = between === -1 ? end : between + 1;
    visit(from, to);
  }
}

/** After so many MediaConnect calls one after another the next record is taken for one, too, and just parsed. */
const MANY = 8;

const isCall = (value: unknown): boolean =>
  (value as { eventSource?: unknown }).eventSource === CLOUDTRAIL_EVENT_SOURCE;

/** Tells which records name MediaConnect, asked for one after another. */
function createIsWanted(text: string): (from: number, to: number) => boolean {
  let hit = -1;
  return (from, to) => {
    if (hit < from) {
      const next = text.indexOf(CLOUDTRAIL_EVENT_SOURCE, from);
      hit = next === -1 ? text.length : next;
    }
    return hit < to;
  };
}

/**
 * Takes the records that name MediaConnect, one at a time, and parses none of the others, which are nearly all.
 * CloudTrail writes `eventVersion` first in each record, and a quote inside of a string is always escaped, so what is
 * between two records stands nowhere else, or else a piece is no JSON.
 *
 * @returns `undefined` for a text that is not as CloudTrail writes it; it has to be parsed whole.
 * @throws SyntaxError when it is not JSON; the records before the mistake are taken all the same.
 */
export function takeRecords(text: string, take: Take): Rest | undefined {
  const end = endOfRecords(text);
  if (end === undefined) return undefined;
  const isWanted = createIsWanted(text);
  const ends: [unknown, unknown] = [undefined, undefined];
  let others = 0;
  let taken = 0;
  let inRow = 0;

  const parse = (from: number, to: number): unknown => {
    const value: unknown = JSON.parse(text.slice(from, to));
    if (from === FIRST_RECORD) ends[0] = value;
    if (to === end) ends[1] = value;
    return value;
  };

  const visit = (from: number, to: number): void => {
    if (inRow < MANY && !isWanted(from, to)) {
      if (from === FIRST_RECORD || to === end) parse(from, to);
      others += 1;
      inRow = 0;
      return;
    }
    const value = parse(from, to);
    inRow = isCall(value) ? inRow + 1 : 0;
    taken += 1;
    take(value);
  };

  try {
    forEachPlace(text, end, visit);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // A record that holds what looks like the space between two; the whole text tells.
    const values = valuesOf(JSON.parse(text));
    values.slice(taken + others).forEach(take);
    return { others, ends: [values[0], values.at(-1)] };
  }
  return { others, ends };
}
