import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { sanitize } from './io.ts';

export interface Progress {
  /** So many are done; `of` how many, where that is known. */
  readonly update: (done: number, of?: number) => void;
  readonly end: () => void;
}

const NONE: Progress = { update: () => undefined, end: () => undefined };

function createProgress(stream: NodeJS.WritableStream, format: string): Progress {
  const bar = new SingleBar({ stream, format, clearOnComplete: true, hideCursor: true });
  let started = false;
  return {
    update: (done, of = 0) => {
      if (!started) bar.start(of, done);
      else bar.update(done);
      started = true;
    },
    end: () => bar.stop(),
  };
}

/** A bar where somebody watches, and nothing where the output goes to a file or a pipe. */
export const progressOfFiles = (terminal: NodeJS.WritableStream | undefined): Progress =>
  terminal === undefined ? NONE : createProgress(terminal, '{bar} {value}/{total} files, {eta_formatted} left');

/** A number that grows to nobody knows what, where somebody watches. */
export const progressOf = (terminal: NodeJS.WritableStream | undefined, things: string): Progress =>
  terminal === undefined ? NONE : createProgress(terminal, `{value} ${things}, {duration_formatted}`);

/** Only a line under the heading: tables are copied into tickets and read by `grep`. */
const CHARACTERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

const isFigure = (cell: string | undefined): boolean => /^[+-]?[\d.,]+$|^–$/.test(cell ?? '');

/** A plain table; columns of figures are set to the right. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    chars: CHARACTERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: head.map((_, column) => (rows.every((row) => isFigure(row[column])) ? 'right' : 'left')),
  });
  for (const row of rows) table.push(row.map(sanitize));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
