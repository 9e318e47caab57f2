import type { Findings } from '../benchmark.ts';
import type { Machine } from './machine.ts';

/** All that one run of the benchmarks found. */
export interface BenchReport {
  /** `2026-11-22` */
  readonly date: string;
  readonly machine: Machine;
  readonly sections: readonly (Findings & {
    readonly name: string;
    readonly title: string;
    readonly seconds: number;
  })[];
}

/** Whether every target holds that does not depend on how fast this machine is. */
export const holds = ({ sections }: Pick<BenchReport, 'sections'>): boolean =>
  sections.every(({ figures }) =>
    figures.every(({ target }) => target === undefined || !target.decides || target.isMet),
  );
