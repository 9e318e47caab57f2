import type { ContextBlock, KnownBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import { codeSpan, escapeText, shorten } from './mrkdwn.ts';

/** `verbatim` keeps Slack from making links and mentions out of words; what is written as one stays one. */
const mrkdwn = (text: string): MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

/** `expand` keeps Slack from folding a long list behind "see more". */
export const section = (text: string): SectionBlock => ({ type: 'section', text: mrkdwn(text), expand: true });

/** Small print. */
export const context = (text: string): ContextBlock => ({ type: 'context', elements: [mrkdwn(text)] });

/** The message without what its maker leaves out: nothing in it unfurls, so that a link shows no preview. */
export const message = (parts: Pick<SlackMessage, 'text' | 'blocks' | 'attachments'>): SlackMessage => ({
  ...parts,
  unfurl_links: false,
  unfurl_media: false,
});

const NAME_LENGTH = 80;
const WHY_LENGTH = 160;
const BLOCKS = 50;

/** All mentions in a message are its channel's own: what came with an event is escaped. */
const withoutMentions = (text: string): string => text.replaceAll(/ ?<[!@](?!date\^)[^>]*>/g, '');

const quiet = <Value>(value: Value): Value =>
  JSON.parse(JSON.stringify(value), (key, inner) =>
    key === 'text' && typeof inner === 'string' ? withoutMentions(inner) : inner,
  );

/**
 * The message for the channel that stands in for one that Slack does not let us post to, with a line that says so. It
 * mentions nobody: mentions are a setting of the channel that it was meant for.
 */
export function redirectMessage(original: SlackMessage, fromChannel: string, why: string): SlackMessage {
  const { text, blocks = [], attachments } = quiet(original);
  const line = context(`↪️ Meant for channel ${codeSpan(fromChannel, NAME_LENGTH)}: ${escapeText(why, WHY_LENGTH)}`);
  const fallbackText = `${text} ↪️ Meant for channel ${escapeText(fromChannel, NAME_LENGTH)}: ${escapeText(why, WHY_LENGTH)}`;
  // A message without blocks shows its text, and one that has all it may have keeps what it says.
  const hasRoom = blocks.length > 0 && blocks.length < BLOCKS;
  return message({
    text: fallbackText,
    ...(hasRoom ? { blocks: [...blocks.slice(0, 1), line, ...blocks.slice(1)] } : original.blocks && { blocks }),
    ...(attachments && { attachments }),
  });
}

/** Slack cuts `text` at 40,000 characters; a message's blocks have 12,000 at most. */
const TEXT_LENGTH = 39_000;

function textsOf(block: KnownBlock): readonly string[] {
  if (block.type === 'section' && block.text !== undefined) return [block.text.text];
  if (block.type === 'context') return block.elements.flatMap((element) => ('text' in element ? [element.text] : []));
  return [];
}

/** Code spans, links and dates, which Slack leaves alone; else the dot of a domain. */
const DOMAIN_DOT = /(`[^`\n]*`|<[^<>\n]*>)|(?<=[\p{L}\p{N}_-])\.(?=\p{L}{2})/gu;

/**
 * Slack makes a link of a bare domain and of an address in `text`, where nothing keeps it from that: the dots
 * of these become signs that look alike. Our own links and dates are in what the blocks said, and stay.
 */
const withoutDomains = (text: string): string => text.replace(DOMAIN_DOT, (_, kept?: string) => kept ?? '\u2024');

/** The same message without blocks and attachments, for when Slack refuses those: `text` first, then what they said. */
export function renderFallback({ text, blocks = [], attachments = [] }: SlackMessage): SlackMessage {
  // The first block is the headline, which `text` says already.
  const rest = [...blocks.slice(1), ...attachments.flatMap((attachment) => attachment.blocks)].flatMap(textsOf);
  return message({ text: shorten(withoutDomains([text, ...rest].join('\n')), TEXT_LENGTH) });
}

/**
 * The payload of one incoming webhook post. `text` is what a push notification shows and a screen
 * reader says; `attachments` exist only for the coloured bar.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export interface SlackMessage {
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
  readonly attachments?: readonly {
    readonly color: string;
    readonly fallback?: string;
    readonly blocks: readonly KnownBlock[];
  }[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}
