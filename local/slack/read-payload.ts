import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import { validateMessage } from '../../shared/slack/validate-message.ts';

/** A post that Slack would take, or the words and status with which it refuses. */
export type PayloadVerdict =
  | { readonly kind: 'accepted'; readonly message: SlackMessage }
  | { readonly kind: 'refused'; readonly status: number; readonly body: string; readonly reasons: readonly string[] };

type Json = Readonly<Record<string, unknown>>;

const MAX_ATTACHMENTS = 100;

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

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * Judges a payload as an incoming webhook does.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
export function readPayload(contentType: string, body: string): PayloadVerdict {
  const payload = parseObject(jsonTextOf(contentType, body));
  if (payload === undefined) return refused('invalid_payload');
  const { text, blocks, attachments } = payload;
  if (isEmpty(text) && isEmpty(blocks) && isEmpty(attachments)) return refused('no_text');
  if (Array.isArray(attachments) && attachments.length > MAX_ATTACHMENTS) return refused('too_many_attachments');
  const reasons = validateMessage(payload);
  if (reasons.length > 0) return refused(isEmpty(blocks) ? 'invalid_attachments' : 'invalid_blocks', reasons);
  return { kind: 'accepted', message: payload as unknown as SlackMessage };
}
