import { readFileSync, statSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { valuesOf } from '../input/envelope-of-value.ts';
import { isGzip } from '../input/gunzip-if-gzip.ts';
import { InputError, inputErrorOf } from '../input/input-error.ts';
import { lineAt } from '../input/line-at.ts';
import { parseJson } from '../input/parse-json.ts';
import { type PickedRecords, pickRecords } from './pick-records.ts';

/** CloudTrail's files have a few MB; a file of more is read in pieces, so that no text is longer than the engine allows. */
const MOST_BYTES_AT_ONCE = 16 * 1024 * 1024;
const MOST_UNPACKED_BYTES = 400 * 1024 * 1024;

/** Whether a file is small enough to be read at once, which is the quickest. */
export function isReadAtOnce(path: string): boolean {
  try {
    return statSync(path).size <= MOST_BYTES_AT_ONCE;
  } catch (cause) {
    throw inputErrorOf(path, cause);
  }
}

function readBytes(path: string): Buffer {
  try {
    const bytes = readFileSync(path);
    return isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED_BYTES }) : bytes;
  } catch (cause) {
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

function pick(bytes: Buffer): PickedRecords | undefined {
  try {
    return pickRecords(bytes);
  } catch {
    // Parsing it whole says what is wrong with the file.
    return undefined;
  }
}

/**
 * Reads one log file at once: what may be a MediaConnect call as values (with `undefined` in place of a line that
 * is not JSON), the other records counted.
 *
 * @throws InputError when it is not readable or not JSON.
 */
export function readLogValues(path: string): PickedRecords {
  const bytes = readBytes(path);
  const picked = pick(bytes);
  if (picked !== undefined) return picked;
  const values = valuesOfText(path, bytes.toString('utf8'));
  return { values, others: 0, ends: [values[0], values.at(-1)] };
}
