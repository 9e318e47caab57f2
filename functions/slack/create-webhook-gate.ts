import { BETWEEN_POSTS_MS, isAfterQuiet, type PostSlot } from '../../shared/post-slot.ts';
import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import type { SlackAnswer, SlackRefusal } from '../../shared/slack-answer.ts';
import { SlackDeliveryError } from '../../shared/slack-delivery-error.ts';
import type { Pace } from './create-pace.ts';
import type { PostToSlack } from './create-slack-client.ts';
import { memoryOf, type WebhookMemories, type WebhookMemory } from './webhook-memory.ts';

/** A webhook that fails so often in a row is left alone for the rest of the invocation. */
const FAILURES_IN_A_ROW = 2;

export interface WebhookGateOptions {
  readonly post: PostToSlack;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly pace: Pace;
  readonly memories: WebhookMemories;
  /** Posts that might not be answered by then are not begun. */
  readonly lastAnswerMs: number;
  /** The longest that Slack's answer can take. */
  readonly timeoutMs: number;
  readonly onAnswer: (answer: SlackAnswer) => void;
}

/** Stands before Slack in one invocation: paces the posts, and keeps away from a webhook that refuses. */
export interface WebhookGate {
  /**
   * Reserves the slot of the next post, and says whether the webhook was quiet before it. What is posted may depend on
   * it: after a quiet time the first call goes out alone, in a running burst it would cost a post.
   */
  reserve(webhookUrl: string): Promise<{ readonly isAfterQuiet: boolean }>;
  /** Posts a message if the webhook may be posted to, and says what came of it. Never throws. */
  post(webhookUrl: string, message: SlackMessage): Promise<SlackAnswer>;
}

interface Webhook {
  readonly memory: WebhookMemory;
  /** Reserved, and not posted in yet. */
  slots: readonly PostSlot[];
  /** Ends with the last post that was asked for: posts to one webhook follow one another. */
  last: Promise<unknown>;
  failuresInARow: number;
  /** Why nothing more is posted in this invocation. */
  closedBy: SlackRefusal | undefined;
}

/** Whether one such answer is enough to know that the next post would fare the same. */
const closes = (refusal: SlackRefusal): boolean =>
  refusal.kind === 'transient' ? refusal.rateLimited : refusal.kind !== 'message';

/** The gate of one invocation. */
export function createWebhookGate(options: WebhookGateOptions): WebhookGate {
  const { post, now, wait, pace, memories, lastAnswerMs, timeoutMs, onAnswer } = options;
  const latestMs = lastAnswerMs - timeoutMs;
  const webhooks = new Map<string, Webhook>();

  function webhookAt(url: string): Webhook {
    const known = webhooks.get(url);
    if (known !== undefined) return known;
    const webhook: Webhook = {
      memory: memoryOf(memories, url),
      slots: [],
      last: Promise.resolve(),
      failuresInARow: 0,
      closedBy: undefined,
    };
    webhooks.set(url, webhook);
    return webhook;
  }

  const noTimeLeft = (): SlackRefusal => ({
    kind: 'transient',
    reason: 'no time left in this invocation',
    // The next slot is later than that.
    retryAfterMs: Math.max(BETWEEN_POSTS_MS, latestMs - now()),
    rateLimited: false,
  });

  function refusalNow({ memory, closedBy }: Webhook): SlackRefusal | undefined {
    const closedForMs = memory.closedUntilMs - now();
    if (closedForMs > 0) {
      return { kind: 'transient', reason: 'slack asked to wait', retryAfterMs: closedForMs, rateLimited: true };
    }
    if (closedBy !== undefined) return closedBy;
    return now() > latestMs ? noTimeLeft() : undefined;
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
    webhook.failuresInARow = answer.kind === 'transient' ? webhook.failuresInARow + 1 : 0;
    if (answer.kind === 'accepted') return;
    if (closes(answer) || webhook.failuresInARow >= FAILURES_IN_A_ROW) webhook.closedBy = answer;
    if (answer.kind === 'transient') webhook.memory.closedUntilMs = now() + (answer.retryAfterMs ?? 0);
  }

  async function reserve(webhook: Webhook, url: string): Promise<PostSlot | undefined> {
    const slot = await pace.reserve(url, latestMs);
    if (slot !== undefined) webhook.slots = [...webhook.slots, slot];
    return slot;
  }

  /** The earliest of the reserved slots, which is used up, else a new one. One that has passed is somebody else's. */
  async function takeSlot(webhook: Webhook, url: string): Promise<PostSlot | undefined> {
    webhook.slots = webhook.slots
      .filter(({ startMs }) => startMs + BETWEEN_POSTS_MS > now())
      .sort((one, other) => one.startMs - other.startMs);
    const [slot = await reserve(webhook, url)] = webhook.slots;
    webhook.slots = webhook.slots.filter((other) => other !== slot);
    return slot;
  }

  async function takeTurn(webhook: Webhook, url: string, message: SlackMessage): Promise<SlackAnswer> {
    const refusal = refusalNow(webhook);
    if (refusal !== undefined) return refusal;
    const slot = await takeSlot(webhook, url);
    if (slot === undefined) return noTimeLeft();
    const pauseMs = slot.startMs - now();
    if (pauseMs > 0) await wait(pauseMs);
    const answer = await answerTo(url, message);
    remember(webhook, answer);
    onAnswer(answer);
    return answer;
  }

  return {
    async reserve(url) {
      const webhook = webhookAt(url);
      if (refusalNow(webhook) !== undefined) return { isAfterQuiet: false };
      const slot = await reserve(webhook, url);
      return { isAfterQuiet: slot !== undefined && isAfterQuiet(slot) };
    },
    post(url, message) {
      const webhook = webhookAt(url);
      const turn = webhook.last.then(() => takeTurn(webhook, url, message));
      webhook.last = turn;
      return turn;
    },
  };
}
