import type { Benchmark, BenchOptions } from './benchmark.ts';
import { costTable } from './cost/cost-table.ts';
import type { MeasuredCosts } from './cost-model.ts';
import { templateSettings } from './measuring/template-settings.ts';

/** Where a benchmark was left out of this run: what the last whole run measured, rounded up. */
const USUAL: MeasuredCosts = { notifierUs: 120, digestUs: 100, coldStartMs: 500 };

const measuredIn = ({ earlier }: BenchOptions): MeasuredCosts => ({
  notifierUs: earlier.scale?.notifierUs ?? USUAL.notifierUs,
  digestUs: earlier.scale?.digestUs ?? USUAL.digestUs,
  coldStartMs: earlier['cold-start']?.notifierHandledMs ?? USUAL.coldStartMs,
});

/** What all this costs on AWS. */
export const cost: Benchmark = {
  name: 'cost',
  title: 'Cost',

  async run(options) {
    const measured = measuredIn(options);
    return {
      figures: [],
      notes: [
        `From the measured CPU time of an event (notifier ${measured.notifierUs.toFixed(0)} µs, digest ${measured.digestUs.toFixed(0)} µs, of one processor) and of a cold start (${measured.coldStartMs.toFixed(0)} ms), the template's memory, batches and schedule, and assumptions that are named in the model: how long Slack and the table take to answer, how long a log line is.`,
      ],
      numbers: {},
      table: costTable(measured, await templateSettings()),
    };
  },
};
