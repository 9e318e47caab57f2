import { expect, it } from 'vitest';
import { maximum, median, minimum, quantile } from './benchmark.ts';

const VALUES = [5, 1, 4, 2, 3];

it('takes of values what lies at a part of them, in any order', () => {
  expect([quantile(VALUES, 0.2), median(VALUES), quantile(VALUES, 0.99), maximum(VALUES), minimum(VALUES)]).toEqual([
    1, 3, 5, 5, 1,
  ]);
});

it('takes the lower of two middle values, and no number of none', () => {
  expect([median([1, 2]), median([])]).toEqual([1, Number.NaN]);
});
