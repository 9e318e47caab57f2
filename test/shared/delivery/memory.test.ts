import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asNotifiedAt,
  calledKey,
  correctedKey,
  type LatestCalls,
  laterOf,
  latestCalls,
  newerCall,
  saidOf,
} from '../../../shared/delivery/memory.ts';
import { type Notification, sayingOf } from '../../../shared/notification/notification.ts';
import { aNotification, CALLED_AT_MS, type NotificationChanges, plain } from '../../notification-builder.ts';

const KEY = 'last#default#flow/AwardsShow';
const call = (calledAtMs: number, operation: string) => ({ calledAtMs, operation });
const stop = (changes: NotificationChanges = {}) => aNotification({ operation: 'StopFlow', ...changes });

describe('the thing that a call acts on', () => {
  it.each<[string, NotificationChanges, string | undefined]>([
    ['a change', {}, KEY],
    ['a change in another channel', { channel: 'ops' }, 'last#ops#flow/AwardsShow'],
    ['a read', { operation: 'DescribeFlow' }, undefined],
    ['a call that was denied', { errorCode: 'AccessDeniedException' }, undefined],
    ['a call that failed', { errorCode: 'ConflictException' }, undefined],
    ['a call of unknown time', { calledAtMs: undefined }, undefined],
  ])('of %s is known by its channel and its thing, or not at all', (_, changes, key) => {
    expect(calledKey(stop(changes))).toBe(key);
  });

  it('has a key that DynamoDB takes, however long its name', () => {
    const key = calledKey(stop({ subject: { key: 'ü'.repeat(5000), label: [plain('x')] } })) ?? '';
    expect(Buffer.byteLength(key)).toBeLessThan(2048);
  });
});

describe('what was reported to a channel', () => {
  it('is the latest call on each thing, apart for what touches the signal', () => {
    const notified = latestCalls([
      stop({ calledAtMs: CALLED_AT_MS }),
      aNotification({ operation: 'StartFlow', calledAtMs: CALLED_AT_MS + 9000 }),
      stop({ calledAtMs: CALLED_AT_MS + 4000 }),
      aNotification({ operation: 'TagResource', calledAtMs: CALLED_AT_MS + 20_000 }),
      stop({ flowName: 'Sports', calledAtMs: CALLED_AT_MS }),
      aNotification({ operation: 'DescribeFlow', flowName: 'News', calledAtMs: CALLED_AT_MS }),
    ]);
    expect(notified).toEqual(
      new Map<string, LatestCalls>([
        [KEY, { signal: call(CALLED_AT_MS + 9000, 'StartFlow'), other: call(CALLED_AT_MS + 20_000, 'TagResource') }],
        ['last#default#flow/Sports', { signal: call(CALLED_AT_MS, 'StopFlow') }],
      ]),
    );
    // A side that nothing is known of is not there: the ledger writes each that is.
    expect(Array.from(notified.values(), Object.keys)).toEqual([['signal', 'other'], ['signal']]);
  });

  const anySide = fc.option(fc.record({ calledAtMs: fc.nat(5), operation: fc.constantFrom('StartFlow', 'StopFlow') }), {
    nil: undefined,
  });
  const anyNotified: fc.Arbitrary<LatestCalls> = fc
    .record({ signal: anySide, other: anySide })
    .map(({ signal, other }) => ({ ...(signal && { signal }), ...(other && { other }) }));
  const times = (notified: LatestCalls) => [notified.signal?.calledAtMs, notified.other?.calledAtMs];

  it('never goes back, in whatever order it is put together', () => {
    fc.assert(
      fc.property(anyNotified, anyNotified, (one, other) => {
        const later = laterOf(one, other);
        expect(times(later)).toEqual(times(laterOf(other, one)));
        expect(times(later)).toEqual(
          (['signal', 'other'] as const).map((side) => {
            const known = [one[side], other[side]].flatMap((call_) => call_?.calledAtMs ?? []);
            return known.length === 0 ? undefined : Math.max(...known);
          }),
        );
        expect(laterOf(later, one)).toEqual(later);
        expect(laterOf(undefined, one)).toEqual(one);
        expect(laterOf(one, undefined)).toEqual(one);
      }),
    );
  });
});

describe('a call that is reported', () => {
  const started = call(CALLED_AT_MS + 22_000, 'StartFlow');
  const known = new Map<string, LatestCalls>([[KEY, { signal: started }]]);

  it('says which later call on its thing was reported before it', () => {
    expect(newerCall(stop(), known)).toEqual(started);
    expect(asNotifiedAt(stop(), CALLED_AT_MS + 30_000, known).newerCall).toEqual(started);
  });

  it.each<[string, NotificationChanges]>([
    ['the latest itself', { operation: 'StartFlow', calledAtMs: CALLED_AT_MS + 22_000 }],
    ['a later one', { calledAtMs: CALLED_AT_MS + 23_000 }],
    ['one on another thing', { flowName: 'Sports' }],
    ['one in another channel', { channel: 'ops' }],
    ['one that does not touch the signal', { operation: 'TagResource' }],
    ['a read', { operation: 'DescribeFlow' }],
    ['one that failed', { errorCode: 'ConflictException' }],
    ['one of unknown time', { calledAtMs: undefined }],
  ])('does not say so of %s', (_, changes) => {
    expect(newerCall(stop(changes), known)).toBeUndefined();
  });

  it.each([
    { lateByMs: 0, said: undefined },
    { lateByMs: 120_000, said: undefined },
    { lateByMs: 120_001, said: 120_001 },
    { lateByMs: 3 * 3_600_000, said: 3 * 3_600_000 },
    { lateByMs: -5000, said: undefined },
  ])('$lateByMs ms after it was made says that it is late by $said', ({ lateByMs, said }) => {
    // Whatever was known when it was taken from the queue: it may have waited in it.
    const notification = stop({ lateByMs: 999_999 });
    expect(asNotifiedAt(notification, CALLED_AT_MS + lateByMs, new Map())).toEqual({
      ...notification,
      lateByMs: said,
      newerCall: undefined,
    });
  });

  it('of unknown time is not late', () => {
    expect(asNotifiedAt(stop({ calledAtMs: undefined }), CALLED_AT_MS, known).lateByMs).toBeUndefined();
  });
});

describe('what was said of a call', () => {
  const correction = (originalEventId: string | undefined) => ({
    reason: 'UPDATED_DATA',
    originalEventId,
    updatedFields: ['userIdentity.arn'],
  });
  const original = stop({ eventId: 'e1', sourceAddress: undefined });
  const corrected = stop({ eventId: 'e2', correction: correction('e1') });

  it('is known to the call that corrects it, word for word', () => {
    const known = saidOf([original]);
    expect([...known.keys()]).toEqual([correctedKey(corrected)]);
    expect(asNotifiedAt(corrected, CALLED_AT_MS, known).correction).toEqual({
      ...correction('e1'),
      before: sayingOf(original),
    });
  });

  it.each<[what: string, Notification]>([
    ['in another channel', stop({ channel: 'ops', correction: correction('e1') })],
    ['by a correction of another event', stop({ correction: correction('e3') })],
    ['by one that does not say of which', stop({ correction: correction(undefined) })],
    ['by what corrects nothing', stop()],
  ])('is not known %s', (_, one) => {
    expect(asNotifiedAt(one, CALLED_AT_MS, saidOf([original])).correction).toEqual(one.correction);
  });

  it.each<[operation: string, errorCode: string | undefined, isKept: boolean]>([
    ['StopFlow', undefined, true],
    ['StopFlow', 'AccessDenied', true],
    ['GrantFlowEntitlements', undefined, true],
    ['TagResource', undefined, false],
    ['DescribeFlow', 'AccessDenied', false],
  ])('is kept of %s with error %s: %s', (operation, errorCode, isKept) => {
    expect(saidOf([aNotification({ operation, errorCode })]).size).toBe(isKept ? 1 : 0);
  });
});
