import type { Classification } from '../../shared/call/classify-call.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';

/** What Slack's stand-in answers: as Slack does, with an error that passes, not at all, or with a refusal for good. */
export const SLACK_FAULTS = [
  'ok',
  '429',
  '500',
  'nothing',
  'channel_not_found',
  'no_service',
  'invalid_blocks',
] as const;
export type SlackFault = (typeof SLACK_FAULTS)[number];

/** One event that a message reports: why it is there and what it was. */
export interface NotifiedEvent {
  readonly eventId: string;
  /** `posted` alone, `folded` with others into this message. */
  readonly result: 'posted' | 'folded';
  readonly reason: string | undefined;
  /** The rule that matched; `undefined` if it is no longer there. */
  readonly rule: CompiledRule | undefined;
  readonly call: Classification | undefined;
  /** The EventBridge event as it was put on the bus; `undefined` where it is no longer kept. */
  readonly event: unknown;
}

/** A message that Slack's stand-in accepted. */
export interface PostedMessage {
  /** Never given twice while the pipeline runs. */
  readonly id: string;
  readonly channel: string;
  readonly postedAtMs: number;
  /** The payload as it was posted. */
  readonly payload: SlackMessage;
  /** May still be empty when the message arrives: the functions say what they reported after Slack's ok. */
  readonly events: readonly NotifiedEvent[];
}

export interface QueueState {
  /** What is in the one is reported at once, in the other on a schedule. */
  readonly name: 'immediate' | 'digest';
  /** Can be taken now. */
  readonly waiting: number;
  /** In the hands of a function. */
  readonly inFlight: number;
  /** Hidden until another try: Slack, or the secret, did not let them be reported. */
  readonly held: number;
  /** When the first of those comes up again. */
  readonly nextTryAtMs?: number | undefined;
}

/** An event that nobody can be notified of, with the reason. */
export interface DeadLetter {
  readonly eventId: string;
  readonly operation: string | undefined;
  readonly reason: string;
}

/** Where the events are. Counts of events unless the name says otherwise. */
export interface PipelineState {
  /** Taken by the bus. */
  readonly received: number;
  /** Those of them that MediaConnect says by itself, and that are no calls. */
  readonly ownEvents: number;
  /** Taken by the bus and matched by no rule. */
  readonly unmatched: number;
  /** The queues that functions read, in the order of the template. */
  readonly queues: readonly QueueState[];
  /** Reported alone. */
  readonly posted: number;
  /** Reported in a message that counts them. */
  readonly folded: number;
  /** Reported before, and not reported again. */
  readonly repeated: number;
  /** Messages (not events) that Slack's stand-in accepted. */
  readonly messages: number;
  /** Posts (not events) that it refused or left unanswered. */
  readonly refusals: number;
  /** How many lie in the dead-letter queues. */
  readonly deadLettered: number;
  /** The last of them, newest first; not necessarily all. */
  readonly deadLetters: readonly DeadLetter[];
  readonly slackFault: SlackFault;
}

/** What listeners of a running pipeline are called with. */
export type PipelineChange =
  /** A new message, or one with a known id whose events are now known: it takes the place of the earlier one. */
  | { readonly kind: 'message'; readonly message: PostedMessage }
  /** The state is different; may come as often as the source likes, whoever listens reads `state()` at its own pace. */
  | { readonly kind: 'state' };
