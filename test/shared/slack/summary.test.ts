import { expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import { type DailySummary, renderSummary } from '../../../shared/slack/summary.ts';
import { CALLED_AT_MS, name, plain } from '../../notification-builder.ts';

const DAY_MS = 86_400_000;

const aDay = (changes: Partial<DailySummary> = {}): DailySummary => ({
  channel: 'default',
  fromMs: CALLED_AT_MS - DAY_MS,
  toMs: CALLED_AT_MS,
  notified: 12,
  folded: 230,
  digested: 4100,
  deadLettered: 0,
  byEffect: { 'off-air': 3, 'signal-changed': 2, access: 1, change: 194, none: 4100 },
  named: [],
  byResource: { flow: 4000, output: 342 },
  byOutcome: { succeeded: 4300, denied: 40, failed: 2 },
  slowestDeliveryMs: 9500,
  waiting: { kind: 'none' },
  ...changes,
});

const read = (summary: DailySummary) => {
  const message = renderSummary(summary);
  expect(validateMessage(message)).toEqual([]);
  const facts = (message.attachments?.[0]?.blocks ?? []).flatMap((block) =>
    block.type === 'section' ? [block.text?.text ?? ''] : [],
  );
  return [message.text, facts.join('\n')];
};

it('says what the day was', () => {
  expect(read(aDay())).toMatchInlineSnapshot(`
    [
      "📋 Daily summary, channel default: 4,342 calls reported: 3 off air, 2 signal changes, 40 denied, 2 failed",
      "*Signal*  🔴 3 off air · 🔀 2 signal changes
    *Refused or failed*  ⛔ 40 denied · ⚠️ 2 failed
    *Besides*  🔑 1 access change · 🛠️ 194 other changes · 👁️ 4,100 reads
    *On*  flows 4,000 · outputs 342
    *Sent*  12 alone · 230 in folds · 4,100 in digests
    *Slowest*  9 s from call to Slack
    ✅ Nothing was lost, nothing is waiting.",
    ]
  `);
});

it('says in words that nothing happened', () => {
  const quiet = { notified: 0, folded: 0, digested: 0, byEffect: {}, byResource: {}, byOutcome: {} };
  expect(read(aDay({ ...quiet, slowestDeliveryMs: undefined }))).toMatchInlineSnapshot(`
    [
      "💚 Daily summary, channel default: no MediaConnect calls",
      "The notifier is alive and watching.
    ✅ Nothing was lost, nothing is waiting.",
    ]
  `);
});

it('says what went wrong', () => {
  const waiting = { kind: 'waiting', records: 7, oldestMs: 1_500_000, reason: 'HTTP 503: <!channel>' } as const;
  expect(read(aDay({ deadLettered: 1, waiting }))).toMatchInlineSnapshot(`
    [
      "⚠️ Daily summary, channel default: 4,342 calls reported, 1 could not be delivered, 7 waiting: 3 off air, 2 signal changes, 40 denied, 2 failed",
      "*Signal*  🔴 3 off air · 🔀 2 signal changes
    *Refused or failed*  ⛔ 40 denied · ⚠️ 2 failed
    *Besides*  🔑 1 access change · 🛠️ 194 other changes · 👁️ 4,100 reads
    *On*  flows 4,000 · outputs 342
    *Sent*  12 alone · 230 in folds · 4,100 in digests
    *Slowest*  9 s from call to Slack
    ⚠️ *1 call could not be delivered* and went to the dead-letter queue
    ⏳ *7 calls still waiting*, the oldest for 25 min: HTTP 503: &lt;!channel&gt;",
    ]
  `);
});

/** What stands behind what is not as it should be. */
const NEWS = ': 3 off air, 2 signal changes, 40 denied, 2 failed';

const minutes = (count: number): number => count * 60_000;
const QUIET = { notified: 0, folded: 0, digested: 0, byEffect: {}, byResource: {}, byOutcome: {} };

it.each<{ what: string; day: Partial<DailySummary>; text: string; line: string }>([
  {
    what: 'is calm while calls gather for the next digest, however many',
    day: { waiting: { kind: 'waiting', records: 1370, oldestMs: minutes(10) } },
    text: '📋 Daily summary, channel default: 4,342 calls reported',
    line: '✅ Nothing was lost; 1,370 calls on the way or gathering for the next digest.',
  },
  {
    what: 'warns of one call that waits for longer than ten minutes, and says why',
    day: { waiting: { kind: 'waiting', records: 1, oldestMs: minutes(10) + 1, reason: 'no usable slack secret' } },
    text: '⚠️ Daily summary, channel default: 4,342 calls reported, 1 waiting',
    line: '⏳ *1 call still waiting*, the oldest for 10 min: no usable slack secret',
  },
  {
    what: 'warns without a reason where none is known',
    day: { ...QUIET, waiting: { kind: 'waiting', records: 1200, oldestMs: minutes(90) } },
    text: '⚠️ Daily summary, channel default: no MediaConnect calls, 1,200 waiting',
    line: '⏳ *1,200 calls still waiting*, the oldest for 1 h 30 min',
  },
  {
    what: 'says that the queues could not be measured, and not that nothing waits',
    day: { waiting: { kind: 'unknown' } },
    text: '❔ Daily summary, channel default: 4,342 calls reported, what waits could not be measured',
    line: '❔ What waits in the queues could not be measured',
  },
  {
    what: 'warns of what was given up, measured or not',
    day: { deadLettered: 1, waiting: { kind: 'unknown' } },
    text: '⚠️ Daily summary, channel default: 4,342 calls reported, 1 could not be delivered, what waits could not be measured',
    line: '❔ What waits in the queues could not be measured',
  },
])('$what', ({ day, text, line }) => {
  const [fallbackText, facts] = read(aDay(day));
  expect([fallbackText?.replace(NEWS, ''), facts?.split('\n').at(-1)]).toEqual([text, line]);
  expect(facts).not.toContain('othing is waiting');
});

const CALM = { byEffect: { 'signal-changed': 4, change: 3 }, byOutcome: { succeeded: 7 } };

it.each<[what: string, day: Partial<DailySummary>, sign: string, color: string]>([
  ['a day on which nothing went off air and nothing was refused', CALM, '💚', '#2eb67d'],
  ['a call off air', { ...CALM, byEffect: { 'off-air': 1 } }, '📋', '#1264a3'],
  ['an operation that nobody knows', { ...CALM, byEffect: { unknown: 1 } }, '📋', '#1264a3'],
  ['a refusal', { ...CALM, byOutcome: { denied: 1 } }, '📋', '#1264a3'],
  ['a failure', { ...CALM, byOutcome: { failed: 1 } }, '📋', '#1264a3'],
  ['what is on its way', { ...CALM, waiting: { kind: 'waiting', records: 9, oldestMs: 0 } }, '💚', '#2eb67d'],
  ['what could not be measured', { ...CALM, waiting: { kind: 'unknown' } }, '❔', '#868686'],
  ['what waits too long', { waiting: { kind: 'waiting', records: 9, oldestMs: minutes(11) } }, '⚠️', '#ecb22e'],
  ['what was given up', { deadLettered: 1 }, '⚠️', '#ecb22e'],
])('has for %s its own sign and colour', (_, day, sign, color) => {
  const { text, attachments } = renderSummary(aDay(day));
  expect([text.split(' ')[0], attachments?.[0]?.color]).toEqual([sign, color]);
});

const JANE = [name('jane@example.org'), plain(' as role '), name('Operators')];
const on = (flow: string) => [plain('flow '), name(flow)];

it('names what went off air and by whom, also in its push notification, and who was refused', () => {
  const named = [
    { effect: 'denied', on: [], by: [plain('role '), name('Poller')], count: 38 },
    { effect: 'off-air', on: on('CupFinal-Main'), by: JANE, count: 2 },
    { effect: 'signal-changed', on: on('CupFinal-Main'), by: JANE, count: 1 },
  ];
  expect(read(aDay({ named })).map((text) => text?.split('\n').slice(0, 5).join('\n'))).toMatchInlineSnapshot(`
    [
      "📋 Daily summary, channel default: 4,342 calls reported: 3 off air (flow CupFinal-Main by jane@example.org as role Operators (2) and 1 more call), 2 signal changes, 40 denied, 2 failed",
      "*Signal*  🔴 3 off air: flow \`CupFinal-Main\` by \`jane@example.org\` as role \`Operators\` (2) and 1 more call
    🔀 2 signal changes: flow \`CupFinal-Main\` by \`jane@example.org\` as role \`Operators\` and 1 more call
    *Refused or failed*  ⛔ 40 denied: role \`Poller\` (38) and 2 more calls
    ⚠️ 2 failed
    *Besides*  🔑 1 access change · 🛠️ 194 other changes · 👁️ 4,100 reads",
    ]
  `);
});

it('names every flow that went off air that the day remembers, and of other calls three', () => {
  const named = ['off-air', 'signal-changed'].flatMap((effect) =>
    Array.from({ length: 8 }, (_, index) => ({ effect, on: on(`League-${index}`), by: JANE, count: 1 })),
  );
  const [text, facts] = read(aDay({ named, byEffect: { 'off-air': 9, 'signal-changed': 8 } }));
  expect(text?.match(/League-\d/g)).toHaveLength(8);
  expect(text).toContain(' and 1 more call');
  expect(
    facts
      ?.split('\n')
      .slice(0, 2)
      .map((line) => line.match(/League-\d/g)?.length),
  ).toEqual([8, 3]);
  expect(facts).toContain('and 5 more calls');
});

it('keeps its limits and its words whatever the names', () => {
  const nasty = name(`<!channel> *x* \`${'long'.repeat(100)}`);
  const named = ['off-air', 'unknown', 'signal-changed', 'put-on-air', 'denied'].flatMap((effect) =>
    Array.from({ length: 8 }, () => ({
      effect,
      on: [plain('flow '), nasty],
      by: [nasty, plain(' as role '), nasty],
      count: 999,
    })),
  );
  const byEffect = { 'off-air': 9999, unknown: 9999, 'signal-changed': 9999, 'put-on-air': 9999 };
  const message = renderSummary(aDay({ named, byEffect, byOutcome: { denied: 9999, failed: 9999 } }));
  expect(validateMessage(message)).toEqual([]);
  expect(JSON.stringify(message)).not.toContain('<!channel>');
});

it('says that nothing touched the signal, too', () => {
  const [, facts] = read(aDay({ byEffect: { change: 3, none: 9 }, byOutcome: {} }));
  expect(facts?.split('\n').slice(0, 2)).toEqual([
    '*Signal*  nothing was changed',
    '*Besides*  🛠️ 3 other changes · 👁️ 9 reads',
  ]);
});
