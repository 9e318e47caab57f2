import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createSyntheticRecords } from './synthetic-record.ts';

export interface GenerateLogsOptions {
  readonly directory: string;
  readonly files: number;
  readonly recordsPerFile: number;
  /** Start of the first file's time, milliseconds since the epoch. */
  readonly fromMs: number;
  /** Time from one file to the next. */
  readonly stepMs: number;
  /** One record in so many is a MediaConnect call. @default 20 */
  readonly oneIn?: number;
  /** The same seed makes the same files. @default 1 */
  readonly seed?: number;
}

const ACCOUNT = '111122223333';
const REGIONS = ['eu-west-1', 'us-east-1'];

/** `20261122T2000`: to the minute. */
const minuteText = (ms: number): string => new Date(ms).toISOString().replace(/[-:]/g, '').slice(0, 13);

/** `AWSLogs/ACCOUNT/CloudTrail/REGION/YYYY/MM/DD/ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHmmZ_UNIQUE.json.gz` */
function logFilePath(region: string, writtenMs: number, index: number): string {
  const day = new Date(writtenMs).toISOString().slice(0, 10).replaceAll('-', '/');
  const unique = index.toString(36).padStart(16, '0');
  const name = `${ACCOUNT}_CloudTrail_${region}_${minuteText(writtenMs)}Z_${unique}.json.gz`;
  return join('AWSLogs', ACCOUNT, 'CloudTrail', region, day, name);
}

/**
 * Writes log files as CloudTrail lays them out in S3: MediaConnect calls among many other services' records.
 * For tests, the benchmark, and for trying rules where there is no trail yet.
 *
 * @returns the paths of the files
 */
export function generateLogs(options: GenerateLogsOptions): readonly string[] {
  const { directory, files, recordsPerFile, fromMs, stepMs, oneIn = 20, seed = 1 } = options;
  const nextRecord = createSyntheticRecords({ account: ACCOUNT, oneIn, seed });

  return Array.from({ length: files }, (_, index) => {
    const region = REGIONS[index % REGIONS.length] ?? '';
    const startMs = fromMs + index * stepMs;
    const Records = Array.from({ length: recordsPerFile }, (__, at) =>
      nextRecord(region, startMs + Math.floor((at * stepMs) / recordsPerFile)),
    );
    const path = join(directory, logFilePath(region, startMs + stepMs, index));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, gzipSync(JSON.stringify({ Records })));
    return path;
  });
}
