import { parseWebhookUrls, WebhookSecretError, type WebhookUrls } from '../../shared/webhook-urls.ts';

/** Where the webhook URLs come from. */
export interface WebhookSource {
  /** @throws WebhookSecretError when there is no usable secret. */
  urls(): Promise<WebhookUrls>;
  /** Past every cache, because Slack refused a webhook that may have been exchanged since. */
  reread(): Promise<WebhookUrls>;
}

/** Reads the secret's text; `fresh` past every cache. */
export type ReadSecret = (options: { readonly fresh: boolean }) => Promise<string | undefined>;

/** While Slack refuses, the secret is not read for every message. */
const BETWEEN_REREADS_MS = 30_000;

/** Keeps the webhook URLs that were good last, so that an outage of Secrets Manager silences nobody. */
export function createWebhookSource(readSecret: ReadSecret, now: () => number): WebhookSource {
  let lastGood: WebhookUrls | undefined;
  let lastRereadMs = Number.NEGATIVE_INFINITY;

  async function read(fresh: boolean): Promise<WebhookUrls> {
    let text: string | undefined;
    try {
      text = await readSecret({ fresh }).catch((error: unknown) => {
        if (lastGood !== undefined) throw error;
        // Once more: without the URLs the whole batch waits for the next receive.
        return readSecret({ fresh });
      });
    } catch (error) {
      if (lastGood !== undefined) return lastGood;
      // The SDK's errors name the secret and the refusal, not its value.
      throw new WebhookSecretError('the slack secret cannot be read', { cause: error });
    }
    if (text === undefined) throw new WebhookSecretError('the slack secret has no text');
    lastGood = parseWebhookUrls(text);
    return lastGood;
  }

  return {
    urls: () => read(false),
    reread: () => {
      const fresh = now() - lastRereadMs >= BETWEEN_REREADS_MS;
      if (fresh) lastRereadMs = now();
      return read(fresh);
    },
  };
}
