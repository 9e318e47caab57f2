import type { Classification } from './classify-call.ts';

/**
 * How one event ended, as the functions log it: one structured line per event and channel, under the
 * message `decision`. The answer to "why was I (not) told?".
 */
export interface Decision {
  readonly eventId: string;
  readonly rule: string;
  readonly channel: string;
  readonly call: Classification | undefined;
  /**
   * `posted` alone, `folded` into a message that counts it, `dead-lettered`, `repeated` (told before, not told
   * again), or `waiting` (back in the queue; a later line says how it ended).
   */
  readonly result: 'posted' | 'folded' | 'dead-lettered' | 'repeated' | 'waiting';
  readonly reason: string | undefined;
}

/** The `message` of the log line that carries a decision. */
export const DECISION_MESSAGE = 'decision';
