import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reportText, violationText } from './report.ts';
import type { SimulationResult } from './simulation.ts';

const PROGRAM = join(import.meta.dirname, 'simulate.ts');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const simulate = (...options: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [PROGRAM, ...options], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });

it.each([
  ['a seed that is no number', ['--seed', 'x'], '--seed x: a whole number from 0'],
  ['no day at all', ['--days', '0'], '--days 0: a whole number from 1'],
  ['an option that there is not', ['--kills', '3'], "Unknown option '--kills'"],
])('ends with 2 for %s', async (_name, options, message) => {
  const { code, stderr } = await simulate(...options);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

it('says how it is used', async () => {
  expect(await simulate('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('npm run simulate --') });
});

it('gives one line of JSON for each seed', async () => {
  const { stdout } = await simulate('--seed', '3', '--seeds', '2', '--json');
  const results = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SimulationResult);
  expect(results.map(({ seed, days }) => [seed, days])).toEqual([
    [3, 1],
    [4, 1],
  ]);
  expect(results[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
});

const RESULT: SimulationResult = {
  seed: 12,
  days: 365,
  calls: 41_000,
  toNotify: 44_500,
  posts: 20_100,
  alone: 15_000,
  folded: 19_400,
  digested: 10_000,
  deadLettered: 100,
  mostReceives: 12,
  repeatsExcused: { 'a kill': 31, 'an answer that got lost': 20, 'the ledger out of reach': 1 },
  summaries: 730,
  sayings: 1200,
  kills: 800,
  outages: 900,
  outageHours: 310.5,
  exchanges: 36,
  deployments: 52,
  longestWaitSeconds: 300_000,
  events: 4_000_000,
  hash: '',
  violations: [],
};

it('says what happened, and that every promise held', () => {
  expect(reportText(RESULT)).toMatchInlineSnapshot(`
    "     41,000  calls, 44,500 notices to channels due
         15,000  reported alone
         19,400  reported in folds
         10,000  reported in digests
            100  dead-lettered with a reason
         20,100  messages in Slack, and 730 daily summaries
          1,200  messages of what MediaConnect said by itself
             31  repeated because of a kill
             20  repeated because of an answer that got lost
              1  repeated because of the ledger out of reach

            900  outages, 310.5 h in all
            800  kills
             52  deployments, 36 webhooks exchanged
             12  times at most a record was received
    83 h 20 min  was the longest wait of a call that was reported

    Every promise held: seed 12, 365 days, 4,000,000 events."
  `);
});

it('names the promise, the seed, the time and the command of what was broken', () => {
  const violation = {
    promise: 'nothing is lost',
    atMs: Date.parse('2026-03-01T10:00:00Z'),
    detail: 'call 7',
  } as const;
  expect(violationText(violation, RESULT)).toMatchInlineSnapshot(`
    "BROKEN: nothing is lost. Promised: a record leaves its queue only when its call was reported or lies in the dead-letter queue.
      seed 12, 2026-03-01T10:00:00.000Z: call 7
      npm run simulate -- --seed 12 --days 365 --trace"
  `);
  expect(reportText({ ...RESULT, violations: [violation] })).toContain(violationText(violation, RESULT));
  expect(reportText({ ...RESULT, violations: [violation] })).not.toContain('Every promise held');
});
