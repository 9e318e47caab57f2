import * as z from 'zod/mini';

/** The secret is missing or holds no usable webhook URL. Says what is wrong with it, never what is in it. */
export class WebhookSecretError extends Error {
  override readonly name = 'WebhookSecretError';
}

/** Channel → webhook URL. A credential: never to be logged, thrown or traced. */
export type WebhookUrls =
  | { readonly kind: 'one'; readonly url: string }
  | { readonly kind: 'by-channel'; readonly urls: ReadonlyMap<string, string> };

const SecretSchema = z.record(z.string(), z.string());

/** Plain HTTP only to one's own machine, where there is nothing between to read it. */
const HOSTS_BY_HTTP = new Set(['127.0.0.1', 'localhost', '[::1]']);

function isWebhookUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && HOSTS_BY_HTTP.has(url.hostname));
}

function parseJson(secret: string): unknown {
  try {
    return JSON.parse(secret);
  } catch {
    // No cause: the parser's error quotes the text.
    throw new WebhookSecretError('the slack secret looks like JSON and is not');
  }
}

/**
 * Reads the secret: one plain URL that serves every channel, or a JSON object from channel to URL. URLs are checked
 * here because `@slack/webhook` quotes a malformed one in its error; a channel whose URL is malformed has none, and
 * does not keep the others from being reported.
 *
 * @throws WebhookSecretError
 */
export function parseWebhookUrls(secret: string): WebhookUrls {
  const text = secret.trim();
  if (text === '') throw new WebhookSecretError('the slack secret is empty');
  if (!text.startsWith('{')) {
    if (!isWebhookUrl(text)) throw new WebhookSecretError('the slack secret is not a https URL');
    return { kind: 'one', url: text };
  }
  const parsed = SecretSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new WebhookSecretError('the slack secret is not an object from channel to URL');
  const usable = Object.entries(parsed.data).filter(([, url]) => isWebhookUrl(url.trim()));
  if (usable.length === 0) throw new WebhookSecretError('the slack secret has no https URL for any channel');
  return { kind: 'by-channel', urls: new Map(usable.map(([channel, url]) => [channel, url.trim()])) };
}

/** The webhook of a channel; `undefined` if the secret has none for it. */
export const webhookUrlOf = (webhooks: WebhookUrls, channel: string): string | undefined =>
  webhooks.kind === 'one' ? webhooks.url : webhooks.urls.get(channel);
