import { type Notification, phraseText } from '../notification/notification.ts';
import { codeOrPlain, escapeText } from './escape-text.ts';
import { placesLine, spanLine, timeSpan, worstStyle } from './fold.ts';
import { context, message, type SlackMessage, section } from './message.ts';
import { clauseOf, durationText, joinWithin, localText, mrkdwnPhrase } from './mrkdwn.ts';
import {
  CALLS,
  countBy,
  countText,
  NOBODY,
  newerText,
  numberText,
  principalText,
  styleCounts,
  styleOfCall,
} from './style.ts';

const NAME_LENGTH = 80;
const TOTALS_LENGTH = 1400;
/** Both lists of single calls together with the totals stay below Slack's limits. */
const LIST_LENGTH = 2700;

type Count = readonly [string, number];

const totals = (label: string, counts: readonly Count[]): string =>
  `*${label}*\n${joinWithin(counts, ([name, count]) => `• ${name} × ${numberText(count)}`, '\n', TOTALS_LENGTH)}`;

const whoOf = ({ principal }: Notification): string =>
  `${principal.sensitive ? '🚨 ' : ''}${principalText(principal, NAME_LENGTH)}`;

/** Who made most calls of one kind. */
function noisiest(notifications: readonly Notification[]): string {
  const [top] = countBy(notifications, (one) => `${whoOf(one)} called ${codeOrPlain(one.call.operation, NAME_LENGTH)}`);
  return top === undefined ? '' : `*Noisiest*  ${top[0]} ${countText(top[1], ['time', 'times'])}`;
}

interface Repeated {
  readonly latest: Notification;
  readonly count: number;
}

/**
 * Calls that say the same are listed once, with their number and their latest time: the most frequent first, and of two
 * that came as often the later one last.
 */
function alike(notifications: readonly Notification[]): readonly Repeated[] {
  const known = new Map<string, Repeated>();
  for (const one of notifications) {
    const { principal, call, subject, resourceName } = one;
    const key = JSON.stringify([principal.key, call.operation, subject.key, resourceName, phraseText(clauseOf(one))]);
    const { latest, count } = known.get(key) ?? { latest: one, count: 0 };
    const isLater = (one.calledAtMs ?? 0) > (latest.calledAtMs ?? 0);
    known.set(key, { latest: isLater ? one : latest, count: count + 1 });
  }
  const timeOf = ({ latest }: Repeated): number => latest.calledAtMs ?? 0;
  return [...known.values()].toSorted((one, other) => other.count - one.count || timeOf(one) - timeOf(other));
}

function listed({ latest, count }: Repeated): string {
  const times = count === 1 ? [] : [countText(count, ['time', 'times'])];
  const when = latest.calledAtMs === undefined ? [] : [`${count === 1 ? '' : 'last '}${localText(latest.calledAtMs)}`];
  const what = `${styleOfCall(latest.call).emoji} ${mrkdwnPhrase(clauseOf(latest), 300)}${latest.by}${whoOf(latest)}${newerText(latest)}`;
  return [what, ...times, ...when].join(' · ');
}

function list(label: string, notifications: readonly Notification[]): string {
  if (notifications.length === 0) return '';
  const heading = `*${label}* (${numberText(notifications.length)})`;
  return `${heading}\n${joinWithin(alike(notifications), listed, '\n', LIST_LENGTH)}`;
}

const isDenied = ({ call }: Notification): boolean => call.outcome === 'denied';
const isChange = ({ call }: Notification): boolean => call.access === 'mutating' && call.outcome !== 'denied';

function fallbackText(notifications: readonly Notification[]): string {
  const span = timeSpan(notifications);
  const during = span === undefined ? '' : ` in ${durationText(span.lastMs - span.firstMs)}`;
  const [most] = countBy(notifications, ({ principal }) => principal.name ?? NOBODY);
  const by = most === undefined ? '' : `; most by ${escapeText(most[0], NAME_LENGTH)} (${numberText(most[1])})`;
  return `📊 Digest: ${countText(notifications.length, CALLS)}${during}: ${styleCounts(notifications)}${by}`;
}

/**
 * One message that sums up any number of calls of one channel: totals by operation and by principal, the noisiest, what
 * was denied and what was changed. No calls, no message.
 */
export function renderDigest(notifications: readonly Notification[], repeatedCount = 0): readonly SlackMessage[] {
  if (notifications.length === 0) return [];
  const sections = [
    list('Denied', notifications.filter(isDenied)),
    list('Changes', notifications.filter(isChange)),
    totals(
      'By operation',
      countBy(notifications, ({ call }) => codeOrPlain(call.operation, NAME_LENGTH)),
    ),
    totals('By principal', countBy(notifications, whoOf)),
  ];
  const small = [
    noisiest(notifications),
    spanLine(notifications),
    placesLine(notifications),
    repeatedCount === 0
      ? ''
      : `${countText(repeatedCount, ['repeated delivery', 'repeated deliveries'])} not counted again`,
  ];
  return [
    message({
      text: fallbackText(notifications),
      blocks: [section(`📊 *Digest: ${countText(notifications.length, CALLS)}* — ${styleCounts(notifications)}`)],
      attachments: [
        {
          color: worstStyle(notifications).color,
          blocks: [
            ...sections.filter((text) => text !== '').map(section),
            context(small.filter((line) => line !== '').join('\n')),
          ],
        },
      ],
    }),
  ];
}
