import { expect, it } from 'vitest';
import { type DailySummary, renderSummary } from '../../../shared/slack/render-summary.ts';
import { validateMessage } from '../../../shared/slack/validate-message.ts';
import { CALLED_AT_MS } from '../../notification-builder.ts';

const DAY_MS = 86_400_000;

const aDay = (changes: Partial<DailySummary> = {}): DailySummary => ({
  channel: 'default',
  fromMs: CALLED_AT_MS - DAY_MS,
  toMs: CALLED_AT_MS,
  told: 12,
  folded: 230,
  digested: 4100,
  deadLettered: 0,
  byAccess: { mutating: 242, 'read-only': 4100 },
  byResource: { flow: 4000, output: 342 },
  byOutcome: { succeeded: 4300, denied: 40, failed: 2 },
  slowestDeliveryMs: 9500,
  waiting: 0,
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
      "💚 Daily summary of default: 4,342 calls told",
      "*Told*  12 alone · 230 in folds · 4,100 in digests
    *Outcome*  succeeded 4,300 · denied 40 · failed 2
    *Access*  read-only 4,100 · mutating 242
    *On*  flows 4,000 · outputs 342
    *Slowest*  9 s from call to Slack
    ✅ Nothing was lost, nothing is waiting.",
    ]
  `);
});

it('says in words that nothing happened', () => {
  const quiet = { told: 0, folded: 0, digested: 0, byAccess: {}, byResource: {}, byOutcome: {} };
  expect(read(aDay({ ...quiet, slowestDeliveryMs: undefined }))).toMatchInlineSnapshot(`
    [
      "💚 Daily summary of default: Nothing happened: no MediaConnect call to tell",
      "The notifier is alive and watching.
    ✅ Nothing was lost, nothing is waiting.",
    ]
  `);
});

it('says what went wrong', () => {
  expect(read(aDay({ deadLettered: 1, waiting: 7 }))).toMatchInlineSnapshot(`
    [
      "⚠️ Daily summary of default: 4,342 calls told, 1 dead-lettered, 7 waiting",
      "*Told*  12 alone · 230 in folds · 4,100 in digests
    *Outcome*  succeeded 4,300 · denied 40 · failed 2
    *Access*  read-only 4,100 · mutating 242
    *On*  flows 4,000 · outputs 342
    *Slowest*  9 s from call to Slack
    ⚠️ *1 call could not be told* and went to the dead-letter queue
    ⏳ 7 calls still waiting in the queue",
    ]
  `);
});
