import { createReadStream } from 'node:fs';
import { gunzipIfGzip } from '../input/gunzip-if-gzip.ts';
import { InputError, inputErrorOf } from '../input/input-error.ts';
import { parseJson } from '../input/parse-json.ts';
import { readEventFile } from '../input/read-events.ts';
import { createElementSplitter, type ElementSplitter } from './split-elements.ts';
import { isOthersText, type Rest, type Take } from './take-records.ts';

async function* textOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of gunzipIfGzip(createReadStream(path))) yield decoder.decode(chunk, { stream: true });
}

interface Found {
  others: number;
  first: unknown;
  last: unknown;
}

function takeElement(element: string, found: Found, take: Take): void {
  if (found.first !== undefined && isOthersText(element)) {
    found.others += 1;
    return;
  }
  const parsed = parseJson(element);
  found.last = parsed.ok ? parsed.value : undefined;
  found.first ??= found.last;
  take(found.last);
}

/** A value a line. */
async function takeLines(path: string, take: Take): Promise<Rest> {
  const ends: [unknown, unknown] = [undefined, undefined];
  for await (const item of readEventFile(path)) {
    ends[1] = item.kind === 'event' ? item.envelope : undefined;
    ends[0] ??= ends[1];
    take(ends[1]);
  }
  return { others: 0, ends };
}

/**
 * Takes what may be MediaConnect calls from a log file of any size while it is read.
 *
 * @throws InputError when it is not readable; what was read before is taken all the same.
 */
export async function takeLargeFile(path: string, take: Take): Promise<Rest> {
  const found: Found = { others: 0, first: undefined, last: undefined };
  let splitter: ElementSplitter | undefined;
  try {
    for await (const text of textOf(path)) {
      splitter ??= createElementSplitter(text);
      if (splitter === undefined) return await takeLines(path, take);
      for (const element of splitter.push(text)) takeElement(element, found, take);
    }
  } catch (cause) {
    throw inputErrorOf(path, cause);
  }
  if (!splitter?.hasEnded()) throw new InputError(`${path}: not JSON: it ends too early`);
  return { others: found.others, ends: [found.first, found.last] };
}
