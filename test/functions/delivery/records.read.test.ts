import { describe, expect, it } from 'vitest';
import { readRecords } from '../../../functions/delivery/records.ts';
import type { QueuedRecord } from '../../../shared/delivery/settle.ts';
import { aBody, eventIdOf } from '../world.ts';

const settings = { accountNames: {}, channels: {}, showParameters: [] };
const aRecord = (messageId: string, body: string): QueuedRecord => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body,
  receiveCount: 1,
});

/** The calls by event and channel, with the records that each came in. */
const read = (...records: readonly QueuedRecord[]) => {
  const { calls, rejected } = readRecords(records, settings);
  return {
    calls: calls.map(({ notification, records: of }) => [notification.eventId, notification.route.channel, of]),
    rejected: rejected.map(({ records: of, deliveryResult }) => [of, deliveryResult]),
  };
};

describe('records', () => {
  it('are one call with all its records, however often it was queued: each of them must be settled', () => {
    const [first, other, again, oncemore] = [
      aRecord('a', aBody(1)),
      aRecord('b', aBody(2)),
      aRecord('c', aBody(1)),
      aRecord('d', aBody(1)),
    ];
    expect(read(first, other, again, oncemore)).toEqual({
      calls: [
        [eventIdOf(1), 'default', [first, again, oncemore]],
        [eventIdOf(2), 'default', [other]],
      ],
      rejected: [],
    });
  });

  it('are a call in each channel that they are for', () => {
    const [one, other] = [aRecord('a', aBody(1)), aRecord('b', aBody(1, { channel: 'ops' }))];
    expect(read(one, other).calls).toEqual([
      [eventIdOf(1), 'default', [one]],
      [eventIdOf(1), 'ops', [other]],
    ]);
  });

  it('that are no calls stand each by itself, with the reason, and cost their neighbours nothing', () => {
    const [broken, call, again] = [aRecord('a', '{'), aRecord('b', aBody(1)), aRecord('c', '{')];
    const deliveryResult = { kind: 'dead-lettered', reason: 'malformed', detail: expect.stringMatching(/./) };
    expect(read(broken, call, again)).toEqual({
      calls: [[eventIdOf(1), 'default', [call]]],
      rejected: [
        [[broken], deliveryResult],
        [[again], deliveryResult],
      ],
    });
  });

  it('with MediaConnect’s own events are dropped and never dead-lettered, and no call with them', () => {
    const event = { source: 'aws.mediaconnect', 'detail-type': 'MediaConnect Alert', detail: { errored: true } };
    const [signal, call, wrong] = [
      aRecord('a', JSON.stringify({ rule: '_signal', channel: 'default', event })),
      aRecord('b', aBody(1)),
      aRecord('c', JSON.stringify({ rule: '_signal', channel: 'default', event: { ...event, source: 'aws.s3' } })),
    ];
    const { calls, rejected, dropped } = readRecords([signal, call, wrong], settings);
    expect(calls.map(({ records }) => records)).toEqual([[call]]);
    expect(rejected.map(({ records }) => records)).toEqual([[wrong]]);
    expect(dropped).toEqual([{ records: [signal], notification: undefined, deliveryResult: { kind: 'dropped' } }]);
  });

  it('that cannot be read by a fault of ours are given up as that', () => {
    const record = aRecord('a', aBody(1));
    const faulty = Object.defineProperty({ ...settings }, 'accountNames', {
      get: () => {
        throw new RangeError('a fault of ours');
      },
    });
    expect(readRecords([record], faulty)).toEqual({
      calls: [],
      signals: [],
      rejected: [
        {
          records: [record],
          notification: undefined,
          deliveryResult: { kind: 'dead-lettered', reason: 'not-renderable', detail: 'a fault of ours' },
        },
      ],
      dropped: [],
    });
  });
});

it('gives up a malformed record of our own like anything malformed', () => {
  const record = { messageId: 'm', receiptHandle: 'm', body: '{"check":{"kind":"silence"}}', receiveCount: 1 };
  const { rejected, signals } = readRecords([record], { accountNames: {}, channels: {}, showParameters: [] });
  expect([rejected.map(({ deliveryResult }) => deliveryResult), signals]).toEqual([
    [expect.objectContaining({ kind: 'dead-lettered', reason: 'malformed' })],
    [],
  ]);
});
