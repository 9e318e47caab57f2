import { expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { redirectMessage, renderFallback } from '../../../shared/slack/message.ts';
import { aNotification } from '../../notification-builder.ts';

const original = renderNotification(aNotification(), { mention: { 'on-air': '@S0123ABC' } });

it('says why a message is here, and mentions nobody of this channel', () => {
  const redirected = redirectMessage(original, 'ops', 'channel_is_archived');
  expect(validateMessage(redirected)).toEqual([]);
  expect(redirected.text).toBe(
    '🔴 Off air: flow AwardsShow stopped by jane@example.org (Broadcast prod, eu-west-1) ↪️ Meant for channel ops: channel_is_archived',
  );
  expect(redirected.blocks?.map((block) => JSON.stringify(block).match(/"text":"([^"]+)"/)?.[1])).toEqual([
    '🔴 *Off air* — flow `AwardsShow` stopped by `jane@example.org`',
    '↪️ Meant for channel `ops`: channel_is_archived',
  ]);
  expect(redirected.attachments).toEqual(original.attachments);
});

it('keeps a message within what Slack takes', () => {
  const full = { ...original, blocks: Array.from({ length: 50 }, () => ({ type: 'divider' }) as const) };
  expect(redirectMessage(full, 'ops', 'no_service').blocks).toHaveLength(50);
});

it('redirects plain text as plain text', () => {
  expect(redirectMessage(renderFallback(original), '<!here>', 'no_service')).toMatchObject({
    text: expect.stringMatching(/^🔴 Off air: .* ↪️ Meant for channel &lt;!here&gt;: no_service$/s),
  });
  expect(redirectMessage(renderFallback(original), 'ops', 'no_service')).not.toHaveProperty('blocks');
});
