import { describe, expect, it } from 'vitest';
import { validateMessage } from '../../../local/slack/validate-message.ts';
import { renderNotification } from '../../../shared/slack/card.ts';
import { redirectMessage, renderFallback, type SlackMessage } from '../../../shared/slack/message.ts';
import { planMessages } from '../../../shared/slack/plan-messages.ts';
import { liveSyntax } from '../../live-syntax.ts';
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

describe('where Slack refuses the blocks of a redirected message too', () => {
  const fallbackOf = (value: string): SlackMessage =>
    renderFallback(redirectMessage(renderNotification(aNotification({ flowName: value }), {}), value, value));

  it.each([
    ['evil.com', 'evil\u2024com'],
    ['www.evil.com', 'www\u2024evil\u2024com'],
    ['WWW.EVIL.COM', 'WWW\u2024EVIL\u2024COM'],
    ['jane@evil.com', 'jane@evil\u2024com'],
    ['https://evil.com/a', 'https\u2236//evil\u2024com/a'],
    ['пример.рф', 'пример\u2024рф'],
  ])('no link is made of %j, be it a name, a channel or a reason', (value, inert) => {
    const { text } = fallbackOf(value);
    expect(liveSyntax({ text })).toEqual([]);
    expect(text.replaceAll(/`[^`\n]*`/g, '')).not.toContain(value);
    expect(text.split(inert).length - 1).toBeGreaterThanOrEqual(4);
  });

  it.each(['a', 'evil.com ', '&', '<!here>'])(
    'a long value is shortened wherever it stands: %s, again and again',
    (piece) => {
      const value = piece.repeat(50_000 / piece.length);
      const whole = fallbackOf(value);
      expect(validateMessage(whole)).toEqual([]);
      expect(liveSyntax(whole)).toEqual([]);
      expect(whole.text.length).toBeLessThan(3_000);
      expect(whole.text).toMatch(/Meant for channel .{1,400}: .{1,160}…\n/);
    },
  );

  it('the longest of folds stays within what Slack takes', () => {
    const calls = Array.from({ length: 500 }, (_, index) => aNotification({ flowName: `${index}.evil.com` }));
    for (const { message } of planMessages(calls, () => ({}))) {
      const whole = renderFallback(redirectMessage(message, 'ops', 'evil.com'));
      expect(validateMessage(whole)).toEqual([]);
      expect(liveSyntax(whole)).toEqual([]);
      expect(whole.text).toContain('Meant for channel ops: evil\u2024com');
    }
  });
});
