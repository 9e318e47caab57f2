import * as z from 'zod';
import { type Benchmark, type Figure, minimum, withinCount, withinRatio } from './benchmark.ts';
import { runProgram, type TemplateSettings, templateSettings } from './measuring.ts';

const FUNCTIONS = ['notifier', 'digest'] as const;
const BACKLOGS = [1000, 10_000, 100_000] as const;
const PROCESSES = 2;
/** As Lambda's bootstrap starts Node: shares of the function's memory for old and for young objects. */
const OLD_SPACE = 0.9;
const YOUNG_SPACE = 0.05;
/** Costs of an event that grow with the backlog would grow tenfold. */
const MOST_GROWTH = 1.3;

const EndSchema = z.object({ notified: z.number(), us: z.number(), peakBytes: z.number() });
type End = z.infer<typeof EndSchema>;

interface Measured {
  readonly backlog: number;
  readonly usPerEvent: number;
  readonly peakMegabytes: number;
}

async function measure(name: string, backlog: number, settings: TemplateSettings): Promise<Measured> {
  const { batchSize, memoryMegabytes } = settings;
  const nodeOptions = [
    `--max-old-space-size=${Math.floor(memoryMegabytes * OLD_SPACE)}`,
    `--max-semi-space-size=${Math.floor(memoryMegabytes * YOUNG_SPACE)}`,
  ];
  const ends: End[] = [];
  for (let run = 0; run < PROCESSES; run += 1) {
    const end = await runProgram('scale.ts', EndSchema, { args: [name, backlog, batchSize], nodeOptions });
    if (end.notified !== backlog) throw new Error(`the ${name} reported ${end.notified} of ${backlog} calls`);
    ends.push(end);
  }
  return {
    backlog,
    usPerEvent: minimum(ends.map(({ us }) => us)) / backlog,
    peakMegabytes: minimum(ends.map(({ peakBytes }) => peakBytes)) / 1e6,
  };
}

function figuresOf(name: string, measured: readonly Measured[], megabytes: number): readonly Figure[] {
  const [, middle, most] = measured;
  const growth = (most?.usPerEvent ?? Number.NaN) / (middle?.usPerEvent ?? Number.NaN);
  return [
    ...measured.map(({ backlog, usPerEvent, peakMegabytes }) => ({
      what: `${name}: backlog of ${backlog.toLocaleString('en')}`,
      value: `${Math.round(1e6 / usPerEvent).toLocaleString('en')} events/s, ${peakMegabytes.toFixed(0)} MB at most`,
      target: withinCount(peakMegabytes, megabytes, `fits the function's ${megabytes} MB`),
    })),
    {
      what: `${name}: CPU per event at 100,000 beside 10,000`,
      value: `${growth.toFixed(2)}×`,
      floor: '1× is flat',
      target: withinRatio(growth, MOST_GROWTH, `within ${MOST_GROWTH}×`),
    },
  ];
}

/** Whether an event costs the same however many wait. */
export const scale: Benchmark = {
  name: 'scale',
  title: 'Scale',

  async run() {
    const settings = await templateSettings();
    const figures: Figure[] = [];
    const numbers: Record<string, number> = {};
    for (const name of FUNCTIONS) {
      const measured: Measured[] = [];
      for (const backlog of BACKLOGS) measured.push(await measure(name, backlog, settings));
      figures.push(...figuresOf(name, measured, settings.memoryMegabytes));
      numbers[`${name}Us`] = measured.at(-1)?.usPerEvent ?? Number.NaN;
      numbers[`${name}PeakMegabytes`] = measured.at(-1)?.peakMegabytes ?? Number.NaN;
    }
    return {
      figures,
      notes: [
        `The real handlers with services in memory that answer at once, in fresh processes that start cold (the quicker of ${PROCESSES}), with the heap that Lambda gives Node for the function's memory; events a second are of CPU time, without what it takes to make up the backlog. The notifier gets batches of ${settings.batchSize} and empties the queue behind them; both hold up to 10,000 records at a time, so their memory stops growing there.`,
      ],
      numbers,
    };
  },
};
