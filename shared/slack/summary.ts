import { RESOURCE_KIND_WORDS, type ResourceKind } from '../call/operations.ts';
import { context, message, type SlackMessage, section } from './message.ts';
import { codeSpan, durationText, escapeText, joinWithin, localText } from './mrkdwn.ts';
import { CALLS, CARD_STYLES, countText, numberText, STYLE_NAMES, type StyleName } from './style.ts';

/** What is known of the records that wait in the queues. */
export type WaitingCalls =
  /** The queues could not be measured. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none' }
  /** Records are in the queue that nobody takes. */
  | { readonly kind: 'untaken'; readonly records: number }
  | {
      readonly kind: 'waiting';
      readonly records: number;
      /** How long the oldest has waited beyond its time: a call for a digest, since that digest was due. */
      readonly oldestMs: number;
      /** Why it waits, as far as that is known. Untrusted. */
      readonly reason?: string | undefined;
    };

/** What happened in one channel over a day. */
export interface DailySummary {
  readonly channel: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Calls reported in a message of their own. */
  readonly notified: number;
  /** Calls reported in a fold. */
  readonly folded: number;
  /** Calls counted in a digest. */
  readonly digested: number;
  readonly deadLettered: number;
  /** Calls that worked, by what they did. */
  readonly byEffect: Readonly<Record<string, number>>;
  readonly byResource: Readonly<Record<string, number>>;
  readonly byOutcome: Readonly<Record<string, number>>;
  readonly slowestDeliveryMs?: number | undefined;
  readonly waiting: WaitingCalls;
}

const LINE_LENGTH = 900;
const NAME_LENGTH = 80;
const REASON_LENGTH = 200;
/** Something always waits: the next digest gathers, a batch is on its way. What waits longer is in trouble. */
const WAITS_TOO_LONG_MS = 10 * 60 * 1000;

function countsLine(
  label: string,
  counts: Readonly<Record<string, number>>,
  wordsFor: (name: string) => string = (name) => name,
): string | undefined {
  const entries = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .toSorted(([, one], [, other]) => other - one);
  if (entries.length === 0) return undefined;
  const list = joinWithin(
    entries,
    ([name, count]) => `${escapeText(wordsFor(name), NAME_LENGTH)} ${numberText(count)}`,
    ' · ',
    LINE_LENGTH,
  );
  return `*${label}*  ${list}`;
}

const isKind = (name: string): name is ResourceKind => Object.hasOwn(RESOURCE_KIND_WORDS, name);
const kindWords = (name: string): string => (isKind(name) ? RESOURCE_KIND_WORDS[name][1] : name);

type State = 'calm' | 'unknown' | 'trouble';

const LOOK_OF_STATE: Readonly<Record<State, { readonly emoji: string; readonly color: string }>> = {
  calm: { emoji: '💚', color: '#2eb67d' },
  unknown: { emoji: '❔', color: '#868686' },
  trouble: { emoji: '⚠️', color: '#ecb22e' },
};

const waitsTooLong = (waiting: WaitingCalls): boolean =>
  waiting.kind === 'waiting' && waiting.oldestMs > WAITS_TOO_LONG_MS;

function stateOf({ deadLettered, waiting }: DailySummary): State {
  if (deadLettered > 0 || waiting.kind === 'untaken' || waitsTooLong(waiting)) return 'trouble';
  return waiting.kind === 'unknown' ? 'unknown' : 'calm';
}

/** Of what waits: that it could not be measured, or that it waits too long; empty if all is well. */
function waitingTrouble(waiting: WaitingCalls): string {
  if (waiting.kind === 'unknown') return '❔ What waits in the queues could not be measured';
  if (waiting.kind === 'untaken')
    return `⏳ *${countText(waiting.records, CALLS)} in the queue, and nobody takes them*`;
  if (waiting.kind === 'none' || !waitsTooLong(waiting)) return '';
  const reason = waiting.reason === undefined ? '' : `: ${escapeText(waiting.reason, REASON_LENGTH)}`;
  return `⏳ *${countText(waiting.records, CALLS)} still waiting*, the oldest for ${durationText(waiting.oldestMs)}${reason}`;
}

/** What went wrong, or that nothing did: silence would not tell the two apart. */
function healthLine({ deadLettered, waiting }: DailySummary): string {
  const troubles = [
    deadLettered > 0
      ? `⚠️ *${countText(deadLettered, CALLS)} could not be delivered* and went to the dead-letter queue`
      : '',
    waitingTrouble(waiting),
  ].filter((trouble) => trouble !== '');
  if (troubles.length > 0) return troubles.join('\n');
  if (waiting.kind !== 'waiting') return '✅ Nothing was lost, nothing is waiting.';
  return `✅ Nothing was lost; ${countText(waiting.records, CALLS)} on the way or gathering for the next digest.`;
}

/** The same for a push notification, as far as it is not as it should be. */
const troubleAsText = ({ deadLettered, waiting }: DailySummary): string =>
  [
    deadLettered > 0 ? `, ${numberText(deadLettered)} could not be delivered` : '',
    waiting.kind === 'waiting' && waitsTooLong(waiting) ? `, ${numberText(waiting.records)} waiting` : '',
    waiting.kind === 'untaken' ? `, ${numberText(waiting.records)} not taken from the queue` : '',
    waiting.kind === 'unknown' ? ', what waits could not be measured' : '',
  ].join('');

/** What an operator asks in the morning, each line's looks in the order in which they matter. */
const SIGNAL: readonly StyleName[] = ['off-air', 'unknown', 'signal-changed', 'put-on-air'];
const TROUBLE: readonly StyleName[] = ['denied', 'failed'];
const BESIDES = STYLE_NAMES.filter((name) => !SIGNAL.includes(name) && !TROUBLE.includes(name));

const countOf = ({ byEffect, byOutcome }: DailySummary, name: StyleName): number =>
  (TROUBLE.includes(name) ? byOutcome[name] : byEffect[name]) ?? 0;

/** "3 off air", "2 signal changes" of those looks that there were. */
const looksOf = (summary: DailySummary, names: readonly StyleName[]): readonly (readonly [StyleName, string])[] =>
  names.flatMap((name) => {
    const count = countOf(summary, name);
    return count === 0 ? [] : [[name, countText(count, CARD_STYLES[name].counted)] as const];
  });

function effectLine(summary: DailySummary, label: string, names: readonly StyleName[]): string | undefined {
  const looks = looksOf(summary, names);
  if (looks.length === 0) return undefined;
  return `*${label}*  ${looks.map(([name, words]) => `${CARD_STYLES[name].emoji} ${words}`).join(' · ')}`;
}

/** That nothing was taken off air is worth a line, too; the counts of a day before there were any say nothing. */
function signalLine(summary: DailySummary): string | undefined {
  if (Object.keys(summary.byEffect).length === 0) return undefined;
  return effectLine(summary, 'Signal', SIGNAL) ?? '*Signal*  nothing was changed';
}

/** The same for a push notification: what touched the signal, what was refused or failed. */
const newsAsText = (summary: DailySummary): string =>
  looksOf(summary, [...SIGNAL, ...TROUBLE])
    .map(([, words]) => words)
    .join(', ');

/** How the day's calls were sent. */
const notifiedLine = ({ notified, folded, digested }: DailySummary): string =>
  `*Sent*  ${numberText(notified)} alone · ${numberText(folded)} in folds · ${numberText(digested)} in digests`;

/** The daily sign of life of one channel. */
export function renderSummary(summary: DailySummary): SlackMessage {
  const { channel, fromMs, toMs, notified, folded, digested, deadLettered, slowestDeliveryMs } = summary;
  const total = notified + folded + digested;
  const { emoji, color } = LOOK_OF_STATE[stateOf(summary)];
  const quiet = total === 0 && deadLettered === 0;
  const words = quiet ? 'no MediaConnect calls' : `${countText(total, CALLS)} reported`;
  const news = newsAsText(summary);
  const facts = [
    signalLine(summary),
    effectLine(summary, 'Refused or failed', TROUBLE),
    effectLine(summary, 'Besides', BESIDES),
    countsLine('On', summary.byResource, kindWords),
    quiet ? 'The notifier is alive and watching.' : notifiedLine(summary),
    slowestDeliveryMs === undefined ? undefined : `*Slowest*  ${durationText(slowestDeliveryMs)} from call to Slack`,
    healthLine(summary),
  ].filter((line) => line !== undefined);

  return message({
    text: `${emoji} Daily summary, channel ${escapeText(channel, NAME_LENGTH)}: ${words}${troubleAsText(summary)}${news === '' ? '' : `: ${news}`}`,
    blocks: [section(`${emoji} *Daily summary* — ${words}${news === '' ? '' : `: ${news}`}`)],
    attachments: [
      {
        color,
        blocks: [
          section(facts.join('\n')),
          context(`${localText(fromMs)} – ${localText(toMs)} · channel ${codeSpan(channel, NAME_LENGTH)}`),
        ],
      },
    ],
  });
}
