import { Readable } from 'node:stream';
import type { InputItem } from './envelope.ts';
import { createJsonSplitter } from './json-splitter.ts';
import { InputError, type InputFiles, listInputFiles, passedOverText } from './list-files.ts';
import { readBytes } from './read-bytes.ts';
import { unwrapValue } from './unwrap-value.ts';

export interface ReadFileOptions {
  /** What the path `-` reads. */
  readonly stdin?: AsyncIterable<Uint8Array>;
  readonly stop?: AbortSignal;
  /** Whether a record needs no look, by its bytes: it is counted among the file's records and not given. */
  readonly passOver?: (record: Buffer) => boolean;
}

export interface ReadEventsOptions extends ReadFileOptions {
  /** Hears in a line of what was not looked at. */
  readonly onNote?: (text: string) => void;
}

const NEVER = new AbortController().signal;

/**
 * Reads one file (`-` is standard input) in bounded memory, in any form in which people have events: EventBridge
 * events or CloudTrail records, one document after another with or without anything between, log files or what AWS's
 * tools wrap around records; plain or gzip. Gives what it finds in blocks, as the bytes come.
 *
 * What is no event is an item too, with its place. A file that cannot be read (further) ends in such an item.
 *
 * @throws the reason of `stop` when that is aborted.
 */
export async function* readFileBlocks(
  path: string,
  { stdin = Readable.from([]), stop = NEVER, passOver = () => false }: ReadFileOptions = {},
): AsyncGenerator<readonly InputItem[]> {
  const file = path === '-' ? 'standard input' : path;
  let items: InputItem[] = [];
  let record = 0;
  const fault = (error: string): InputItem => ({ kind: 'error', error, file, line: undefined, record: undefined });
  const splitter = createJsonSplitter({
    onValue: (value, line) => {
      for (const found of unwrapValue(value)) {
        record += 1;
        items.push({ ...found, file, line, record });
      }
    },
    onMistake: (error, line) => {
      record += 1;
      items.push({ kind: 'error', error, file, line, record });
    },
    passOver: (bytes) => {
      const isPassedOver = passOver(bytes);
      if (isPassedOver) record += 1;
      return isPassedOver;
    },
  });
  const take = (): readonly InputItem[] => {
    const taken = items;
    items = [];
    return taken;
  };

  try {
    for await (const bytes of readBytes(path, { stdin, stop })) {
      splitter.push(bytes);
      yield take();
    }
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    yield [...take(), fault(error.message)];
    return;
  }
  splitter.end();
  yield splitter.isEmpty() ? [fault('is empty')] : take();
}

/** The items of files and of what could not be listed, in order. */
async function* readListed({ files, faults }: InputFiles, options: ReadFileOptions): AsyncGenerator<InputItem> {
  yield* faults;
  for (const file of files) {
    for await (const block of readFileBlocks(file, options)) yield* block;
  }
}

/**
 * Reads events from files, directories or standard input.
 *
 * @throws InputError when a path is not there, before anything is read.
 */
export async function* readEvents(
  paths: readonly string[],
  { onNote = () => undefined, ...options }: ReadEventsOptions = {},
): AsyncGenerator<InputItem> {
  const listed = await listInputFiles(paths);
  const note = passedOverText(listed);
  if (note !== undefined) onNote(note);
  yield* readListed(listed, options);
}
