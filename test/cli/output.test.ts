import { PassThrough } from 'node:stream';
import { afterEach, expect, it, vi } from 'vitest';
import { progressOf, progressOfFiles } from '../../cli/output.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** A terminal that keeps what it is shown. */
function aTerminal() {
  const shown: string[] = [];
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 120,
    cursorTo: () => true,
    clearLine: () => true,
  });
  stream.on('data', (text) => shown.push(String(text)));
  return { stream, shown };
}

it('shows how many files are done of how many', () => {
  const { stream, shown } = aTerminal();
  const progress = progressOfFiles(stream);
  progress.update(0, 40);
  progress.update(10);
  progress.end();
  expect(shown.join('')).toMatch(/ 0\/40 files.* 10\/40 files/s);
});

it('counts what nobody knows the end of', () => {
  const { stream, shown } = aTerminal();
  const progress = progressOf(stream, 'records');
  progress.update(1);
  progress.update(7);
  progress.end();
  expect(shown.join('')).toMatch(/1 records.*7 records/s);
});

it('shows nothing where nobody watches', () => {
  const stderr = vi.spyOn(process.stderr, 'write');
  const stdout = vi.spyOn(process.stdout, 'write');
  for (const progress of [progressOf(undefined, 'records'), progressOfFiles(undefined)]) {
    progress.update(1, 2);
    progress.end();
  }
  expect([stderr.mock.calls, stdout.mock.calls]).toEqual([[], []]);
});
