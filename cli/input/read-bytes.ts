import { closeSync, constants, createReadStream, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError, inputReason } from './list-files.ts';
import { isGzip, otherFormat } from './other-formats.ts';

const READ_BYTES = 256 * 1024;
/** So many pieces of that size are unpacked ahead, since what was read may become a thousand times as much. */
const MOST_AHEAD = 8;

/**
 * A named pipe is opened without waiting for its writer: to wait would block a thread that nobody can interrupt, so
 * that even Ctrl-C would not end the program.
 *
 * @see https://man7.org/linux/man-pages/man7/fifo.7.html
 */
function openPipe(path: string): Readable {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const first = readNow(fd);
  if (first?.length === 0) {
    closeSync(fd);
    throw new InputError('is a pipe that nobody writes into');
  }
  const pipe = new Socket({ fd, readable: true, writable: false });
  if (first !== undefined) pipe.unshift(first);
  return pipe;
}

/** What a pipe holds at the moment: no bytes without a writer, `undefined` with one that has written nothing yet. */
function readNow(fd: number): Buffer | undefined {
  const bytes = Buffer.alloc(READ_BYTES);
  try {
    return bytes.subarray(0, readSync(fd, bytes));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return undefined;
    throw error;
  }
}

const openFile = async (path: string): Promise<Readable> =>
  (await stat(path)).isFIFO() ? openPipe(path) : createReadStream(path, { highWaterMark: READ_BYTES });

/** The chunks of a stream until it is stopped; a stream that says nothing does not delay that. */
async function* untilStopped(chunks: AsyncIterable<Uint8Array>, stop: AbortSignal): AsyncGenerator<Uint8Array> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  stopped.catch(() => undefined);
  const onAbort = (): void => reject(stop.reason);
  stop.addEventListener('abort', onAbort, { once: true });
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), stopped]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    stop.removeEventListener('abort', onAbort);
    // Not awaited: what waits for a byte that never comes would never end.
    if (chunks instanceof Readable) chunks.destroy();
    else void iterator.return?.();
  }
}

/** The first bytes together, so that they say what the stream is; then the rest as it comes. */
async function* withWholeHead(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const bytes: Buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (head === undefined) yield bytes;
    else {
      head = Buffer.concat([head, bytes]);
      if (head.length < 2) continue;
      yield head;
      head = undefined;
    }
  }
  if (head !== undefined && head.length > 0) yield head;
}

/**
 * Unpacks gzip, members one after another. What was unpacked before a fault is given before it is thrown, which
 * `pipeline` does not promise.
 */
async function* unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  let ready: Buffer[] = [];
  let failure: unknown;
  let wake = (): void => undefined;
  gunzip.on('data', (bytes: Buffer) => {
    ready.push(bytes);
    if (ready.length < MOST_AHEAD) return;
    gunzip.pause();
    wake();
  });
  gunzip.on('error', (error) => {
    failure ??= error;
  });
  // A stream that fails calls nobody back.
  gunzip.on('close', () => wake());
  const take = (): readonly Buffer[] => {
    const taken = ready;
    ready = [];
    gunzip.resume();
    return taken;
  };
  /** What is unpacked until a step is done. */
  async function* until(start: (done: () => void) => void): AsyncGenerator<Buffer> {
    let isDone = false;
    const isOver = (): boolean => isDone || gunzip.destroyed;
    if (!isOver()) {
      start(() => {
        isDone = true;
        wake();
      });
    }
    while (!isOver()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      wake = resolve;
      if (ready.length < MOST_AHEAD) await promise;
      yield* take();
    }
    yield* take();
    if (failure !== undefined) throw failure;
  }
  try {
    for await (const chunk of chunks) yield* until((done) => gunzip.write(chunk, () => done()));
    yield* until((done) => {
      gunzip.once('end', done);
      gunzip.end();
    });
  } finally {
    gunzip.destroy();
  }
}

/** Firehose packs once more what CloudWatch Logs gives it packed; more often nobody does. */
const MOST_PACKED = 2;

async function* decoded(chunks: AsyncIterable<Uint8Array>, packed: number = 0): AsyncGenerator<Buffer> {
  const whole = withWholeHead(chunks);
  const head = await whole.next();
  if (head.done) return;
  async function* rejoined(): AsyncGenerator<Buffer> {
    yield head.value as Buffer;
    yield* whole;
  }
  yield* isGzip(head.value) && packed < MOST_PACKED ? decoded(unpacked(rejoined()), packed + 1) : rejoined();
}

export interface ReadBytesOptions {
  /** What the path `-` reads. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stop: AbortSignal;
}

/**
 * The bytes of a file or of standard input, unpacked if they are gzip by their first bytes, as often as they are.
 *
 * @throws InputError (without the name of the file) when they cannot be read, further on or at all, or begin as no JSON does; the signal's reason when stopped.
 */
export async function* readBytes(path: string, { stdin, stop }: ReadBytesOptions): AsyncGenerator<Buffer> {
  let isFirst = true;
  try {
    stop.throwIfAborted();
    const opened = path === '-' ? stdin : await openFile(path);
    for await (const bytes of decoded(untilStopped(opened, stop))) {
      // What one chunk holds may be unpacked for seconds.
      stop.throwIfAborted();
      const other = isFirst ? otherFormat(bytes) : undefined;
      if (other !== undefined) throw new InputError(other);
      isFirst = false;
      yield bytes;
    }
  } catch (cause) {
    if (stop.aborted) throw stop.reason;
    throw new InputError(inputReason(cause), { cause });
  }
}
