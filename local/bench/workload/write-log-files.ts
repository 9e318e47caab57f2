import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { generateLogs } from '../../backtest/generate-logs.ts';

export interface LogFiles {
  readonly files: number;
  readonly records: number;
  /** Of all files together, as JSON text. */
  readonly unpackedBytes: number;
}

const RECORDS_PER_FILE = 1500;
const DISTINCT_FILES = 16;
const FROM_MS = Date.parse('2026-11-01T00:00:00Z');
const FIVE_MINUTES_MS = 300_000;

/** Writes log files into a directory: a few that differ, each many times, since making them takes longest. */
export function writeLogFiles(directory: string, copies: number): LogFiles {
  const originals = generateLogs({
    directory: join(directory, '0'),
    files: DISTINCT_FILES,
    recordsPerFile: RECORDS_PER_FILE,
    fromMs: FROM_MS,
    stepMs: FIVE_MINUTES_MS,
  });
  const unpackedBytes = originals.reduce((sum, file) => sum + gunzipSync(readFileSync(file)).length, 0);
  for (let copy = 1; copy < copies; copy += 1) {
    for (const [index, file] of originals.entries()) {
      copyFileSync(file, file.replace(/_[^_]+\.json\.gz$/, `_${copy}x${index}.json.gz`));
    }
  }
  const files = DISTINCT_FILES * copies;
  return { files, records: files * RECORDS_PER_FILE, unpackedBytes: unpackedBytes * copies };
}
