import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryWaitMs } from '../../shared/retry-wait.ts';

const QUARTER_MS = 15 * 60_000;
const nowMs = 100 * QUARTER_MS + 60_000;
const wait = (receiveCount: number, random: number, retryAfterMs?: number) =>
  retryWaitMs({ receiveCount, random, retryAfterMs, nowMs }) / 1000;

describe('retryWaitMs', () => {
  it.each([
    [1, 22.5, 15],
    [2, 45, 30],
    [3, 90, 60],
    [6, 720, 480],
  ])('makes receive %i wait from %f seconds down to %f by jitter', (receiveCount, longest, shortest) => {
    expect(wait(receiveCount, 0)).toBe(longest);
    expect(wait(receiveCount, 0.999999)).toBeCloseTo(shortest, 2);
  });

  it.each([7, 20, 999])('lets records of receive %i meet at the next quarter of an hour', (receiveCount) => {
    expect(wait(receiveCount, 0.3)).toBe(14 * 60);
  });

  it.each([
    [1, 7, 7],
    [5, 7, 7],
    [6, 7, 22.5],
    [6, 60, 60],
    [12, 7, 14 * 60],
    [1, 3600, 3600],
    [1, 0, 1],
    [1, 1e9, 11 * 60 * 60],
  ])('after receive %i and Retry-After %i waits %f seconds', (receiveCount, retryAfter, seconds) => {
    expect(wait(receiveCount, 0, retryAfter * 1000)).toBe(seconds);
  });

  it('always waits 15 seconds to 15 minutes by itself, and never less than Slack asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.double({ min: 0, max: 0.999999, noNaN: true }),
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1000, max: 3_600_000 }),
        (receiveCount, random, at, retryAfterMs) => {
          const own = retryWaitMs({ receiveCount, random, nowMs: at, retryAfterMs: undefined });
          expect(own).toBeGreaterThanOrEqual(15_000);
          expect(own).toBeLessThanOrEqual(QUARTER_MS);
          expect(retryWaitMs({ receiveCount, random, nowMs: at, retryAfterMs })).toBeGreaterThanOrEqual(retryAfterMs);
        },
      ),
    );
  });
});
