import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runLocal } from '../../cli/local/run-local.ts';
import { UserError } from '../../infra/settings/user-error.ts';
import { dataTrouble, openDataDirectory } from '../../local/data-directory.ts';
import { LocalStartError } from '../../local/local-start-error.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { anEvent } from '../builders.ts';
import { LOCAL_OPTIONS } from '../cli/local/local-options.ts';

const root = mkdtempSync(join(tmpdir(), 'pipeline-'));
afterAll(() => rmSync(root, { recursive: true }));
const aDirectory = (): string => mkdtempSync(join(root, 'data-'));

it('what waits is reported after a restart, and what was reported is not reported again', async () => {
  const dataDir = aDirectory();
  const [notified, waiting] = [randomUUID(), randomUUID()];
  const eventOf = (eventID: string) => anEvent({ detail: { eventID } });
  const results: string[] = [];
  const start = async () => {
    const pipeline = await startPipeline({ context: {}, dataDir, page: false });
    pipeline.onOutcome(({ eventId, result, reason }) =>
      results.push([eventId === notified ? 'notified' : 'waiting', result, reason].join(' ').trim()),
    );
    return pipeline;
  };

  const before = await start();
  await before.putEvent(eventOf(notified));
  await before.settled();
  before.slack.set('500');
  await before.putEvent(eventOf(waiting));
  const refused = Promise.withResolvers<void>();
  const watch = setInterval(() => before.state().refusals > 0 && refused.resolve(), 20);
  await refused.promise;
  clearInterval(watch);
  await before.stop();

  const after = await start();
  await after.putEvent(eventOf(notified));
  await after.settled();
  const messages = after.messages().length;
  await after.stop();
  expect([results.toSorted(), messages]).toEqual([
    ['notified posted', 'notified posted reported before', 'waiting posted'],
    1,
  ]);
});

it('what a process had in hand when all were killed is reported soon after a restart', async () => {
  const dataDir = aDirectory();
  const before = await startPipeline({ context: {}, dataDir, page: false });
  before.slack.set('nothing');
  await before.putEvent(anEvent());
  // The post is on its way, the call is claimed, and nobody gives the claim back.
  await expect.poll(() => before.state().refusals).toBe(1);
  before.consumers.kill();
  await before.stop();

  const after = await startPipeline({ context: {}, dataDir, page: false });
  try {
    await expect.poll(() => after.messages().length, { timeout: 15_000 }).toBe(1);
  } finally {
    await after.stop();
  }
});

/** Everything below a directory, with its permissions. */
const modesIn = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true }).map(
    (entry) =>
      `${entry.isDirectory() ? 'directory' : 'file'} ${(statSync(join(entry.parentPath, entry.name)).mode & 0o777).toString(8)}`,
  );

const modesOf = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => `${name} ${(statSync(join(path, name)).mode & 0o777).toString(8)}`);

describe('a data directory', () => {
  it('is for its owner alone, with what an earlier start left in it', () => {
    const path = join(root, 'new', 'one');
    mkdirSync(join(path, 'queues'), { recursive: true, mode: 0o755 });
    writeFileSync(join(path, 'queues', 'fauxqs.db'), '', { mode: 0o644 });
    const directory = openDataDirectory(path);
    directory.folder('ledger');
    directory.release();
    openDataDirectory(path).release();
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(new Set(modesIn(path))).toEqual(new Set(['directory 700', 'file 600']));
  });

  it('leaves everything else in it as it is', () => {
    const path = aDirectory();
    chmodSync(path, 0o755);
    mkdirSync(join(path, 'bin'), { mode: 0o755 });
    writeFileSync(join(path, 'bin', 'run.sh'), '', { mode: 0o755 });
    writeFileSync(join(path, 'notes.txt'), '', { mode: 0o644 });
    const directory = openDataDirectory(path);
    directory.folder('queues');
    directory.release();
    openDataDirectory(path).release();
    expect([statSync(path).mode & 0o777, modesOf(path)]).toEqual([
      0o755,
      ['bin 755', 'bin/run.sh 755', 'in-use 600', 'notes.txt 644', 'queues 700'],
    ]);
  });

  it.each([
    ['', '--data takes the name of a directory'],
    [
      'damaged',
      'damaged: what is kept there cannot be read or written (file is not a database); make room, or move it away and start again',
    ],
  ])('that is called %j and cannot be used is one line', (name, line) => {
    const path = name === '' ? '' : join(root, name);
    if (name !== '') {
      mkdirSync(path);
      writeFileSync(join(path, 'in-use'), 'something else'.repeat(100));
    }
    expect(() => openDataDirectory(path)).toThrow(new LocalStartError(name === '' ? line : join(root, line)));
  });

  it('is held by one pipeline, and free when that is over', () => {
    const path = aDirectory();
    const first = openDataDirectory(path);
    expect(() => openDataDirectory(path)).toThrow(
      `${path} is in use by another "notifier local"; stop that, or name another directory`,
    );
    first.release();
    expect(() => openDataDirectory(path).release()).not.toThrow();
  });

  it.each<[what: string, path: () => string, says: string]>([
    [
      'a file',
      () => {
        const path = join(aDirectory(), 'file');
        writeFileSync(path, '');
        return path;
      },
      'it is a file; --data takes a directory',
    ],
    [
      'what is below a file',
      () => {
        const path = join(aDirectory(), 'file');
        writeFileSync(path, '');
        return join(path, 'below');
      },
      'it is below a file; --data takes a directory',
    ],
  ])('is not %s', (_what, pathOf, says) => {
    const path = pathOf();
    expect(() => openDataDirectory(path)).toThrow(
      expect.objectContaining({ name: 'LocalStartError', message: `${path} cannot keep data: ${says}` }),
    );
  });
});

describe('a trouble with what is kept', () => {
  const withCode = (code: string, message: string, cause?: Error) =>
    Object.assign(new Error(message, { cause }), { code });

  it.each<[what: string, error: unknown, says: string | undefined]>([
    ['a full disk', withCode('ENOSPC', 'no space left on device'), 'no space left on device'],
    [
      'a full disk, under the queues',
      new Error('the queues could not be read or written: database or disk is full'),
      'the queues could not be read or written: database or disk is full',
    ],
    ['damaged queues', withCode('ERR_SQLITE_ERROR', 'file is not a database'), 'file is not a database'],
    [
      'a damaged ledger',
      withCode('LEVEL_DATABASE_NOT_OPEN', 'Database is not open', new Error('Corruption: no meta-nextfile entry')),
      'Corruption: no meta-nextfile entry',
    ],
    ['a damaged ledger, while it is opened', new Error('Database is closed'), 'Database is closed'],
    ['a mistake of ours', new TypeError('undefined is not a function'), undefined],
    ['anything that was thrown', 'oh', undefined],
  ])('is reported in one line: %s', (_what, error, says) => {
    expect(dataTrouble('/data', error)).toBe(
      says &&
        `/data: what is kept there cannot be read or written (${says}); make room, or move it away and start again`,
    );
  });

  it.each([
    ['queues', 'fauxqs.db'],
    ['ledger', 'CURRENT'],
  ])('ends the program with 2: %s that are damaged', async (folder, file) => {
    const dataDir = aDirectory();
    mkdirSync(join(dataDir, folder));
    writeFileSync(join(dataDir, folder, file), 'x'.repeat(500));
    const lines: string[] = [];
    const ended = Promise.withResolvers<number>();
    const stop = new AbortController();
    const running: Promise<unknown> = runLocal(
      { ...LOCAL_OPTIONS, dataDir },
      {
        stdin: (async function* () {})(),
        writeLine: () => undefined,
        writeErrorLine: (line) => lines.push(line),
        exitNow: ended.resolve,
        stop: stop.signal,
      },
    ).catch((error: unknown) => {
      // Thrown while it started, and not where nobody waits for it: the command line says it and ends with 2.
      if (!(error instanceof UserError)) throw error;
      lines.push(...error.lines);
      return 2;
    });
    expect(await Promise.race([running, ended.promise])).toBe(2);
    expect(lines).toEqual([
      expect.stringMatching(/^\S+: what is kept there cannot be read or written \(.*\); make room/),
    ]);
  });
});
