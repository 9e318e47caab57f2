import { RESOURCE_KIND_WORDS, type ResourceKind } from '../resource-kind.ts';
import { context, message, section } from './blocks.ts';
import { CALLS, countText, numberText } from './count-text.ts';
import { codeSpan, inertText } from './escape-text.ts';
import { listWithin } from './list-within.ts';
import type { SlackMessage } from './slack-message.ts';
import { durationText, localText } from './time-text.ts';

/** What happened in one channel over a day. */
export interface DailySummary {
  readonly channel: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** Calls told in a message of their own. */
  readonly told: number;
  /** Calls told in a fold. */
  readonly folded: number;
  /** Calls counted in a digest. */
  readonly digested: number;
  readonly deadLettered: number;
  readonly byAccess: Readonly<Record<string, number>>;
  readonly byResource: Readonly<Record<string, number>>;
  readonly byOutcome: Readonly<Record<string, number>>;
  readonly slowestDeliveryMs?: number | undefined;
  /** Records that are still in the queues. */
  readonly waiting?: number | undefined;
}

const LINE_LENGTH = 900;
const NAME_LENGTH = 80;

function countsLine(
  label: string,
  counts: Readonly<Record<string, number>>,
  wordsFor: (name: string) => string = (name) => name,
): string | undefined {
  const entries = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .toSorted(([, one], [, other]) => other - one);
  if (entries.length === 0) return undefined;
  const list = listWithin(
    entries,
    ([name, count]) => `${inertText(wordsFor(name), NAME_LENGTH)} ${numberText(count)}`,
    ' · ',
    LINE_LENGTH,
  );
  return `*${label}*  ${list}`;
}

const isKind = (name: string): name is ResourceKind => Object.hasOwn(RESOURCE_KIND_WORDS, name);
const kindWords = (name: string): string => (isKind(name) ? RESOURCE_KIND_WORDS[name][1] : name);

/** What went wrong, or that nothing did: silence would not tell the two apart. */
function healthLine({ deadLettered, waiting = 0 }: DailySummary): string {
  const troubles = [
    deadLettered > 0 ? `⚠️ *${countText(deadLettered, CALLS)} could not be told* and went to the dead-letter queue` : '',
    waiting > 0 ? `⏳ ${countText(waiting, CALLS)} still waiting in the queue` : '',
  ].filter((trouble) => trouble !== '');
  return troubles.length === 0 ? '✅ Nothing was lost, nothing is waiting.' : troubles.join('\n');
}

/** How the day's calls were told. */
const toldLine = ({ told, folded, digested }: DailySummary): string =>
  `*Told*  ${numberText(told)} alone · ${numberText(folded)} in folds · ${numberText(digested)} in digests`;

/** The daily sign of life of one channel. */
export function renderSummary(summary: DailySummary): SlackMessage {
  const { channel, fromMs, toMs, told, folded, digested, deadLettered, slowestDeliveryMs } = summary;
  const total = told + folded + digested;
  const isCalm = deadLettered === 0 && (summary.waiting ?? 0) === 0;
  const emoji = isCalm ? '💚' : '⚠️';
  const quiet = total === 0 && deadLettered === 0;
  const words = quiet ? 'Nothing happened: no MediaConnect call to tell' : `${countText(total, CALLS)} told`;
  const facts = [
    quiet ? 'The notifier is alive and watching.' : toldLine(summary),
    countsLine('Outcome', summary.byOutcome),
    countsLine('Access', summary.byAccess),
    countsLine('On', summary.byResource, kindWords),
    slowestDeliveryMs === undefined ? undefined : `*Slowest*  ${durationText(slowestDeliveryMs)} from call to Slack`,
    healthLine(summary),
  ].filter((line) => line !== undefined);

  return message({
    text: `${emoji} Daily summary of ${inertText(channel, NAME_LENGTH)}: ${words}${isCalm ? '' : `, ${deadLettered} dead-lettered, ${summary.waiting ?? 0} waiting`}`,
    blocks: [section(`${emoji} *Daily summary* — ${words}`)],
    attachments: [
      {
        color: isCalm ? '#2eb67d' : '#ecb22e',
        blocks: [
          section(facts.join('\n')),
          context(`${localText(fromMs)} – ${localText(toMs)} · channel ${codeSpan(channel, NAME_LENGTH)}`),
        ],
      },
    ],
  });
}
