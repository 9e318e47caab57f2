import { CLOUDTRAIL_EVENT_SOURCE } from '../../shared/api-call-event.ts';

/** The records of a log file that are worth parsing, and how many it has. */
export interface PickedRecords {
  readonly values: readonly unknown[];
  /** Records of other services that were passed over. */
  readonly others: number;
  /** The first and the last record, which say what time the file is of. */
  readonly ends: readonly [first: unknown, last: unknown];
}

const START = Buffer.from('{"Records":[{"eventVersion":');
const BETWEEN = Buffer.from('},{"eventVersion":');
const END = Buffer.from('}]}');
const WANTED = Buffer.from(CLOUDTRAIL_EVENT_SOURCE);
const FIRST_RECORD = START.indexOf('[') + 1;

function countOf(bytes: Buffer, needle: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + needle.length)) count += 1;
  return count;
}

/** Where a record ends that has a byte at `at`. */
function endOfRecord(bytes: Buffer, at: number, end: number): number {
  const between = bytes.indexOf(BETWEEN, at);
  return between === -1 ? end : between + 1;
}

function startOfRecord(bytes: Buffer, at: number): number {
  const between = bytes.lastIndexOf(BETWEEN, at);
  return between === -1 ? FIRST_RECORD : between + 2;
}

/** Where the last record ends; `undefined` for a file that is not as CloudTrail writes it. */
function endOfRecords(bytes: Buffer): number | undefined {
  const lineBreak = bytes.at(-1) === 0x0a ? 1 : 0;
  const end = bytes.length - lineBreak - END.length;
  const asWritten = bytes.subarray(0, START.length).equals(START) && bytes.subarray(end, end + END.length).equals(END);
  return asWritten ? end + 1 : undefined;
}

/**
 * Finds the records that name MediaConnect without parsing the others, which are nearly all. CloudTrail writes
 * `eventVersion` first in each record, and a quote inside of a string is always escaped, so the bytes between
 * two records stand nowhere else.
 *
 * @returns `undefined` for a file that is not as CloudTrail writes it; it has to be parsed whole.
 * @throws SyntaxError when a record is not JSON.
 */
export function pickRecords(bytes: Buffer): PickedRecords | undefined {
  const end = endOfRecords(bytes);
  if (end === undefined) return undefined;
  const parse = (from: number, to: number): unknown => JSON.parse(bytes.toString('utf8', from, to));
  const values: unknown[] = [];
  for (let hit = bytes.indexOf(WANTED); hit !== -1; ) {
    const to = endOfRecord(bytes, hit, end);
    values.push(parse(startOfRecord(bytes, hit), to));
    hit = bytes.indexOf(WANTED, to);
  }
  return {
    values,
    others: 1 + countOf(bytes, BETWEEN) - values.length,
    ends: [parse(FIRST_RECORD, endOfRecord(bytes, FIRST_RECORD, end)), parse(startOfRecord(bytes, end), end)],
  };
}
