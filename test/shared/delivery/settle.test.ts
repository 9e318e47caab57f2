import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import { dayBefore, dayKey, tally } from '../../../shared/delivery/metrics.ts';
import { type DeliveredCall, type DeliveryResult, type QueuedRecord, settle } from '../../../shared/delivery/settle.ts';
import { enrich } from '../../../shared/notification/enrich.ts';
import { LONGEST_WAIT_MS } from '../../../shared/slack/webhook.ts';
import { aRoutedEvent } from '../../builders.ts';

const record = (messageId: string, receiveCount = 1): QueuedRecord => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body: '{}',
  receiveCount,
});
const NOW_MS = Date.parse('2026-11-22T20:01:00Z');
const at = { nowMs: NOW_MS };
const matched = aRoutedEvent();
const notification = enrich(matched, classifyCall(matched.event.detail), {
  accountNames: {},
  channels: {},
  showParameters: [],
});
const delivered = (
  deliveryResult: DeliveryResult,
  ...records: readonly [QueuedRecord, ...QueuedRecord[]]
): DeliveredCall => ({
  notification,
  records,
  deliveryResult,
});
const waiting = (untilMs?: number): DeliveryResult => ({ kind: 'waiting', reason: 'HTTP 503', untilMs });
const DEAD: DeliveryResult = { kind: 'dead-lettered', reason: 'malformed', detail: 'record is not JSON' };

describe('settle', () => {
  it('puts each record in exactly one list, and keeps one record of a call that waits', () => {
    const dead = delivered(DEAD, record('d'));
    const { acknowledged, deadLetters, hidden, renewed } = settle(
      [
        delivered({ kind: 'posted' }, record('a'), record('a again')),
        delivered({ kind: 'folded' }, record('b')),
        delivered({ kind: 'repeated' }, record('c')),
        dead,
        delivered(waiting(NOW_MS + 59_999), record('e'), record('e again', 3)),
        delivered(waiting(NOW_MS + 60_000), record('f')),
        delivered(waiting(NOW_MS), record('g')),
      ],
      at,
    );
    expect(acknowledged.map(({ messageId }) => messageId)).toEqual(['a', 'a again', 'b', 'c', 'e again']);
    expect(deadLetters).toEqual([{ delivered: dead, deliveryResult: DEAD }]);
    expect(hidden).toEqual([
      { record: record('e'), waitMs: 59_999 },
      { record: record('g'), waitMs: 0 },
    ]);
    expect(renewed).toEqual([{ record: record('f'), waitMs: 60_000 }]);
  });

  it('keeps a record that the queue handed out twice, by the handle that it gave last', () => {
    const [first, last] = [record('a'), { ...record('a'), receiptHandle: 'later', receiveCount: 2 }];
    const orders: readonly (readonly [QueuedRecord, ...QueuedRecord[]])[] = [
      [first, record('b'), last],
      [last, record('b'), first],
    ];
    for (const records of orders) {
      expect(settle([delivered(waiting(NOW_MS), ...records)], at)).toEqual({
        acknowledged: [record('b')],
        deadLetters: [],
        hidden: [{ record: last, waitMs: 0 }],
        renewed: [],
        outdated: [first],
      });
    }
    expect(settle([delivered({ kind: 'posted' }, first, last)], at).acknowledged).toEqual([first, last]);
  });

  it('lets a call without a moment come back when the clock says, by how long it has waited', () => {
    // Ingested at 20:00:05, so it has waited 55 seconds at 20:01:00 and ten minutes at 20:10:05.
    expect(settle([delivered(waiting(), record('a'))], at).hidden).toEqual([{ record: record('a'), waitMs: 15_000 }]);
    const laterMs = Date.parse('2026-11-22T20:10:05Z');
    expect(settle([delivered(waiting(), record('a'))], { nowMs: laterMs }).renewed).toEqual([
      { record: record('a'), waitMs: 295_000 },
    ]);
    const unknown = { ...delivered(waiting(), record('a')), notification: undefined };
    expect(settle([unknown], { nowMs: laterMs }).hidden).toEqual([{ record: record('a'), waitMs: 10_000 }]);
  });

  it('keeps what waits out of sight for as long as it is asked to', () => {
    const calls = [delivered(waiting(NOW_MS - 5000), record('a')), delivered(waiting(NOW_MS + 90_000), record('b'))];
    expect(settle(calls, { ...at, leastWaitMs: 60_000 })).toMatchObject({
      hidden: [],
      renewed: [{ waitMs: 60_000 }, { waitMs: 90_000 }],
    });
  });

  const deliveryResult = fc.oneof<fc.Arbitrary<DeliveryResult>[]>(
    fc.constantFrom<DeliveryResult>({ kind: 'posted' }, { kind: 'folded' }, { kind: 'repeated' }, DEAD, waiting()),
    fc.integer({ min: NOW_MS, max: NOW_MS + LONGEST_WAIT_MS }).map(waiting),
  );
  const calls = fc.array(fc.tuple(deliveryResult, fc.integer({ min: 1, max: 3 })), { maxLength: 20 }).map((some) =>
    some.map(([one, count], call) => {
      const [first, ...others] = Array.from({ length: count }, (_, index) => record(`${call}/${index}`));
      return delivered(one, first ?? record(`${call}`), ...others);
    }),
  );

  it('leaves no record out, none twice, and lets none wait for more than five minutes', () => {
    fc.assert(
      fc.property(calls, fc.constantFrom(0, 60_000), (some, leastWaitMs) => {
        const { acknowledged, deadLetters, hidden, renewed } = settle(some, { ...at, leastWaitMs });
        const seen = [
          ...acknowledged,
          ...deadLetters.flatMap(({ delivered: { records } }) => records),
          ...[...hidden, ...renewed].map((wait) => wait.record),
        ];
        const ids = (records: readonly QueuedRecord[]) => records.map(({ messageId }) => messageId).toSorted();
        expect(ids(seen)).toEqual(ids(some.flatMap(({ records }) => records)));
        for (const { waitMs } of [...hidden, ...renewed]) {
          expect(waitMs).toBeGreaterThanOrEqual(leastWaitMs);
          expect(waitMs).toBeLessThanOrEqual(LONGEST_WAIT_MS);
        }
        expect(hidden.every(({ waitMs }) => waitMs < 60_000)).toBe(true);
        expect(renewed.every(({ waitMs }) => waitMs >= 60_000)).toBe(true);
      }),
    );
  });
});

const STOPPED_BY_JANE = 'named#off-air#[["flow ",["AwardsShow"]],[["jane@example.org"]," as role ",["Operators"]]]';

describe('tally', () => {
  it('counts what came to its end, and the slowest delivery', () => {
    const calls = [
      delivered({ kind: 'posted' }, record('a')),
      delivered({ kind: 'folded' }, record('b')),
      delivered({ kind: 'repeated' }, record('c')),
      delivered(waiting(), record('d')),
      { ...delivered({ ...DEAD, detail: '' }, record('e')), notification: undefined },
    ];
    expect(tally(calls, at.nowMs)).toEqual({
      counts: {
        notified: 1,
        folded: 1,
        deadLettered: 1,
        'effect#off-air': 2,
        [STOPPED_BY_JANE]: 2,
        'resource#flow': 2,
        'outcome#succeeded': 2,
      },
      slowestDeliveryMs: 60_000,
    });
    expect(tally(calls.slice(1, 2), at.nowMs, 'digest')).toEqual({
      counts: { digested: 1, 'effect#off-air': 1, [STOPPED_BY_JANE]: 1, 'resource#flow': 1, 'outcome#succeeded': 1 },
      slowestDeliveryMs: undefined,
    });
    expect(tally(calls.slice(2, 4), at.nowMs)).toBeUndefined();
  });

  it('knows the days by UTC', () => {
    expect(dayKey(Date.parse('2026-11-22T23:59:59.999Z'), 'ops')).toBe('day#2026-11-22#ops');
    expect(dayBefore(Date.parse('2026-11-22T00:10:00Z'))).toEqual({
      fromMs: Date.parse('2026-11-21T00:00:00Z'),
      toMs: Date.parse('2026-11-22T00:00:00Z'),
    });
  });
});
