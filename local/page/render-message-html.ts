import type { KnownBlock } from '@slack/types';
import { createElement, type ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type Block, Message } from 'slack-blocks-to-jsx';
import type { SlackMessage } from '../../shared/slack/message.ts';

/** The class under which Slack's look applies, instead of the library's id: a page holds many messages. */
export const SLACK_SCOPE = 'slack-scope';

const LIBRARY_ID = 'slack_blocks_to_jsx';

/**
 * The library decodes `&lt;` before it looks for mentions, which would show escaped text as a live mention, and does
 * not decode `&amp;` at all. A word joiner after the sign keeps it from becoming the start of anything.
 */
const decodeSigns = (text: string): string =>
  text
    .replaceAll('&lt;', '&lt;\u2060')
    .replaceAll(/&amp;(?=#?\w+;)/g, '&\u2060')
    .replaceAll('&amp;', '&');

/** At the start of a line `>>>`, which quotes what follows, or several signs. */
const QUOTES = /^[^\S\n]*(?:(?:>|&gt;)[^\S\n]*){2,}/gm;
const SIGNS_OF_ONE = /^\s*(?:>>>|&gt;&gt;&gt;|>|&gt;)/;

/**
 * In Slack a quote has no quote within it: what follows its sign is text. The library nests them, for seconds where there
 * are thousands, and loses the text; a word joiner keeps the further signs from being any.
 */
const withoutNestedQuotes = (text: string): string =>
  text.replace(QUOTES, (signs) => `>${signs.replace(SIGNS_OF_ONE, '').replace(/>|&gt;/g, (sign) => `\u2060${sign}`)}`);

/** The library takes `verbatim` for "no formatting at all"; Slack only stops guessing links and mentions. */
function asTheLibraryReads(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTheLibraryReads);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'verbatim');
  return Object.fromEntries(
    entries.map(([key, inner]) => [
      key,
      key === 'text' && typeof inner === 'string' ? withoutNestedQuotes(decodeSigns(inner)) : asTheLibraryReads(inner),
    ]),
  );
}

/** A date that the reader's browser can say in its own time zone: `data-format` holds Slack's tokens. */
const showDate = ({ timestamp, format, fallback }: { timestamp: string; format: string; fallback: string }) => {
  const date = new Date(Number(timestamp) * 1000);
  // A moment outside all calendars: Slack, too, shows what the sender meant for clients that know no dates.
  if (Number.isNaN(date.getTime())) return fallback;
  return createElement('time', { dateTime: date.toISOString(), 'data-format': format }, fallback);
};

/** Slack links to the web; an address of another kind (`javascript:`, a guessed `mailto:`) stays text. */
const showLink = ({ href, children, className }: { href: string; children: ReactNode; className: string }) =>
  /^https?:/i.test(href)
    ? createElement('a', { href, className, target: '_blank', rel: 'noopener noreferrer' }, children)
    : children;

/** The colour is an attribute of a drawing and not a style, which a strict Content-Security-Policy would drop. */
const colourBar = (colour: string): string =>
  `<svg class="slack-bar" aria-hidden="true"><rect width="100%" height="100%" fill="${encodeURI(colour)}"/></svg>`;

function renderBlocks(blocks: readonly KnownBlock[], theme: 'light' | 'dark'): string {
  const readable = asTheLibraryReads(blocks) as Block[];
  const element = createElement(Message, {
    blocks: readable,
    logo: '',
    name: '',
    theme,
    withoutWrapper: true,
    hooks: { date: showDate, link: showLink },
  });
  return renderToStaticMarkup(element).replaceAll(`id="${LIBRARY_ID}"`, `data-scope="${SLACK_SCOPE}"`);
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** An attachment has blocks, or, as the older kind, texts of fixed names. */
interface AnyAttachment {
  readonly color?: unknown;
  readonly blocks?: readonly KnownBlock[];
  readonly pretext?: unknown;
  readonly author_name?: unknown;
  readonly title?: unknown;
  readonly text?: unknown;
  readonly footer?: unknown;
  readonly fallback?: unknown;
}

function blocksOf({
  blocks,
  pretext,
  author_name,
  title,
  text,
  footer,
  fallback,
}: AnyAttachment): readonly KnownBlock[] {
  if (blocks !== undefined) return blocks;
  const texts = [pretext, author_name, title, text, footer].filter(isText);
  return (texts.length > 0 ? texts : [fallback].filter(isText)).map(textBlock);
}

/** Slack names three colours; where nothing is said the bar is grey. */
const COLOURS: ReadonlyMap<unknown, string> = new Map([
  ['good', '#2eb67d'],
  ['warning', '#ecb22e'],
  ['danger', '#e01e5a'],
]);
const colourOf = (color: unknown): string => COLOURS.get(color) ?? (isText(color) ? color : '#dddddd');

const textBlock = (text: string): KnownBlock => ({ type: 'section', text: { type: 'mrkdwn', text } });

/**
 * Shows a message as Slack would: its blocks, or its text where it has none, then each attachment with its colour bar.
 * Style it with `slackStyles`. What Slack cannot be asked for here (time zone of the reader) stays UTC, in `<time>`.
 */
export function renderMessageHtml(message: SlackMessage, theme: 'light' | 'dark' = 'light'): string {
  const blocks = message.blocks ?? [message.text].filter(isText).map(textBlock);
  const attachments = (message.attachments ?? []).map(
    (attachment: AnyAttachment) =>
      `<div class="slack-attachment">${colourBar(colourOf(attachment.color))}${renderBlocks(blocksOf(attachment), theme)}</div>`,
  );
  return `<div class="slack-message">${renderBlocks(blocks, theme)}${attachments.join('')}</div>`;
}
