import type { Evidence, Notice, Ticket } from '../evidence.ts';
import type { Violate } from '../promises.ts';

/** A call, and the message that reported it. */
interface Word {
  readonly ticket: Ticket;
  readonly notice: Notice;
}

const STATES: ReadonlySet<string> = new Set(['StartFlow', 'StopFlow']);
const isAboutState = ({ call }: Ticket): boolean => STATES.has(call.operation);
const later = (one: Ticket, other: Ticket): Ticket => (other.call.calledMs > one.call.calledMs ? other : one);

/** Whether whoever posts next may not know of it. */
const isUnknown = ({ notice: { post, notes } }: Word): boolean =>
  post.answer === 'lost' || notes.invocation.isBroken || notes.ledgerFailedMs.length > 0;

const labelOf = ({ call }: Ticket): string => `${call.operation} of ${new Date(call.calledMs).toISOString()}`;

/** That what a channel reads last about a flow is how the flow is. */
export function createOrderCheck(violate: Violate, evidence: () => Evidence) {
  const latest = new Map<string, Word>();

  function compare(word: Word, before: Word): void {
    const { ticket, notice } = word;
    const contradicts = before.ticket.call.operation !== ticket.call.operation;
    const couldKnow = before.notice.post.takenMs < notice.post.sentMs && !isUnknown(before);
    if (!contradicts || !couldKnow || notice.notes.ledgerFailedMs.length > 0 || notice.read.saysOlder) return;
    const label = `${evidence().labelOf(ticket)} on ${ticket.call.flow}`;
    violate('the last word is the state', `${label}: ${labelOf(ticket)} was reported after ${labelOf(before.ticket)}`);
  }

  return (tickets: readonly Ticket[], notice: Notice): void => {
    const byFlow = Map.groupBy(tickets.filter(isAboutState), ({ call, channel }) => `${channel} ${call.flow}`);
    for (const [key, ofFlow] of byFlow) {
      const word = { ticket: ofFlow.reduce(later), notice };
      const before = latest.get(key);
      if (before !== undefined && before.ticket.call.calledMs > word.ticket.call.calledMs) compare(word, before);
      else latest.set(key, word);
    }
  };
}
