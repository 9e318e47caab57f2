import type { BenchReport } from './bench-report.ts';
import { figureTable } from './figure-table.ts';

const INTRODUCTION = `# Performance

Written by \`npm run bench\`; do not edit. Each figure stands beside its floor, measured in the same run: the least that could be
done at all, or the usual way to do it. Ratios and counts hold on any machine and decide whether the command succeeds; times are
this machine's.`;

/** The whole report, as Markdown. */
export function performancePage({ date, machine, sections }: BenchReport): string {
  const versions = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`);
  const about = `Measured on ${date}: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}; ${versions.join(', ')}.`;
  const parts = sections.flatMap(({ title, figures, notes, table }) => [
    `## ${title}`,
    ...(figures.length === 0 ? [] : [figureTable(figures)]),
    ...(table === undefined ? [] : [table]),
    ...notes,
  ]);
  return `${[INTRODUCTION, about, ...parts].join('\n\n')}\n`;
}
