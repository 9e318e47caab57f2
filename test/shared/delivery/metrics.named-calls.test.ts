import { expect, it } from 'vitest';
import {
  namedCounts,
  nameKeysOf,
  namesIn,
  tally,
  withinRoom,
  withKnownNames,
} from '../../../shared/delivery/metrics.ts';
import type { Notification } from '../../../shared/notification/notification.ts';
import { aNotification, aPrincipal, CALLED_AT_MS, name, plain } from '../../notification-builder.ts';

const record = { messageId: 'a', receiptHandle: 'r', body: '', receiveCount: 1 };

const countersOf = (...notifications: readonly Notification[]): Readonly<Record<string, number>> =>
  tally(
    notifications.map((notification) => ({ notification, records: [record], deliveryResult: { kind: 'folded' } })),
    CALLED_AT_MS,
  )?.counts ?? {};

const SAM = aPrincipal({ name: 'sam', said: [name('sam'), plain(' as role '), name('Operators')] });
const flow = (text: string) => [plain('flow '), name(text)];
const jane = [name('jane@example.org')];

it('names who touched the signal of what, the most frequent first', () => {
  const named = namedCounts(
    countersOf(
      aNotification({ flowName: 'Backup', principal: SAM }),
      aNotification({ flowName: 'Main' }),
      aNotification({ flowName: 'Main' }),
      aNotification({ flowName: 'Main', operation: 'StartFlow' }),
    ),
  );
  expect(named).toEqual([
    { effect: 'off-air', on: flow('Main'), by: jane, count: 2, nameless: [] },
    { effect: 'off-air', on: flow('Backup'), by: SAM.said, count: 1, nameless: [] },
    { effect: 'put-on-air', on: flow('Main'), by: jane, count: 1, nameless: [] },
  ]);
});

it('names of refusals only who was refused, whatever they asked for', () => {
  const refused = (flowName: string) => aNotification({ flowName, errorCode: 'AccessDenied' });
  expect(namedCounts(countersOf(refused('A'), refused('B')))).toEqual([
    { effect: 'denied', on: [], by: jane, count: 2, nameless: [] },
  ]);
});

it.each<[what: string, Notification]>([
  ['a read', aNotification({ operation: 'DescribeFlow' })],
  ['another change', aNotification({ operation: 'TagResource' })],
  ['what failed', aNotification({ errorCode: 'ConflictException' })],
  [
    'a correction, which takes nothing off air a second time',
    aNotification({ correction: { reason: 'UPDATED_DATA', originalEventId: undefined, updatedFields: [] } }),
  ],
])('names nobody for %s', (_, notification) => {
  const counts = countersOf(notification);
  expect(namesIn(counts)).toEqual([]);
  expect(counts).not.toHaveProperty('effect#off-air');
});

it('reads back any names as they were, only shorter', () => {
  const odd = 'a"]#named#\u{1F600}\ud83d';
  const on = [plain('flow '), name(odd), plain(' of '), name('x'.repeat(500))];
  const [named] = namedCounts(countersOf(aNotification({ subject: { key: 'k', label: on } })));
  expect(named?.on).toEqual([...on.slice(0, 3), name(`${'x'.repeat(80)}…`)]);
});

it('says what has only an id with the name that is remembered, beside the id', () => {
  const arn = 'arn:aws:mediaconnect:eu-west-1:111122223333:routerOutput:a1b2';
  const call = aNotification({
    resources: [{ kind: 'routerOutput', name: null, arn }],
    subject: { key: arn, label: [plain('router output '), name('a1b2')] },
  });
  const named = namedCounts(countersOf(call));
  expect(nameKeysOf(named)).toEqual([`name#${arn}`]);
  const known = new Map([[`name#${arn}`, { name: { name: 'cdn-north', namedAtMs: 1 } }]]);
  expect(withKnownNames(named, known)[0]?.on).toEqual([
    plain('router output '),
    name('cdn-north'),
    plain(' ('),
    name('a1b2'),
    plain(')'),
  ]);
  expect(withKnownNames(named, new Map())).toEqual(named);
});

const stops = (count: number) =>
  countersOf(...Array.from({ length: count }, (_, at) => aNotification({ flowName: `F${at}` })));

it('has room for eight of what went off air and four of each other kind, and never counts fewer calls', () => {
  const refusals = countersOf(
    ...Array.from({ length: 9 }, (_, at) =>
      aNotification({ errorCode: 'AccessDenied', principal: aPrincipal({ name: `p${at}` }) }),
    ),
  );
  const counts = withinRoom({ ...stops(20), ...refusals }, []);
  const effects = namesIn(counts).map((counter) => counter.split('#')[1]);
  expect([effects.filter((one) => one === 'off-air').length, effects.filter((one) => one === 'denied').length]).toEqual(
    [8, 4],
  );
  expect(counts).toMatchObject({ 'effect#off-air': 20, 'outcome#denied': 9 });
});

it('keeps the most frequent, goes on counting whom a day names already, and lets no refusals crowd out a stop', () => {
  const often = { ...stops(9), 'named#off-air#[["flow ",["Main"]],[]]': 3 };
  expect(namesIn(withinRoom(often, []))).toContain('named#off-air#[["flow ",["Main"]],[]]');
  const there = namesIn(stops(8));
  expect(namesIn(withinRoom(stops(9), there))).toEqual(there);
  const denied = Array.from({ length: 50 }, (_, at) => `named#denied#[[],[["p${at}"]]]`);
  expect(namesIn(withinRoom(stops(1), denied))).toEqual(namesIn(stops(1)));
});
