import { expect, it } from 'vitest';
import { isAfterQuiet, nextSlot } from '../../shared/post-slot.ts';

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
    last: 'where only a wrong clock can be',
    lastMs: NOW_MS + 16 * 60_000,
    slot: { startMs: NOW_MS, previousMs: undefined },
    quiet: true,
  },
])('a webhook that was posted to $last', ({ lastMs, slot, quiet = false }) => {
  expect(nextSlot(lastMs, NOW_MS)).toEqual(slot);
  expect(isAfterQuiet(slot)).toBe(quiet);
});
