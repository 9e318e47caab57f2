import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, inputErrorOf } from './input-error.ts';

/** What log files are called; anything else in a directory is not ours to guess at. */
const LOG_FILE = /\.(?:json|ndjson|jsonl)(?:\.gz)?$|\.gz$/i;

/**
 * CloudTrail keeps its digests (signatures, no calls) beside the log files.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */
const NO_LOGS = /(?:^|[/\\])(?:CloudTrail-Digest|CloudTrail-Insight|\.[^/\\]*)(?:[/\\]|$)/;

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && LOG_FILE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !NO_LOGS.test(path.slice(directory.length)))
    .sort();
}

async function filesAt(path: string): Promise<readonly string[]> {
  if (path === '-') return [path];
  const stats = await stat(path).catch((cause: unknown) => {
    throw inputErrorOf(path, cause);
  });
  if (!stats.isDirectory()) return [path];

  const files = await filesBelow(path).catch((cause: unknown) => {
    throw inputErrorOf(path, cause);
  });
  if (files.length === 0) throw new InputError(`${path}: holds no log files (*.json, *.ndjson, *.gz)`);
  return files;
}

/**
 * The files that paths stand for: directories are searched through, as S3's
 * `AWSLogs/…/CloudTrail/REGION/YYYY/MM/DD` needs; `-` is standard input.
 *
 * @throws InputError for the first path that is not there or holds nothing, before anything is read.
 */
export async function listInputFiles(paths: readonly string[]): Promise<readonly string[]> {
  const files: string[] = [];
  for (const path of paths) files.push(...(await filesAt(path)));
  return files;
}
