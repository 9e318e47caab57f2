import type { Evidence, Telling, Ticket } from '../evidence.ts';
import type { Violate } from '../promises.ts';

/** A call, and the message that told it. */
interface Word {
  readonly ticket: Ticket;
  readonly telling: Telling;
}

const STATES: ReadonlySet<string> = new Set(['StartFlow', 'StopFlow']);
const isAboutState = ({ call }: Ticket): boolean => STATES.has(call.operation);
const later = (one: Ticket, other: Ticket): Ticket => (other.call.calledMs > one.call.calledMs ? other : one);

/** Whether whoever posts next may not know of it. */
const isUnknown = ({ telling: { post, notes } }: Word): boolean =>
  post.answer === 'lost' || notes.invocation.isBroken || notes.ledgerFailedMs.length > 0;

const labelOf = ({ call }: Ticket): string => `${call.operation} of ${new Date(call.calledMs).toISOString()}`;

/** That what a channel reads last about a flow is how the flow is. */
export function createOrderCheck(violate: Violate, evidence: () => Evidence) {
  const latest = new Map<string, Word>();

  function compare(word: Word, before: Word): void {
    const { ticket, telling } = word;
    const contradicts = before.ticket.call.operation !== ticket.call.operation;
    const couldKnow = before.telling.post.takenMs < telling.post.sentMs && !isUnknown(before);
    if (!contradicts || !couldKnow || telling.notes.ledgerFailedMs.length > 0 || telling.read.saysOlder) return;
    const label = `${evidence().labelOf(ticket)} on ${ticket.call.flow}`;
    violate('the last word is the state', `${label}: ${labelOf(ticket)} was told after ${labelOf(before.ticket)}`);
  }

  return (tickets: readonly Ticket[], telling: Telling): void => {
    const byFlow = Map.groupBy(tickets.filter(isAboutState), ({ call, channel }) => `${channel} ${call.flow}`);
    for (const [key, ofFlow] of byFlow) {
      const word = { ticket: ofFlow.reduce(later), telling };
      const before = latest.get(key);
      if (before !== undefined && before.ticket.call.calledMs > word.ticket.call.calledMs) compare(word, before);
      else latest.set(key, word);
    }
  };
}
