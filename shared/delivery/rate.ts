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
