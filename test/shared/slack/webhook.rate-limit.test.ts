import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BETWEEN_POSTS_MS, isAfterQuiet, LONGEST_AHEAD_MS, nextSlot } from '../../../shared/slack/webhook.ts';

const NOW_MS = 1_000_000;

it.each([
  { last: 'never', lastMs: undefined, slot: { startMs: NOW_MS, previousMs: undefined }, quiet: true },
  { last: 'long ago', lastMs: NOW_MS - 60_000, slot: { startMs: NOW_MS, previousMs: NOW_MS - 60_000 }, quiet: true },
  {
    last: 'five seconds ago',
    lastMs: NOW_MS - 5000,
    slot: { startMs: NOW_MS, previousMs: NOW_MS - 5000 },
    quiet: true,
  },
  { last: 'just now', lastMs: NOW_MS - 4999, slot: { startMs: NOW_MS, previousMs: NOW_MS - 4999 }, quiet: false },
  { last: 'a second ago', lastMs: NOW_MS - 1000, slot: { startMs: NOW_MS, previousMs: NOW_MS - 1000 }, quiet: false },
  { last: 'half a second ago', lastMs: NOW_MS - 500, slot: { startMs: NOW_MS + 500, previousMs: NOW_MS - 500 } },
  { last: 'ahead', lastMs: NOW_MS + 3000, slot: { startMs: NOW_MS + 4000, previousMs: NOW_MS + 3000 } },
  {
    last: 'as far ahead as anybody may reserve',
    lastMs: NOW_MS + 15 * 60_000,
    slot: { startMs: NOW_MS + 15 * 60_000 + 1000, previousMs: NOW_MS + 15 * 60_000 },
  },
  {
    last: 'where only a wrong clock can be',
    lastMs: NOW_MS + 15 * 60_000 + 1,
    slot: { startMs: NOW_MS, previousMs: undefined },
    quiet: true,
  },
])('a webhook that was posted to $last', ({ lastMs, slot, quiet = false }) => {
  expect(nextSlot(lastMs, NOW_MS)).toEqual(slot);
  expect(isAfterQuiet(slot)).toBe(quiet);
});

it('never begins in the past, nor within a second of the last one, whatever the clocks say', () => {
  const lastMs = fc.option(fc.integer({ min: 0, max: NOW_MS + 2 * LONGEST_AHEAD_MS }), { nil: undefined });
  fc.assert(
    fc.property(lastMs, (last) => {
      const { startMs, previousMs } = nextSlot(last, NOW_MS);
      expect(startMs).toBeGreaterThanOrEqual(NOW_MS);
      expect(startMs).toBeLessThanOrEqual(NOW_MS + LONGEST_AHEAD_MS + BETWEEN_POSTS_MS);
      if (previousMs !== undefined) expect(startMs - previousMs).toBeGreaterThanOrEqual(BETWEEN_POSTS_MS);
      if (last !== undefined && last <= NOW_MS + LONGEST_AHEAD_MS) expect(previousMs).toBe(last);
    }),
  );
});
