/** One line of a text, without its end; `number` counts from 1. */
export interface Line {
  readonly text: string;
  readonly number: number;
}

/** Cuts a stream of UTF-8 bytes into lines, holding no more than the line it is at. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let number = 1;
  let pieces: string[] = [];
  for await (const chunk of chunks) {
    const parts = decoder.decode(chunk, { stream: true }).split('\n');
    const last = parts.pop() ?? '';
    for (const part of parts) {
      pieces.push(part);
      yield { text: pieces.join(''), number: number++ };
      pieces = [];
    }
    pieces.push(last);
  }
  pieces.push(decoder.decode());
  const rest = pieces.join('');
  if (rest !== '') yield { text: rest, number };
}
