import { describe, expect, it } from 'vitest';
import { createCallClock } from '../../../cli/backtest/calls.ts';

describe('createCallClock', () => {
  it.each([
    '2026-11-22T20:00:00Z',
    '2026-11-22T20:00:59Z',
    '2026-11-22T20:00:60Z',
    '2026-11-22T20:00:a0Z',
    '2026-11-22T20:00:0:Z',
    '2026-11-22T20:00:01+',
    '2026-11-22T20:00:01.5Z',
    '2026-11-22T20:01:01Z',
    '2026-11-22T20:00:01+01:00',
    '1969-12-31T23:59:59Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T24:00:01Z',
    'yesterday',
    '',
  ])('reads %s as Date.parse does, after another time of that minute', (text) => {
    const read = createCallClock();
    const ms = Date.parse(text);
    const expected = Number.isNaN(ms) ? undefined : ms;
    expect([read(text), read('2026-11-22T20:00:07Z'), read(text), read('1969-12-31T23:59:07Z'), read(text)]).toEqual([
      expected,
      Date.parse('2026-11-22T20:00:07Z'),
      expected,
      -53_000,
      expected,
    ]);
  });

  it.each([undefined, null, 7])('reads no time from %s', (value) => {
    expect(createCallClock()(value)).toBeUndefined();
  });
});
