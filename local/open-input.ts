import type { Envelope, InputItem } from './input/input-item.ts';
import { readEvents } from './input/read-events.ts';
import { LocalStartError } from './local-start-error.ts';

export interface OpenedInput {
  /** Every event, once. */
  events(): AsyncGenerator<Envelope>;
}

export interface OpenInputOptions {
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Hears what is no event, in words that name its place. */
  readonly onUnusable: (text: string) => void;
}

const placed = ({ file, line, error }: Extract<InputItem, { kind: 'error' }>): string =>
  `${file}: line ${line}: ${error}`;

/**
 * Opens files of events and reads as far as the first one, so that an input which cannot be used is known before
 * anything starts. The rest is read as it is taken.
 *
 * @throws LocalStartError when there is no event in any of them.
 */
export async function openInput(paths: readonly string[], options: OpenInputOptions): Promise<OpenedInput> {
  const { stdin, onUnusable } = options;
  const items = readEvents(paths, { stdin });
  const unusable: string[] = [];
  let first: Envelope | undefined;
  for (let next = await items.next(); !next.done && first === undefined; ) {
    if (next.value.kind === 'event') first = next.value.envelope;
    else {
      unusable.push(placed(next.value));
      next = await items.next();
    }
  }
  if (first === undefined) {
    const more = unusable.length > 1 ? ` (and ${unusable.length - 1} more)` : '';
    throw new LocalStartError(
      unusable.length === 0 ? `${paths.join(', ')}: no events` : `no events: ${unusable[0]}${more}`,
    );
  }
  const firstEvent = first;
  return {
    async *events() {
      for (const text of unusable) onUnusable(text);
      yield firstEvent;
      for await (const item of items) {
        if (item.kind === 'event') yield item.envelope;
        else onUnusable(placed(item));
      }
    },
  };
}
