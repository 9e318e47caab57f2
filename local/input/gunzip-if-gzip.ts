import { PassThrough, pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** The first two bytes of every gzip file, whatever it is called. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function readAtLeast(chunks: AsyncIterator<Uint8Array>, size: number): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < size) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

async function* rejoin(head: Buffer, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Unpacks a byte stream if its first bytes say that it is gzip, and passes it on as it is if not. */
export async function* gunzipIfGzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  const head = await readAtLeast(source, 2);
  const whole = Readable.from(rejoin(head, source));
  // The error, if there is one, surfaces where the unpacked stream is read.
  yield* pipeline(whole, isGzip(head) ? createGunzip() : new PassThrough(), () => undefined);
}
