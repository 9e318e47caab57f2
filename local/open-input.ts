import { type Envelope, faultText } from './input/input-item.ts';
import { readEvents } from './input/read-events.ts';
import { LocalStartError } from './local-start-error.ts';

export interface OpenedInput {
  /** Every event, once. */
  events(): AsyncGenerator<Envelope>;
}

export interface OpenInputOptions {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stop: AbortSignal;
  /** Hears what was not looked at. */
  readonly onNote: (text: string) => void;
  /** Hears what is no event, in words that name its place. */
  readonly onUnusable: (text: string) => void;
}

/**
 * Opens files of events and reads as far as the first one, so that an input which cannot be used is known before
 * anything starts. The rest is read as it is taken. Lists without records are an input, too, in which nothing happens.
 *
 * @throws LocalStartError when all that is in them is no event.
 */
export async function openInput(paths: readonly string[], options: OpenInputOptions): Promise<OpenedInput> {
  const { onUnusable, ...reading } = options;
  const items = readEvents(paths, reading);
  const unusable: string[] = [];
  let first: Envelope | undefined;
  for (let next = await items.next(); !next.done && first === undefined; ) {
    if (next.value.kind === 'event') first = next.value.envelope;
    else {
      unusable.push(faultText(next.value));
      next = await items.next();
    }
  }
  if (first === undefined && unusable.length > 0) {
    const more = unusable.length > 1 ? ` (and ${unusable.length - 1} more)` : '';
    throw new LocalStartError(`no events: ${unusable[0]}${more}`);
  }
  const firstEvent = first;
  return {
    async *events() {
      for (const text of unusable) onUnusable(text);
      if (firstEvent !== undefined) yield firstEvent;
      for await (const item of items) {
        if (item.kind === 'event') yield item.envelope;
        else onUnusable(faultText(item));
      }
    },
  };
}
