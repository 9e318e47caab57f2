import type { ContextBlock, KnownBlock, MrkdwnElement, SectionBlock } from '@slack/types';
import type { Classification } from '../call/classify-call.ts';
import type { Impact } from '../call/operations.ts';
import type { ChannelSettings, MadeMention, Mention, MentionKey, Notification } from '../notification/notification.ts';
import { CALLS, codeSpan, countText, escapeText, localText, shorten, TIME } from './mrkdwn.ts';

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

const GROUP_ID = /^@S[A-Z0-9]+$/;
const USER_ID = /^@[UW][A-Z0-9]+$/;

/** What is called for where a channel says so; what is new to us may take off air too. */
const KEYS: Partial<Readonly<Record<Impact, readonly MentionKey[]>>> = {
  'off-air': ['off-air', 'on-air'],
  unknown: ['off-air', 'on-air'],
  'signal-changed': ['signal-changed'],
  'put-on-air': ['put-on-air'],
};

/** Whom the channel wants called for such a call: what touched the signal, as far as it asks for that, and refusals. */
function mentionFor(
  { impact, outcome, isDoubtful }: Classification,
  { mention = {} }: ChannelSettings,
): Mention | undefined {
  if (outcome === 'denied') return mention.denied;
  if (outcome !== 'succeeded' || isDoubtful) return undefined;
  return KEYS[impact]?.map((key) => mention[key]).find((called) => called !== undefined);
}

/**
 * Slack's syntax for a configured mention; nothing for an invalid id.
 *
 * @see https://docs.slack.dev/messaging/formatting-message-text#mentioning-groups
 */
function mentionText(mention: Mention | undefined): string {
  if (mention === undefined) return '';
  if (mention === 'here' || mention === 'channel') return `<!${mention}>`;
  if (GROUP_ID.test(mention)) return `<!subteam^${mention.slice(1)}>`;
  return USER_ID.test(mention) ? `<${mention}>` : '';
}

/** So long after a mention nobody is called again for the same cause in the same channel. */
export const BETWEEN_MENTIONS_MS = 10 * 60_000;

/** DynamoDB's keys have 2,048 bytes at most. */
const KEY_LENGTH = 400;

/**
 * For what somebody is called: the effect, and the thing that it is on. What was refused is one cause for the whole
 * channel, since it takes no permission to be refused, and whoever is refused chooses the flow: with a cause for each, as
 * many mentions could be had as names can be made up. No refusal uses up the mention of a call that worked.
 */
function causeOf({ call, subject }: Notification): string {
  const { outcome, impact } = call;
  return outcome === 'denied' ? outcome : `${impact}#${subject.key.slice(0, KEY_LENGTH)}`;
}

/** A correction tells nobody anything that calls for haste. */
const askedFor = ({ call, correction }: Notification, channel: ChannelSettings): string =>
  correction === undefined ? mentionText(mentionFor(call, channel)) : '';

/** Key in the ledger of the mention that a call asks for; `undefined` if it asks for none. */
export const mentionKey = (notification: Notification, channel: ChannelSettings): string | undefined =>
  askedFor(notification, channel) === '' ? undefined : `mention#${notification.route.channel}#${causeOf(notification)}`;

/** What is remembered of a cause. */
interface Remembered {
  readonly mention?: MadeMention;
}

/** The mentions of one message. */
export interface Mentions {
  /** In Slack's syntax, each once. */
  readonly made: readonly string[];
  /** How many calls asked for one that is not made, since it was made last, and when that was. */
  readonly heldBack: { readonly calls: number; readonly sinceMs: number } | undefined;
  /** What is to be remembered, by key, if Slack has taken the message: when it did, somebody was called. */
  readonly memoryAt: (acceptedMs: number) => ReadonlyMap<string, Remembered>;
}

interface Cause {
  readonly text: string;
  readonly calls: number;
}

function causesOf(notifications: readonly Notification[], channel: ChannelSettings): ReadonlyMap<string, Cause> {
  const causes = new Map<string, Cause>();
  for (const notification of notifications) {
    const key = mentionKey(notification, channel);
    if (key === undefined) continue;
    const calls = (causes.get(key)?.calls ?? 0) + 1;
    causes.set(key, { text: askedFor(notification, channel), calls });
  }
  return causes;
}

/** Whether it is so lately that somebody was called; a time that a wrong clock wrote is not believed for ever. */
const isLately = (madeAtMs: number, nowMs: number): boolean => Math.abs(nowMs - madeAtMs) < BETWEEN_MENTIONS_MS;

const NOBODY_CALLED: Mentions = { made: [], heldBack: undefined, memoryAt: () => new Map() };

/** What is remembered of causes, and the time. */
interface KnownCauses {
  readonly known: ReadonlyMap<string, Remembered>;
  readonly nowMs: number;
}

const NOTHING_KNOWN: KnownCauses = { known: new Map(), nowMs: 0 };

/**
 * Decides whom a message of one channel calls: each mention at most once, and only where the last one for the same cause
 * is ten minutes ago. What is not known was not made: rather twice than never.
 */
export function mentionsOf(
  notifications: readonly Notification[],
  channel: ChannelSettings,
  { known, nowMs } = NOTHING_KNOWN,
): Mentions {
  if (channel.mention === undefined) return NOBODY_CALLED;
  const made = new Set<string>();
  const held: { readonly text: string; readonly calls: number; readonly sinceMs: number }[] = [];
  const memories: (readonly [string, (acceptedMs: number) => Remembered])[] = [];
  for (const [key, { text, calls }] of causesOf(notifications, channel)) {
    const last = known.get(key)?.mention;
    if (last !== undefined && isLately(last.madeAtMs, nowMs)) {
      const heldBack = last.heldBack + calls;
      held.push({ text, calls: heldBack, sinceMs: last.madeAtMs });
      memories.push([key, () => ({ mention: { madeAtMs: last.madeAtMs, heldBack } })]);
    } else {
      made.add(text);
      memories.push([key, (madeAtMs) => ({ mention: { madeAtMs, heldBack: 0 } })]);
    }
  }
  const silent = held.filter(({ text }) => !made.has(text));
  const heldBack =
    silent.length === 0
      ? undefined
      : {
          calls: silent.reduce((sum, { calls }) => sum + calls, 0),
          sinceMs: Math.min(...silent.map(({ sinceMs }) => sinceMs)),
        };
  const memoryAt = (acceptedMs: number) => new Map(memories.map(([key, memory]) => [key, memory(acceptedMs)]));
  return { made: [...made], heldBack, memoryAt };
}

/** Behind the first line of several. */
function behindFirstLine(text: string, more: string): string {
  const end = text.indexOf('\n');
  return end === -1 ? text + more : text.slice(0, end) + more + text.slice(end);
}

/** The message with its mentions: behind the headline, and behind what a phone shows; what is held back is counted last. */
export function withMentions(
  message: SlackMessage,
  { made, heldBack }: Pick<Mentions, 'made' | 'heldBack'>,
): SlackMessage {
  if (made.length === 0 && heldBack === undefined) return message;
  const called = made.map((text) => ` ${text}`).join('');
  const [headline, ...blocks] = message.blocks ?? [];
  if (headline?.type !== 'section' || headline.text === undefined) return { ...message, text: message.text + called };
  const line =
    heldBack &&
    context(`🔕 mention held back: ${countText(heldBack.calls, CALLS)} since ${localText(heldBack.sinceMs, TIME)}`);
  return {
    ...message,
    text: message.text + called,
    blocks: [section(behindFirstLine(headline.text.text, called)), ...blocks, ...(line ? [line] : [])],
  };
}
