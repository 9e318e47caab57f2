import type { Notice, Ticket } from '../evidence.ts';
import type { MetricsOptions } from './check-metrics.ts';
import type { Refusals } from './refusals.ts';
import { dueOf, MINUTE_MS } from './setbacks.ts';

export interface WaitOptions extends MetricsOptions {
  /** What Lambda's poller may take for itself. */
  readonly windowMs: number;
  readonly refusals: Pick<Refusals, 'costMs'>;
}

const SECOND_MS = 1000;
/** From the queue to Slack when nothing is wrong, a burst and its posts included. */
const USUAL_MS = 40 * SECOND_MS;
/** The digest's own run. */
const DIGEST_RUN_MS = 6 * MINUTE_MS;
const LONE_MS = 10 * SECOND_MS;
const QUIET_MS = MINUTE_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** For the posts of what waits, one a second: a message reports some fifty calls. */
const OWN_MS = 10 * SECOND_MS;
const OWN_MS_A_CALL = 20;

/** How long calls wait. */
export function createWaitCheck(options: WaitOptions) {
  const { scheduler, violate, evidence, setbacks, placeOf, digestMs, windowMs, refusals } = options;
  const lastQueuedMs = new Map<number, number>();
  /** Place of a webhook → the call that came alone after a quiet time, until it is reported. */
  const lone = new Map<number, Ticket>();
  let longestMs = 0;

  function due(ticket: Ticket) {
    const refusedMs = refusals.costMs(placeOf(ticket), ticket.queuedMs);
    const usualMs = refusedMs + (ticket.isImmediate ? USUAL_MS + windowMs : digestMs + DIGEST_RUN_MS);
    const postsMs = refusedMs + OWN_MS + evidence().open().size * OWN_MS_A_CALL;
    const ownMs = postsMs + (ticket.isImmediate ? windowMs : digestMs);
    const all = [...setbacks.of(placeOf(ticket)), ...ticket.setbacks];
    return dueOf({ queuedMs: ticket.queuedMs, usualMs, ownMs }, all);
  }

  /** Looks at a call when it is due; what goes wrong meanwhile may have put that off. */
  function look(ticket: Ticket): void {
    if (!evidence().open().has(ticket)) return;
    const { dueMs, promise } = due(ticket);
    if (dueMs >= scheduler.nowMs()) {
      scheduler.at(dueMs + 1, () => look(ticket));
      return;
    }
    // A message has counted it, perhaps, and not named it. Whoever is never reported comes to light when its last record goes.
    if (evidence().isPerhapsNotified(ticket)) return;
    const since = new Date(ticket.queuedMs).toISOString();
    const seconds = (scheduler.nowMs() - ticket.queuedMs) / SECOND_MS;
    violate(promise, `${evidence().labelOf(ticket)}, queued at ${since}, waits for ${seconds} s`);
    scheduler.after(DAY_MS, () => look(ticket));
  }

  function isLone(ticket: Ticket, place: number): boolean {
    if (scheduler.nowMs() - (lastQueuedMs.get(place) ?? 0) <= QUIET_MS) return false;
    return [...evidence().open()].every((other) => other === ticket || !other.isImmediate || placeOf(other) !== place);
  }

  function arrive(ticket: Ticket, place: number): void {
    if (isLone(ticket, place)) lone.set(place, ticket);
    // What Slack refuses makes posts of its own, before those that came with it.
    if (ticket.call.refusal !== undefined) lone.delete(place);
    lastQueuedMs.set(place, scheduler.nowMs());
  }

  function checkLone(ticket: Ticket, { post }: Notice): void {
    if (lone.get(placeOf(ticket)) !== ticket) return;
    lone.delete(placeOf(ticket));
    const tookMs = post.takenMs - ticket.queuedMs;
    const isCalm = setbacks.isCalm(placeOf(ticket), ticket.queuedMs, post.takenMs);
    if (ticket.setbacks.length > 0 || !isCalm || tookMs <= LONE_MS + windowMs) return;
    const took = `${evidence().labelOf(ticket)} took ${tookMs / SECOND_MS} s`;
    violate('a lone call in quiet comes within seconds', took);
  }

  return {
    longestMs: (): number => longestMs,

    queued(ticket: Ticket): void {
      if (ticket.isImmediate && !ticket.call.isMalformed) arrive(ticket, placeOf(ticket));
      scheduler.at(due(ticket).dueMs + 1, () => look(ticket));
    },

    notified(ticket: Ticket, notice: Notice): void {
      longestMs = Math.max(longestMs, notice.post.takenMs - ticket.queuedMs);
      checkLone(ticket, notice);
    },
  };
}
