import type { Telling, Ticket } from './evidence.ts';
import type { Violate } from './promises.ts';

/** Why a call was told again. */
export type Excuse = 'a kill' | 'an answer that got lost' | 'the ledger out of reach';

/** Whether the functions wrote that the call was told, after Slack took the message. */
const isMarked = ({ post, notes }: Telling, ticket: Ticket): boolean =>
  (notes.markedMs.get(ticket) ?? 0) > post.takenMs;

/** Why whoever told a call may not have left word of it, or whoever told it again may not have found it. */
export function excuseOf(before: Telling, again: Telling, ticket: Ticket): Excuse | undefined {
  if (before.post.answer === 'lost') return 'an answer that got lost';
  if (before.notes.invocation.isBroken && !isMarked(before, ticket)) return 'a kill';
  const isOutOfReach = before.notes.ledgerFailedMs.length > 0 || again.notes.ledgerFailedMs.length > 0;
  return isOutOfReach ? 'the ledger out of reach' : undefined;
}

/** A message that says that it tells more calls than it names, among which they are. */
interface Pool {
  readonly telling: Telling;
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
export const leavesNoWord = ({ post, notes }: Telling): boolean =>
  post.answer === 'lost' || notes.invocation.isBroken || notes.ledgerFailedMs.length > 0;

/** Whether a call was told before, and by somebody who may not have left word of it. */
const mayBeToldAgain = (ticket: Ticket, telling: Telling): boolean =>
  ticket.tellings.some((before) => before !== telling && excuseOf(before, telling, ticket) !== undefined);

const isUntold = ({ tellings }: Ticket): boolean => tellings.length === 0;

/**
 * Finds out which calls a message tells: those that it names; and where it says more than that, the others that its
 * invocation was given for that channel. What the functions write down is not asked.
 */
export function createAttribution({ violate, isWebhookOf, ticketsOf }: AttributionOptions) {
  let pools: readonly Pool[] = [];

  const isOfChannel = ({ read }: Telling, { channel }: Ticket): boolean =>
    read.channels.size === 0 || read.channels.has(channel);

  const isForWebhook = ({ post, read }: Telling, { channel }: Ticket): boolean =>
    read.meantFor === undefined ? isWebhookOf(post.url, channel) : read.meantFor === channel;

  /** The one of a call's tickets that the message is about: in the invocation's hands, and rather one not told yet. */
  function ticketNamed(number: number, telling: Telling): readonly Ticket[] {
    const inHand = ticketsOf(number).filter((ticket) => telling.notes.hands.has(ticket));
    const ofWebhook = inHand.filter((ticket) => isForWebhook(telling, ticket));
    const ofChannel = ofWebhook.filter((ticket) => isOfChannel(telling, ticket));
    const candidates = [ofChannel, ofWebhook, inHand].find(({ length }) => length > 0) ?? [];
    const ticket = candidates.find(isUntold) ?? candidates[0];
    if (ticket !== undefined) return [ticket];
    violate('told truly', `${telling.notes.invocation.name} was not given call ${number}`);
    return [];
  }

  function ticketsCounted(count: number, named: readonly Ticket[], telling: Telling): readonly Ticket[] {
    const { notes, read } = telling;
    const isDigest = notes.invocation.functionName === 'digest';
    const candidates = [...notes.hands]
      .filter(
        (ticket) =>
          // A digest names only so many; elsewhere all are named but those of robots.
          (isDigest || ticket.call.isByRobot) &&
          !named.includes(ticket) &&
          !ticket.call.isMalformed &&
          isForWebhook(telling, ticket) &&
          isOfChannel(telling, ticket),
      )
      .sort((one, other) => Number(other.call.isByRobot) - Number(one.call.isByRobot));
    const possible = candidates.filter((ticket) => isUntold(ticket) || mayBeToldAgain(ticket, telling));
    if (possible.length > count) {
      pools = [...pools, { telling, candidates: new Set(possible), left: count }];
      return [];
    }
    const others = candidates.filter((ticket) => !possible.includes(ticket)).slice(0, count - possible.length);
    if (possible.length + others.length < count) {
      violate('told truly', `${notes.invocation.name} says ${read.stated} calls and was not given as many`);
    }
    return [...possible, ...others];
  }

  return {
    ticketsIn(telling: Telling): readonly Ticket[] {
      const { notes, read } = telling;
      const named = [...read.named].flatMap((number) => ticketNamed(number, telling));
      const unnamed = read.stated - named.length;
      if (unnamed === 0) return named;
      if (unnamed > 0) return [...named, ...ticketsCounted(unnamed, named, telling)];
      violate('told truly', `${notes.invocation.name} says ${read.stated} calls and names ${named.length}`);
      return named;
    },

    /** Whether a message may have told a call by its number only. */
    isPerhapsTold: (ticket: Ticket): boolean => pools.some(({ candidates }) => candidates.has(ticket)),

    /** The message that told a call by its number only, as far as anybody can know. */
    tellingOf(ticket: Ticket): Telling | undefined {
      const possible = pools.filter(({ candidates }) => candidates.has(ticket));
      const pool = possible.find(({ left }) => left > 0) ?? possible[0];
      if (pool === undefined) return undefined;
      pool.left -= 1;
      // Of a message without a word of it, others may have been told again that were counted here.
      if (pool.left === 0 && !leavesNoWord(pool.telling)) pools = pools.filter((other) => other !== pool);
      return pool.telling;
    },

    /** The run is over: what was told by number only, and to nobody who still waited, was told again. */
    finish(): void {
      for (const { telling, candidates, left } of pools) {
        if (leavesNoWord(telling)) continue;
        const excused = [...candidates].filter((ticket) => mayBeToldAgain(ticket, telling)).length;
        if (left > excused)
          violate('told once', `${left - excused} calls that ${telling.notes.invocation.name} counted`);
      }
    },
  };
}
