import { IMPACTS } from '../call/operations.ts';
import {
  asSetUp,
  type ChannelSettings,
  inOrderOfTime,
  type Notification,
  type TroubleAfterCall,
} from '../notification/notification.ts';
import { headline, headlineAsText } from './card.ts';
import { type FoldPage, foldPages } from './fold-pages.ts';
import { type FoldFacts, foldFacts, roleLine, troubleAtHead } from './fold-rows.ts';
import {
  countsText,
  type Fresh,
  freshCalls,
  type OffAir,
  type Standing,
  spansDays,
  standingAfter,
  styleNameAmong,
  timeSpan,
} from './fold-state.ts';
import { context, mentionsOf, message, type SlackMessage, section } from './message.ts';
import {
  CALLS,
  codeOrPlain,
  countText,
  DAY_AND_TIME,
  durationText,
  escapeText,
  joinWithin,
  localText,
  mrkdwnPhrase,
  numberText,
  phraseAsText,
  TIME,
  utcMinute,
} from './mrkdwn.ts';
import { CARD_STYLES, type CardStyle, countBy, principalAsText, STYLE_NAMES, styleNameOf } from './style.ts';

const NAME_LENGTH = 100;
const PLACES_LENGTH = 250;
const NOTHING_NEW: Fresh = { calls: new Set(), words: '' };

/** The look of what an operator must know first among several calls. */
export const worstStyle = (notifications: readonly Notification[], fresh: Fresh = NOTHING_NEW): CardStyle => {
  const names = new Set(notifications.map((one) => styleNameAmong(one, fresh)));
  return CARD_STYLES[STYLE_NAMES.find((name) => names.has(name)) ?? 'none'];
};

/** From when to when, in the reader's time, and once in UTC. */
export function spanLine(notifications: readonly Notification[]): string {
  const span = timeSpan(notifications);
  if (span === undefined) return '*When*  CloudTrail does not say';
  const { firstMs, lastMs } = span;
  if (firstMs === lastMs) return `*When*  ${localText(firstMs)} (${utcMinute(firstMs)})`;
  const last = localText(lastMs, spansDays(notifications) ? DAY_AND_TIME : TIME);
  return `*When*  ${localText(firstMs, DAY_AND_TIME)} – ${last} (${durationText(lastMs - firstMs)}, from ${utcMinute(firstMs)})`;
}

const placeOf = ({ account, region }: Notification): string => {
  const name = account?.name === undefined ? '' : escapeText(account.name, NAME_LENGTH);
  const id = account === undefined ? 'account unknown' : codeOrPlain(account.id, NAME_LENGTH);
  return `${name === '' ? id : `${name} (${id})`}, ${region === undefined ? 'region unknown' : codeOrPlain(region, NAME_LENGTH)}`;
};

/** Accounts and regions, with the number of calls in each where there are several. */
export function placesLine(notifications: readonly Notification[]): string {
  const places = countBy(notifications, placeOf);
  const [first] = places;
  if (places.length === 1 && first !== undefined) return `*Where*  ${first[0]}`;
  return `*Where*  ${joinWithin(places, ([place, count]) => `${place} × ${numberText(count)}`, '; ', PLACES_LENGTH)}`;
}

/** How late the latest call reached us; empty if none was late. */
const latestLine = (notifications: readonly Notification[]): string => {
  const lateByMs = notifications.reduce((latest, { lateByMs: late }) => Math.max(latest, late ?? 0), 0);
  if (lateByMs === 0) return '';
  const late = notifications.filter(({ lateByMs: one }) => one !== undefined).length;
  const which = late === notifications.length ? '' : `${numberText(late)} of them `;
  return `⏰ *${which}up to ${durationText(lateByMs)} late*`;
};

/** Where a message stands among those that one fold needed, and what all of these know. */
export interface FoldPart {
  readonly part: number;
  readonly parts: number;
  /** Calls over all parts. */
  readonly total: number;
  /** Mentions that an earlier part has made. */
  readonly mentioned: ReadonlySet<string>;
  readonly fresh: Fresh;
  readonly standing: Standing;
  /** What went wrong and is said at the head. */
  readonly atHead: FoldFacts['atHead'];
  /** The role that the rows leave out; empty where they say each. */
  readonly role: string;
}

const FOLD_NAME_LENGTH = 100;
const RULES_LENGTH = 250;
/** Of the first line in a fold, and of what is off air now below it: together they leave the rows their room. */
const HEADLINE = { sentence: 300, name: 48 } as const;
const FIRST_LINES_LENGTH = 500;
const LEAST_OFF_AIR_LENGTH = 150;
/** Slack cuts `text` at 40,000 characters, and the message without blocks holds what the blocks said, too. */
const NAMED_LENGTH = 18_000;
const SUBJECTS_LENGTH = 300;

/** The mentions that the calls of a fold ask for, each once; what is not on air yet asks for none. */
export const foldMentions = (
  notifications: readonly Notification[],
  channel: ChannelSettings,
  fresh: Fresh,
): readonly string[] =>
  mentionsOf(
    notifications.filter((one) => !fresh.calls.has(one)),
    channel,
  ).made;

function partWords(count: number, { part, parts, total }: FoldPart): string {
  if (parts === 1) return countText(count, CALLS);
  return `${numberText(count)} of ${countText(total, CALLS)}, message ${part} of ${parts}`;
}

/** A stop of the whole thing says more than one of its outputs. */
const isWhole = ({ call }: Notification): boolean => call.resource === 'flow' || call.resource === 'bridge';

/**
 * The call to say first: of the worst look; of these one that did, or would have done, the most; that still holds; of a
 * whole flow; the latest.
 */
export function worstCall(
  page: readonly Notification[],
  { fresh, standing }: Pick<FoldPart, 'fresh' | 'standing'>,
): Notification | undefined {
  const holding = new Set(standing.off.map(({ by }) => by));
  const rank = (one: Notification): readonly number[] => [
    STYLE_NAMES.indexOf(styleNameAmong(one, fresh)),
    fresh.calls.has(one) ? 1 : 0,
    IMPACTS.indexOf(fresh.calls.has(one) ? 'change' : one.call.impact),
    holding.has(one) ? 0 : 1,
    isWhole(one) ? 0 : 1,
  ];
  let worst: { readonly one: Notification; readonly rank: readonly number[] } | undefined;
  for (const one of inOrderOfTime(page)) {
    const its = rank(one);
    const at = its.findIndex((value, index) => value !== worst?.rank[index]);
    const isWorse = at < 0 || worst === undefined || (its[at] ?? 0) < (worst.rank[at] ?? 0);
    if (isWorse) worst = { one, rank: its };
  }
  return worst?.one;
}

/** A call as the first line says it: what sets up something new puts nothing on air yet. */
const asFirst = (one: Notification, { calls }: Fresh): Notification => (calls.has(one) ? asSetUp(one) : one);

/** How many calls say what the first line says, of whatever thing: one person, operation and outcome. */
export function alikeText(worst: Notification, page: readonly Notification[]): string {
  const { principal, call } = worst;
  const alike = page.filter(
    (one) =>
      one.principal.key === principal.key &&
      one.call.operation === call.operation &&
      one.call.impact === call.impact &&
      one.call.outcome === call.outcome,
  ).length;
  return alike === 1 ? '' : ` (and ${numberText(alike - 1)} more like this)`;
}

/** Which of the things that are off air at the end a page's own calls took there, unless the first line says just that. */
function standingLine(
  page: readonly Notification[],
  { standing }: FoldPart,
  worst: Notification | undefined,
  room: number,
): string {
  if (standing.isAllBack) return '🟢 *Put back on air:* all that was taken off air in these calls';
  const own = new Set(page);
  const off = standing.off.filter(({ by }) => own.has(by));
  const [first] = off;
  if (first === undefined || (off.length === 1 && first.by === worst)) return '';
  const words = ({ words: what }: OffAir): string => mrkdwnPhrase(what, FOLD_NAME_LENGTH);
  return `*Off air now:* ${joinWithin(off, words, ', ', Math.max(LEAST_OFF_AIR_LENGTH, room))}`;
}

const troublesOf = (page: readonly Notification[]): readonly TroubleAfterCall[] =>
  page.flatMap(({ outcome }) => outcome?.troubles ?? []);

/** What MediaConnect says went wrong after these calls; what has no room here stands below its call's row. */
function troublesLine(page: readonly Notification[], { atHead }: FoldPart): string {
  const all = troublesOf(page);
  const first = all.filter((trouble) => atHead.has(trouble));
  const others = all.length - first.length;
  const more = others === 0 ? [] : [`⚠️ ${numberText(others)}${first.length === 0 ? '' : ' more'} below`];
  return [...first.map(troubleAtHead), ...more].join('\n');
}

/** The same where only text is shown. */
const troublesAsText = (page: readonly Notification[]): string => {
  const troubles = troublesOf(page);
  const words = ({ amongOthers }: TroubleAfterCall): string => phraseAsText(amongOthers, 3 * FOLD_NAME_LENGTH);
  return troubles.length === 0 ? '' : ` ${joinWithin(troubles, words, '; ', SUBJECTS_LENGTH)}.`;
};

/** Every call that took something off air but the first, which stands before them. */
export function othersOffAir(page: readonly Notification[], worst: Notification | undefined): string {
  const others = inOrderOfTime(page).filter(
    (one) => one !== worst && one.call.impact === 'off-air' && one.call.outcome === 'succeeded' && !one.call.isDoubtful,
  );
  const words = ({ sentence, by, principal }: Notification): string =>
    `${phraseAsText(sentence, 3 * FOLD_NAME_LENGTH)}${by}${principalAsText(principal, FOLD_NAME_LENGTH)}`;
  return others.length === 0 ? '' : `; ${joinWithin(others, words, '; ', NAMED_LENGTH)}`;
}

/** "; on flow CupFinal-Main (6), flow CupFinal-Backup (3)": where there is more than one, what matters most first. */
function bySubject(page: readonly Notification[], fresh: Fresh): string {
  const rank = (one: Notification): number => STYLE_NAMES.indexOf(styleNameOf(one.call));
  const worstFirst = page.filter((one) => !fresh.calls.has(one)).toSorted((one, other) => rank(one) - rank(other));
  const counts = [...Map.groupBy(worstFirst, ({ subject }) => subject.key).values()];
  const words = (calls: readonly Notification[]): string =>
    `${phraseAsText(calls[0]?.subject.label ?? [], FOLD_NAME_LENGTH)} (${numberText(calls.length)})`;
  return counts.length < 2 ? '' : `; on ${joinWithin(counts, words, ', ', SUBJECTS_LENGTH)}`;
}

/** Account and region as words, or how many there are. */
export const placeAsText = (page: readonly Notification[]): string => {
  const places = new Set(
    page.map(({ account, region }) =>
      [account?.name ?? account?.id, region].filter((part) => part !== undefined).join(', '),
    ),
  );
  const [only] = places;
  if (only === undefined || only === '') return '';
  return ` (${escapeText(places.size === 1 ? only : `${places.size} accounts or regions`, FOLD_NAME_LENGTH)})`;
};

/** The worst call in words, every other one that took something off air, the counts, and the calls by flow. */
function fallbackText(page: readonly Notification[], worst: Notification | undefined, part: FoldPart): string {
  const first = worst === undefined ? '' : `${headlineAsText(asFirst(worst, part.fresh))}${alikeText(worst, page)}`;
  const late = latestLine(page).replaceAll('*', '');
  const counts = `${partWords(page.length, part)}: ${countsText(page, part.fresh)}${late === '' ? '' : `, ${late}`}`;
  return `${first}${othersOffAir(page, worst)}.${troublesAsText(page)} ${counts}${bySubject(page, part.fresh)}${placeAsText(page)}`;
}

/** The message for one page of a fold. */
export function renderFoldPage(page: FoldPage, channel: ChannelSettings, part: FoldPart): SlackMessage {
  const { notifications, sections } = page;
  const worst = worstCall(notifications, part);
  const mentions = foldMentions(notifications, channel, part.fresh).filter((mention) => !part.mentioned.has(mention));
  const rules = countBy(notifications, ({ route }) => route.rule);
  const first =
    worst === undefined ? '' : `${headline(asFirst(worst, part.fresh), HEADLINE)}${alikeText(worst, notifications)}`;
  const late = latestLine(notifications);
  const counts = `${partWords(notifications.length, part)}: ${countsText(notifications, part.fresh)}`;
  const head = [
    [first, ...mentions].join(' '),
    late === '' ? counts : `${counts} · ${late}`,
    standingLine(notifications, part, worst, FIRST_LINES_LENGTH - first.length),
    troublesLine(notifications, part),
  ];
  const by = `by ${rules.length === 1 ? 'rule' : 'rules'} ${joinWithin(rules, ([rule]) => codeOrPlain(rule, FOLD_NAME_LENGTH), ', ', RULES_LENGTH)}`;
  const totals = [spanLine(notifications), placesLine(notifications), part.role, by].filter((line) => line !== '');
  return message({
    text: [fallbackText(notifications, worst, part), ...mentions].join(' '),
    blocks: [section(head.filter((line) => line !== '').join('\n')), ...sections.map(section)],
    attachments: [
      {
        color: worstStyle(notifications, part.fresh).color,
        blocks: [context(totals.join('\n'))],
      },
    ],
  });
}

/** What the pages of a fold are made from: `before` holds the calls that were told just before it. */
export function openFold(
  notifications: readonly Notification[],
  maxPages: number,
  before: readonly Notification[] = [],
) {
  const fresh = freshCalls(notifications, before);
  const facts = foldFacts(notifications, fresh);
  return {
    fresh,
    standing: standingAfter(notifications),
    atHead: facts.atHead,
    role: roleLine(facts),
    pages: foldPages(notifications, facts, maxPages),
  };
}
