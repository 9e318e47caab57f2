import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { valuesOf } from '../input/envelope-of-value.ts';
import { isGzip } from '../input/gunzip-if-gzip.ts';
import { InputError, inputErrorOf } from '../input/input-error.ts';
import { lineAt } from '../input/line-at.ts';
import { parseJson } from '../input/parse-json.ts';
import { type Rest, type Take, takeRecords } from './take-records.ts';

/** CloudTrail's files have a few MB unpacked; a file of more is read in pieces. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Gzip says in its last four bytes how much it holds (modulo 4 GB), so that it can be unpacked in one go. */
const SIZE_BYTES = 4;
/** Room after the end, without which zlib would ask for another piece to find out that there is none. */
const SLACK = 64;
const LEAST_AT_A_TIME = 64 * 1024;

function unpackedSize(bytes: Buffer): number {
  return isGzip(bytes) && bytes.length > SIZE_BYTES ? bytes.readUInt32LE(bytes.length - SIZE_BYTES) : bytes.length;
}

function unpack(bytes: Buffer): Buffer {
  if (!isGzip(bytes)) return bytes;
  const chunkSize = Math.max(LEAST_AT_A_TIME, unpackedSize(bytes) + SLACK);
  return gunzipSync(bytes, { chunkSize, maxOutputLength: MOST_BYTES });
}

const isTooLarge = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';

/** The bytes of a log file; `undefined` for one that is better read in pieces. */
function readBytes(path: string): Buffer | undefined {
  try {
    if (statSync(path).size > MOST_BYTES) return undefined;
    const bytes = readFileSync(path);
    return unpackedSize(bytes) > MOST_BYTES ? undefined : unpack(bytes);
  } catch (cause) {
    if (isTooLarge(cause)) return undefined;
    throw inputErrorOf(path, cause);
  }
}

/** Text that is no JSON document by itself: a value a line, or nothing that can be used. */
function valuesOfLines(path: string, text: string): readonly unknown[] {
  if (text.trim() === '') throw new InputError(`${path}: is empty`);
  const parsed = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : parseJson(line)));
  if (parsed.length > 1 && parsed.some((line) => line.ok && typeof line.value === 'object' && line.value !== null)) {
    return parsed.flatMap((line) => (line.ok ? valuesOf(line.value) : [undefined]));
  }
  const whole = parseJson(text);
  const mistake = whole.ok ? '' : `: ${whole.reason} (line ${lineAt(text, whole.offset)})`;
  throw new InputError(`${path}: not JSON${mistake}`);
}

function valuesOfText(path: string, text: string): readonly unknown[] {
  try {
    return valuesOf(JSON.parse(text));
  } catch {
    return valuesOfLines(path, text);
  }
}

function takeText(path: string, text: string, take: Take): Rest {
  try {
    const rest = takeRecords(text, take);
    if (rest !== undefined) return rest;
  } catch (cause) {
    if (cause instanceof SyntaxError) valuesOfLines(path, text);
    throw cause;
  }
  const values = valuesOfText(path, text);
  values.forEach(take);
  return { others: 0, ends: [values[0], values.at(-1)] };
}

/**
 * Reads a log file at once, which is the quickest, and takes what may be a MediaConnect call.
 *
 * @returns `undefined`, with nothing taken, for a file that is better read in pieces.
 * @throws InputError when it is not readable or not JSON.
 */
export function takeLogFile(path: string, take: Take): Rest | undefined {
  const bytes = readBytes(path);
  return bytes && takeText(path, bytes.toString('utf8'), take);
}
