import { type DeliveryAttempt, type DeliveryStep, nextDeliveryStep } from '../../shared/slack/answer.ts';
import { redirectMessage, renderFallback, type SlackMessage } from '../../shared/slack/message.ts';
import { type WebhookUrls, webhookUrlOf } from '../../shared/slack/webhook-urls.ts';
import type { Posted, WebhookSender } from '../slack/webhook-sender.ts';

/** Where messages go whose own channel refuses them. */
const DEFAULT_CHANNEL = 'default';

export interface DeliveryOptions {
  readonly sender: Pick<WebhookSender, 'post'>;
  readonly urls: WebhookUrls;
  /** @throws when the secret cannot be read; then the known URLs stay in use. */
  readonly reread: () => Promise<WebhookUrls>;
  /** Called with a channel that has no webhook. */
  readonly onNoWebhook: (channel: string) => void;
}

/** How the delivery of one message ended; `untilMs`: when it may be tried again, where that is known. */
export type Delivery =
  /** Slack has it; if it was redirected, without its mentions. */
  | (Extract<DeliveryStep, { kind: 'notified' }> & { readonly isRedirected?: true })
  | Extract<DeliveryStep, { kind: 'dead-letter' }>
  | (Extract<DeliveryStep, { kind: 'wait' }> & { readonly untilMs: number | undefined });

interface State extends DeliveryAttempt {
  readonly channel: string;
  readonly message: SlackMessage;
  readonly urls: WebhookUrls;
}

function canRedirect(urls: WebhookUrls, channel: string): boolean {
  const url = webhookUrlOf(urls, DEFAULT_CHANNEL);
  return url !== undefined && url !== webhookUrlOf(urls, channel);
}

/** Brings one message to its channel, by the fallbacks there are. Never throws. */
export async function deliverMessage(
  channel: string,
  message: SlackMessage,
  { sender, urls, reread, onNoWebhook }: DeliveryOptions,
  { hasFallback = true }: { readonly hasFallback?: boolean } = {},
): Promise<Delivery> {
  let state: State = {
    channel,
    message,
    urls,
    form: 'full',
    redirected: false,
    secretReread: false,
    hasFallback,
    canRedirect: canRedirect(urls, channel),
  };

  const attempt = async (): Promise<Posted | undefined> => {
    const url = webhookUrlOf(state.urls, state.channel);
    if (url === undefined) return undefined;
    return sender.post(url, state.form === 'fallback' ? renderFallback(state.message) : state.message);
  };

  const afterReread = async (): Promise<State> => {
    const fresh = await reread().catch(() => state.urls);
    return { ...state, secretReread: true, urls: fresh, canRedirect: canRedirect(fresh, channel) };
  };

  for (;;) {
    const posted = await attempt();
    if (posted === undefined) {
      onNoWebhook(state.channel);
      return { kind: 'wait', reason: `no webhook URL for channel ${state.channel}`, untilMs: undefined };
    }
    const step = nextDeliveryStep(posted.answer, state);
    switch (step.kind) {
      case 'notified':
        return state.redirected ? { ...step, isRedirected: true } : step;
      case 'wait':
        return { ...step, untilMs: posted.untilMs };
      case 'post-fallback':
        state = { ...state, form: 'fallback' };
        break;
      case 'reread-secret':
        state = await afterReread();
        break;
      case 'redirect':
        state = {
          ...state,
          redirected: true,
          form: 'full',
          channel: DEFAULT_CHANNEL,
          message: redirectMessage(message, channel, step.why),
        };
        break;
      default:
        return step;
    }
  }
}
