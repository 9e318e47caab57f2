import { type FetchFunction, IncomingWebhook, type IncomingWebhookSendArguments } from '@slack/webhook';
import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import { classifySlackAnswer, type HttpAnswer, noAnswer } from '../../shared/slack-answer.ts';
import { SlackDeliveryError } from '../../shared/slack-delivery-error.ts';

export interface SlackClientOptions {
  readonly timeoutMs: number;
  readonly fetch?: FetchFunction;
}

/** Posts a message to a webhook. @throws SlackDeliveryError unless Slack accepted it. */
export type PostToSlack = (webhookUrl: string, message: SlackMessage) => Promise<void>;

/** The code of a network error, and never its message: that may quote the webhook URL, which is a secret. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if ('code' in error && typeof error.code === 'string' && error.code !== 'slack_webhook_request_error') {
    return error.code;
  }
  return error.cause === undefined ? error.name : nameOf(error.cause);
}

/** `@slack/webhook` keeps neither headers nor the status of an answer whose body got lost; this does. */
function keepAnswer(fetch: FetchFunction, keep: (answer: HttpAnswer) => void): FetchFunction {
  return async (url, init) => {
    // A redirect is an answer too, and says that the URL is not Slack's; it must not look like a network error.
    const response = await fetch(url, { ...init, redirect: 'manual' });
    const { ok, status, statusText, headers } = response;
    const answer = { status, retryAfter: headers.get('retry-after') };
    keep({ ...answer, body: undefined });
    const body = await response.text();
    keep({ ...answer, body });
    return {
      ok,
      status,
      statusText,
      headers,
      url: '',
      text: async () => body,
      json: async () => JSON.parse(body),
      arrayBuffer: () => response.arrayBuffer(),
    };
  };
}

/** Posts with `@slack/webhook`, once: the queue is what retries. */
export const createSlackClient =
  ({ timeoutMs, fetch = globalThis.fetch }: SlackClientOptions): PostToSlack =>
  async (webhookUrl, message) => {
    let kept: HttpAnswer | undefined;
    const webhook = new IncomingWebhook(webhookUrl, {
      timeout: timeoutMs,
      fetch: keepAnswer(fetch, (answer) => {
        kept = answer;
      }),
    });
    let failure = 'unknown error';
    try {
      await webhook.send(message as IncomingWebhookSendArguments);
    } catch (error) {
      failure = nameOf(error);
    }
    const answer = kept === undefined ? noAnswer(`no answer: ${failure}`) : classifySlackAnswer(kept);
    if (answer.kind !== 'accepted') throw new SlackDeliveryError(answer);
  };
