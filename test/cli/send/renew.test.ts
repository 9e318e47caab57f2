import { describe, expect, it } from 'vitest';
import type { InputItem } from '../../../cli/input/envelope.ts';
import { renewedTimes, renewItems } from '../../../cli/send/renew.ts';
import { anEvent } from '../../builders.ts';
import { aServiceEvent } from '../../shared/outcome/signal-examples.ts';

const NOW = Date.parse('2026-11-22T20:00:00.700Z');
const at = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
const recorded = (...times: readonly (string | undefined)[]): readonly (number | undefined)[] =>
  times.map((time) => (time === undefined ? undefined : Date.parse(`2020-01-05T${time}Z`)));

describe('when recorded events would have been made if the newest were made now', () => {
  it.each<[what: string, times: readonly (string | undefined)[], renewed: readonly string[]]>([
    ['a single one: now', ['09:00:00'], ['20:00:00']],
    ['as far apart as they were', ['09:00:00', '09:00:07', '09:14:59'], ['19:45:01', '19:45:08', '20:00:00']],
    ['whatever their order', ['09:00:07', '09:00:00', '09:00:10'], ['19:59:57', '19:59:50', '20:00:00']],
    ['15 minutes apart', ['09:00:00', '09:15:00'], ['19:45:00', '20:00:00']],
    [
      'further apart: evenly in the last minute, in the order of their times',
      ['09:15:01', '09:00:00', '09:00:02', '09:14:00'],
      ['20:00:00', '19:59:00', '19:59:20', '19:59:40'],
    ],
    ['without a time: as the newest', [undefined, '09:00:00', '09:00:05'], ['20:00:00', '19:59:55', '20:00:00']],
    ['without any time', [undefined, undefined], ['20:00:00', '20:00:00']],
    ['none', [], []],
  ])('%s', (_what, times, renewed) => {
    expect(renewedTimes(recorded(...times), NOW).map(at)).toEqual(renewed);
  });
});

describe('an input that is made anew', () => {
  const itemOf = (envelope: object, record: number): InputItem => ({
    kind: 'event',
    envelope: { ...envelope },
    file: 'x',
    line: record,
    record,
  });
  const fault: InputItem = { kind: 'error', error: 'not JSON', file: 'x', line: 2, record: 2 };
  const items = [
    itemOf(anEvent({ id: 'old', time: '2020-01-05T09:00:01Z', detail: { eventTime: '2020-01-05T09:00:00Z' } }), 1),
    fault,
    itemOf({ ...aServiceEvent('Flow Status Change', { currentStatus: 'STANDBY' }), time: '2020-01-05T09:00:03Z' }, 3),
  ];

  async function renew(canReopen: boolean) {
    let opened = 0;
    let ids = 0;
    async function* open(): AsyncGenerator<InputItem> {
      opened += 1;
      yield* items;
    }
    const newId = (): string => `new-${ids++}`;
    const renewed = await Array.fromAsync(renewItems({ open, canReopen, nowMs: () => NOW, newId }));
    return { opened, renewed };
  }

  it.each([
    ['a file is read twice', true, 2],
    ['a pipe once', false, 1],
  ])('%s', async (_what, canReopen, times) => {
    const { opened, renewed } = await renew(canReopen);
    const [call, mistake, signal] = renewed.map((item) => (item.kind === 'event' ? item.envelope : item));
    expect(opened).toBe(times);
    expect(call).toMatchObject({
      id: 'new-0',
      time: '2026-11-22T19:59:57Z',
      detail: { eventID: 'new-1', eventTime: '2026-11-22T19:59:57Z', eventName: 'StopFlow' },
    });
    expect(mistake).toBe(fault);
    expect(signal).toMatchObject({
      id: 'new-2',
      time: '2026-11-22T20:00:00Z',
      detail: { currentStatus: 'STANDBY' },
    });
    expect(Object.keys((signal as { detail: object }).detail)).toEqual(['currentStatus']);
  });
});
