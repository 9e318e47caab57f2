import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextTryMs } from '../../../shared/delivery/settle.ts';
import {
  blockedUntil,
  isInTrouble,
  LONGEST_WAIT_MS,
  nextBlock,
  patienceMs,
  type WebhookBlock,
} from '../../../shared/slack/webhook.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const NOW_MS = Date.parse('2026-11-22T20:00:00Z');

const moment = fc.integer({ min: NOW_MS - 10 * 24 * 60 * MINUTE_MS, max: NOW_MS + 60 * MINUTE_MS });
const anyBlock: fc.Arbitrary<WebhookBlock | undefined> = fc.option(fc.record({ sinceMs: moment, untilMs: moment }), {
  nil: undefined,
});
const anyRetryAfter = fc.option(fc.integer({ min: 0, max: 1e12 }), { nil: undefined });

it('asks nobody to wait for more than five minutes', () => {
  expect(LONGEST_WAIT_MS).toBe(5 * MINUTE_MS);
});

describe('a webhook that did not take a post', () => {
  it.each([
    { lastedMs: 0, waitMs: 5 * SECOND_MS },
    { lastedMs: 8 * SECOND_MS, waitMs: 5 * SECOND_MS },
    { lastedMs: 20 * SECOND_MS, waitMs: 10 * SECOND_MS },
    { lastedMs: 60 * SECOND_MS, waitMs: 30 * SECOND_MS },
    { lastedMs: 8 * MINUTE_MS, waitMs: 4 * MINUTE_MS },
    { lastedMs: 10 * MINUTE_MS, waitMs: 5 * MINUTE_MS },
    { lastedMs: 4 * 24 * 60 * MINUTE_MS, waitMs: 5 * MINUTE_MS },
  ])('is left alone for $waitMs ms when the trouble has lasted $lastedMs ms', ({ lastedMs, waitMs }) => {
    const before = { sinceMs: NOW_MS - lastedMs, untilMs: NOW_MS };
    expect(nextBlock(lastedMs === 0 ? undefined : before, { nowMs: NOW_MS, retryAfterMs: undefined })).toEqual({
      sinceMs: NOW_MS - lastedMs,
      untilMs: NOW_MS + waitMs,
    });
  });

  it.each([
    { retryAfterMs: 0, lastedMs: 0, waitMs: SECOND_MS },
    { retryAfterMs: 3 * SECOND_MS, lastedMs: 0, waitMs: 3 * SECOND_MS },
    { retryAfterMs: 3 * SECOND_MS, lastedMs: 40 * SECOND_MS, waitMs: 20 * SECOND_MS },
    { retryAfterMs: 30 * SECOND_MS, lastedMs: 40 * SECOND_MS, waitMs: 30 * SECOND_MS },
    { retryAfterMs: 24 * 60 * MINUTE_MS, lastedMs: 0, waitMs: 5 * MINUTE_MS },
  ])(
    'is left alone for $waitMs ms when Slack asks for $retryAfterMs ms after $lastedMs ms of trouble',
    ({ retryAfterMs, lastedMs, waitMs }) => {
      const before = lastedMs === 0 ? undefined : { sinceMs: NOW_MS - lastedMs, untilMs: NOW_MS };
      expect(nextBlock(before, { nowMs: NOW_MS, retryAfterMs }).untilMs - NOW_MS).toBe(waitMs);
    },
  );

  it('begins a new trouble when it had its time to get well, or when a clock was wrong', () => {
    const fresh = { sinceMs: NOW_MS, untilMs: NOW_MS + 5 * SECOND_MS };
    for (const untilMs of [NOW_MS - 14 * MINUTE_MS, NOW_MS + 6 * MINUTE_MS + 1]) {
      const before = { sinceMs: NOW_MS - 60 * MINUTE_MS, untilMs };
      expect(nextBlock(before, { nowMs: NOW_MS, retryAfterMs: undefined })).toEqual(fresh);
    }
    expect(nextBlock({ sinceMs: NOW_MS + 1, untilMs: NOW_MS }, { nowMs: NOW_MS, retryAfterMs: undefined })).toEqual(
      fresh,
    );
  });

  it('never waits less than a second or what Slack asks, nor more than five minutes', () => {
    fc.assert(
      fc.property(anyBlock, anyRetryAfter, (before, retryAfterMs) => {
        const { sinceMs, untilMs } = nextBlock(before, { nowMs: NOW_MS, retryAfterMs });
        const waitMs = untilMs - NOW_MS;
        expect(waitMs).toBeGreaterThanOrEqual(Math.max(SECOND_MS, Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS)));
        expect(waitMs).toBeLessThanOrEqual(LONGEST_WAIT_MS);
        expect(sinceMs).toBeLessThanOrEqual(NOW_MS);
        expect(blockedUntil({ sinceMs, untilMs }, NOW_MS)).toBe(untilMs);
        expect(isInTrouble({ sinceMs, untilMs }, NOW_MS)).toBe(true);
      }),
    );
  });

  it('is asked again before half as much time again has passed, or five minutes, however long it is away', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 * 60 * 24 }), fc.array(fc.nat(3 * SECOND_MS)), (seconds, answers) => {
        const backMs = NOW_MS + seconds * SECOND_MS;
        let atMs = NOW_MS;
        let block: WebhookBlock | undefined;
        for (let tried = 0; atMs < backMs; tried += 1) {
          const answeredMs = atMs + (answers[tried % Math.max(1, answers.length)] ?? 0);
          block = nextBlock(block, { nowMs: answeredMs, retryAfterMs: undefined });
          atMs = block.untilMs;
        }
        const overMs = atMs - backMs;
        expect(overMs).toBeLessThanOrEqual(
          Math.min(LONGEST_WAIT_MS, Math.max(5 * SECOND_MS, (backMs - NOW_MS) / 2 + 3 * SECOND_MS)) + 3 * SECOND_MS,
        );
      }),
    );
  });
});

describe('an answer', () => {
  it.each([
    { lasted: 0, patience: 3 * SECOND_MS },
    { lasted: MINUTE_MS, patience: 3 * SECOND_MS },
    { lasted: 2 * MINUTE_MS, patience: 6 * SECOND_MS },
    { lasted: 4 * MINUTE_MS, patience: 10 * SECOND_MS },
    { lasted: 4 * 24 * 60 * MINUTE_MS, patience: 10 * SECOND_MS },
  ])('is waited for $patience ms when the trouble has lasted $lasted ms', ({ lasted, patience }) => {
    expect(patienceMs({ sinceMs: NOW_MS - lasted, untilMs: NOW_MS }, NOW_MS)).toBe(patience);
  });

  it('is waited for as long as at any time when there is no trouble, or none any more', () => {
    expect(patienceMs(undefined, NOW_MS)).toBe(10 * SECOND_MS);
    expect(patienceMs({ sinceMs: NOW_MS - 21 * MINUTE_MS, untilMs: NOW_MS - 20 * MINUTE_MS }, NOW_MS)).toBe(
      10 * SECOND_MS,
    );
  });
});

describe('a block', () => {
  const block = { sinceMs: NOW_MS - MINUTE_MS, untilMs: NOW_MS };

  it.each([
    { after: 'before it ends', nowMs: NOW_MS - 1, blocked: true, trouble: true },
    { after: 'as it ends', nowMs: NOW_MS, blocked: false, trouble: true },
    // Longer than a record stays hidden of an invocation that was killed.
    { after: 'almost 14 minutes later', nowMs: NOW_MS + 14 * MINUTE_MS - 1, blocked: false, trouble: true },
    { after: '14 minutes later', nowMs: NOW_MS + 14 * MINUTE_MS, blocked: false, trouble: false },
    { after: 'six minutes before it ends', nowMs: NOW_MS - 6 * MINUTE_MS, blocked: true, trouble: true },
    { after: 'longer before than anybody waits', nowMs: NOW_MS - 6 * MINUTE_MS - 1, blocked: false, trouble: false },
  ])('$after: blocked $blocked, in trouble $trouble', ({ nowMs, blocked, trouble }) => {
    expect(blockedUntil(block, nowMs)).toBe(blocked ? NOW_MS : undefined);
    expect(isInTrouble(block, nowMs)).toBe(trouble);
  });

  it('is none where there is none', () => {
    expect([blockedUntil(undefined, NOW_MS), isInTrouble(undefined, NOW_MS)]).toEqual([undefined, false]);
  });
});

describe('a record that waits for something else', () => {
  it.each([
    { waited: 0, at: '20:00:15' },
    { waited: 29 * SECOND_MS, at: '20:00:15' },
    { waited: 30 * SECOND_MS, at: '20:00:15' },
    { waited: 60 * SECOND_MS, at: '20:00:30' },
    { waited: 2 * MINUTE_MS, at: '20:01:00' },
    { waited: 4 * MINUTE_MS, at: '20:02:00' },
    { waited: 10 * MINUTE_MS, at: '20:05:00' },
    { waited: 14 * 24 * 60 * MINUTE_MS, at: '20:05:00' },
    { waited: -MINUTE_MS, at: '20:00:15' },
  ])('is tried again at $at when it has waited $waited ms at eight', ({ waited, at }) => {
    expect(nextTryMs(NOW_MS - waited, NOW_MS)).toBe(Date.parse(`2026-11-22T${at}Z`));
  });

  it('is tried soon when nobody knows how long it has waited', () => {
    expect(nextTryMs(undefined, NOW_MS + 1)).toBe(NOW_MS + 15 * SECOND_MS);
  });

  it('waits five minutes at most, and comes back with the others that have waited about as long', () => {
    const waited = fc.integer({ min: 0, max: 14 * 24 * 60 * MINUTE_MS });
    fc.assert(
      fc.property(waited, waited, fc.nat(10 * MINUTE_MS), (one, other, laterMs) => {
        const nowMs = NOW_MS + laterMs;
        const [first, second] = [one, other].map((ms) => nextTryMs(nowMs - ms, nowMs));
        for (const atMs of [first, second]) {
          expect(atMs).toBeGreaterThan(nowMs);
          expect(atMs).toBeLessThanOrEqual(nowMs + LONGEST_WAIT_MS);
        }
        if (one >= 10 * MINUTE_MS && other >= 10 * MINUTE_MS) expect(first).toBe(second);
        // Nor does anybody wait longer than it has waited, beyond the shortest step.
        expect((first ?? 0) - nowMs).toBeLessThanOrEqual(Math.max(15 * SECOND_MS, one / 2));
      }),
    );
  });
});
