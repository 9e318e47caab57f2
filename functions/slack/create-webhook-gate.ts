import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import type { SlackAnswer, SlackRefusal } from '../../shared/slack-answer.ts';
import { SlackDeliveryError } from '../../shared/slack-delivery-error.ts';
import type { PostToSlack } from './create-slack-client.ts';

/** Slack takes one message per second and channel. @see https://docs.slack.dev/apis/web-api/rate-limits */
const BETWEEN_POSTS_MS = 1000;
/** A webhook that fails so often in a row is left alone for the rest of the invocation. */
const FAILURES_IN_A_ROW = 2;

/** What is worth remembering of a webhook from one invocation to the next. */
export interface WebhookMemory {
  nextPostMs: number;
  /** Slack asked to be left alone until then. */
  closedUntilMs: number;
}

/** By webhook URL. */
export type WebhookMemories = Map<string, WebhookMemory>;

export interface WebhookGateOptions {
  readonly post: PostToSlack;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly memories: WebhookMemories;
  /** Posts that might not be answered by then are not begun. */
  readonly lastAnswerMs: number;
  /** The longest that Slack's answer can take. */
  readonly timeoutMs: number;
  readonly onAnswer: (answer: SlackAnswer) => void;
}

/** Posts a message if the webhook may be posted to, and says what came of it. Never throws. */
export type WebhookGate = (webhookUrl: string, message: SlackMessage) => Promise<SlackAnswer>;

interface Webhook {
  readonly memory: WebhookMemory;
  /** Ends with the last post that was asked for: posts to one webhook follow one another. */
  last: Promise<unknown>;
  failuresInARow: number;
  /** Why nothing more is posted in this invocation. */
  closedBy: SlackRefusal | undefined;
}

const NO_TIME_LEFT: SlackRefusal = {
  kind: 'transient',
  reason: 'no time left in this invocation',
  retryAfterMs: 1000,
  rateLimited: false,
};

/** Whether one such answer is enough to know that the next post would fare the same. */
const closes = (refusal: SlackRefusal): boolean =>
  refusal.kind === 'transient' ? refusal.rateLimited : refusal.kind !== 'message';

/** Stands before Slack in one invocation: paces the posts, and keeps away from a webhook that refuses. */
export function createWebhookGate(options: WebhookGateOptions): WebhookGate {
  const { post, now, wait, memories, lastAnswerMs, timeoutMs, onAnswer } = options;
  const webhooks = new Map<string, Webhook>();

  function webhookAt(url: string): Webhook {
    const known = webhooks.get(url);
    if (known !== undefined) return known;
    const memory = memories.get(url) ?? { nextPostMs: 0, closedUntilMs: 0 };
    memories.set(url, memory);
    const webhook: Webhook = { memory, last: Promise.resolve(), failuresInARow: 0, closedBy: undefined };
    webhooks.set(url, webhook);
    return webhook;
  }

  function refusalNow({ memory, closedBy }: Webhook): SlackRefusal | undefined {
    const closedForMs = memory.closedUntilMs - now();
    if (closedForMs > 0) {
      return { kind: 'transient', reason: 'slack asked to wait', retryAfterMs: closedForMs, rateLimited: true };
    }
    if (closedBy !== undefined) return closedBy;
    const startMs = Math.max(now(), memory.nextPostMs);
    return startMs + timeoutMs > lastAnswerMs ? NO_TIME_LEFT : undefined;
  }

  async function answerTo(url: string, message: SlackMessage): Promise<SlackAnswer> {
    try {
      await post(url, message);
      return { kind: 'accepted' };
    } catch (error) {
      if (error instanceof SlackDeliveryError) return error.refusal;
      // The URL might be in what was thrown, so nothing of it is kept but its class.
      const reason = error instanceof Error ? error.name : 'unknown error';
      return { kind: 'transient', reason, retryAfterMs: undefined, rateLimited: false };
    }
  }

  function remember(webhook: Webhook, answer: SlackAnswer): void {
    webhook.memory.nextPostMs = now() + BETWEEN_POSTS_MS;
    webhook.failuresInARow = answer.kind === 'transient' ? webhook.failuresInARow + 1 : 0;
    if (answer.kind === 'accepted') return;
    if (closes(answer) || webhook.failuresInARow >= FAILURES_IN_A_ROW) webhook.closedBy = answer;
    if (answer.kind === 'transient') webhook.memory.closedUntilMs = now() + (answer.retryAfterMs ?? 0);
  }

  async function takeTurn(webhook: Webhook, url: string, message: SlackMessage): Promise<SlackAnswer> {
    const refusal = refusalNow(webhook);
    if (refusal !== undefined) return refusal;
    const pauseMs = webhook.memory.nextPostMs - now();
    if (pauseMs > 0) await wait(pauseMs);
    const answer = await answerTo(url, message);
    remember(webhook, answer);
    onAnswer(answer);
    return answer;
  }

  return (url, message) => {
    const webhook = webhookAt(url);
    const turn = webhook.last.then(() => takeTurn(webhook, url, message));
    webhook.last = turn;
    return turn;
  };
}
