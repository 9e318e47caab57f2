import { RESOURCE_KIND_WORDS, type ResourceKind } from '../call/operations.ts';
import { type Phrase, phrase } from '../notification/notification.ts';
import { context, message, type SlackMessage, section } from './message.ts';
import {
  CALLS,
  codeSpan,
  countText,
  durationText,
  escapeText,
  joinWithin,
  localText,
  mrkdwnPhrase,
  numberText,
  phraseAsText,
  withShortNames,
} from './mrkdwn.ts';
import { CARD_STYLES, STYLE_NAMES, type StyleName } from './style.ts';

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

/** Who did what of one kind to which thing in a day, and how often. Names are untrusted. */
export interface NamedCalls {
  readonly effect: string;
  /** Empty where only who did it is known. */
  readonly on: Phrase;
  readonly by: Phrase;
  readonly count: number;
}

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
  /** The most frequent first, as far as the day remembers them. */
  readonly named: readonly NamedCalls[];
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

/** What an operator asks in the morning, each line's looks in the order in which they matter. */
const SIGNAL: readonly StyleName[] = ['off-air', 'unknown', 'signal-changed', 'put-on-air'];
const TROUBLE: readonly StyleName[] = ['denied', 'failed'];
const BESIDES = STYLE_NAMES.filter((name) => !SIGNAL.includes(name) && !TROUBLE.includes(name));

const countOf = ({ byEffect, byOutcome }: DailySummary, name: StyleName): number =>
  (TROUBLE.includes(name) ? byOutcome[name] : byEffect[name]) ?? 0;

/** What nobody wants to read beside a green heart. */
const EVENTS: readonly StyleName[] = ['off-air', 'unknown', ...TROUBLE];

/** How the notifier stands; `eventful`: well, on a day after which a green heart would say too much. */
type State = 'calm' | 'eventful' | 'unknown' | 'trouble';

const LOOK_OF_STATE: Readonly<Record<State, { readonly emoji: string; readonly color: string }>> = {
  calm: { emoji: '💚', color: '#2eb67d' },
  eventful: { emoji: '📋', color: '#1264a3' },
  unknown: { emoji: '❔', color: '#868686' },
  trouble: { emoji: '⚠️', color: '#ecb22e' },
};

const waitsTooLong = (waiting: WaitingCalls): boolean =>
  waiting.kind === 'waiting' && waiting.oldestMs > WAITS_TOO_LONG_MS;

function stateOf(summary: DailySummary): State {
  const { deadLettered, waiting } = summary;
  if (deadLettered > 0 || waiting.kind === 'untaken' || waitsTooLong(waiting)) return 'trouble';
  if (waiting.kind === 'unknown') return 'unknown';
  return EVENTS.some((name) => countOf(summary, name) > 0) ? 'eventful' : 'calm';
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

/** "3 off air", "2 signal changes" of those looks that there were. */
const looksOf = (summary: DailySummary, names: readonly StyleName[]): readonly (readonly [StyleName, string])[] =>
  names.flatMap((name) => {
    const count = countOf(summary, name);
    return count === 0 ? [] : [[name, countText(count, CARD_STYLES[name].counted)] as const];
  });

/** So many are named of each look; of what went off air, every one that the day remembers. */
const NAMED_OTHERWISE = 3;
const NAMED_LENGTH = 120;
/** Of a name, of which there can be three. */
const SHORT_NAME_LENGTH = 28;

const namedOf = ({ named }: DailySummary, name: StyleName): readonly NamedCalls[] =>
  named.filter(({ effect }) => effect === name).slice(0, name === 'off-air' ? undefined : NAMED_OTHERWISE);

const namedPhrase = ({ on, by, count }: NamedCalls): Phrase =>
  withShortNames(
    phrase(on, on.length === 0 ? '' : ' by ', by, count === 1 ? '' : ` (${numberText(count)})`),
    () => SHORT_NAME_LENGTH,
  );

/** "flow `CupFinal-Main` by `jane@example.org` (2), … and 1 more call" of one look; empty where nobody is named. */
function namesOf(summary: DailySummary, name: StyleName, write: (one: Phrase) => string): string {
  const named = namedOf(summary, name);
  if (named.length === 0) return '';
  const list = named.map((one) => write(namedPhrase(one))).join(', ');
  const rest = countOf(summary, name) - named.reduce((sum, { count }) => sum + count, 0);
  return rest > 0 ? `${list} and ${countText(rest, ['more call', 'more calls'])}` : list;
}

/** The counts of some looks, each with who did that, and to what: on a line of its own where that is known of any. */
function effectLine(summary: DailySummary, label: string, names: readonly StyleName[]): string | undefined {
  const looks = looksOf(summary, names);
  if (looks.length === 0) return undefined;
  const lists = looks.map(([name]) => namesOf(summary, name, (one) => mrkdwnPhrase(one, NAMED_LENGTH)));
  const counts = looks.map(([name, words], index) => {
    const list = lists[index] ?? '';
    return `${CARD_STYLES[name].emoji} ${words}${list === '' ? '' : `: ${list}`}`;
  });
  return `*${label}*  ${counts.join(lists.some((list) => list !== '') ? '\n' : ' · ')}`;
}

/** That nothing was taken off air is worth a line, too; the counts of a day before there were any say nothing. */
function signalLine(summary: DailySummary): string | undefined {
  if (Object.keys(summary.byEffect).length === 0) return undefined;
  return effectLine(summary, 'Signal', SIGNAL) ?? '*Signal*  nothing was changed';
}

/** What touched the signal, what was refused or failed; `said` behind each look. */
const newsOf = (summary: DailySummary, said: (name: StyleName) => string = () => ''): string =>
  looksOf(summary, [...SIGNAL, ...TROUBLE])
    .map(([name, words]) => `${words}${said(name)}`)
    .join(', ');

/** The same for a push notification, with who took what off air. */
const newsAsText = (summary: DailySummary): string =>
  newsOf(summary, (name) => {
    const list = name === 'off-air' ? namesOf(summary, name, (one) => phraseAsText(one, NAMED_LENGTH)) : '';
    return list === '' ? '' : ` (${list})`;
  });

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
  const [news, text] = [newsOf(summary), newsAsText(summary)];
  const first = [signalLine(summary), effectLine(summary, 'Refused or failed', TROUBLE)].filter(
    (line) => line !== undefined,
  );
  const facts = [
    effectLine(summary, 'Besides', BESIDES),
    countsLine('On', summary.byResource, kindWords),
    quiet ? 'The notifier is alive and watching.' : notifiedLine(summary),
    slowestDeliveryMs === undefined ? undefined : `*Slowest*  ${durationText(slowestDeliveryMs)} from call to Slack`,
    healthLine(summary),
  ].filter((line) => line !== undefined);

  return message({
    text: `${emoji} Daily summary, channel ${escapeText(channel, NAME_LENGTH)}: ${words}${troubleAsText(summary)}${text === '' ? '' : `: ${text}`}`,
    blocks: [section(`${emoji} *Daily summary* — ${words}${news === '' ? '' : `: ${news}`}`)],
    attachments: [
      {
        color,
        blocks: [
          ...(first.length === 0 ? [] : [section(first.join('\n'))]),
          section(facts.join('\n')),
          context(`${localText(fromMs)} – ${localText(toMs)} · channel ${codeSpan(channel, NAME_LENGTH)}`),
        ],
      },
    ],
  });
}
