import { expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import { type DailySummary, renderSummary } from '../../../shared/slack/summary.ts';
import { CALLED_AT_MS } from '../../notification-builder.ts';

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
  byResource: { flow: 4000, output: 342 },
  byOutcome: { succeeded: 4300, denied: 40, failed: 2 },
  slowestDeliveryMs: 9500,
  waiting: { kind: 'none' },
  ...changes,
});

const read = (summary: DailySummary) => {
  const message = renderSummary(summary);
  expect(validateMessage(message)).toEqual([]);
  const [facts] = message.attachments?.[0]?.blocks ?? [];
  return [message.text, facts?.type === 'section' ? facts.text?.text : undefined];
};

it('says what the day was', () => {
  expect(read(aDay())).toMatchInlineSnapshot(`
    [
      "💚 Daily summary, channel default: 4,342 calls reported: 3 off air, 2 signal changes, 40 denied, 2 failed",
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
    text: '💚 Daily summary, channel default: 4,342 calls reported',
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

it('shows by its colour how things stand', () => {
  const colorOf = (day: Partial<DailySummary>) => renderSummary(aDay(day)).attachments?.[0]?.color;
  expect([
    colorOf({}),
    colorOf({ waiting: { kind: 'waiting', records: 9, oldestMs: 0 } }),
    colorOf({ waiting: { kind: 'unknown' } }),
    colorOf({ waiting: { kind: 'waiting', records: 9, oldestMs: minutes(11) } }),
    colorOf({ deadLettered: 1 }),
  ]).toEqual(['#2eb67d', '#2eb67d', '#868686', '#ecb22e', '#ecb22e']);
});

it('says that nothing touched the signal, too', () => {
  const [, facts] = read(aDay({ byEffect: { change: 3, none: 9 }, byOutcome: {} }));
  expect(facts?.split('\n').slice(0, 2)).toEqual([
    '*Signal*  nothing was changed',
    '*Besides*  🛠️ 3 other changes · 👁️ 9 reads',
  ]);
});
