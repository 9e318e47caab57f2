import type { Notification } from '../notification/notification.ts';
import type { ChannelSettings } from '../notification/settings.ts';
import { renderNotification } from './card.ts';
import { codeOrPlain, escapeText } from './escape-text.ts';
import { type FoldPage, type FoldPages, foldPages } from './fold-pages.ts';
import { context, message, type SlackMessage, section } from './message.ts';
import { DAY_AND_TIME, durationText, joinWithin, localText, phraseAsText, TIME } from './mrkdwn.ts';
import {
  CALLS,
  CARD_STYLES,
  type CardStyle,
  countBy,
  countText,
  mentionFor,
  mentionText,
  numberText,
  principalAsText,
  STYLE_NAMES,
  styleCounts,
  styleNameOf,
} from './style.ts';

const NAME_LENGTH = 100;
const PLACES_LENGTH = 400;

/** The look of what an operator must know first among several calls. */
export const worstStyle = (notifications: readonly Notification[]): CardStyle => {
  const names = new Set(notifications.map(({ call }) => styleNameOf(call)));
  return CARD_STYLES[STYLE_NAMES.find((name) => names.has(name)) ?? 'none'];
};

/** First and last time, if any of the calls has one. */
export function timeSpan(notifications: readonly Notification[]): { firstMs: number; lastMs: number } | undefined {
  let firstMs = Number.POSITIVE_INFINITY;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const { calledAtMs } of notifications) {
    if (calledAtMs === undefined) continue;
    firstMs = Math.min(firstMs, calledAtMs);
    lastMs = Math.max(lastMs, calledAtMs);
  }
  return firstMs > lastMs ? undefined : { firstMs, lastMs };
}

/** From when to when. */
export function spanLine(notifications: readonly Notification[]): string {
  const span = timeSpan(notifications);
  if (span === undefined) return '*When*  CloudTrail does not say';
  const { firstMs, lastMs } = span;
  if (firstMs === lastMs) return `*When*  ${localText(firstMs)}`;
  return `*When*  ${localText(firstMs, DAY_AND_TIME)} – ${localText(lastMs, lastMs - firstMs < 43_200_000 ? TIME : DAY_AND_TIME)} (${durationText(lastMs - firstMs)})`;
}

const placeOf = ({ account, region }: Notification): string => {
  const name = account?.name === undefined ? '' : escapeText(account.name, NAME_LENGTH);
  const id = account === undefined ? 'account unknown' : codeOrPlain(account.id, NAME_LENGTH);
  return `${region === undefined ? 'region unknown' : codeOrPlain(region, NAME_LENGTH)} · ${name === '' ? id : `${name} (${id})`}`;
};

/** Accounts and regions, with the number of calls in each where there are several. */
export function placesLine(notifications: readonly Notification[]): string {
  const places = countBy(notifications, placeOf);
  const [first] = places;
  if (places.length === 1 && first !== undefined) return `*Where*  ${first[0]}`;
  return `*Where*  ${joinWithin(places, ([place, count]) => `${place} × ${numberText(count)}`, ', ', PLACES_LENGTH)}`;
}

/** How late the latest call reached us; empty if none was late. */
export const latestLine = (notifications: readonly Notification[]): string => {
  const lateByMs = notifications.reduce((latest, { lateByMs: late }) => Math.max(latest, late ?? 0), 0);
  return lateByMs === 0 ? '' : `⏰ *reached us up to ${durationText(lateByMs)} late*`;
};

/** Where a message stands among those that one fold needed. */
export interface FoldPart {
  readonly part: number;
  readonly parts: number;
  /** Calls over all parts. */
  readonly total: number;
  /** Mentions that an earlier part has made. */
  readonly mentioned: ReadonlySet<string>;
}

const FOLD_NAME_LENGTH = 100;
const RULES_LENGTH = 400;

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

const fallbackText = (page: FoldPage, calls: string, style: CardStyle): string => {
  const who = countBy(page.notifications, ({ principal }) => principalAsText(principal, FOLD_NAME_LENGTH));
  const what = countBy(page.notifications, ({ subject }) => phraseAsText(subject.label, FOLD_NAME_LENGTH));
  return `${style.emoji} ${calls}: ${styleCounts(page.notifications)}; by ${firstAndMore(who)}, on ${firstAndMore(what)}`;
};

/** The message for one page of a fold. */
export function renderFoldPage(page: FoldPage, channel: ChannelSettings, part: FoldPart): SlackMessage {
  const { notifications, sections, density } = page;
  const style = worstStyle(notifications);
  const calls = partWords(notifications.length, part);
  const mentions = foldMentions(notifications, channel).filter((mention) => !part.mentioned.has(mention));
  const rules = countBy(notifications, ({ route }) => route.rule);
  const totals = [
    spanLine(notifications),
    placesLine(notifications),
    latestLine(notifications),
    density.kind === 'tight' ? 'Times in the list are UTC.' : '',
    `rule ${joinWithin(rules, ([rule]) => codeOrPlain(rule, FOLD_NAME_LENGTH), ', ', RULES_LENGTH)}`,
  ];
  return message({
    text: [fallbackText(page, calls, style), ...mentions].join(' '),
    blocks: [
      section([`${style.emoji} *${calls}* — ${styleCounts(notifications)}`, ...mentions].join(' ')),
      ...sections.map(section),
    ],
    attachments: [{ color: style.color, blocks: [context(totals.filter((line) => line !== '').join('\n'))] }],
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
