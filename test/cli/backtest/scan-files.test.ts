import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBacktestCounts } from '../../../cli/backtest/run-backtest.ts';
import { createScan, type Scan } from '../../../cli/backtest/scan.ts';
import {
  createSharedScan,
  filesDone,
  scanInWorker,
  scanNextFiles,
  takeRest,
} from '../../../cli/backtest/scan-files.ts';
import { createSeenMemory } from '../../../cli/backtest/seen-calls.ts';
import { generateLogs } from '../../bench/synthetic-logs.ts';
import { CHANGES, READS_DIGEST, SETTINGS } from './rules.ts';

let directory = '';
let files: readonly string[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'scan-'));
  const fromMs = Date.parse('2026-11-01T00:00:00Z');
  files = generateLogs({ directory, files: 12, recordsPerFile: 40, fromMs, stepMs: 60_000, oneIn: 2 });
});
afterAll(() => rm(directory, { recursive: true }));

const RULE_SETS = [[CHANGES, READS_DIGEST], [CHANGES]];
const REQUEST = { ruleSets: RULE_SETS, sinceMs: undefined, untilMs: undefined };
const newCounts = () =>
  createBacktestCounts(
    RULE_SETS.map((rules) => ({ rules, settings: SETTINGS })),
    { sinceMs: undefined, untilMs: undefined, top: 10 },
  );

/** What the scans find when they take the files in turns. */
async function foundInTurns(scans: number): Promise<unknown> {
  const counts = newCounts();
  const seen = createSeenMemory();
  const all: Scan[] = Array.from({ length: scans }, () =>
    createScan(REQUEST, seen, (pages) => pages.forEach(counts.addPage)),
  );
  for (const [at, file] of files.entries()) await all[at % scans]?.scanFile(file, at);
  for (const { part } of all.toReversed()) counts.addPart(part());
  return counts.result(0);
}

describe('scanning with several threads', () => {
  it('adds up to what one finds, whoever read which file', async () => {
    const alone = await foundInTurns(1);
    expect([await foundInTurns(2), await foundInTurns(3)]).toEqual([alone, alone]);
    expect(alone).toMatchObject({ files: 12, records: 480, repeated: 0 });
  });

  it('hears from a worker what it found', async () => {
    const counts = newCounts();
    const shared = createSharedScan(files, 1);
    const worker = scanInWorker({ request: REQUEST, shared, worker: 0 }, (pages) => pages.forEach(counts.addPage));
    const part = await worker.part;
    await worker.end();
    if (part) counts.addPart(part);
    expect({ done: filesDone(shared), found: counts.result(0) }).toEqual({
      done: files.length,
      found: await foundInTurns(1),
    });
  });

  it('does not wait for a worker that comes too late', async () => {
    const shared = createSharedScan(files, 1);
    takeRest(shared);
    const worker = scanInWorker({ request: REQUEST, shared, worker: 0 }, () => undefined);
    worker.dismiss();
    expect(await worker.part).toBeUndefined();
    await worker.end();
  });

  it('takes each file once', async () => {
    const shared = createSharedScan(['a', 'b', 'c', 'd', 'e'], 0);
    const taken: string[] = [];
    const scan = { scanFile: async (file: string) => void taken.push(file), part: () => expect.unreachable() };
    await Promise.all([scanNextFiles(shared, scan), scanNextFiles(shared, scan)]);
    expect(taken.sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
