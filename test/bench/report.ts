import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import type { Figure, Findings, Target } from './benchmark.ts';

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

/** A table in Markdown. What stands in a cell must not break its row. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function verdictOf(target: Target | undefined): string {
  if (target === undefined) return '';
  if (target.isMet) return '✅ met';
  return target.decides ? '❌ missed' : '⚠️ missed on this machine';
}

/** Each figure beside its floor, target and verdict, as Markdown. */
export const figureTable = (figures: readonly Figure[]): string =>
  markdownTable(
    ['what', 'measured', 'floor', 'target', 'verdict'],
    figures.map(({ what, value, floor, target }) => [what, value, floor ?? '', target?.words ?? '', verdictOf(target)]),
  );

/** What the figures were measured on, without anything that tells whose machine it was. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly packages: Readonly<Record<string, string>>;
}

const PROJECT = join(import.meta.dirname, '../..');
const PACKAGES = [
  'zod',
  'esbuild',
  '@aws-sdk/client-sqs',
  '@aws-lambda-powertools/tracer',
  '@slack/webhook',
  'fauxqs',
  'dynalite',
];

const LockSchema = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

export function describeMachine(): Machine {
  const { packages } = LockSchema.parse(JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8')));
  const versionOf = (name: string): string => packages[`node_modules/${name}`]?.version ?? 'unknown';
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    packages: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  };
}

/** Puts `content` between `<!-- name -->` and `<!-- /name -->`; a text without these stays as it is. */
export function replaceMarked(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) return text;
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}

const INTRODUCTION = `# Performance

Written by \`npm run bench\`; do not edit. Each figure stands beside its floor, measured in the same run: the least that could be
done at all, or the usual way to do it. Ratios, counts and waits hold on any machine and decide whether the command succeeds; times
of the processor are this machine's.`;

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

/** Most worth knowing of each benchmark: the worst of its figures that have a target of their own kind. */
export const FIGURES_IN_README: readonly RegExp[] = [
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

function rewrite(path: string, name: string, content: string): void {
  if (!existsSync(path)) return;
  const text = readFileSync(path, 'utf8');
  const replaced = replaceMarked(text, name, content);
  if (replaced !== text) writeFileSync(path, replaced);
}

/** Writes the report of a whole run into the project's documents. */
export function writeReport(project: string, report: BenchReport): void {
  const docs = join(project, 'docs');
  mkdirSync(docs, { recursive: true });
  writeFileSync(join(docs, 'performance.md'), performancePage(report));
  rewrite(join(project, 'README.md'), 'performance', readmeTable(report));
  const cost = report.sections.find(({ name }) => name === 'cost')?.table;
  if (cost !== undefined) rewrite(join(docs, 'operations.md'), 'cost', cost);
}
