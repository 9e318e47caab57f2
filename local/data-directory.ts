import { chmodSync, type Dirent, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LocalStartError } from './local-start-error.ts';

/** A directory in which a pipeline keeps its queues and its ledger, held by one pipeline at a time. */
export interface DataDirectory {
  /** A folder of it, made where there is none. */
  folder(name: 'queues' | 'ledger'): string;
  /** Lets another pipeline have it. */
  release(): void;
}

/** Whole events and whole calls lie there: for the person who started it, and nobody else on this machine. */
const OWNER_ONLY = { directory: 0o700, file: 0o600 } as const;

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

const WORDS: Readonly<Record<string, string>> = {
  EEXIST: 'it is a file; --data takes a directory',
  ENOTDIR: 'it is below a file; --data takes a directory',
  EACCES: 'it may not be written to',
  EPERM: 'it may not be written to',
  EROFS: 'it may not be written to',
  ENOSPC: 'the disk is full',
};

function cannotUse(path: string, error: unknown): LocalStartError {
  const code = codeOf(error) ?? 'unknown error';
  const said = WORDS[code] === undefined ? dataTrouble(path, error) : undefined;
  return new LocalStartError(said ?? `${path} cannot keep data: ${WORDS[code] ?? code}`, { cause: error });
}

/** The lock, and the folders that a pipeline asks for. */
const LOCK = 'in-use';
const OURS: readonly string[] = [LOCK, `${LOCK}-journal`, 'queues', 'ledger'];

function closeAll(path: string): void {
  chmodSync(path, OWNER_ONLY.directory);
  for (const entry of readdirSync(path, { withFileTypes: true })) closeToOthers(path, entry);
}

function closeToOthers(directory: string, entry: Dirent): void {
  const path = join(directory, entry.name);
  if (entry.isDirectory()) closeAll(path);
  else if (entry.isFile()) chmodSync(path, OWNER_ONLY.file);
}

/** What an earlier start left open to others is closed; in a directory that has other things too, those are left alone. */
function closeOurs(path: string): void {
  const entries = readdirSync(path, { withFileTypes: true });
  const ours = entries.filter(({ name }) => OURS.includes(name));
  if (ours.length === entries.length) chmodSync(path, OWNER_ONLY.directory);
  for (const entry of ours) closeToOthers(path, entry);
}

/** SQLite's lock is the system's own: it ends with the process, however that ends. */
function lock(path: string): () => void {
  const database = new DatabaseSync(join(path, LOCK));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (!/locked/.test(String(error))) throw error;
    throw new LocalStartError(`${path} is in use by another "notifier local"; stop that, or name another directory`);
  }
  return () => database.close();
}

/**
 * Takes a directory for a pipeline's data.
 *
 * @throws LocalStartError when it is a file, may not be written to, or is in use.
 */
export function openDataDirectory(path: string): DataDirectory {
  if (path === '') throw new LocalStartError('--data takes the name of a directory');
  try {
    mkdirSync(path, { recursive: true, mode: OWNER_ONLY.directory });
    if (!statSync(path).isDirectory()) throw Object.assign(new Error(path), { code: 'EEXIST' });
    closeOurs(path);
    const release = lock(path);
    return {
      folder(name) {
        const folder = join(path, name);
        mkdirSync(folder, { recursive: true, mode: OWNER_ONLY.directory });
        return folder;
      },
      release,
    };
  } catch (error) {
    if (error instanceof LocalStartError) throw error;
    throw cannotUse(path, error);
  }
}

const DATA_TROUBLE =
  /database or disk is full|database (?:is closed|failed to open|is not open)|disk image is malformed|not a database|disk I\/O error|readonly database/i;

/**
 * One line for a trouble with what is kept: files that are damaged, a disk that is full. `undefined` for anything else.
 * The stores say it by throwing wherever they just are, so it is asked at the very end.
 */
export function dataTrouble(path: string, error: unknown): string | undefined {
  const code = codeOf(error) ?? '';
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  const isOurs = /^(?:LEVEL_|ERR_SQLITE|ENOSPC$|EIO$|EROFS$|EDQUOT$)/.test(code) || DATA_TROUBLE.test(message);
  if (!isOurs) return cause === undefined ? undefined : dataTrouble(path, cause);
  const says = (cause ?? { message }).message.split('\n', 1)[0];
  return `${path}: what is kept there cannot be read or written (${says}); make room, or move it away and start again`;
}
