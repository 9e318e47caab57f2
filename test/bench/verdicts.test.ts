import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Figure } from './benchmark.ts';
import { burstFigure, SHAPES } from './burst.ts';
import { coldStartFigures, type Start } from './cold-start.ts';
import { delayFigures, RATES } from './delay.ts';
import { outageFigure } from './outage.ts';
import { perEventFigures } from './per-event.ts';
import { FIGURES_IN_README, holds } from './report.ts';

const start = (changes: Partial<Start> = {}): Start => ({
  init: 100,
  first: 30,
  second: 15,
  toPost: 15,
  postedMs: [],
  ...changes,
});

interface Measurements {
  readonly perEvent: Parameters<typeof perEventFigures>[0][number];
  readonly ours: Start;
  readonly naive: Start;
  readonly rounds: readonly number[];
  readonly bytes: number;
  /** Of 1,000 calls and of 10,000. */
  readonly posts: readonly [number, number];
  readonly isEveryCallNotified: boolean;
  /** Of each rate, the slowest first. */
  readonly delaysMs: readonly (readonly number[])[];
  readonly invocations: number;
  readonly outage: Parameters<typeof outageFigure>[0];
}

/** As good as it must be, and no better. */
const JUST: Measurements = {
  perEvent: { floor: 10, alone: 40, folded: 40, events: 1440, bytes: 1500 },
  ours: start({ init: 100, first: 40 }),
  naive: start({ init: 100, first: 100, toPost: 100 }),
  rounds: [1, 1],
  bytes: 800_000,
  posts: [10, 100],
  isEveryCallNotified: true,
  // The hundredth is the worst, and does not count.
  delaysMs: [[...Array(60).fill(100), ...Array(39).fill(300), 9000], [20], [500], [...Array(99).fill(1500), 9000]],
  invocations: 58,
  outage: { posts: 10, isWhole: true, firstMs: 1000, lastMs: 10_000, awaySeconds: 15 },
};

function figuresOf(changes: Partial<Measurements> = {}): Readonly<Record<string, readonly Figure[]>> {
  const { perEvent, ours, naive, rounds, bytes, posts, isEveryCallNotified, delaysMs, ...rest } = {
    ...JUST,
    ...changes,
  };
  const starts = new Map([
    ['empty', [start({ init: 0 })]],
    ['notifier', [ours]],
    ['notifier, naive', [naive]],
    ['digest', [ours]],
    ['digest, naive', [naive]],
  ]);
  const measured = RATES.map((rate, index) => ({
    rate,
    delaysMs: delaysMs[index] ?? [],
    invocations: rest.invocations,
  }));
  const gathering = { rate: RATES[3], delaysMs: [], invocations: 58 };
  return {
    'Per event': perEventFigures([perEvent]),
    'Cold start': coldStartFigures(starts, new Map([['notifier', rounds]]), { megabytes: 512, bytes }),
    Burst: SHAPES.map((shape) =>
      burstFigure(shape, {
        posts: shape.calls === 1000 ? posts[0] : posts[1],
        notified: shape.calls - (isEveryCallNotified ? 0 : 1),
        invocations: 1,
        seconds: 9,
      }),
    ),
    Delay: delayFigures(measured, gathering),
    'After an outage': [outageFigure(rest.outage)],
  };
}

const isGoodEnough = (changes: Partial<Measurements> = {}): boolean =>
  holds({
    sections: Object.entries(figuresOf(changes)).map(([title, figures]) => ({
      name: title,
      title,
      figures,
      notes: [],
      numbers: {},
      seconds: 1,
    })),
  });

it('the command succeeds where every limit is just kept', () => {
  expect(isGoodEnough()).toBe(true);
});

const lone = (delaysMs: readonly number[]): Partial<Measurements> => ({
  delaysMs: [delaysMs, ...JUST.delaysMs.slice(1)],
});

describe('the command fails', () => {
  it.each<[string, Partial<Measurements>]>([
    ['an event alone costs more than four times the floor', { perEvent: { ...JUST.perEvent, alone: 40.1 } }],
    ['an event in a fold costs more than four times the floor', { perEvent: { ...JUST.perEvent, folded: 40.1 } }],
    ['the first invocation takes more than 0.4 times the naive one', { ours: { ...JUST.ours, first: 40.1 } }],
    ['the first message comes after more than half of the naive time', { ours: { ...JUST.ours, toPost: 60 } }],
    ['initialization takes more than the naive one', { ours: { ...JUST.ours, init: 100.1 } }],
    ['a start was not measured', { ours: start({ toPost: Number.NaN }) }],
    ['there are two round trips before the first post', { rounds: [2, 1] }],
    ['there are two round trips before the next post', { rounds: [1, 2] }],
    ['the bundle is over 800 kB', { bytes: 800_001 }],
    ['1,000 waiting calls are more than ten posts', { posts: [11, 100] }],
    ['10,000 waiting calls are more than a hundred posts', { posts: [10, 101] }],
    ['a call of a burst is not reported', { isEveryCallNotified: false }],
    ['half of the lone calls take more than 0.1 s', lone([...Array(49).fill(20), ...Array(51).fill(101)])],
    ['two lone calls in a hundred take more than 0.3 s', lone([...Array(98).fill(20), 301, 301])],
    ['a lone call waits for a window', lone(Array(20).fill(1020))],
    [
      'of 50 calls a second two in a hundred take more than 1.5 s',
      { delaysMs: [...JUST.delaysMs.slice(0, 3), [...Array(98).fill(20), 1501, 1501]] },
    ],
    ['there are more invocations than with a window', { invocations: 59 }],
    ['1,000 calls are more than ten posts after an outage', { outage: { ...JUST.outage, posts: 11 } }],
    ['a call is not reported after an outage', { outage: { ...JUST.outage, isWhole: false } }],
  ])('where %s', (_, changes) => {
    expect(isGoodEnough(changes)).toBe(false);
  });
});

const PROJECT = join(import.meta.dirname, '../..');
const textOf = (file: string): string => readFileSync(join(PROJECT, file), 'utf8');
const between = (text: string, begin: string, end: string): string => text.split(begin)[1]?.split(end)[0]?.trim() ?? '';

const PAGE = textOf('docs/performance.md');
const README = between(textOf('README.md'), '<!-- performance -->', '<!-- /performance -->');

/** The cells of the first table of a text, without its head. */
function rowsIn(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith('| --- ')) + 1;
  const to = lines.findIndex((line, index) => index >= from && !line.startsWith('|'));
  return lines.slice(from, to < 0 ? undefined : to).map((line) => line.slice(2, -2).split(' | '));
}

const sections = PAGE.split('\n## ')
  .slice(1)
  .map((text) => ({ title: text.split('\n')[0] ?? '', rows: rowsIn(text) }));

describe('what is written of the last run', () => {
  it.each(Object.entries(figuresOf()))(
    'has the rows and the limits of today, all of them kept: %s',
    (title, figures) => {
      const written = sections.find((section) => section.title === title)?.rows;
      expect(written?.map(([what, , , target, verdict]) => [what, target, verdict])).toEqual(
        figures.map(({ what, target }) => [what, target?.words ?? '', target === undefined ? '' : '✅ met']),
      );
    },
  );

  it('is in the README as in docs/performance.md, as far as it is most worth knowing', () => {
    const rows = sections.flatMap(({ title, rows: all }) => all.map(([what = '', ...rest]) => ({ title, what, rest })));
    const wanted = FIGURES_IN_README.map((pattern) => rows.filter(({ what }) => pattern.test(what)));
    expect(wanted.map((found) => found.length)).toEqual(FIGURES_IN_README.map(() => 1));
    const known = new Set(wanted.flat());
    expect(rowsIn(README)).toEqual(
      rows.filter((row) => known.has(row)).map(({ title, what, rest }) => [`${title}: ${what}`, ...rest]),
    );
    const [, date] = /Measured on ([\d-]+)/.exec(PAGE) ?? [];
    expect(README).toContain(`Measured on ${date} `);
  });

  it('is of the cost in docs/operations.md as in docs/performance.md', () => {
    const cost = between(textOf('docs/operations.md'), '<!-- cost -->', '<!-- /cost -->');
    expect(cost).toContain('| USD a month |');
    expect(PAGE.split('\n## Cost\n')[1]?.trim().startsWith(cost)).toBe(true);
  });
});
