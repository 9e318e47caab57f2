import { leavesNoWord } from '../attribute.ts';
import type { Evidence, Notice, Ticket } from '../evidence.ts';
import type { Violate } from '../promises.ts';

const TEN_MINUTES_MS = 10 * 60_000;
/** Clocks of two processes differ by as much, and from deciding to Slack's yes it takes a while. */
const TOLERANCE_MS = 5000;
/** From Slack's yes to when whoever posts next can know of it, while the ledger answers as usual. */
const SAID_WITHIN_MS = 60_000;

/** For what somebody is to be called; `undefined`: for nothing. */
function causeOf({ call, channel }: Ticket): string | undefined {
  if (channel === 'ops' && call.operation === 'DeleteFlow') return 'ops denied';
  return channel === 'default' && call.operation === 'StopFlow' ? `default off air ${call.flow}` : undefined;
}

const isLedgerInReach = ({ notes }: Notice): boolean => notes.ledgerFailedMs.length === 0;

/**
 * That nobody is called twice in ten minutes for one cause in one channel, and that nobody who is to be called for
 * refusals is not called without that.
 */
export function createMentionCheck(violate: Violate, evidence: () => Evidence) {
  const latest = new Map<string, Notice>();
  /** A call that is only counted may be found in a message later; nobody is called for such. */
  const compared = new WeakSet<Notice>();

  const agoMs = (cause: string, { post }: Notice): number =>
    post.sentMs - (latest.get(cause)?.post.takenMs ?? Number.NEGATIVE_INFINITY);

  /** Whether the last mention for it, if there was one, was a while ago. */
  const isFree = (cause: string, notice: Notice): boolean => agoMs(cause, notice) > TEN_MINUTES_MS - TOLERANCE_MS;

  /** Whether it is free, or the last mention may not be known of. */
  function mayCall(cause: string, notice: Notice): boolean {
    const last = latest.get(cause);
    return last === undefined || isFree(cause, notice) || leavesNoWord(last) || !isLedgerInReach(notice);
  }

  const mustCall = (cause: string, notice: Notice): boolean =>
    cause === 'ops denied' && agoMs(cause, notice) > TEN_MINUTES_MS + SAID_WITHIN_MS;

  /**
   * Of several that a mention may be for, one whose last mention may be known of after all is perhaps not among them.
   */
  function called(possible: readonly string[], notice: Notice): void {
    const sure = possible.length === 1 ? possible : possible.filter((cause) => isFree(cause, notice));
    for (const cause of sure) latest.set(cause, notice);
  }

  function compare(causes: readonly string[], notice: Notice, label: string): void {
    const possible = causes.filter((cause) => mayCall(cause, notice));
    if (notice.read.mentions) {
      if (possible.length === 0) violate('called once in ten minutes', `${label}: again for ${causes.join(', ')}`);
      called(possible, notice);
    } else if (causes.some((cause) => mustCall(cause, notice))) {
      violate('called once in ten minutes', `${label}: nobody was called`);
    }
  }

  return (tickets: readonly Ticket[], notice: Notice): void => {
    const { read, notes } = notice;
    // A digest calls nobody, and neither does what stands in another channel than its own.
    if (notes.invocation.functionName !== 'notifier' || read.meantFor !== undefined || compared.has(notice)) return;
    compared.add(notice);
    const causes = new Set(tickets.map(causeOf).filter((cause) => cause !== undefined));
    const labels = tickets.map(evidence().labelOf).join(', ');
    compare([...causes], notice, `${notes.invocation.name}, of ${labels}`);
  };
}
