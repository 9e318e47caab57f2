import type { JsonObject } from '../../shared/call/json.ts';

/** Places of one half of the table; half of them are used at most. */
const PLACES = 2 ** 21;
const MOST_SEEN = PLACES / 2;

/** Where the numbers stand that both halves share. */
const CURRENT = 0;
const COUNT = 1;
const FIRST_PLACE = 16;

/** Both halves of eight slots lie side by side, so that one look into memory is for both. */
const placeOf = (half: number, slot: number): number => FIRST_PLACE + ((slot >>> 3) << 4) + (half << 3) + (slot & 7);

/** Memory in which all threads note what they have seen. */
export const createSeenMemory = (): SharedArrayBuffer =>
  new SharedArrayBuffer((FIRST_PLACE + 2 * PLACES) * Int32Array.BYTES_PER_ELEMENT);

/** Spreads what differs in a few bits over all of them (MurmurHash3's last step). */
function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
  return twice ^ (twice >>> 16);
}

export interface SeenCalls {
  readonly isRepeated: (record: JsonObject, timeMs: number | undefined) => boolean;
}

/**
 * Recognises a call that was seen before, in this file or another, by this thread or another. An event is one by its
 * `eventID`; its time belongs to the key so that records whose ids were made up carelessly are not one.
 *
 * Of each call 32 bits are held, at a place that another 21 bits say, and of the last million calls at least: files
 * are read in the order of their time, and the second copy of an event is written minutes after the first. Two calls
 * are taken for one at odds of one to a thousand for every million calls.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function createSeenCalls(memory: SharedArrayBuffer): SeenCalls {
  const numbers = new Int32Array(memory);
  let first = 0;
  let second = 0;

  const hash = (text: string, seed: number): void => {
    first = 0x811c9dc5 ^ seed;
    second = 0x2545f491 ^ seed;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      first = Math.imul(first ^ unit, 0x01000193);
      second = Math.imul(second ^ unit, 0x5bd1e995) + 1;
    }
  };

  /** The place in a half that holds the mark, or the free one where it would be. */
  const placeIn = (half: number, slot: number, mark: number): number => {
    for (let step = 0; ; step++) {
      const place = placeOf(half, (slot + step) & (PLACES - 1));
      const found = Atomics.load(numbers, place);
      if (found === mark || found === 0) return place;
    }
  };

  /** Goes on in the other half, which has the older calls. */
  const turn = (half: number): void => {
    for (let slot = 0; slot < PLACES; slot++) numbers[placeOf(1 - half, slot)] = 0;
    Atomics.store(numbers, COUNT, 0);
    Atomics.store(numbers, CURRENT, 1 - half);
  };

  /** Whether the mark was there already. */
  const put = (half: number, slot: number, mark: number): boolean => {
    for (;;) {
      const before = Atomics.compareExchange(numbers, placeIn(half, slot, mark), 0, mark);
      // Anything else was put there by another thread in this moment.
      if (before === mark || before === 0) return before === mark;
    }
  };

  const isNoted = (slot: number, mark: number): boolean => {
    const half = Atomics.load(numbers, CURRENT);
    if (Atomics.load(numbers, placeIn(1 - half, slot, mark)) === mark || put(half, slot, mark)) return true;
    if (Atomics.add(numbers, COUNT, 1) + 1 === MOST_SEEN) turn(half);
    return false;
  };

  return {
    isRepeated: ({ eventID }, timeMs = 0) => {
      if (typeof eventID !== 'string' || eventID === '') return false;
      hash(eventID, timeMs / 1000);
      return isNoted(mixed(first), mixed(second) || 1);
    },
  };
}
