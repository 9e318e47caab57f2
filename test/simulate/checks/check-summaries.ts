import { leavesNoWord } from '../attribute.ts';
import type { Evidence, Notice, Ticket } from '../evidence.ts';
import type { Violate } from '../promises.ts';
import type { Scheduler } from '../scheduler.ts';
import { MINUTE_MS, type Setbacks } from './setbacks.ts';

export interface SummaryOptions {
  readonly scheduler: Scheduler;
  readonly violate: Violate;
  readonly evidence: () => Evidence;
  readonly setbacks: Setbacks;
  /** Channel → place of its webhook. */
  readonly webhookOf: Readonly<Record<string, number>>;
  readonly digestMs: number;
}

/** A wait that must be said, */
const LONG_MS = 30 * MINUTE_MS;
/** and one that must not. */
const SHORT_MS = 5 * MINUTE_MS;
/** So long a note that calls wait holds; of a digest's, until the next one. */
const NOTE_HOLDS_MS = 21 * MINUTE_MS;
/** From when the queue gives back what a killed process held, until somebody has noted that it waits. */
const NOTICED_MS = MINUTE_MS;
const SAYS_WAITING = /still waiting|⏳/;
const SUMMARY_OF = /Daily summary, channel (\w+):/;
const SAYS_NOTHING = /nothing is waiting/i;

/** The daily sign of life: that it comes, once, and what it says. */
export function createSummaryCheck(options: SummaryOptions) {
  const { scheduler, violate, evidence, setbacks, webhookOf, digestMs } = options;
  const posted = new Map<string, readonly Notice[]>();
  const lastDigest = new Map<string, Notice>();
  let recentlyNotified: readonly Notice[] = [];
  /** By its words: it may stand in another channel. */
  const channelOf = ({ read }: Notice): string => SUMMARY_OF.exec(read.text)?.[1] ?? '';
  const dayKey = (channel: string): string => `${channel} ${new Date(scheduler.nowMs()).toISOString().slice(0, 10)}`;

  /** How long the oldest of the waiting calls has waited longer than it should. */
  function longestWaitMs(isMeant: (ticket: Ticket) => boolean): number {
    const waits = [...evidence().open()]
      .filter(isMeant)
      .map((ticket) => scheduler.nowMs() - ticket.queuedMs - (ticket.isImmediate ? 0 : digestMs));
    return Math.max(0, ...waits);
  }

  /** Whether a note that calls wait may have stayed, because whoever reported them could not take it back. */
  function isNoteLeft(channel: string): boolean {
    const digest = lastDigest.get(channel);
    const recent = recentlyNotified.filter(({ post }) => scheduler.nowMs() - post.takenMs < NOTE_HOLDS_MS);
    return [...recent, ...(digest === undefined ? [] : [digest])].some(leavesNoWord);
  }

  /**
   * Whether a killed process holds it, which noted nothing: the queue counts it among those that are being worked on, and
   * says of none of these since when. That some wait may have been known before; but whoever reported others of them,
   * that waited as long, took the note back, since it was of all that anybody had in hand. Nobody can know better until
   * the queue gives it back.
   */
  const isUnseen = ({ setbacks: own }: Ticket): boolean =>
    own.some(({ kind, untilMs }) => kind === 'kill' && scheduler.nowMs() < untilMs + NOTICED_MS);

  /** Whether a digest had a call of the channel in hand and could not report it: that waits, however short, for the next. */
  const isLeftByDigest = (channel: string): boolean =>
    [...evidence().open()].some(
      (ticket) => ticket.channel === channel && !ticket.isImmediate && ticket.handed.length > 0,
    );

  function checkWords({ read }: Notice, channel: string): void {
    const mayWait = longestWaitMs(() => true) >= SHORT_MS || isNoteLeft(channel) || isLeftByDigest(channel);
    if (SAYS_WAITING.test(read.text) && !mayWait) {
      violate('the sign of life is true', 'the summary says that calls wait');
    }
    const waitsMs = longestWaitMs((ticket) => ticket.channel === channel && !isUnseen(ticket));
    if (SAYS_NOTHING.test(read.text) && waitsMs > LONG_MS) {
      violate('the sign of life is true', `nothing waits, says the summary, and a call does for ${waitsMs / 1000} s`);
    }
  }

  return {
    notified(tickets: readonly Ticket[], notice: Notice): void {
      if (notice.notes.invocation.functionName !== 'digest') {
        const sinceMs = scheduler.nowMs() - NOTE_HOLDS_MS;
        recentlyNotified = [...recentlyNotified.filter(({ post }) => post.takenMs > sinceMs), notice];
        return;
      }
      for (const { channel } of tickets) lastDigest.set(channel, notice);
    },

    posted(notice: Notice): void {
      const channel = channelOf(notice);
      const key = dayKey(channel);
      const before = posted.get(key) ?? [];
      posted.set(key, [...before, notice]);
      const isExcused = before.some(leavesNoWord) || notice.notes.ledgerFailedMs.length > 0;
      if (before.length > 0 && !isExcused) violate('a summary a day', `${before.length + 1} for channel ${key}`);
      checkWords(notice, channel);
    },

    /** By now each channel must have its summary, unless something was wrong since it was due. */
    due(dueMs: number): void {
      for (const [channel, place] of Object.entries(webhookOf)) {
        if (posted.has(dayKey(channel)) || !setbacks.isCalm(place, dueMs, scheduler.nowMs())) continue;
        violate('a summary a day', `none for channel ${dayKey(channel)}`);
      }
    },
  };
}
