import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { atLeastRatio, type Benchmark, median, withinRatio } from './benchmark.ts';
import { runProgram } from './measuring.ts';
import { writeLogFiles } from './synthetic-logs.ts';

const ROUNDS = 4;
const FEW_COPIES = 6;
const MANY_COPIES = 18;
const LEAST_OF_FLOOR = 0.7;
/** Memory that grew with the files would grow threefold. */
const MOST_GROWTH = 1.5;

const EndSchema = z.object({ tookMs: z.number(), records: z.number(), peakBytes: z.number() });
type End = z.infer<typeof EndSchema>;

interface Ends {
  readonly floor: readonly End[];
  readonly subject: readonly End[];
}

/** Floor and subject in turns, so that a busy moment of the machine falls on both. */
async function measure(directory: string, threads: number): Promise<Ends> {
  const floor: End[] = [];
  const subject: End[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    floor.push(await runProgram('backtest-floor.ts', EndSchema, { args: [directory, threads] }));
    subject.push(await runProgram('backtest.ts', EndSchema, { args: [directory, threads] }));
  }
  return { floor, subject };
}

const took = (ends: readonly End[]): number => median(ends.map(({ tookMs }) => tookMs));
const peak = (ends: readonly End[]): number => median(ends.map(({ peakBytes }) => peakBytes));
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** How fast log files go through the rules. */
export const backtest: Benchmark = {
  name: 'backtest',
  title: 'Backtest',

  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'backtest-bench-'));
    try {
      const threads = availableParallelism();
      const few = join(folder, 'few');
      const many = join(folder, 'many');
      writeLogFiles(few, FEW_COPIES);
      const logs = writeLogFiles(many, MANY_COPIES);
      const ends = await measure(many, threads);
      const [endOfFew] = [await runProgram('backtest.ts', EndSchema, { args: [few, threads] })];

      const bytesPerSecond = (ms: number): string => `${megabytes((logs.unpackedBytes * 1000) / ms)}/s`;
      const ratio = median(ends.floor.map(({ tookMs }, round) => tookMs / (ends.subject[round]?.tookMs ?? Number.NaN)));
      const growth = peak(ends.subject) / endOfFew.peakBytes;
      const recordsPerSecond = (logs.records * 1000) / took(ends.subject);
      return {
        figures: [
          {
            what: 'JSON a second',
            value: bytesPerSecond(took(ends.subject)),
            floor: bytesPerSecond(took(ends.floor)),
          },
          { what: 'records a second', value: Math.round(recordsPerSecond).toLocaleString('en') },
          {
            what: 'speed beside gunzip and JSON.parse alone',
            value: `${ratio.toFixed(2)}×`,
            floor: '1×',
            target: atLeastRatio(ratio, LEAST_OF_FLOOR, `at least ${LEAST_OF_FLOOR}×`),
          },
          {
            what: `peak memory with ${logs.files} files beside ${(logs.files * FEW_COPIES) / MANY_COPIES}`,
            value: `${megabytes(peak(ends.subject))}, ${growth.toFixed(2)}×`,
            floor: megabytes(endOfFew.peakBytes),
            target: withinRatio(growth, MOST_GROWTH, `within ${MOST_GROWTH}×`),
          },
        ],
        notes: [
          `${logs.files} generated log files of 1,500 records, one in twenty a MediaConnect call, ${megabytes(logs.unpackedBytes)} of JSON, through the default rules. The floor unpacks and parses the same files and does nothing with them. Both with ${threads} threads and in fresh processes, ${ROUNDS} times in turns; time is by the clock, with the start of the threads.`,
        ],
        numbers: { ratio, recordsPerSecond },
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
