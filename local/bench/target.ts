/** What a figure should be, and whether it is. */
export interface Target {
  readonly words: string;
  readonly isMet: boolean;
  /** Whether it holds on every machine (a ratio to a floor, a count), or says something of this one only. */
  readonly decides: boolean;
}

const atMost = (value: number, limit: number, words: string, decides: boolean): Target => ({
  words,
  isMet: value <= limit,
  decides,
});

/** Times or counts: at most so many times the floor. */
export const withinRatio = (ratio: number, limit: number, words: string): Target => atMost(ratio, limit, words, true);

/** Something that can be counted without a clock. */
export const withinCount = (count: number, limit: number, words: string): Target => atMost(count, limit, words, true);

/** A time, which another machine or a busy one would not keep. */
export const withinTime = (time: number, limit: number, words: string): Target => atMost(time, limit, words, false);

/** A speed: at least such a part of the floor's. */
export const atLeastRatio = (ratio: number, limit: number, words: string): Target => ({
  words,
  isMet: ratio >= limit,
  decides: true,
});
