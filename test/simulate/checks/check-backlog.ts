import type { Evidence, Notice, Ticket } from '../evidence.ts';
import type { Violate } from '../promises.ts';
import { MESSAGES_FOR_A_REFUSAL } from './refusals.ts';
import type { Setbacks } from './setbacks.ts';

export interface BacklogOptions {
  readonly nowMs: () => number;
  readonly violate: Violate;
  readonly evidence: () => Evidence;
  readonly setbacks: Setbacks;
  readonly placeOf: (ticket: Ticket) => number;
}

/** Calls that waited for a webhook when its outage ended, and the messages that reported them. */
interface Backlog {
  readonly place: number;
  readonly endedMs: number;
  readonly waiting: Set<Ticket>;
  readonly size: number;
  readonly channels: number;
  /** `undefined` where it is not one channel's, or where one is looked for that Slack refuses. */
  readonly oldest: Ticket | undefined;
  /** A message whose calls come to light one by one is one message. */
  readonly posts: Set<Notice>;
  /** Messages more, because of a kill or of a call that Slack refuses. */
  allowance: number;
}

/** Ten for a thousand calls. */
const LEAST_MESSAGES = 10;
const CALLS_A_MESSAGE = 100;
const MESSAGES_FOR_A_KILL = 3;
/** Lambda gives records also to invocations that must hand them over, which takes them some requests. */
const PASSED_ON_MS = 3000;
/** Of two clocks, and the whole seconds of the queue. */
const CLOCKS_DIFFER_MS = 5000;

const older = (one: Ticket | undefined, other: Ticket): Ticket =>
  one !== undefined && one.queuedMs <= other.queuedMs ? one : other;

/** In how many messages, and in what order, a backlog is reported after an outage. */
export function createBacklogCheck({ nowMs, violate, evidence, setbacks, placeOf }: BacklogOptions) {
  const backlogs = new Set<Backlog>();

  /** Whether nothing has gone wrong since, which might have made more messages of it. */
  const isUndisturbed = ({ place, endedMs }: Backlog): boolean =>
    setbacks.of(place).every(({ fromMs }) => fromMs <= endedMs);

  /** Whether somebody can have it: not what a killed process held, before the queue gives it back. */
  const isThere = ({ setbacks }: Ticket): boolean => setbacks.every(({ untilMs }) => untilMs <= nowMs());

  /** Whether the queue gives it back so soon after the post that the clock of whoever put it there was only late. */
  function isAboutToCome({ records }: Ticket, { post }: Notice): boolean {
    const backMs = Math.min(...Array.from(records, ({ visibleAtMs }) => visibleAtMs));
    return backMs > post.sentMs && backMs < post.sentMs + CLOCKS_DIFFER_MS;
  }

  /** Whether somebody else was given it just before the post, and handed it over while the queue was looked at. */
  const wasPassedOn = ({ handed }: Ticket, { post, notes }: Notice): boolean =>
    handed.some(({ invocation, atMs }) => invocation !== notes.invocation && post.sentMs - atMs < PASSED_ON_MS);

  /** Whether whoever posted could have reported it, had it looked for the oldest. */
  const isMissed = (oldest: Ticket, notified: readonly Ticket[], notice: Notice): boolean =>
    // What was not there yet may have waited for longer still; and what was called first is first, however it came.
    notified.every(({ queuedMs, call }) => queuedMs > oldest.queuedMs && call.calledMs > oldest.call.calledMs) &&
    // A fold of hundreds names some and counts the others, which come to light as their records go.
    !evidence().isPerhapsNotified(oldest) &&
    !isAboutToCome(oldest, notice) &&
    !wasPassedOn(oldest, notice);

  function checkOldest(backlog: Backlog, notified: readonly Ticket[], notice: Notice): void {
    const { oldest, posts, endedMs, waiting } = backlog;
    if (oldest === undefined || !waiting.has(oldest) || posts.size > 1) return;
    if (notice.notes.invocation.functionName === 'digest' || !isUndisturbed(backlog)) return;
    if (!isMissed(oldest, notified, notice)) return;
    const since = new Date(endedMs).toISOString();
    violate('the oldest comes first', `others before ${evidence().labelOf(oldest)}, after the outage until ${since}`);
  }

  function checkNumber(backlog: Backlog): void {
    const { posts, size, channels, allowance } = backlog;
    if (posts.size <= channels * Math.max(LEAST_MESSAGES, Math.ceil(size / CALLS_A_MESSAGE)) + allowance) return;
    violate('a backlog comes in few messages', `${size} calls, ${posts.size} messages so far`);
    backlogs.delete(backlog);
  }

  function count(backlog: Backlog, notified: readonly Ticket[], notice: Notice): void {
    const there = notified.filter((ticket) => backlog.waiting.has(ticket));
    if (there.length === 0) return;
    if (!isUndisturbed(backlog)) {
      backlogs.delete(backlog);
      return;
    }
    // What a message only counts comes to light later, call by call.
    const isNew = !backlog.posts.has(notice);
    backlog.posts.add(notice);
    if (isNew) checkOldest(backlog, notified, notice);
    checkNumber(backlog);
    for (const ticket of there) backlog.waiting.delete(ticket);
    if (backlog.waiting.size === 0) backlogs.delete(backlog);
  }

  return {
    /** An outage of a webhook has ended. */
    open(place: number): void {
      const waiting = [...evidence().open()].filter(
        (ticket) => ticket.isImmediate && !ticket.call.isMalformed && placeOf(ticket) === place,
      );
      const channels = new Set(waiting.map(({ channel }) => channel)).size;
      const refused = waiting.filter(({ call }) => call.refusal !== undefined).length;
      backlogs.add({
        place,
        endedMs: nowMs(),
        waiting: new Set(waiting),
        size: waiting.length,
        channels,
        oldest:
          channels === 1 && refused === 0
            ? waiting.filter(isThere).reduce<Ticket | undefined>(older, undefined)
            : undefined,
        posts: new Set(),
        allowance: refused * MESSAGES_FOR_A_REFUSAL,
      });
    },

    notified(tickets: readonly Ticket[], notice: Notice): void {
      for (const backlog of backlogs) count(backlog, tickets, notice);
    },

    died(): void {
      for (const backlog of backlogs) backlog.allowance += MESSAGES_FOR_A_KILL;
    },
  };
}
