import type { Benchmark, BenchOptions } from './benchmark.ts';
import { ACCOUNT_KINDS, type AccountKind } from './cost/account-kinds.ts';
import { costTable } from './cost/cost-table.ts';
import { costOf, type MeasuredCosts, usageOf } from './cost-model.ts';
import { processorsOf } from './measuring/lambda-processor.ts';
import { type TemplateSettings, templateSettings } from './measuring/template-settings.ts';
import { markdownTable } from './report/markdown-table.ts';

/** Where a benchmark was left out of this run: what the last whole run measured, rounded up. */
const USUAL: MeasuredCosts = { notifierUs: 120, digestUs: 100, initMs: 200, firstMs: 60, invocationsASecond: 2.5 };

const measuredIn = ({ earlier }: BenchOptions): MeasuredCosts => ({
  notifierUs: earlier.scale?.notifierUs ?? USUAL.notifierUs,
  digestUs: earlier.scale?.digestUs ?? USUAL.digestUs,
  initMs: earlier['cold-start']?.notifierInitMs ?? USUAL.initMs,
  firstMs: earlier['cold-start']?.notifierFirstMs ?? USUAL.firstMs,
  invocationsASecond: earlier.delay?.invocationsASecond ?? USUAL.invocationsASecond,
});

/** Memory to choose from: the least that Node starts in at ease, and a whole processor. */
const MEMORY = [256, 512, 1024, 1769];

/** What more memory would bring, and cost. */
function memoryTable(options: BenchOptions, settings: TemplateSettings): string {
  const measured = measuredIn(options);
  const toPostMs = options.earlier['cold-start']?.notifierToPostMs ?? measured.firstMs / 2;
  const lambda = (account: AccountKind, memoryMegabytes: number): string => {
    const changed = { ...settings, memoryMegabytes };
    return (costOf(account, usageOf(account, measured, changed), changed).Lambda ?? 0).toFixed(2);
  };
  return markdownTable(
    ['memory of the notifier and the digest', ...MEMORY.map((megabytes) => `${megabytes} MB`)],
    [
      ['part of a processor', ...MEMORY.map((megabytes) => processorsOf(megabytes).toFixed(2))],
      [
        'CPU time to the first message after a cold start',
        ...MEMORY.map((megabytes) => `${(measured.initMs + toPostMs / processorsOf(megabytes)).toFixed(0)} ms`),
      ],
      ...ACCOUNT_KINDS.map((account) => [
        `Lambda, ${account.name}, USD a month`,
        ...MEMORY.map((megabytes) => lambda(account, megabytes)),
      ]),
    ],
  );
}

/** What all this costs on AWS. */
export const cost: Benchmark = {
  name: 'cost',
  title: 'Cost',

  async run(options) {
    const measured = measuredIn(options);
    const settings = await templateSettings();
    return {
      figures: [],
      notes: [
        `From the measured CPU time of an event (notifier ${measured.notifierUs.toFixed(0)} µs, digest ${measured.digestUs.toFixed(0)} µs, of one processor), of a start (${measured.initMs.toFixed(0)} ms and ${measured.firstMs.toFixed(0)} ms in the first invocation), the invocations of a burst (${measured.invocationsASecond.toFixed(1)} a second), the template's memory, concurrency and schedule, and assumptions that are named in the model: how long Slack and the table take to answer, how long a log line is.`,
        `A lone call is one invocation, six writes to the table (its claim, the slot, the mark, the latest call on its flow, the end of the turn, the day) and one read. In a burst all ${settings.concurrency} places of the notifier are taken for as long as it lasts.`,
        `${settings.memoryMegabytes} MB is the least in which a drain of 10,000 calls fits at ease; twice as much would bring the first message a few hundredths of a second sooner.`,
      ],
      numbers: {},
      table: `${costTable(measured, settings)}\n\n${memoryTable(options, settings)}`,
    };
  },
};
