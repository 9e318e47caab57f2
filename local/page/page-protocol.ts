import type { Classification } from '../../shared/call/classify-call.ts';
import type { PipelineState, SlackFault } from '../monitor/pipeline-state.ts';

/** What the page's server and its script in the browser say to each other. Everything here is plain JSON. */

/** A channel with the rules that speak there, in the words of its heading. */
export interface ChannelCard {
  readonly name: string;
  readonly rules: readonly { readonly name: string; readonly delivery: 'immediate' | 'digest' }[];
}

/** A message, ready to be shown. */
export interface MessageCard {
  readonly id: string;
  /** Grows with each card that is new or different, so that a page that was away can ask for what it missed. */
  readonly version: number;
  readonly channel: string;
  readonly postedAtMs: number;
  /**
   * Rendered by us from the payload, with everything untrusted escaped. Older messages come without it first, and again
   * with it a moment later: drawing hundreds would keep the reader from the newest.
   */
  readonly html?: string | undefined;
  /** The payload's fallback: what a push notification shows and a screen reader says. Untrusted, shown as text only. */
  readonly text: string;
  /** What the search looks at beside the text that is shown, in lower case. */
  readonly keywords: string;
  readonly eventCount: number;
}

/** The first thing that a page hears when it connects. */
export interface Greeting {
  /** Another id than last time means another pipeline: what the page knows is void. */
  readonly bootId: string;
  readonly channels: readonly ChannelCard[];
  /** All cards, or those after the version that the page said it has. */
  readonly cards: readonly MessageCard[];
  readonly state: PipelineState;
}

/** The server-sent events of `/live`, by name. */
export interface LiveEvents {
  readonly greeting: Greeting;
  readonly card: MessageCard;
  readonly channels: readonly ChannelCard[];
  readonly state: PipelineState;
}

/** One event of a message, as the details list it. */
export interface EventSummary {
  readonly eventId: string;
  readonly operation: string;
  readonly outcome: string;
}

export interface MessageDetails {
  readonly payload: unknown;
  readonly events: readonly EventSummary[];
}

/** One condition of a rule's pattern, and what the event has there. */
export interface Condition {
  /** E.g. `detail.readOnly`. */
  readonly path: string;
  /** Alternatives of the pattern: all of a few, else first those that the event meets. */
  readonly wanted: readonly unknown[];
  /** How many more alternatives there are. */
  readonly others: number;
  /** `undefined` (left out of the JSON) where the event has nothing. */
  readonly found?: unknown;
  /** False only for a branch of an `$or` that another branch made good. */
  readonly holds: boolean;
}

export interface EventDetails {
  readonly eventId: string;
  readonly result: 'posted' | 'folded';
  readonly reason?: string | undefined;
  readonly rule?:
    | {
        readonly name: string;
        readonly channel: string;
        readonly delivery: string;
        readonly state: string;
        readonly pattern: unknown;
      }
    | undefined;
  readonly conditions: readonly Condition[];
  readonly call?: Classification | undefined;
  readonly event: unknown;
}

/** The answer to each action: what was done, in words. */
export interface ActionAnswer {
  readonly said: string;
}

export interface FaultRequest {
  readonly fault: SlackFault;
}
