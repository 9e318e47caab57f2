import type { Target } from './target.ts';

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
