import { parseWebhookUrls, WebhookSecretError, type WebhookUrls } from '../../shared/slack/webhook-urls.ts';
import type { ReadSecret, WebhookSource } from '../ports.ts';

/** A webhook that was exchanged is noticed after this at the latest, and at once when Slack refuses the old one. */
const FRESH_FOR_MS = 300_000;
/** While Slack refuses, or the secret cannot be read, it is not read for every message. */
const BETWEEN_READS_MS = 30_000;

/** Keeps the webhook URLs that were good last, so that an outage of Secrets Manager silences nobody and costs no time. */
export function createWebhookSource(readSecret: ReadSecret, now: () => number): WebhookSource {
  let lastGood: WebhookUrls | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<WebhookUrls> | undefined;

  async function readOnce(): Promise<WebhookUrls> {
    triedAtMs = now();
    let text: string | undefined;
    try {
      text = await readSecret();
    } catch (error) {
      // The SDK's errors name the secret and the refusal, not its value.
      throw new WebhookSecretError('the slack secret cannot be read', { cause: error });
    }
    if (text === undefined) throw new WebhookSecretError('the slack secret has no text');
    lastGood = parseWebhookUrls(text);
    readAtMs = now();
    return lastGood;
  }

  /** One read at a time, whoever asks. */
  function read(): Promise<WebhookUrls> {
    reading ??= readOnce().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  const mayTry = (): boolean => now() - triedAtMs >= BETWEEN_READS_MS;

  return {
    async urls() {
      if (lastGood === undefined) return read();
      // Behind the work of this invocation: the next one has what was read, or these again.
      if (now() - readAtMs >= FRESH_FOR_MS && mayTry()) read().catch(() => undefined);
      return lastGood;
    },
    async reread() {
      if (lastGood !== undefined && !mayTry()) return lastGood;
      try {
        return await read();
      } catch (error) {
        if (lastGood === undefined) throw error;
        return lastGood;
      }
    },
  };
}
