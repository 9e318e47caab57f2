import { type Notification, phraseText } from '../../../shared/notification/notification.ts';
import {
  type Joined,
  joinCall,
  joinCheck,
  joinEvent,
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
  type SignalMemory,
} from '../../../shared/outcome/signal-memory.ts';
import { at } from './signal-examples.ts';

export type Arrival = readonly [seconds: number, what: Notification | SignalEvent];

/**
 * Plays arrivals with every look when it is due; each line as an operator reads it, with its channels. Every card is
 * posted: what it said is not said again in a line under the same key.
 */
export function playAsRead(arrivals: readonly Arrival[], levels: OutcomeLevels, untilSeconds = 600): readonly string[] {
  let memory: SignalMemory = NOTHING_REMEMBERED;
  const said: string[] = [];
  const checks: OutcomeCheck[] = [];
  const settings = {
    outcomes: { say: levels.outcomes, channel: levels.outcomesChannel },
    health: { say: levels.health },
  };
  // As the ledger does: what a card said, too, is not said again under its key.
  const noted = new Set<string>();
  const isNew = (key: string, channel: string): boolean => {
    const isFirst = !noted.has(`${key} ${channel}`);
    noted.add(`${key} ${channel}`);
    return isFirst;
  };
  const take = (seconds: number, joined: Joined, channel = ''): void => {
    memory = memoryOf(JSON.parse(JSON.stringify(joined.memory)));
    checks.push(...joined.checks);
    for (const { id } of joined.card?.troubles ?? []) isNew(troubleKey(id), channel);
    const lines = joined.card ? cardLines(joined.card) : [];
    said.push(...lines.map((line) => `${seconds} s ${channel} card: ${phraseText(line)}`));
    for (const saying of joined.say) {
      const channels = channelsOf(saying, settings).filter((to) => isNew(saying.key, to));
      said.push(...channels.map((to) => `${seconds} s ${to}: ${phraseText(sayingWords(saying))}`));
    }
  };
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
    else take(seconds, joinCall(memory, what, at(seconds), levels), what.route.channel);
  }
  lookUntil(untilSeconds);
  return said;
}
