import { expect, it } from 'vitest';
import { createFailures, createSetbacks, dueOf, type Setback } from './setbacks.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const trouble = (from: number, until: number): Setback => ({ fromMs: from, untilMs: until, kind: 'trouble' });
const kill = (from: number, until: number): Setback => ({ fromMs: from, untilMs: until, kind: 'kill' });

const A_MINUTE = 'a minute of trouble costs a minute';
const SIX = 'any trouble costs six minutes';
const KILL = 'one kill costs a visibility timeout';

/** A call that is queued at 10:00, as it were, and usually reported within 40 seconds. */
const due = (...setbacks: readonly Setback[]) =>
  dueOf({ queuedMs: 10 * MINUTE, usualMs: 40 * SECOND, ownMs: 5 * SECOND }, setbacks);

it.each<[string, readonly Setback[], number, string]>([
  ['without trouble', [], 10 * MINUTE + 40 * SECOND, A_MINUTE],
  ['a minute after a minute', [trouble(10 * MINUTE, 11 * MINUTE)], 12 * MINUTE + 5 * SECOND, A_MINUTE],
  ['six minutes after more', [trouble(10 * MINUTE, 12 * MINUTE)], 18 * MINUTE + 5 * SECOND, SIX],
  ['six minutes after days', [trouble(-9000 * MINUTE, 12 * MINUTE)], 18 * MINUTE + 5 * SECOND, SIX],
  ['no earlier than usual', [trouble(0, 4 * MINUTE + 1)], 10 * MINUTE + 40 * SECOND, A_MINUTE],
  ['with those who wait still', [trouble(0, 9 * MINUTE)], 15 * MINUTE + 5 * SECOND, SIX],
  ['not by what is long over', [trouble(0, 2 * MINUTE)], 10 * MINUTE + 40 * SECOND, A_MINUTE],
  ['not by what comes later', [trouble(11 * MINUTE, 20 * MINUTE)], 10 * MINUTE + 40 * SECOND, A_MINUTE],
  [
    'after the last of several',
    [trouble(10 * MINUTE, 10 * MINUTE + 20 * SECOND), trouble(11 * MINUTE, 11 * MINUTE + 20 * SECOND)],
    17 * MINUTE + 25 * SECOND,
    SIX,
  ],
  [
    'six minutes after a moment of what has lasted for longer',
    [{ ...trouble(10 * MINUTE, 10 * MINUTE + 15 * SECOND), sinceMs: 0 }],
    16 * MINUTE + 20 * SECOND,
    SIX,
  ],
  [
    'not by what comes later, however long it lasts by then',
    [{ ...trouble(11 * MINUTE, 12 * MINUTE), sinceMs: 0 }],
    10 * MINUTE + 40 * SECOND,
    A_MINUTE,
  ],
  ['after what a killed process held', [kill(10 * MINUTE, 22 * MINUTE)], 28 * MINUTE + 5 * SECOND, KILL],
])('is due %s', (_name, setbacks, dueMs, promise) => {
  expect(due(...setbacks)).toEqual({ dueMs, promise });
});

it('knows of each webhook what befell it', () => {
  const setbacks = createSetbacks([0, 1], () => 0);
  setbacks.add(1, trouble(10 * MINUTE, 20 * MINUTE));
  expect([setbacks.of(0), setbacks.of(1)]).toEqual([[], [trouble(10 * MINUTE, 20 * MINUTE)]]);
  setbacks.add('all', trouble(60 * MINUTE, 61 * MINUTE));
  expect([setbacks.of(0).length, setbacks.of(1).length]).toEqual([1, 2]);
  expect(setbacks.isCalm(0, 10 * MINUTE, 20 * MINUTE)).toBe(true);
  expect(setbacks.isCalm(1, 0, 9 * MINUTE)).toBe(true);
  expect(setbacks.isCalm(1, 0, 10 * MINUTE)).toBe(false);
  expect(setbacks.isCalm(1, 26 * MINUTE, 30 * MINUTE)).toBe(false);
  expect(setbacks.isCalm(1, 26 * MINUTE + 1, 30 * MINUTE)).toBe(true);
});

/** Since when a post that is not taken, so many minutes after the hour, finds the webhook in trouble. */
function failuresOf() {
  let nowMs = 0;
  const failures = createFailures(() => nowMs);
  return {
    failAt(minutes: number, place = 0): number {
      nowMs = minutes * MINUTE;
      return failures.failed(place, nowMs + 15 * SECOND) / MINUTE;
    },
    answered: failures.answered,
  };
}

it('takes failed posts for one trouble until Slack has answered one', () => {
  const { failAt, answered } = failuresOf();
  expect([failAt(0), failAt(0.5), failAt(1), failAt(1.5), failAt(2)]).toEqual([0, 0, 0, 0, 0]);
  // Put off until the third minute, and then whoever was to try was killed: half a minute of that may be trouble.
  expect(failAt(12)).toBe(12 - 3.5);
  expect(failAt(12, 1)).toBe(12);
  answered(0);
  expect(failAt(13)).toBe(13);
});

it('takes what is tried much later for another trouble', () => {
  const { failAt } = failuresOf();
  failAt(0);
  expect(failAt(14.25)).toBe(14.25);
  const other = failuresOf();
  other.failAt(0);
  expect(other.failAt(14.2)).toBeCloseTo(14.2 - 0.75);
});
