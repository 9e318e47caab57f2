import { describe, expect, it } from 'vitest';
import type { Ending } from '../../shared/call-ending.ts';
import { classifyCall } from '../../shared/classify-call.ts';
import { dayBefore, dayKey, tally } from '../../shared/day-counters.ts';
import { enrich } from '../../shared/enrich.ts';
import type { QueuedRecord } from '../../shared/queued-record.ts';
import { settle } from '../../shared/settle.ts';
import { aMatched } from '../builders.ts';

const record = (messageId: string, receiveCount = 1): QueuedRecord => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body: '{}',
  receiveCount,
});
const at = { nowMs: Date.parse('2026-11-22T20:01:00Z'), random: 0 };
const matched = aMatched();
const notification = enrich(matched, classifyCall(matched.event.detail), {
  accountNames: {},
  channels: {},
  showParameters: [],
});
const ended = (ending: Ending, ...records: readonly [QueuedRecord, ...QueuedRecord[]]) => ({
  notification,
  records,
  ending,
});

describe('settle', () => {
  it('puts each record in exactly one list', () => {
    const dead = ended({ kind: 'dead-lettered', reason: 'malformed', detail: 'record is not JSON' }, record('d'));
    const { acknowledged, deadLetters, waits } = settle(
      [
        ended({ kind: 'posted' }, record('a'), record('a again')),
        ended({ kind: 'folded' }, record('b')),
        ended({ kind: 'repeated' }, record('c')),
        dead,
        ended({ kind: 'waiting', reason: 'HTTP 503', retryAfterMs: undefined }, record('e'), record('e again', 3)),
        ended({ kind: 'waiting', reason: 'HTTP 429', retryAfterMs: 7000 }, record('f')),
      ],
      at,
    );
    expect(acknowledged.map(({ messageId }) => messageId)).toEqual(['a', 'a again', 'b', 'c']);
    expect(deadLetters).toEqual([{ ended: dead, ending: dead.ending }]);
    expect(waits.map(({ record: { messageId }, waitMs }) => [messageId, waitMs])).toEqual([
      ['e', 22_500],
      ['e again', 90_000],
      ['f', 7000],
    ]);
  });
});

describe('tally', () => {
  it('counts what came to its end, and the slowest delivery', () => {
    const calls = [
      ended({ kind: 'posted' }, record('a')),
      ended({ kind: 'folded' }, record('b')),
      ended({ kind: 'repeated' }, record('c')),
      ended({ kind: 'waiting', reason: 'HTTP 503', retryAfterMs: undefined }, record('d')),
      { ...ended({ kind: 'dead-lettered', reason: 'malformed', detail: '' }, record('e')), notification: undefined },
    ];
    expect(tally(calls, at.nowMs)).toEqual({
      counts: { told: 1, folded: 1, deadLettered: 1, 'access#mutating': 2, 'resource#flow': 2, 'outcome#succeeded': 2 },
      slowestDeliveryMs: 60_000,
    });
    expect(tally(calls.slice(1, 2), at.nowMs, 'digested')).toEqual({
      counts: { digested: 1, 'access#mutating': 1, 'resource#flow': 1, 'outcome#succeeded': 1 },
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
