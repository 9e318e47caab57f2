import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { gunzipIfGzip } from './gunzip-if-gzip.ts';
import { InputError, inputErrorOf } from './input-error.ts';
import type { InputItem } from './input-item.ts';
import { itemsOfLines } from './items-of-lines.ts';
import { listInputFiles } from './list-input-files.ts';
import { readLines } from './read-lines.ts';

export interface ReadEventsOptions {
  /** What the path `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

/** The events of one file; `-` is standard input. */
export async function* readEventFile(
  path: string,
  { stdin = Readable.from([]) }: ReadEventsOptions = {},
): AsyncGenerator<InputItem> {
  const file = path === '-' ? 'standard input' : path;
  let items = 0;
  try {
    const bytes = path === '-' ? stdin : createReadStream(path);
    for await (const item of itemsOfLines(readLines(gunzipIfGzip(bytes)), file)) {
      items++;
      yield item;
    }
  } catch (cause) {
    throw inputErrorOf(file, cause);
  }
  if (items === 0) throw new InputError(`${file}: holds no events`);
}

/**
 * Reads events in any form that people have them: EventBridge events or CloudTrail records, as JSON,
 * NDJSON or CloudTrail log files, plain or gzip, from files, directories or standard input.
 *
 * What is not an event is an item too, with its line, so that every line is accounted for.
 *
 * @throws InputError when a file is not there, not readable, empty or holds no events.
 */
export async function* readEvents(
  paths: readonly string[],
  options: ReadEventsOptions = {},
): AsyncGenerator<InputItem> {
  for (const file of await listInputFiles(paths)) yield* readEventFile(file, options);
}
