import * as z from 'zod';
import { type Benchmark, type Figure, median, withinRatio, withinTime } from './benchmark.ts';
import { runProgram } from './measuring.ts';

const PROCESSES = 3;
const MOST_TIMES_FLOOR = 4;
const MOST_US = 60;

const MeasuredSchema = z.object({
  floor: z.number(),
  alone: z.number(),
  folded: z.number(),
  events: z.number(),
  bytes: z.number(),
});
export type PerEvent = z.infer<typeof MeasuredSchema>;

const us = (value: number): string => `${value.toFixed(1)} µs`;

const medianOf = (runs: readonly PerEvent[], name: keyof PerEvent): number => median(runs.map((run) => run[name]));

export const perEventFigures = (runs: readonly PerEvent[]): readonly Figure[] =>
  (['alone', 'folded'] as const).flatMap((name) => {
    const what = name === 'alone' ? 'CPU per event, one at a time' : 'CPU per event, in folds of 100';
    const [time, ratio] = [medianOf(runs, name), median(runs.map((run) => run[name] / run.floor))];
    return [
      { what, value: us(time), target: withinTime(time, MOST_US, `under ${MOST_US} µs`) },
      {
        what: `${what}, beside the floor`,
        value: `${ratio.toFixed(1)}×`,
        floor: us(medianOf(runs, 'floor')),
        target: withinRatio(ratio, MOST_TIMES_FLOOR, `within ${MOST_TIMES_FLOOR}×`),
      },
    ];
  });

/** CPU time from the text of a queued record to the text of a Slack message. */
export const perEvent: Benchmark = {
  name: 'per-event',
  title: 'Per event',

  async run() {
    const runs: PerEvent[] = [];
    for (let run = 0; run < PROCESSES; run += 1) runs.push(await runProgram('per-event.ts', MeasuredSchema));

    const of = (name: keyof PerEvent): number => medianOf(runs, name);
    return {
      figures: perEventFigures(runs),
      notes: [
        `Envelope text → parsed, classified, enriched, rendered → Slack payload as JSON, over ${of('events')} different events (every operation by every kind of principal, one in ten denied, ${Math.round(of('bytes'))} characters on average). The floor is \`JSON.parse\` and \`JSON.stringify\` of the same texts. Programs and resources come again and again among them, as they do in a burst.`,
        `Median of ${PROCESSES} fresh processes, each warm, floor and subject in turns, the quicker quarter of the rounds; CPU time of the whole process, so garbage collection and compilation count.`,
      ],
      numbers: { floorUs: of('floor'), aloneUs: of('alone'), foldedUs: of('folded') },
    };
  },
};
