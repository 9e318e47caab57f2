import type { WebhookUrls } from '../../shared/webhook-urls.ts';
import { countAnswer } from '../slack/count-answer.ts';
import { createPace } from '../slack/create-pace.ts';
import { createWebhookGate } from '../slack/create-webhook-gate.ts';
import type { WebhookMemories } from '../slack/webhook-memory.ts';
import type { DeliveryOptions } from './deliver-message.ts';
import type { PostingDependencies } from './dependencies.ts';

export interface InvocationOptions {
  readonly urls: WebhookUrls;
  readonly memories: WebhookMemories;
  /** Posts that might not be answered by then are not begun. */
  readonly lastAnswerMs: number;
}

/** What one invocation delivers its messages with. */
export function createDelivery(
  { ledger, post, now, wait, postTimeoutMs, telemetry, webhooks }: PostingDependencies,
  { urls, memories, lastAnswerMs }: InvocationOptions,
): DeliveryOptions {
  return {
    urls,
    reread: webhooks.reread,
    gate: createWebhookGate({
      post,
      now,
      wait,
      pace: createPace({ ledger, memories, now, telemetry }),
      memories,
      lastAnswerMs,
      timeoutMs: postTimeoutMs,
      onAnswer: (answer) => countAnswer(answer, telemetry),
    }),
    onNoWebhook: (channel) => {
      telemetry.metric('SlackMisconfigured', 1);
      telemetry.error('no webhook URL for a channel', { channel });
    },
  };
}
