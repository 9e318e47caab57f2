import type { Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '../../infra/settings/user-error.ts';
import type { InputItem } from './envelope.ts';

/** What was named as input cannot be used: it is not there, not readable or holds nothing. One line for a person. */
export class InputError extends UserError {
  override readonly name = 'InputError';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'not readable: permission denied',
  EPERM: 'not readable: permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'no such file',
  ENXIO: 'not readable: it is a socket or a device that is not there',
  Z_DATA_ERROR: 'not readable: its gzip data is damaged',
  Z_BUF_ERROR: 'not readable: its gzip data ends too early',
};

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';

/** Says in words why a file could not be read. */
export function inputReason(cause: unknown): string {
  if (cause instanceof InputError) return cause.message;
  const code = codeOf(cause);
  return (Object.hasOwn(REASONS, code) ? REASONS[code] : undefined) ?? `not readable${code === '' ? '' : `: ${code}`}`;
}

/** What log files are called. */
const LOG_FILE = /\.(?:json|ndjson|jsonl)(?:\.gz)?$|\.gz$/i;
/** Firehose gives its objects no extension, and neither does S3 to whoever keeps them under another name. */
const NO_EXTENSION = /^[^.]+$|\d{4}(?:-\d\d){5}[-\w]*$/;

/**
 * CloudTrail keeps its digests (signatures, no calls) and Insight events beside the log files, and says so in each
 * file's name.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */
const NO_CALLS = /^CloudTrail-(?:Digest|Insight)$|_CloudTrail-(?:Digest|Insight)_/;

/** The files that paths stand for. */
export interface InputFiles {
  readonly files: readonly string[];
  /** Directories that could not be looked into. */
  readonly faults: readonly Extract<InputItem, { kind: 'error' }>[];
  /** Files that by their names hold digests or Insight events. */
  readonly withoutCalls: number;
  /** Files in directories that are no log files by their names and first bytes. */
  readonly others: number;
  /** Links in directories that lead to directories or nowhere. */
  readonly links: number;
}

interface Found {
  readonly files: string[];
  readonly faults: Extract<InputItem, { kind: 'error' }>[];
  withoutCalls: number;
  others: number;
  links: number;
}

/** Whether a file starts as gzip or JSON does. */
async function startsAsLog(path: string): Promise<boolean> {
  const file = await open(path).catch(() => undefined);
  // What cannot be opened is for the reader to say.
  if (file === undefined) return true;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    const bytes = buffer.subarray(0, bytesRead);
    return (
      bytesRead === 0 ||
      (bytes[0] === 0x1f && bytes[1] === 0x8b) ||
      /^(?:\u00EF\u00BB\u00BF)?\s*[[{]/.test(bytes.toString('latin1'))
    );
  } finally {
    await file.close();
  }
}

async function isLogFile(directory: string, name: string): Promise<boolean> {
  return LOG_FILE.test(name) || (NO_EXTENSION.test(name) && (await startsAsLog(join(directory, name))));
}

/** A link to a file is the file; a link to a directory is not followed, so that none leads in circles. */
async function isFile(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  const target = await stat(path).catch(() => undefined);
  return target?.isFile() === true;
}

async function lookAt(entry: Dirent, directory: string, found: Found): Promise<void> {
  const path = join(directory, entry.name);
  if (entry.name.startsWith('.')) return;
  if (entry.isDirectory()) {
    if (!NO_CALLS.test(entry.name)) await lookInto(path, found);
  } else if (NO_CALLS.test(entry.name)) found.withoutCalls += 1;
  else if (!(await isFile(entry, path))) found[entry.isSymbolicLink() ? 'links' : 'others'] += 1;
  else if (await isLogFile(directory, entry.name)) found.files.push(path);
  else found.others += 1;
}

const inTextOrder = (left: Dirent, right: Dirent): number => (left.name < right.name ? -1 : 1);

async function lookInto(directory: string, found: Found): Promise<void> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    for (const entry of entries.sort(inTextOrder)) await lookAt(entry, directory, found);
  } catch (cause) {
    found.faults.push({
      kind: 'error',
      error: inputReason(cause),
      file: directory,
      line: undefined,
      record: undefined,
    });
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (cause) {
    throw new InputError(`${path}: ${inputReason(cause)}`, { cause });
  }
}

async function addPath(path: string, found: Found): Promise<void> {
  if (path === '-') found.files.push(path);
  else if (await isDirectory(path)) await lookInto(path, found);
  else if (NO_CALLS.test(basename(path))) found.withoutCalls += 1;
  else found.files.push(path);
}

/**
 * The files that paths stand for: directories are searched through, as S3's
 * `AWSLogs/…/CloudTrail/REGION/YYYY/MM/DD` needs; `-` is standard input. A directory that cannot be looked into is a
 * fault, and does not keep the others from being read.
 *
 * @throws InputError for the first path that is not there, before anything is read, and when there is no file at all.
 */
export async function listInputFiles(paths: readonly string[]): Promise<InputFiles> {
  const found: Found = { files: [], faults: [], withoutCalls: 0, others: 0, links: 0 };
  for (const path of paths) await addPath(path, found);
  if (found.files.length > 0) return found;
  const [fault] = found.faults;
  if (fault !== undefined) throw new InputError(`${fault.file}: ${fault.error}`);
  const but = passedOverText(found);
  throw new InputError(
    `${paths.join(', ')}: holds no log files (*.json, *.ndjson, *.gz)${but === undefined ? '' : `; ${but}`}`,
  );
}

const counted = (count: number, one: string, many: string): string =>
  count === 0 ? '' : `${count} ${count === 1 ? one : many}`;

/** What was not read, in words; `undefined` if everything was. */
export function passedOverText({
  withoutCalls,
  others,
  links,
}: Omit<InputFiles, 'files' | 'faults'>): string | undefined {
  const parts = [
    counted(withoutCalls, 'file of digests or Insight events', 'files of digests or Insight events'),
    counted(others, 'file that is no log file', 'files that are no log files'),
    counted(
      links,
      'link that leads to no file (name the directory itself)',
      'links that lead to no files (name the directories themselves)',
    ),
  ].filter((part) => part !== '');
  return parts.length === 0 ? undefined : `passed over: ${parts.join(', ')}`;
}
