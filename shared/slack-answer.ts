/**
 * What an answer to a post means for the calls in it. `channel`: nothing will get through to that webhook until a
 * person acts. `message`: this message will never be taken, another may be. `elsewhere`: what answered is not Slack.
 */
export type SlackAnswer = { readonly kind: 'accepted' } | SlackRefusal;

export type SlackRefusal =
  | {
      readonly kind: 'transient';
      readonly reason: string;
      /** What Slack asked us to wait; `undefined` if it did not say. */
      readonly retryAfterMs: number | undefined;
      /** Slack counts our posts and wants fewer, so nothing more may be posted to the webhook for now. */
      readonly rateLimited: boolean;
    }
  | { readonly kind: 'message' | 'channel' | 'elsewhere'; readonly reason: string };

/** What came back over HTTP, with what `@slack/webhook`'s own error leaves out. */
export interface HttpAnswer {
  readonly status: number;
  /** `undefined` when the connection broke, or the time was up, after the status and before the end of the body. */
  readonly body: string | undefined;
  readonly retryAfter: string | null;
}

/**
 * The texts that Slack answers with, by what has to change before the next post can succeed.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
const KIND_OF_TEXT: ReadonlyMap<string, 'channel' | 'message'> = new Map([
  ['action_prohibited', 'channel'],
  ['channel_is_archived', 'channel'],
  ['channel_not_found', 'channel'],
  ['invalid_token', 'channel'],
  ['no_active_hooks', 'channel'],
  ['no_service', 'channel'],
  ['no_service_id', 'channel'],
  ['no_team', 'channel'],
  ['posting_to_general_channel_denied', 'channel'],
  ['team_disabled', 'channel'],
  ['user_not_found', 'channel'],
  ['invalid_attachments', 'message'],
  ['invalid_blocks', 'message'],
  ['invalid_blocks_format', 'message'],
  ['invalid_payload', 'message'],
  ['msg_blocks_too_long', 'message'],
  ['no_text', 'message'],
  ['too_many_attachments', 'message'],
]);

/** For texts that are newer than the table. Every other 4xx is about the message, every other status is transient. */
const KIND_OF_STATUS: ReadonlyMap<number, 'channel' | 'transient'> = new Map([
  [401, 'channel'],
  [403, 'channel'],
  [404, 'channel'],
  [408, 'transient'],
  [410, 'channel'],
  [425, 'transient'],
]);

/** Slack's texts are words like `no_service`. Another server's text may quote the request, and so the webhook URL. */
const SLACK_TEXT = /^[a-z0-9_]{1,60}$/i;

const reasonOf = ({ status, body }: HttpAnswer): string => {
  const text = (body ?? '').trim();
  if (SLACK_TEXT.test(text)) return `HTTP ${status}: ${text}`;
  return text === '' ? `HTTP ${status}` : `HTTP ${status} with a text that is not Slack's`;
};

/** `Retry-After` in seconds; the date form of RFC 9110 is not something Slack sends. */
function retryAfterMs(retryAfter: string | null): number | undefined {
  if (retryAfter === null || !/^\s*\d+(\.\d+)?\s*$/.test(retryAfter)) return undefined;
  return Number(retryAfter) * 1000;
}

/**
 * A 200 whose body is not `ok` is no acceptance: a proxy's login page or a wrong URL answers like that, and calls
 * posted there would be lost without a trace. A 200 whose body got lost on the way is one: Slack sends the status
 * after it took the message, and posting again would tell the calls twice.
 */
function classifySuccess(answer: HttpAnswer): SlackAnswer {
  if (answer.body === undefined || answer.body.trim() === 'ok') return { kind: 'accepted' };
  return { kind: 'elsewhere', reason: `${reasonOf(answer)}, not "ok"` };
}

/** What it means that no status came back: a network error, or the time was up. The message may have been posted. */
export const noAnswer = (reason: string): SlackRefusal => ({
  kind: 'transient',
  reason,
  retryAfterMs: undefined,
  rateLimited: false,
});

/** Says what Slack's answer means for the calls in the message. */
export function classifySlackAnswer(answer: HttpAnswer): SlackAnswer {
  const { status, body } = answer;
  const reason = reasonOf(answer);
  const transient = {
    kind: 'transient',
    reason,
    retryAfterMs: retryAfterMs(answer.retryAfter),
    rateLimited: status === 429,
  } as const;

  if (status >= 200 && status < 300) return classifySuccess(answer);
  if (status === 429 || status >= 500) return transient;
  if (status < 400) return { kind: 'elsewhere', reason: `${reason} (a redirect)` };

  const kind = KIND_OF_TEXT.get((body ?? '').trim()) ?? KIND_OF_STATUS.get(status) ?? 'message';
  return kind === 'transient' ? transient : { kind, reason };
}
