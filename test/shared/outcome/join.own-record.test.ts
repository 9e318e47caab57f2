import { describe, expect, it } from 'vitest';
import { joinCall, joinCheck, joinEvent } from '../../../shared/outcome/join.ts';
import {
  channelsOf,
  dueRecords,
  isLook,
  lateRecord,
  NOTHING_REMEMBERED,
  ownRecordIn,
  type Saying,
} from '../../../shared/outcome/signal-memory.ts';
import { aCallAt, aSignal, at, FLOW_ARN, flowStatus, sourceHealth } from './signal-examples.ts';

const LEVELS = { outcomes: 'all', health: 'all' } as const;
const EVERYWHERE = { outcomes: { say: 'all' }, health: { say: 'all' } } as const;
const ELSEWHERE = { outcomes: { say: 'all', channel: 'calls' }, health: { say: 'all', channel: 'health' } } as const;

const started = joinCall(NOTHING_REMEMBERED, aCallAt('StartFlow', 0, {}, 'ops'), at(1), LEVELS);
const [silence] = started.checks;
const failed = joinEvent(started.memory, flowStatus('ERROR', 'STARTING', 8), at(8), LEVELS);
const active = joinEvent(started.memory, flowStatus('ACTIVE', 'STARTING', 8), at(8), LEVELS);
const lost = joinEvent(NOTHING_REMEMBERED, sourceHealth('DISCONNECTED', 'CONNECTED', 8), at(8), LEVELS);
const lookedAt = (joined: typeof lost) =>
  joined.checks.flatMap((check) => joinCheck(joined.memory, check, check.dueAtMs, LEVELS).say);

const sayings: readonly (readonly [string, Saying | undefined, readonly string[], readonly string[]])[] = [
  ['trouble', failed.say[0], ['ops'], ['calls']],
  ['a state', active.say[0], ['ops'], ['calls']],
  ['silence', lookedAt(started)[0], ['ops'], ['calls']],
  ['what nobody called for', lookedAt(lost)[0], ['default'], ['health']],
];

describe('a record of our own', () => {
  it.each(sayings)('%s is read as it was written, once for each channel', (_, saying, channels, others) => {
    if (saying === undefined) throw new Error('nothing is said');
    expect([channelsOf(saying, EVERYWHERE), channelsOf(saying, ELSEWHERE)]).toEqual([channels, others]);
    const records = dueRecords({ say: [saying], checks: [] }, EVERYWHERE, at(9));
    expect(records.map(({ dueAtMs }) => dueAtMs)).toEqual(channels.map(() => at(9)));
    expect(records.map(({ body }) => ownRecordIn(body))).toEqual(
      channels.map((channel) => ({ kind: 'saying', saying: JSON.parse(JSON.stringify(saying)), channel })),
    );
  });

  it('that looks again is due when it was asked for', () => {
    const records = dueRecords(started, EVERYWHERE, at(1));
    expect(records.map(({ dueAtMs }) => dueAtMs)).toEqual([at(120)]);
    expect(records.map(({ body }) => ownRecordIn(body))).toEqual([{ kind: 'check', check: silence }]);
  });

  it('has only characters that every queue takes, and says the same', () => {
    const [saying] = joinEvent(
      started.memory,
      aSignal('Alert', { errored: true, 'error-id': 'a', 'error-message': 'OB\uFFFF\uFFFE\uD800 van 📡' }, 3),
      at(4),
      LEVELS,
    ).say;
    if (saying === undefined) throw new Error('nothing is said');
    const [record] = dueRecords({ say: [saying], checks: [] }, EVERYWHERE, at(4));
    expect(record?.body).not.toMatch(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/);
    expect(ownRecordIn(record?.body ?? '')).toMatchObject({
      saying: { trouble: { message: 'OB\uFFFF\uFFFE\uD800 van 📡' } },
    });
  });

  it('that carries a call which is to be remembered later is due then, and is nothing that waits to be said', () => {
    const [call] = failed.memory.calls;
    if (call === undefined) throw new Error('no call is remembered');
    const late = { call, rootArn: FLOW_ARN, channel: 'ops' };
    const { body, dueAtMs } = lateRecord(late, at(20));
    expect(dueAtMs).toBe(at(20));
    expect(ownRecordIn(body)).toEqual({ kind: 'late', late });
    const look = dueRecords(started, EVERYWHERE, at(1))[0]?.body ?? '';
    const saying = dueRecords({ say: failed.say, checks: [] }, EVERYWHERE, at(1))[0]?.body ?? '';
    expect([body, look, saying, 'no JSON'].map(isLook)).toEqual([true, true, false, false]);
  });

  it.each([
    'no JSON',
    '{"late":{"rootArn":"a","channel":"ops"}}',
    '[]',
    '{}',
    '{"check":{"kind":"silence"}}',
    '{"check":{"kind":"other","rootArn":"a","id":"b","sinceMs":1,"dueAtMs":2}}',
    '{"saying":{"kind":"state","key":"x"},"channel":"ops"}',
    JSON.stringify({ saying: failed.say[0] }),
    JSON.stringify({ saying: failed.say[0], channel: '' }),
    JSON.stringify({ saying: { ...failed.say[0], kind: 'news' }, channel: 'ops' }),
  ])('is not made of %s', (body) => {
    expect(ownRecordIn(body)).toBeUndefined();
  });
});
