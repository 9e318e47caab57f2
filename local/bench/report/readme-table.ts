import type { BenchReport } from './bench-report.ts';
import { figureTable } from './figure-table.ts';

/** Most worth knowing of each benchmark: the worst of its figures that have a target of their own kind. */
const FIGURES_IN_README: readonly RegExp[] = [
  /^lone calls/,
  /^1 call\/s$/,
  /^10 calls\/s$/,
  /^50 calls\/s$/,
  /^50 calls\/s: invocations$/,
  /^1,000 calls that waited$/,
  /^1,000 calls by 25 on 40 flows$/,
  /^10,000 calls by 25 on 40 flows$/,
  /^notifier: first message after a cold start/,
  /^notifier: CPU of initialization$/,
  /^notifier: CPU of the first invocation beside naive$/,
  /^notifier: round trips before the post/,
  /^notifier: bundle without source maps/,
  /^CPU per event, one at a time, beside the floor$/,
  /^CPU per event, in folds of 100, beside the floor$/,
  /^notifier: backlog of 100,000$/,
  /^speed beside gunzip and JSON\.parse alone$/,
];

/** The README's short table. */
export function readmeTable({ date, machine, sections }: BenchReport): string {
  const figures = sections.flatMap(({ title, figures: all }) =>
    all
      .filter(({ what }) => FIGURES_IN_README.some((pattern) => pattern.test(what)))
      .map((figure) => ({ ...figure, what: `${title}: ${figure.what}` })),
  );
  return `${figureTable(figures)}\n\nMeasured on ${date} on ${machine.cores} cores of ${machine.processor}, Node ${machine.node}.`;
}
