import type { Notification, Phrase } from '../notification/notification.ts';
import { headline, headlineAsText } from './card.ts';
import { alikeText, othersOffAir, placeAsText, placesLine, spanLine, worstCall, worstStyle } from './fold.ts';
import { type Density, type FoldFacts, type FoldRow, foldFacts, foldRows, roleLine } from './fold-rows.ts';
import {
  countsText,
  type Fresh,
  freshCalls,
  standingAfter,
  timeSpan,
  touchesSignalOrAccess,
  worked,
} from './fold-state.ts';
import { context, message, type SlackMessage, section } from './message.ts';
import {
  CALLS,
  codeOrPlain,
  countText,
  durationText,
  joinWithin,
  mrkdwnPhrase,
  numberText,
  phraseAsText,
} from './mrkdwn.ts';
import { CARD_STYLES, countBy, principalAsText, principalText } from './style.ts';

const NAME_LENGTH = 80;
const TOTALS_LENGTH = 1400;
const DENIED_LENGTH = 300;
const RULES_LENGTH = 250;
/** All rows together with the totals stay below Slack's limits: two sections of them. */
const SECTION_LENGTH = 2700;
const SECTIONS = 2;
/** Of the first line, which stands with the counts. */
const HEADLINE = { sentence: 300, name: 48 } as const;

type Count = readonly [string, number];

const totals = (label: string, counts: readonly Count[]): string =>
  `*${label}*  ${joinWithin(counts, ([name, count]) => `${name} ${numberText(count)}`, ' · ', TOTALS_LENGTH)}`;

const whoOf = ({ principal }: Notification): string =>
  `${principal.sensitive ? '🚨 ' : ''}${principalText(principal, NAME_LENGTH)}`;

const isRead = (one: Notification): boolean => worked(one) && one.call.access === 'read-only';
const isDenied = ({ call }: Notification): boolean => call.outcome === 'denied';
const isChange = (one: Notification): boolean => worked(one) && one.call.access === 'mutating';

const DENSITIES: readonly [Density, ...Density[]] = [
  { kind: 'roomy', nameLength: 80, whoLength: 80 },
  { kind: 'tight', nameLength: 60, whoLength: 60 },
  { kind: 'compact', nameLength: 40, whoLength: 40 },
];
const DENSEST: Density = { kind: 'compact', nameLength: 24, whoLength: 20, counting: true };

interface Listed {
  readonly sections: readonly string[];
  /** Calls that had no room. */
  readonly left: number;
}

interface OpenList {
  readonly sections: string[];
  group: string | undefined;
}

/** Puts a row below the others, under its heading where that is new; says whether there was room. */
function addRow(list: OpenList, row: FoldRow): boolean {
  const isNew = row.group !== list.group;
  const text = isNew && row.heading !== '' ? `${row.heading}\n${row.text}` : row.text;
  const last = list.sections.at(-1);
  if (last !== undefined && last.length + text.length + 2 <= SECTION_LENGTH) {
    list.sections[list.sections.length - 1] = `${last}${isNew ? '\n\n' : '\n'}${text}`;
  } else {
    if (list.sections.length === SECTIONS) return false;
    list.sections.push(text);
  }
  list.group = row.group;
  return true;
}

/** The rows as far as there is room. */
function listed(rows: readonly FoldRow[]): Listed {
  const list: OpenList = { sections: [], group: undefined };
  const end = rows.findIndex((row) => !addRow(list, row));
  const rest = end < 0 ? [] : rows.slice(end);
  return { sections: list.sections, left: rest.reduce((sum, { notifications }) => sum + notifications.length, 0) };
}

/** What is more than a read: on air first, thing by thing; then what was denied, by person and operation; then the rest. */
function rowSections(notifications: readonly Notification[], facts: FoldFacts): readonly string[] {
  const at = (density: Density): Listed => listed([...foldRows(notifications, density, facts)]);
  for (const density of DENSITIES) {
    const { sections, left } = at(density);
    if (left === 0) return sections;
  }
  const { sections, left } = at(DENSEST);
  return left === 0 ? sections : [...sections, `… and ${countText(left, ['more call', 'more calls'])}`];
}

/** "; denied: jane@example.org 9, sam@example.org 1"; empty where the first words are of the only one who was. */
function deniedText(notifications: readonly Notification[], worst: Notification | undefined): string {
  const denied = countBy(notifications.filter(isDenied), ({ principal }) => principalAsText(principal, NAME_LENGTH));
  const isSaid = denied.length === 1 && worst !== undefined && isDenied(worst);
  if (denied.length === 0 || isSaid) return '';
  return `; denied: ${joinWithin(denied, ([who, count]) => `${who} ${numberText(count)}`, ', ', DENIED_LENGTH)}`;
}

/** "10 denied, 390 reads, nothing changed" */
const countsOf = (notifications: readonly Notification[], fresh: Fresh): string =>
  `${countsText(notifications, fresh)}${notifications.some(isChange) ? '' : ', nothing changed'}`;

/**
 * What is worth words of its own before the counts: what touched the signal, or who receives it; without any, what was
 * refused or failed.
 */
const worstOf = (notifications: readonly Notification[], fresh: Fresh): Notification | undefined => {
  const touched = notifications.filter((one) => touchesSignalOrAccess(one) && !fresh.calls.has(one));
  const worst = touched.length === 0 ? notifications.filter((one) => !worked(one)) : touched;
  return worstCall(worst, { fresh, standing: standingAfter(notifications) });
};

/** "most by role HealthPoller (40), on flow CupFinal-Main": of calls none of which is worth words of its own. */
function mostly(notifications: readonly Notification[], write: (one: Phrase) => string): string {
  const often = (keyOf: (one: Notification) => string, said: (one: Notification) => Phrase): string => {
    const [[key, count] = ['', 0]] = countBy(notifications, keyOf);
    const first = notifications.find((one) => keyOf(one) === key);
    return `${write(first === undefined ? [] : said(first))}${count === notifications.length ? '' : ` (${numberText(count)})`}`;
  };
  const by = often(
    ({ principal }) => principal.key,
    ({ principal }) => principal.said,
  );
  const on = often(
    ({ subject }) => subject.key,
    ({ subject }) => subject.label,
  );
  return `most by ${by}, on ${on}`;
}

/** A digest of what nobody needs to look at has a sign of its own. */
function signOf(notifications: readonly Notification[], fresh: Fresh): string {
  const { emoji } = worstStyle(notifications, fresh);
  const isCalm = emoji === CARD_STYLES.none.emoji || emoji === CARD_STYLES.change.emoji;
  return isCalm ? '📊' : emoji;
}

function fallbackText(notifications: readonly Notification[], fresh: Fresh, worst: Notification | undefined): string {
  const span = timeSpan(notifications);
  const during = span === undefined ? '' : ` in ${durationText(span.lastMs - span.firstMs)}`;
  const counts = `Digest: ${countText(notifications.length, CALLS)}${during}: ${countsOf(notifications, fresh)}`;
  const first =
    worst === undefined
      ? `${signOf(notifications, fresh)} ${counts}; ${mostly(notifications, (one) => phraseAsText(one, NAME_LENGTH))}`
      : `${headlineAsText(worst)}${alikeText(worst, notifications)}${othersOffAir(notifications, worst)}. ${counts}`;
  return `${first}${deniedText(notifications, worst)}${placeAsText(notifications)}`;
}

/**
 * One message that sums up any number of calls of one channel: what touched the signal, thing by thing; what was denied,
 * by person and operation; other changes; and how often was read what, by whom. No calls, no message.
 */
export function renderDigest(notifications: readonly Notification[], repeatedCount = 0): readonly SlackMessage[] {
  if (notifications.length === 0) return [];
  const fresh = freshCalls(notifications);
  const worst = worstOf(notifications, fresh);
  const counts = `${countText(notifications.length, CALLS)}: ${countsOf(notifications, fresh)}`;
  const listed = notifications.filter((one) => !isRead(one));
  const facts = foldFacts(listed, fresh);
  const sections = [
    ...rowSections(listed, facts),
    [
      totals(
        'What',
        countBy(notifications, ({ call }) => codeOrPlain(call.operation, NAME_LENGTH)),
      ),
      totals('Who', countBy(notifications, whoOf)),
    ].join('\n'),
  ];
  const rules = countBy(notifications, ({ route }) => route.rule);
  const small = [
    spanLine(notifications),
    placesLine(notifications),
    roleLine(facts),
    repeatedCount === 0
      ? ''
      : `${countText(repeatedCount, ['repeated delivery', 'repeated deliveries'])} not counted again`,
    `by ${rules.length === 1 ? 'rule' : 'rules'} ${joinWithin(rules, ([rule]) => codeOrPlain(rule, NAME_LENGTH), ', ', RULES_LENGTH)}`,
  ];
  // In the order of `text`: a desktop shows the first line.
  const head =
    worst === undefined
      ? [
          `${signOf(notifications, fresh)} *Digest* — ${counts}`,
          mostly(notifications, (one) => mrkdwnPhrase(one, 2 * NAME_LENGTH)),
        ]
      : [`${headline(worst, HEADLINE)}${alikeText(worst, notifications)}`, `*Digest* — ${counts}`];
  return [
    message({
      text: fallbackText(notifications, fresh, worst),
      blocks: [section(head.join('\n'))],
      attachments: [
        {
          color: worstStyle(notifications, fresh).color,
          blocks: [...sections.map(section), context(small.filter((line) => line !== '').join('\n'))],
        },
      ],
    }),
  ];
}
