import type { KnownBlock } from '@slack/types';
import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import { printable } from '../printable.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** Slack's tokens as they read: a date as its fallback, a link as its words, a mention with its sign. */
const asRead = (mrkdwn: string): string =>
  mrkdwn
    .replace(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<!subteam\^([^>|]*)>/g, '@$1')
    .replace(/<!(here|channel|everyone)>/g, '@$1')
    .replace(/<https?:[^|>]*\|([^>]*)>/g, '[$1]')
    .replace(/&(?:lt|gt|amp);/g, (entity) => ENTITIES[entity] ?? entity);

function textsOf(block: KnownBlock): readonly string[] {
  if (block.type === 'section' && block.text !== undefined) return [block.text.text];
  if (block.type === 'context') return block.elements.flatMap((element) => ('text' in element ? [element.text] : []));
  return [];
}

/** What a message says, line by line, without its looks. */
export function previewMessage({ text, blocks = [], attachments = [] }: SlackMessage): readonly string[] {
  const all = [...blocks, ...attachments.flatMap((attachment) => attachment.blocks)].flatMap(textsOf);
  return (all.length === 0 ? [text] : all).flatMap((part) => asRead(part).split('\n')).map(printable);
}
