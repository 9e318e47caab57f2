import type { ReadMessage } from './read-message.ts';

/** A message that Slack took, and all that was seen of it from outside the functions. */
export interface Acceptance extends ReadMessage {
  /** The process that posted it. */
  readonly poster: string;
  readonly channel: string;
  /**
   * Why its process may not know that it was taken: it ended before it posted again, or Slack's answer was withheld or
   * came too late. `undefined`: it must know.
   */
  readonly unaware: 'ended' | 'answer lost' | undefined;
}

/** How many calls it counts that it does not name: only a digest may. */
export const unnamedIn = ({ stated, named }: Acceptance): number => Math.max(0, stated - named.size);
