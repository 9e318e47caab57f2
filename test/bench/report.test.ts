import { describe, expect, it } from 'vitest';
import { atLeastRatio, type Figure, withinCount, withinRatio, withinTime, withinWait } from './benchmark.ts';
import {
  type BenchReport,
  describeMachine,
  figureTable,
  holds,
  markdownTable,
  performancePage,
  readmeTable,
  replaceMarked,
} from './report.ts';

const section = (title: string, figures: readonly Figure[]) => ({
  name: title.toLowerCase(),
  title,
  figures,
  notes: ['How it was done.'],
  numbers: {},
  seconds: 1,
});

const REPORT: BenchReport = {
  date: '2026-11-22',
  machine: { processor: 'Some CPU', cores: 2, memoryGb: 8, node: 'v24.0.0', packages: { zod: '4.0.0' } },
  sections: [
    section('Backtest', [
      {
        what: 'speed beside gunzip and JSON.parse alone',
        value: '1.20×',
        floor: '1×',
        target: atLeastRatio(1.2, 0.7, 'at least 0.7×'),
      },
      { what: 'records a second', value: '100' },
    ]),
  ],
};

describe('figureTable', () => {
  it.each([
    ['a ratio that is kept', withinRatio(5.9, 6, 'within 6×'), '✅ met'],
    ['a ratio that is not', withinRatio(6.1, 6, 'within 6×'), '❌ missed'],
    ['a count that is not', withinCount(11, 10, '≤ 10'), '❌ missed'],
    ['a speed that is too low', atLeastRatio(0.6, 0.7, 'at least 0.7×'), '❌ missed'],
    ['a wait that is too long', withinWait(1100, 300, 'under 0.3 s'), '❌ missed'],
    ['a time that another machine might keep', withinTime(70, 60, 'under 60 µs'), '⚠️ missed on this machine'],
    ['a number that is none', withinRatio(Number.NaN, 6, 'within 6×'), '❌ missed'],
  ])('says of %s what it is', (_, target, verdict) => {
    expect(figureTable([{ what: 'x', value: '1', floor: '2', target }]).split('\n')[2]).toBe(
      `| x | 1 | 2 | ${target.words} | ${verdict} |`,
    );
  });
});

it.each([
  ['ratios and counts', withinRatio(7, 6, ''), false],
  ['waits', withinWait(70, 60, ''), false],
  ['not times of the processor', withinTime(70, 60, ''), true],
  ['nothing that is met', withinCount(1, 10, ''), true],
])('holds or not by %s', (_, target, expected) => {
  expect(holds({ sections: [section('Any', [{ what: 'x', value: '1', target }])] })).toBe(expected);
});

it('keeps a cell from breaking its row', () => {
  expect(markdownTable(['a'], [['b|c\nd']])).toBe('| a |\n| --- |\n| b\\|c d |');
});

describe('replaceMarked', () => {
  it.each([
    ['puts new content between the marks', 'a\n<!-- x -->\nold\n<!-- /x -->\nb', 'a\n<!-- x -->\nnew\n<!-- /x -->\nb'],
    ['fills an empty place', '<!-- x -->\n<!-- /x -->', '<!-- x -->\nnew\n<!-- /x -->'],
    ['leaves a text without marks alone', 'a', 'a'],
    ['leaves a text with one mark alone', 'a <!-- x --> b', 'a <!-- x --> b'],
    ['leaves other marks alone', '<!-- y -->\n<!-- /y -->', '<!-- y -->\n<!-- /y -->'],
  ])('%s', (_, text, expected) => {
    expect(replaceMarked(text, 'x', 'new')).toBe(expected);
    expect(replaceMarked(replaceMarked(text, 'x', 'new'), 'x', 'new')).toBe(expected);
  });
});

it('writes a page with machine, date and every section', () => {
  const page = performancePage(REPORT);
  expect(page).toContain('Measured on 2026-11-22: Some CPU, 2 cores, 8 GB, Node v24.0.0; zod 4.0.0.');
  expect(page).toContain('## Backtest\n\n| what | measured | floor | target | verdict |');
  expect(page).toContain('\n\nHow it was done.\n');
});

it("writes into the README's table the figures most worth knowing", () => {
  const rows = readmeTable(REPORT)
    .split('\n')
    .filter((line) => line.startsWith('| Backtest'));
  expect(rows).toEqual([
    '| Backtest: speed beside gunzip and JSON.parse alone | 1.20× | 1× | at least 0.7× | ✅ met |',
  ]);
});

it('describes the machine without telling whose it is', () => {
  expect(Object.keys(describeMachine())).toEqual(['processor', 'cores', 'memoryGb', 'node', 'packages']);
});
