import type { KnownBlock } from '@slack/types';
import { message } from './blocks.ts';
import { shorten } from './escape-text.ts';
import type { SlackMessage } from './slack-message.ts';

/** Slack cuts `text` at 40,000 characters; a message's blocks have 12,000 at most. */
const TEXT_LENGTH = 39_000;

function textsOf(block: KnownBlock): readonly string[] {
  if (block.type === 'section' && block.text !== undefined) return [block.text.text];
  if (block.type === 'context') return block.elements.flatMap((element) => ('text' in element ? [element.text] : []));
  return [];
}

/**
 * Slack makes a link of a bare domain and of an address in `text`, where nothing can be told to leave it alone: the dots
 * of these become signs that look alike. Our own links and dates are in what the blocks said, and stay.
 */
const withoutDomains = (text: string): string => text.replace(/(?<=[\p{L}\p{N}-])\.(?=\p{L}{2})/gu, '\u2024');

/** The same message without blocks and attachments, for when Slack refuses those: `text` first, then what they said. */
export function renderFallback({ text, blocks = [], attachments = [] }: SlackMessage): SlackMessage {
  // The first block is the headline, which `text` says already.
  const rest = [...blocks.slice(1), ...attachments.flatMap((attachment) => attachment.blocks)].flatMap(textsOf);
  return message({ text: shorten([withoutDomains(text), ...rest].join('\n'), TEXT_LENGTH) });
}
