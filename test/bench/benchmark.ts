const sorted = (values: readonly number[]): readonly number[] => [...values].sort((one, other) => one - other);

/** The value that so great a part of the values does not exceed (nearest rank). */
export function quantile(values: readonly number[], part: number): number {
  const rank = Math.max(1, Math.ceil(values.length * part));
  return sorted(values)[rank - 1] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export const maximum = (values: readonly number[]): number => quantile(values, 1);

export const minimum = (values: readonly number[]): number => Math.min(...values);

/** What a figure should be, and whether it is. */
export interface Target {
  readonly words: string;
  readonly isMet: boolean;
  /** Whether it holds on every machine (a ratio to a floor, a count, a wait), or says something of this one only. */
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

/** A wait, in which the processor has little to do: every machine that does nothing else keeps it. */
export const withinWait = (time: number, limit: number, words: string): Target => atMost(time, limit, words, true);

/** A time of the processor, which a slower one would not keep. */
export const withinTime = (time: number, limit: number, words: string): Target => atMost(time, limit, words, false);

/** A speed: at least such a part of the floor's. */
export const atLeastRatio = (ratio: number, limit: number, words: string): Target => ({
  words,
  isMet: ratio >= limit,
  decides: true,
});

/** One number that was measured, with what it stands beside. */
export interface Figure {
  readonly what: string;
  /** The number in words, with its unit. */
  readonly value: string;
  /** What the same run measured of the least that could be done, or of the usual way to do it. */
  readonly floor?: string | undefined;
  readonly target?: Target | undefined;
}

/** What a benchmark found. */
export interface Findings {
  readonly figures: readonly Figure[];
  /** What was done and how, for whoever wants to trust or repeat it. One paragraph each. */
  readonly notes: readonly string[];
  /** The numbers behind the figures, for programs and for the cost model. */
  readonly numbers: Readonly<Record<string, number>>;
  /** A table beside the figures, as Markdown. */
  readonly table?: string | undefined;
}

export interface BenchOptions {
  /** Seconds for which each rate of the delay benchmark lasts. */
  readonly delaySeconds: number;
  /** What earlier benchmarks of this run measured, by benchmark. */
  readonly earlier: Readonly<Record<string, Findings['numbers']>>;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  run(options: BenchOptions): Promise<Findings>;
}
