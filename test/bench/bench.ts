import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backtest } from './backtest.ts';
import type { Benchmark, Findings } from './benchmark.ts';
import { burst } from './burst.ts';
import { coldStart } from './cold-start.ts';
import { cost } from './cost.ts';
import { delay } from './delay.ts';
import { outage } from './outage.ts';
import { perEvent } from './per-event.ts';
import { type BenchReport, describeMachine, figureTable, holds, writeReport } from './report.ts';
import { scale } from './scale.ts';

const PROJECT = join(import.meta.dirname, '../..');
/** The cost model comes last, since it reckons with what the others measured. */
const BENCHMARKS: readonly Benchmark[] = [perEvent, coldStart, burst, delay, outage, scale, backtest, cost];
const DELAY_SECONDS = 60;

const NAMES = BENCHMARKS.map(({ name }) => name).join(', ');

const HELP = `Usage: npm run bench -- [NAME …] [--json] [--delay-seconds N] [--no-write]

Measures each figure beside its floor in the same run, and writes docs/performance.md and the README's table.
Exits 0 only if the targets hold that do not depend on the machine: ratios, counts and waits.

  NAME                only these, and nothing is written: ${NAMES}
  --delay-seconds N   how long each rate of the delay benchmark lasts (${DELAY_SECONDS})
  --no-write          leave the documents as they are
  --json              one JSON object`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    'delay-seconds': { type: 'string', default: String(DELAY_SECONDS) },
    'no-write': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

type Section = BenchReport['sections'][number];

/** For people, while it goes on; with `--json` only the object is on standard output. */
const say = (line: string): void => (values.json ? console.error(line) : console.log(line));

function print({ title, figures, table, notes, seconds }: Section): void {
  say(`\n## ${title} (${seconds.toFixed(0)} s)\n`);
  if (figures.length > 0) say(figureTable(figures));
  if (table !== undefined) say(`\n${table}`);
  for (const note of notes) say(`\n${note}`);
}

async function runAll(benchmarks: readonly Benchmark[]): Promise<readonly Section[]> {
  const sections: Section[] = [];
  const earlier: Record<string, Findings['numbers']> = {};
  for (const { name, title, run } of benchmarks) {
    const startMs = performance.now();
    const findings = await run({ delaySeconds: Number(values['delay-seconds']), earlier });
    earlier[name] = findings.numbers;
    const section = { name, title, ...findings, seconds: (performance.now() - startMs) / 1000 };
    print(section);
    sections.push(section);
  }
  return sections;
}

async function main(): Promise<number> {
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const isAll = positionals.length === 0;
  const wanted = BENCHMARKS.filter(({ name }) => isAll || positionals.includes(name));
  if (wanted.length === 0 || wanted.length < positionals.length) {
    console.error(`there are ${NAMES}, and no ${positionals.join(', ')}\n\n${HELP}`);
    return 2;
  }
  const sections = await runAll(wanted);
  const report: BenchReport = { date: new Date().toISOString().slice(0, 10), machine: describeMachine(), sections };
  const isMet = holds(report);
  if (isAll && !values['no-write']) writeReport(PROJECT, report);
  if (values.json) console.log(JSON.stringify({ ...report, isMet }));
  say(isMet ? '\nEvery ratio, count and wait holds.' : '\nNot every ratio, count and wait holds.');
  return isMet ? 0 : 1;
}

process.exitCode = await main();
