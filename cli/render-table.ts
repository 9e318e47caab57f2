import Table from 'cli-table3';
import { printable } from './printable.ts';

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
  for (const row of rows) table.push(row.map(printable));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
