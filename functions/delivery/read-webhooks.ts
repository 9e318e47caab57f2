import type { WebhookUrls } from '../../shared/webhook-urls.ts';
import type { PostingDependencies } from './dependencies.ts';

/** The webhook URLs; `undefined`, with an error and a metric, when there is no usable secret. */
export async function readWebhooks({
  webhooks,
  telemetry,
}: Pick<PostingDependencies, 'webhooks' | 'telemetry'>): Promise<WebhookUrls | undefined> {
  try {
    return await webhooks.urls();
  } catch (error) {
    telemetry.metric('SlackMisconfigured', 1);
    telemetry.error('no usable slack secret', { error });
    return undefined;
  }
}

/** Why calls wait that no webhook can be found for. */
export const NO_SECRET = { kind: 'waiting', reason: 'no usable slack secret', retryAfterMs: undefined } as const;
