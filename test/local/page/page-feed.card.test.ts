import { expect, it } from 'vitest';
import { toMessageCard } from '../../../local/page/page-feed.ts';
import { readPayload } from '../../../local/slack/slack-endpoint.ts';
import type { SlackMessage } from '../../../shared/slack/message.ts';
import { aPayload } from './fake-page-source.ts';

const htmlOf = (payload: unknown): string =>
  toMessageCard({ id: '1', channel: 'ops', postedAtMs: 0, payload: payload as SlackMessage, events: [] }, 1).html;

const textOf = (html: string): string =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

it.each<[what: string, payload: object, shown: string]>([
  ['a date that is in no calendar', { text: '<!date^99999999999999999^{date}|long ago>' }, 'long ago'],
  ['an attachment of the older kind', { text: 'x', attachments: [{ text: 'old style' }] }, 'x old style'],
  [
    'all texts of the older kind',
    {
      attachments: [
        { pretext: 'a', author_name: 'b', title: 'c', text: 'd', footer: 'e', fallback: 'f', color: 'good' },
      ],
    },
    'a b c d e',
  ],
  ['an attachment with a fallback alone', { attachments: [{ fallback: 'f' }] }, 'f'],
  ['blocks without a text', { blocks: aPayload('headline').blocks }, 'headline'],
])('draws %s as far as it can be', (_what, payload, shown) => {
  const verdict = readPayload('application/json', JSON.stringify(payload));
  expect(verdict.kind).toBe('accepted');
  const text = textOf(htmlOf(verdict.kind === 'accepted' ? verdict.message : undefined));
  for (const word of shown.split(' ')) expect(text).toContain(word);
});

it.each<[what: string, payload: unknown]>([
  ['blocks that are none', { text: 'x', blocks: [null] }],
  ['attachments that are no list', { text: 'x', attachments: 7 }],
  ['a colour that is no text', { text: 'x', attachments: [{ color: '\ud800', blocks: [] }] }],
])('says of %s that they cannot be drawn', (_what, payload) => {
  expect(textOf(htmlOf(payload))).toBe('This message cannot be drawn here. Its payload is in the details.');
});
