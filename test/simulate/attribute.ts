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
  left: number;
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
  let pools: readonly Pool[] = [];

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
      pools = [...pools, { notice, candidates: new Set(possible), left: count }];
      return [];
    }
    const others = candidates.filter((ticket) => !possible.includes(ticket)).slice(0, count - possible.length);
    if (possible.length + others.length < count) {
      violate('reported truly', `${notes.invocation.name} says ${read.stated} calls and was not given as many`);
    }
    return [...possible, ...others];
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
    isPerhapsNotified: (ticket: Ticket): boolean => pools.some(({ candidates }) => candidates.has(ticket)),

    /** The message that reported a call by its number only, as far as anybody can know. */
    noticeOf(ticket: Ticket): Notice | undefined {
      const pool = pools.find(({ candidates }) => candidates.has(ticket));
      if (pool === undefined) return undefined;
      pool.left -= 1;
      if (pool.left === 0) pools = pools.filter((other) => other !== pool);
      return pool.notice;
    },

    /** The run is over: what was reported by number only, and to nobody who still waited, was reported again. */
    finish(): void {
      for (const { notice, candidates, left } of pools) {
        if (leavesNoWord(notice)) continue;
        const excused = [...candidates].filter((ticket) => mayBeNotifiedAgain(ticket, notice)).length;
        if (left > excused)
          violate('reported once', `${left - excused} calls that ${notice.notes.invocation.name} counted`);
      }
    },
  };
}
