const SECOND_MS = 1000;
const FIRST_WAIT_MS = 15 * SECOND_MS;
const LONGEST_WAIT_MS = 15 * 60 * SECOND_MS;
/** SQS: no record can stay invisible for longer than 12 hours after it was received. */
const LONGEST_VISIBILITY_MS = 11 * 60 * 60 * SECOND_MS;
/** So often Slack's own `Retry-After` is trusted as it stands. */
const RECEIVES_BY_RETRY_AFTER = 5;

/** What the wait of records that were not told depends on. */
export interface RetryCircumstances {
  /** How often SQS has handed the record out, this time included. */
  readonly receiveCount: number;
  readonly retryAfterMs: number | undefined;
  readonly nowMs: number;
  /**
   * In [0, 1). One draw for all records that fail together: they come back together, and are folded again, instead of
   * trickling in one post each.
   */
  readonly random: number;
}

/**
 * Until the next full quarter of an hour, by the clock. Records that wait long enough to be here meet there, whenever
 * they came in: after an outage of days they arrive as few batches to be folded, not as a post each.
 */
const untilMeeting = (nowMs: number): number => LONGEST_WAIT_MS - (nowMs % LONGEST_WAIT_MS);

/** Doubles with each receive and lies in the upper third of its step, until the longest wait is reached. */
function growingWait(receives: number, { nowMs, random }: RetryCircumstances): number {
  const step = 1.5 * FIRST_WAIT_MS * 2 ** (receives - 1);
  return Math.max(FIRST_WAIT_MS, step < LONGEST_WAIT_MS ? step * (1 - random / 3) : untilMeeting(nowMs));
}

/**
 * How long a record stays invisible after it could not be told: what Slack asked for, else a growing, jittered wait
 * from 15 seconds to 15 minutes.
 *
 * Four days of refusals are about 400 receives, so the receives that lead to the dead-letter queue (1,000) are not used
 * up; that must also hold where Slack asks for a second each time, which is why the wait grows after a few of those.
 */
export function retryWaitMs(circumstances: RetryCircumstances): number {
  const { receiveCount, retryAfterMs } = circumstances;
  if (retryAfterMs === undefined) return growingWait(receiveCount, circumstances);

  const asked = Math.min(Math.max(retryAfterMs, SECOND_MS), LONGEST_VISIBILITY_MS);
  if (receiveCount <= RECEIVES_BY_RETRY_AFTER) return asked;
  return Math.max(asked, growingWait(receiveCount - RECEIVES_BY_RETRY_AFTER, circumstances));
}
