import type { Notice, Ticket } from './evidence.ts';
import type { Violate } from './promises.ts';

/** Why a call was reported again. */
export type Excuse = 'a kill' | 'an answer that got lost' | 'the ledger out of reach';

/** Whether the functions wrote that the call was reported, after Slack took the message. */
const isMarked = ({ post, notes }: Notice, ticket: Ticket): boolean => (notes.markedMs.get(ticket) ?? 0) > post.takenMs;

/** Why whoever reported a call may not have left word of it, or whoever reported it again may not have found it. */
export function excuseOf(before: Notice, again: Notice, ticket: Ticket): Excuse | undefined {
  if (before.post.answer === 'lost') return 'an answer that got lost';
  if (before.notes.invocation.isBroken && !isMarked(before, ticket)) return 'a kill';
  const isOutOfReach = before.notes.ledgerFailedMs.length > 0 || again.notes.ledgerFailedMs.length > 0;
  return isOutOfReach ? 'the ledger out of reach' : undefined;
}

/** A message that says that it reports more calls than it names, among which they are. */
interface Pool {
  readonly notice: Notice;
  readonly candidates: ReadonlySet<Ticket>;
  readonly count: number;
  /** Those of the candidates that it must have reported, as far as anybody knows by now. */
  readonly taken: Set<Ticket>;
}

/** A call that one of the messages must have reported. */
interface Assignment {
  readonly ticket: Ticket;
  readonly pool: Pool;
}

export interface AttributionOptions {
  readonly violate: Violate;
  /** Whether a channel's messages go to that webhook, or did before it was exchanged. */
  readonly isWebhookOf: (url: string, channel: string) => boolean;
  readonly ticketsOf: (number: number) => readonly Ticket[];
}

/** Whether whoever comes next may not know of a message. */
export const leavesNoWord = ({ post, notes }: Notice): boolean =>
  post.answer === 'lost' || notes.invocation.isBroken || notes.ledgerFailedMs.length > 0;

/** Whether a call was reported before, and by somebody who may not have left word of it. */
const mayBeNotifiedAgain = (ticket: Ticket, notice: Notice): boolean =>
  ticket.notices.some((before) => before !== notice && excuseOf(before, notice, ticket) !== undefined);

const isMissed = ({ notices }: Ticket): boolean => notices.length === 0;

/**
 * Finds out which calls a message reports: those that it names; and where it says more than that, the others that its
 * invocation was given for that channel. What the functions write down is not asked.
 */
export function createAttribution({ violate, isWebhookOf, ticketsOf }: AttributionOptions) {
  const pools: Pool[] = [];

  const isOfChannel = ({ read }: Notice, { channel }: Ticket): boolean =>
    read.channels.size === 0 || read.channels.has(channel);

  const isForWebhook = ({ post, read }: Notice, { channel }: Ticket): boolean =>
    read.meantFor === undefined ? isWebhookOf(post.url, channel) : read.meantFor === channel;

  /** The one of a call's tickets that the message is about: in the invocation's hands, and rather one not reported yet. */
  function ticketNamed(number: number, notice: Notice): readonly Ticket[] {
    const inHand = ticketsOf(number).filter((ticket) => notice.notes.hands.has(ticket));
    const ofWebhook = inHand.filter((ticket) => isForWebhook(notice, ticket));
    const ofChannel = ofWebhook.filter((ticket) => isOfChannel(notice, ticket));
    const candidates = [ofChannel, ofWebhook, inHand].find(({ length }) => length > 0) ?? [];
    const ticket = candidates.find(isMissed) ?? candidates[0];
    if (ticket !== undefined) return [ticket];
    violate(
      'reported truly',
      `${notice.notes.invocation.name} was not given call ${number}: ${notice.post.message.text.slice(0, 300)}`,
    );
    return [];
  }

  function ticketsCounted(count: number, named: readonly Ticket[], notice: Notice): readonly Ticket[] {
    const { notes, read } = notice;
    const isDigest = notes.invocation.functionName === 'digest';
    const candidates = [...notes.hands]
      .filter(
        (ticket) =>
          // A digest names only so many; elsewhere all are named but those of robots.
          (isDigest || ticket.call.isByRobot) &&
          !named.includes(ticket) &&
          !ticket.call.isMalformed &&
          isForWebhook(notice, ticket) &&
          isOfChannel(notice, ticket),
      )
      .sort((one, other) => Number(other.call.isByRobot) - Number(one.call.isByRobot));
    const possible = candidates.filter((ticket) => isMissed(ticket) || mayBeNotifiedAgain(ticket, notice));
    if (possible.length > count) {
      pools.push({ notice, candidates: new Set(possible), count, taken: new Set() });
      return [];
    }
    const others = candidates.filter((ticket) => !possible.includes(ticket)).slice(0, count - possible.length);
    if (possible.length + others.length < count) {
      violate('reported truly', `${notes.invocation.name} says ${read.stated} calls and was not given as many`);
    }
    return [...possible, ...others];
  }

  /**
   * Which of the messages may have reported a call, and which others than so far the calls that are in its way: whoever
   * was given several of them may have counted any. `undefined`: none can have.
   */
  function assignmentsFor(ticket: Ticket, seen: Set<Pool>): readonly Assignment[] | undefined {
    const possible = pools.filter(({ candidates }) => candidates.has(ticket));
    const free = possible.find(({ count, taken }) => taken.size < count);
    if (free !== undefined) return [{ ticket, pool: free }];
    for (const pool of possible) {
      const moved = seen.has(pool) ? undefined : roomIn(pool, seen.add(pool));
      if (moved !== undefined) return [...moved, { ticket, pool }];
    }
    return undefined;
  }

  /** Which other message one of the calls may have been reported by that a message is full of. */
  function roomIn({ taken }: Pool, seen: Set<Pool>): readonly Assignment[] | undefined {
    for (const other of taken) {
      const moved = assignmentsFor(other, seen);
      if (moved !== undefined) return moved;
    }
    return undefined;
  }

  /** Takes a call from the message that was taken for its own. */
  function release(ticket: Ticket, to: Notice): void {
    const pool = pools.find(({ taken }) => taken.delete(ticket));
    if (pool === undefined) return;
    ticket.notices.splice(ticket.notices.indexOf(pool.notice), 1, to);
  }

  /** How many calls of a message nobody is known to be, and no repeat explains. */
  function unexplained({ notice, candidates, count, taken }: Pool): number {
    if (leavesNoWord(notice)) return Number.NEGATIVE_INFINITY;
    const excused = [...candidates].filter((ticket) => mayBeNotifiedAgain(ticket, notice)).length;
    return count - taken.size - excused;
  }

  /** Whether a message can do without one of its calls: a repeat explains that, or another message's can be had for it. */
  const canGive = (pool: Pool, seen: Set<Pool>): boolean => unexplained(pool) < 0 || isFilled(pool, seen);

  /** Takes for one of a message's calls one that was taken for another message's, which can do without. Whether it did. */
  function isFilled(pool: Pool, seen: Set<Pool>): boolean {
    return pools.some((other) => {
      const ticket = [...other.taken].find((one) => pool.candidates.has(one));
      if (ticket === undefined || seen.has(other) || !canGive(other, seen.add(other))) return false;
      release(ticket, pool.notice);
      pool.taken.add(ticket);
      return true;
    });
  }

  return {
    ticketsIn(notice: Notice): readonly Ticket[] {
      const { notes, read } = notice;
      const named = [...read.named].flatMap((number) => ticketNamed(number, notice));
      const unnamed = read.stated - named.length;
      if (unnamed === 0) return named;
      if (unnamed > 0) return [...named, ...ticketsCounted(unnamed, named, notice)];
      violate('reported truly', `${notes.invocation.name} says ${read.stated} calls and names ${named.length}`);
      return named;
    },

    /** Whether a message may have reported a call by its number only. */
    isPerhapsNotified: (ticket: Ticket): boolean => assignmentsFor(ticket, new Set()) !== undefined,

    /** The message that reported a call by its number only, as far as anybody can know. */
    noticeOf(ticket: Ticket): Notice | undefined {
      const assignments = assignmentsFor(ticket, new Set());
      for (const { ticket: other, pool } of assignments ?? []) {
        release(other, pool.notice);
        pool.taken.add(other);
      }
      return assignments?.at(-1)?.pool.notice;
    },

    /** The run is over: what was reported by number only, and to nobody who still waited, was reported again. */
    finish(): void {
      for (const pool of pools) {
        while (unexplained(pool) > 0 && isFilled(pool, new Set([pool])));
        const left = unexplained(pool);
        if (left > 0) violate('reported once', `${left} calls that ${pool.notice.notes.invocation.name} counted`);
      }
    },
  };
}
