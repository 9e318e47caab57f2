import type { ChannelSettings } from '../display-settings.ts';
import type { Notification } from '../notification.ts';
import { context, message, section } from './blocks.ts';
import { CALLS, countBy, countText, lookCounts } from './count-text.ts';
import { quietText } from './escape-text.ts';
import { type FoldPage, type FoldPages, foldPages } from './fold-pages.ts';
import { latestLine, placesLine, spanLine, worstLook } from './fold-totals.ts';
import { listWithin } from './list-within.ts';
import type { Look } from './look-of-call.ts';
import { mentionFor, mentionText } from './mention-text.ts';
import { spokenPhrase } from './phrase-text.ts';
import { spokenPrincipal } from './principal-text.ts';
import { renderNotification } from './render-notification.ts';
import type { SlackMessage } from './slack-message.ts';

/** Where a message stands among those that one fold needed. */
export interface FoldPart {
  readonly part: number;
  readonly parts: number;
  /** Calls over all parts. */
  readonly total: number;
  /** Mentions that an earlier part has made. */
  readonly mentioned: ReadonlySet<string>;
}

const NAME_LENGTH = 100;
const PLACES_LENGTH = 400;

/** The mentions that the calls of a fold ask for, each once; a correction asks for none. */
export const foldMentions = (notifications: readonly Notification[], channel: ChannelSettings): readonly string[] => [
  ...new Set(
    notifications
      .filter(({ correction }) => correction === undefined)
      .map(({ call }) => mentionText(mentionFor(call, channel)))
      .filter((text) => text !== ''),
  ),
];

/** "jane@example.org and 2 more" */
function firstAndMore(names: readonly [string, number][]): string {
  const [first] = names;
  if (first === undefined) return '';
  return names.length === 1 ? first[0] : `${first[0]} and ${names.length - 1} more`;
}

function partWords(count: number, { part, parts, total }: FoldPart): string {
  if (parts === 1) return countText(count, CALLS);
  return `${count} of ${countText(total, CALLS)}, message ${part} of ${parts}`;
}

const spoken = (page: FoldPage, calls: string, look: Look): string => {
  const who = countBy(page.notifications, ({ principal }) => spokenPrincipal(principal, NAME_LENGTH));
  const what = countBy(page.notifications, ({ subject }) => spokenPhrase(subject.label, NAME_LENGTH));
  return `${look.emoji} ${calls}: ${lookCounts(page.notifications)}; by ${firstAndMore(who)}, on ${firstAndMore(what)}`;
};

/** The message for one page of a fold. */
export function renderFoldPage(page: FoldPage, channel: ChannelSettings, part: FoldPart): SlackMessage {
  const { notifications, sections, density } = page;
  const look = worstLook(notifications);
  const calls = partWords(notifications.length, part);
  const mentions = foldMentions(notifications, channel).filter((mention) => !part.mentioned.has(mention));
  const rules = countBy(notifications, ({ route }) => route.rule);
  const totals = [
    spanLine(notifications),
    placesLine(notifications),
    latestLine(notifications),
    density.kind === 'tight' ? 'Times in the list are UTC.' : '',
    `rule ${listWithin(rules, ([rule]) => quietText(rule, NAME_LENGTH), ', ', PLACES_LENGTH)}`,
  ];
  return message({
    text: [spoken(page, calls, look), ...mentions].join(' '),
    blocks: [
      section([`${look.emoji} *${calls}* — ${lookCounts(notifications)}`, ...mentions].join(' ')),
      ...sections.map(section),
    ],
    attachments: [{ color: look.color, blocks: [context(totals.filter((line) => line !== '').join('\n'))] }],
  });
}

/** Several pages as one message: what does not fit is counted only. */
function asOnePage([first, ...others]: FoldPages, notifications: readonly Notification[]): FoldPage {
  if (others.length === 0) return first;
  const more = notifications.length - first.notifications.length;
  const sections = [...first.sections, `… and ${countText(more, ['more call', 'more calls'])}`];
  return { ...first, sections, notifications };
}

/**
 * One message about several calls, which counts all of them. Use `planMessages` where they may need more than one; here
 * what has no room is counted at the end. A single call looks as it would alone.
 */
export function renderFold(notifications: readonly Notification[], channel: ChannelSettings): SlackMessage {
  const [only, ...others] = notifications;
  if (only !== undefined && others.length === 0) return renderNotification(only, channel);
  const page = asOnePage(foldPages(notifications, 1), notifications);
  return renderFoldPage(page, channel, { part: 1, parts: 1, total: notifications.length, mentioned: new Set() });
}
