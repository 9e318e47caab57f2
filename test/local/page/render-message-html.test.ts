import { expect, it } from 'vitest';
import { renderMessageHtml } from '../../../local/page/render-message-html.ts';

const drawn = (text: string): string => renderMessageHtml({ text, unfurl_links: false, unfurl_media: false });
const depthOf = (html: string): number => html.match(/<blockquote|slack_blockquote/g)?.length ?? 0;

it.each(['>', '> ', '&gt; ', '>\u00a0', '>>> '])(
  'draws one quote of the many that %j makes, and all of its text',
  (sign) => {
    const html = drawn(`${sign.repeat(12_000)}the end`);
    expect(depthOf(html)).toBeLessThan(4);
    expect(html).toContain('the end');
  },
);

it.each([['> one'], ['a >>> b'], ['> one\n'.repeat(20)]])('leaves %j as it is', (text) => {
  expect(drawn(text)).not.toContain('\u2060');
});
