import type { SlackAnswer } from '../slack/answer.ts';

/** One try to post a planned message: in which form, where, and what was tried before. */
export interface DeliveryAttempt {
  /** `fallback`: plain text only, after Slack refused the blocks. */
  readonly form: 'full' | 'fallback';
  /** Whether the message now goes to `default`, because its own channel refused it. */
  readonly redirected: boolean;
  /** Whether the secret was read again after a refusal, in case the webhook had been exchanged. */
  readonly secretReread: boolean;
  /** Whether plain text is tried at all: not for a part of a message of which it was refused. */
  readonly hasFallback: boolean;
  /** Whether there is a `default` channel with another webhook. */
  readonly canRedirect: boolean;
}

/** What to do after Slack's answer to an attempt. */
export type DeliveryStep =
  | { readonly kind: 'notified' }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'post-fallback' }
  | { readonly kind: 'reread-secret' }
  | { readonly kind: 'redirect'; readonly why: string }
  | {
      readonly kind: 'dead-letter';
      readonly reason: 'message-refused' | 'channel-refused';
      readonly detail: string;
    };

function afterMessageRefused(reason: string, { form, hasFallback }: DeliveryAttempt): DeliveryStep {
  if (form === 'full' && hasFallback) return { kind: 'post-fallback' };
  return { kind: 'dead-letter', reason: 'message-refused', detail: reason };
}

function afterChannelRefused(reason: string, attempt: DeliveryAttempt): DeliveryStep {
  if (!attempt.secretReread) return { kind: 'reread-secret' };
  if (attempt.canRedirect && !attempt.redirected) return { kind: 'redirect', why: reason };
  return { kind: 'dead-letter', reason: 'channel-refused', detail: reason };
}

/** Decides what follows an answer. Each step but the last is taken once, so every message ends. */
export function nextDeliveryStep(answer: SlackAnswer, attempt: DeliveryAttempt): DeliveryStep {
  switch (answer.kind) {
    case 'accepted':
      return { kind: 'notified' };
    case 'transient':
    case 'not-slack':
      return { kind: 'wait', reason: answer.reason };
    case 'message':
      return afterMessageRefused(answer.reason, attempt);
    case 'channel':
      return afterChannelRefused(answer.reason, attempt);
  }
}
