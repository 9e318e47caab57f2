import { type Notification, phraseText } from '../../../shared/notification/notification.ts';
import {
  type CardOutcome,
  type Joined,
  joinCall,
  joinCheck,
  joinEvent,
  joinUnshown,
  type OutcomeLevels,
  troubleKey,
} from '../../../shared/outcome/join.ts';
import { cardLines, sayingWords } from '../../../shared/outcome/outcome-words.ts';
import type { SignalEvent } from '../../../shared/outcome/signal-event.ts';
import {
  channelsOf,
  memoryOf,
  NOTHING_REMEMBERED,
  type OutcomeCheck,
  rootArnOf,
  type Saying,
  type SignalMemory,
} from '../../../shared/outcome/signal-memory.ts';
import { at } from './signal-examples.ts';

export type Arrival = readonly [seconds: number, what: Notification | SignalEvent];

/** What becomes of a call's card: it is never posted, or went out before it was known what to say on it. */
export type Fate = 'posted' | 'lost' | 'out already';

/** What is read at a time: a card in its channel, or a line in each of those that had none under its key. */
export type Reading = { readonly seconds: number; readonly channels: readonly string[] } & (
  | { readonly card: CardOutcome }
  | { readonly saying: Saying }
);

export interface PlayOptions {
  readonly untilSeconds?: number;
  /** Of the cards in their order; those for which none is given are posted. */
  readonly fates?: readonly Fate[];
}

/**
 * Plays arrivals in order of time, with every look that is asked for when it is due. What a card said is not said again
 * under the same key.
 */
export function playArrivals(
  arrivals: readonly Arrival[],
  levels: OutcomeLevels,
  { untilSeconds = 600, fates = [] }: PlayOptions = {},
): readonly Reading[] {
  let memory: SignalMemory = NOTHING_REMEMBERED;
  let cards = 0;
  const read: Reading[] = [];
  const checks: OutcomeCheck[] = [];
  const settings = {
    outcomes: { say: levels.outcomes, channel: levels.outcomesChannel },
    health: { say: levels.health },
  };
  // As the ledger does.
  const noted = new Set<string>();
  const isNew = (key: string, channel: string): boolean => {
    const isFirst = !noted.has(`${key} ${channel}`);
    noted.add(`${key} ${channel}`);
    return isFirst;
  };
  function takeCard(seconds: number, card: CardOutcome, { route, ...call }: Notification): void {
    const fate = fates[cards] ?? 'posted';
    cards += 1;
    const { channel } = route;
    if (fate === 'out already') {
      const unshown = { card, rootArn: rootArnOf(call) ?? '', channel };
      take(seconds, joinUnshown(memory, unshown, at(seconds), levels));
    }
    if (fate !== 'posted') return;
    for (const { id } of card.troubles) isNew(troubleKey(id), channel);
    read.push({ seconds, channels: [channel], card });
  }
  function take(seconds: number, joined: Joined, call?: Notification): void {
    memory = memoryOf(JSON.parse(JSON.stringify(joined.memory)));
    checks.push(...joined.checks);
    if (joined.card !== undefined && call !== undefined) takeCard(seconds, joined.card, call);
    for (const saying of joined.say) {
      const channels = channelsOf(saying, settings).filter((channel) => isNew(saying.key, channel));
      if (channels.length > 0) read.push({ seconds, channels, saying });
    }
  }
  const lookUntil = (seconds: number): void => {
    for (;;) {
      const next = checks.toSorted((one, other) => one.dueAtMs - other.dueAtMs)[0];
      if (next === undefined || next.dueAtMs > at(seconds)) return;
      checks.splice(checks.indexOf(next), 1);
      take((next.dueAtMs - at(0)) / 1000, joinCheck(memory, next, next.dueAtMs, levels));
    }
  };
  for (const [seconds, what] of arrivals) {
    lookUntil(seconds);
    if ('body' in what) take(seconds, joinEvent(memory, what, at(seconds), levels));
    else take(seconds, joinCall(memory, what, at(seconds), levels), what);
  }
  lookUntil(untilSeconds);
  return read;
}

/** The same, each line as an operator reads it, with its channel. */
export const playAsRead = (
  arrivals: readonly Arrival[],
  levels: OutcomeLevels,
  options?: PlayOptions,
): readonly string[] =>
  playArrivals(arrivals, levels, options).flatMap((reading) =>
    reading.channels.flatMap((channel) =>
      'card' in reading
        ? cardLines(reading.card).map((line) => `${reading.seconds} s ${channel} card: ${phraseText(line)}`)
        : [`${reading.seconds} s ${channel}: ${phraseText(sayingWords(reading.saying))}`],
    ),
  );
