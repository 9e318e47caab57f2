import { describe, expect, it } from 'vitest';
import { previewMessage } from '../../../cli/explain/text.ts';
import type { SlackMessage } from '../../../shared/slack/message.ts';

const preview = (text: string) => previewMessage({ text, unfurl_links: false, unfurl_media: false });

describe('previewMessage', () => {
  it.each([
    ['<!date^1542400492^{date_short_pretty} {time_secs}|2018-11-16 20:34:52 UTC>', ['2018-11-16 20:34:52 UTC']],
    ['<https://example.org/a?b&amp;c|Open in MediaConnect>', ['[Open in MediaConnect]']],
    ['<!here> <!subteam^S123>', ['@here @S123']],
    ['1 &lt; 2 &amp;amp; &gt;', ['1 < 2 &amp; >']],
    ['one\ntwo\u001b[2J', ['one', 'two\uFFFD[2J']],
  ])('reads %j as an operator does', (text, lines) => {
    expect(preview(text)).toEqual(lines);
  });

  it('reads blocks and attachments instead of the text that only a notification shows', () => {
    const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } }) as const;
    const message: SlackMessage = {
      text: 'spoken',
      blocks: [section('*Headline*')],
      attachments: [
        {
          color: '#000000',
          blocks: [
            section('facts'),
            { type: 'divider' } as const,
            { type: 'context', elements: [{ type: 'mrkdwn', text: 'small' }] } as const,
          ],
        },
      ],
      unfurl_links: false,
      unfurl_media: false,
    };
    expect(previewMessage(message)).toEqual(['*Headline*', 'facts', 'small']);
  });
});
