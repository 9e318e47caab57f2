import type { Classification } from '../call/classify-call.ts';
import { memoizeFor } from '../call/memoize.ts';
import type { Impact } from '../call/operations.ts';
import type { MadeMention, Notification, Principal } from '../notification/notification.ts';
import type { ChannelSettings, Mention, MentionKey } from '../notification/settings.ts';
import { context, type SlackMessage, section } from './message.ts';
import {
  codeOrPlain,
  escapeText,
  localText,
  mrkdwnPhrase,
  phraseAsText,
  TIME,
  utcTime,
  withShortNames,
} from './mrkdwn.ts';

/** How a kind of call is told apart at a glance: by sign and by colour, beside the first words of what is said of it. */
export interface CardStyle {
  readonly emoji: string;
  readonly color: string;
  /** For counts: "3 off air", "2 reads". */
  readonly counted: readonly [one: string, many: string];
}

/**
 * In the order of how much an operator must know of them. Colours that people with colour blindness tell apart; deletion
 * and purchase share theirs with other changes, since they are no emergency.
 */
export const CARD_STYLES = {
  'off-air': { emoji: '🔴', color: '#e01e5a', counted: ['off air', 'off air'] },
  unknown: { emoji: '❓', color: '#e01e5a', counted: ['new operation', 'new operations'] },
  'signal-changed': {
    emoji: '🔀',
    color: '#d4569b',

    counted: ['signal change', 'signal changes'],
  },
  'put-on-air': { emoji: '🟢', color: '#2eb67d', counted: ['on air', 'on air'] },
  denied: { emoji: '⛔', color: '#e8710a', counted: ['denied', 'denied'] },
  access: { emoji: '🔑', color: '#7b3fe4', counted: ['access change', 'access changes'] },
  failed: { emoji: '⚠️', color: '#ecb22e', counted: ['failed', 'failed'] },
  purchase: { emoji: '💳', color: '#1264a3', counted: ['purchase', 'purchases'] },
  deletion: { emoji: '🗑️', color: '#1264a3', counted: ['deletion', 'deletions'] },
  change: { emoji: '🛠️', color: '#1264a3', counted: ['other change', 'other changes'] },
  none: { emoji: '👁️', color: '#868686', counted: ['read', 'reads'] },
} as const satisfies Record<string, CardStyle>;

export type StyleName = keyof typeof CARD_STYLES;

export const STYLE_NAMES = Object.keys(CARD_STYLES) as readonly StyleName[];

/** A call that did not work changed nothing: that it did not work is what is reported first. */
export function styleNameOf({ outcome, impact, isDoubtful }: Classification): StyleName {
  if (outcome !== 'succeeded') return outcome;
  return isDoubtful ? 'failed' : impact;
}

export const styleOfCall = (call: Classification): CardStyle => CARD_STYLES[styleNameOf(call)];

/** `1,234` */
export const numberText = (count: number): string => String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');

/** `1 call`, `1,234 calls` */
export const countText = (count: number, [one, many]: readonly [string, string]): string =>
  `${numberText(count)} ${count === 1 ? one : many}`;

export const CALLS = ['call', 'calls'] as const;

/** How many there are of each key, the most frequent first. */
export function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly [string, number][] {
  const counts = new Map<string, number>();
  for (const item of items) {
    const key = keyOf(item);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one);
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
export function mentionFor(
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
export function mentionText(mention: Mention | undefined): string {
  if (mention === undefined) return '';
  if (mention === 'here' || mention === 'channel') return `<!${mention}>`;
  if (GROUP_ID.test(mention)) return `<!subteam^${mention.slice(1)}>`;
  return USER_ID.test(mention) ? `<${mention}>` : '';
}

const NAME_LENGTH = 60;

/**
 * What a call that comes after a later one must say, so that the last message is never taken for how things stand;
 * empty for the latest. `none`: for lists that have no room for times.
 */
export function newerText({ newerCall }: Notification, time: 'local' | 'none' = 'local'): string {
  if (newerCall === undefined) return '';
  const { calledAtMs, operation } = newerCall;
  const when = time === 'local' ? ` *at* ${localText(calledAtMs, TIME)}` : '';
  return ` ⏪ *before* ${codeOrPlain(operation, NAME_LENGTH)}${when}`;
}

/** The same for a push notification and a screen reader. */
export const newerAsText = ({ newerCall }: Notification): string =>
  newerCall === undefined
    ? ''
    : `⏪ before ${escapeText(newerCall.operation, NAME_LENGTH)} at ${utcTime(newerCall.calledAtMs)} UTC`;

/** How many of some calls that are only counted came before later ones. */
export function olderCount(notifications: readonly Notification[]): string {
  const older = notifications.filter(({ newerCall }) => newerCall !== undefined).length;
  return older === 0 ? '' : ` (⏪ ${older} *before* later calls)`;
}

/** Who called where the record names nobody. */
export const NOBODY = 'somebody unknown';

/** Names of a person, a role and a source identity, and the words between them. */
const NAMES = 3;
const WORDS_LENGTH = 60;

/** What was written of a principal, by the length of its names: one person makes many calls. */
const textsOf = memoizeFor((_: Principal) => ({ mrkdwn: new Map<number, string>(), plain: new Map<number, string>() }));

function writtenOnce(texts: Map<number, string>, nameLength: number, write: () => string): string {
  const known = texts.get(nameLength);
  if (known !== undefined) return known;
  const text = write();
  texts.set(nameLength, text);
  return text;
}

/** Who called, for mrkdwn; `nameLength` for each name. */
export const principalText = (principal: Principal, nameLength: number): string =>
  writtenOnce(textsOf(principal).mrkdwn, nameLength, () =>
    mrkdwnPhrase(
      withShortNames(principal.said, () => nameLength),
      NAMES * nameLength + WORDS_LENGTH,
    ),
  );

/** Who called, for push notifications and screen readers. */
export const principalAsText = (principal: Principal, nameLength: number): string =>
  writtenOnce(textsOf(principal).plain, nameLength, () =>
    phraseAsText(principal.said, NAMES * nameLength + WORDS_LENGTH),
  );

/** What must be said before anything else of a principal: root, or somebody of another account. */
export function sensitiveWords({ sensitive, kind }: Principal): string {
  if (!sensitive) return '';
  return kind === 'Root' ? 'by the ROOT user' : 'from ANOTHER ACCOUNT';
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
  const style = styleNameOf(call);
  return style === 'denied' ? style : `${style}#${subject.key.slice(0, KEY_LENGTH)}`;
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

/**
 * Decides whom a message of one channel calls: each mention at most once, and only where the last one for the same cause
 * is ten minutes ago. What is not known was not made: rather twice than never.
 */
export function mentionsOf(
  notifications: readonly Notification[],
  channel: ChannelSettings,
  { known, nowMs }: { readonly known: ReadonlyMap<string, Remembered>; readonly nowMs: number },
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
