import { LONGEST_WAIT_MS } from '../slack/answer.ts';

/**
 * Slack takes one message per second and webhook, and short bursts above it.
 *
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
export const BETWEEN_POSTS_MS = 1000;
/** A webhook that had no post for so long is quiet: what comes next is the beginning of something. */
const QUIET_MS = 5000;
/** No invocation reserves so far ahead. A later slot was written by a clock that was wrong, and nobody waits for it. */
export const LONGEST_AHEAD_MS = 15 * 60 * 1000;

/** When a webhook may be posted to next, and when it was posted to before that, if it ever was. */
export interface PostSlot {
  readonly startMs: number;
  readonly previousMs: number | undefined;
}

/** The slot after the last one that was given away: a second later, or now if that is over. */
export function nextSlot(lastMs: number | undefined, nowMs: number): PostSlot {
  const previousMs = lastMs === undefined || lastMs > nowMs + LONGEST_AHEAD_MS ? undefined : lastMs;
  const startMs = previousMs === undefined ? nowMs : Math.max(nowMs, previousMs + BETWEEN_POSTS_MS);
  return { startMs, previousMs };
}

/** Whether nobody posted in the seconds before the slot. */
export const isAfterQuiet = ({ startMs, previousMs }: PostSlot): boolean =>
  previousMs === undefined || startMs - previousMs >= QUIET_MS;

const SECOND_MS = 1000;
const SHORTEST_BLOCK_MS = 5 * SECOND_MS;
/**
 * If nobody posted for so long after a block, what comes next is another trouble. It is longer than the queue's
 * visibility timeout: what a killed invocation held comes back after that.
 */
const SAME_TROUBLE_MS = 14 * 60 * SECOND_MS;
/** What waits for a webhook is tried again so soon after a block; time in which nobody tried is no trouble. */
const TRIED_WITHIN_MS = 30 * SECOND_MS;
/** A moment further ahead was written by a clock that was wrong. */
const CREDIBLE_AHEAD_MS = LONGEST_WAIT_MS + 60 * SECOND_MS;

/** A webhook that did not take what was posted: since when, and until when it is left alone. */
export interface WebhookBlock {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Until when a webhook is left alone; `undefined` if it may be tried. */
export function blockedUntil(block: WebhookBlock | undefined, nowMs: number): number | undefined {
  if (block === undefined || block.untilMs <= nowMs || block.untilMs > nowMs + CREDIBLE_AHEAD_MS) return undefined;
  return block.untilMs;
}

/** Whether the trouble that the block speaks of may still go on: then the next post only finds out whether it does. */
export const isInTrouble = (block: WebhookBlock | undefined, nowMs: number): boolean =>
  block !== undefined && nowMs - block.untilMs < SAME_TROUBLE_MS && block.untilMs <= nowMs + CREDIBLE_AHEAD_MS;

/**
 * How long a webhook is left alone after it did not take a post: what Slack asked for, and half as long as the trouble
 * has lasted, from 5 seconds to 5 minutes. So a minute of trouble costs at most half a minute more, and days of it are
 * asked after every five minutes.
 *
 * The wait belongs to the webhook and not to the records: all that wait for it come back together, to be folded.
 */
export function nextBlock(
  before: WebhookBlock | undefined,
  { nowMs, retryAfterMs }: { readonly nowMs: number; readonly retryAfterMs: number | undefined },
): WebhookBlock {
  const isSame = before !== undefined && isInTrouble(before, nowMs);
  const lastedMs = isSame ? Math.max(0, Math.min(nowMs, before.untilMs + TRIED_WITHIN_MS) - before.sinceMs) : 0;
  const growing = Math.max(retryAfterMs === undefined ? SHORTEST_BLOCK_MS : SECOND_MS, lastedMs / 2);
  return {
    sinceMs: nowMs - lastedMs,
    untilMs: nowMs + Math.min(Math.max(retryAfterMs ?? 0, growing), LONGEST_WAIT_MS),
  };
}

/** How long to wait for Slack's answer. A post that Slack took and did not answer in time is repeated, so it is long. */
export const MOST_PATIENCE_MS = 10 * SECOND_MS;
const LEAST_PATIENCE_MS = 3 * SECOND_MS;

/**
 * How long to wait for the answer of a webhook. Not for long where it is in trouble, since others wait for whoever
 * tries. But the longer a trouble lasts, the rarer the tries, and the longer each of them: a Slack that has come back,
 * takes everything and is slow, must not be sent the same again and again.
 */
export function patienceMs(block: WebhookBlock | undefined, nowMs: number): number {
  if (block === undefined || !isInTrouble(block, nowMs)) return MOST_PATIENCE_MS;
  return Math.min(Math.max(LEAST_PATIENCE_MS, (nowMs - block.sinceMs) / 20), MOST_PATIENCE_MS);
}
