import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import { slackErrorFor, validateMessage } from '../../shared/slack/validate-message.ts';

/** A post that Slack would take, or the words and status with which it refuses. */
export type PayloadVerdict =
  | { readonly kind: 'accepted'; readonly message: SlackMessage }
  | { readonly kind: 'refused'; readonly status: number; readonly body: string; readonly reasons: readonly string[] };

type Json = Readonly<Record<string, unknown>>;

const refused = (body: string, reasons: readonly string[] = []): PayloadVerdict => ({
  kind: 'refused',
  status: 400,
  body,
  reasons,
});

/** Webhooks take JSON, and a form whose field `payload` is JSON. */
function jsonTextOf(contentType: string, body: string): string {
  if (!contentType.startsWith('application/x-www-form-urlencoded')) return body;
  return new URLSearchParams(body).get('payload') ?? '';
}

function parseObject(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Judges a payload as an incoming webhook does.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function readPayload(contentType: string, body: string): PayloadVerdict {
  const payload = parseObject(jsonTextOf(contentType, body));
  if (payload === undefined) return refused('invalid_payload');
  const error = slackErrorFor(payload);
  if (error !== undefined) return refused(error, validateMessage(payload));
  // Slack takes blocks without a text; who shows or counts the message shall not have to ask for it.
  return { kind: 'accepted', message: { text: '', ...payload } as unknown as SlackMessage };
}
