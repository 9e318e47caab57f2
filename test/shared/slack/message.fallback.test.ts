import { expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { renderFallback } from '../../../shared/slack/message.ts';
import { planMessages } from '../../../shared/slack/plan-messages.ts';
import { aNotification } from '../../notification-builder.ts';

it('says in plain text what the blocks said', () => {
  expect(renderFallback(renderNotification(aNotification(), { mention: { 'on-air': 'here' } }))).toMatchInlineSnapshot(`
    {
      "text": "🔴 Off air: flow AwardsShow stopped by jane@example․org (Broadcast prod, eu-west-1) <!here>
    *Where*  Broadcast prod (111122223333), eu-west-1
    *When*  <!date^1795377605^{date_short_pretty} {time_secs}|2026-11-22 20:00:05 UTC> (20:00 UTC)
    *How*  AWS CLI (\`mediaconnect stop-flow\`), permission set Operators, 203.0.113.17
    StopFlow · by rule \`changes\`
    Event 987abc65-1a2b-4c4d-9d6e-987abc654def
    Temporary role credentials · not root, IAM user or AWS service",
      "unfurl_links": false,
      "unfurl_media": false,
    }
  `);
});

it('still lists every on-air call of a fold', () => {
  const calls = Array.from({ length: 60 }, (_, index) => aNotification({ flowName: `flow-${index}` }));
  const fallbacks = planMessages(calls, () => ({})).map(({ message }) => renderFallback(message));
  expect(fallbacks.flatMap(validateMessage)).toEqual([]);
  const notified = fallbacks.flatMap(({ text }) => text.match(/flow-\d+/g) ?? []);
  expect(new Set(notified)).toEqual(new Set(calls.map(({ flowName }) => flowName)));
});

it('leaves out what has no text', () => {
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'said' } }, { type: 'divider' }] as const;
  expect(renderFallback({ text: 'said', blocks: [...blocks], unfurl_links: false, unfurl_media: false })).toEqual({
    text: 'said',
    unfurl_links: false,
    unfurl_media: false,
  });
});
