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

/**
 * Slack did not take the message; `refusal` says whether waiting, another message or another channel can help.
 *
 * It carries no cause on purpose: what `fetch` and `@slack/webhook` throw may quote the webhook URL, which is a secret,
 * and loggers print causes. The refusal's reason holds what is worth knowing of it.
 */
export class SlackDeliveryError extends Error {
  override readonly name = 'SlackDeliveryError';
  readonly refusal: SlackRefusal;

  constructor(refusal: SlackRefusal) {
    super(`slack did not take the message: ${refusal.reason}`);
    this.refusal = refusal;
  }
}

/** No wait is longer, whatever asked for it: what waits is reported within minutes of the end of the trouble. */
export const LONGEST_WAIT_MS = 5 * 60 * 1000;

/**
 * What an answer to a post means for the calls in it. `channel`: nothing will get through to that webhook until a
 * person acts. `message`: this message will never be taken, another may be. `not-slack`: what answered is not Slack.
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
  | { readonly kind: 'message' | 'channel' | 'not-slack'; readonly reason: string };

/** What came back over HTTP, with what `@slack/webhook`'s own error leaves out. */
export interface HttpAnswer {
  readonly status: number;
  /** The body as far as it came and was read. */
  readonly body: string;
  readonly retryAfter: string | null;
  /**
   * Whether that is the whole body. Not if the connection broke or the time was up before its end, if it cannot be
   * decoded, or if there is more of it than Slack ever says.
   * @default true
   */
  readonly isWhole?: boolean;
  /**
   * Whether a header says that Slack sent it.
   * @default false
   */
  readonly hasSlackHeader?: boolean;
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

/**
 * For texts of Slack's that are newer than the table. Every other 4xx is about the message, every other status is
 * transient.
 */
const KIND_OF_STATUS: ReadonlyMap<number, 'channel'> = new Map([
  [401, 'channel'],
  [403, 'channel'],
  [404, 'channel'],
  [410, 'channel'],
]);

/** 4xx that say by themselves that the same request may succeed later. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Slack's texts are words like `no_service`, joined by underscores; `Forbidden` or `unauthorized` is what a proxy says.
 * Another server's text may quote the request, and so the webhook URL, whose secret part is no such word.
 */
const SLACK_TEXT = /^(?=.{1,60}$)[a-z0-9]+(?:_[a-z0-9]+)+$/;

/** What Slack says with it; `undefined` if it is not all there, or not Slack's. */
function slackTextOf({ body, isWhole = true }: HttpAnswer): string | undefined {
  const text = body.trim();
  return isWhole && SLACK_TEXT.test(text) ? text : undefined;
}

function reasonOf(answer: HttpAnswer): string {
  const { status, body, isWhole = true } = answer;
  const text = slackTextOf(answer);
  if (text !== undefined) return `HTTP ${status}: ${text}`;
  if (body.trim() !== '') return `HTTP ${status} with a text that is not Slack's`;
  return isWhole ? `HTTP ${status}` : `HTTP ${status} whose text did not arrive`;
}

/** `Retry-After`, given in seconds; the date form of RFC 9110 is not something Slack sends. */
function retryAfterMs(retryAfter: string | null): number | undefined {
  if (retryAfter === null || !/^\s*\d+(\.\d+)?\s*$/.test(retryAfter)) return undefined;
  return Math.min(Number(retryAfter) * 1000, LONGEST_WAIT_MS);
}

/**
 * Slack sends the status after it took the message, and posting again would report the calls twice: an answer that got
 * lost on the way is an acceptance if what came of it is a beginning of `ok`, or, where nothing came, if its headers are
 * Slack's. The content type says nothing, since Slack's own `ok` is `text/html`.
 *
 * @see https://github.com/slackapi/node-slack-sdk/pull/480
 */
function isAccepted({ body, isWhole = true, hasSlackHeader = false }: HttpAnswer): boolean {
  const text = body.trim();
  if (isWhole) return text === 'ok';
  return body === '' ? hasSlackHeader : text !== '' && 'ok'.startsWith(text);
}

/** What it means that no status came back: a network error, or the time was up. The message may have been posted. */
export const noAnswer = (reason: string): SlackRefusal => ({
  kind: 'transient',
  reason,
  retryAfterMs: undefined,
  rateLimited: false,
});

/**
 * Says what an answer means for the calls in the message. Only Slack can refuse them for good, by words of its own:
 * whatever else answers in its place, a proxy or a login page, does so for a while, and calls posted there would be lost
 * without a trace.
 */
export function classifySlackAnswer(answer: HttpAnswer): SlackAnswer {
  const { status } = answer;
  const reason = reasonOf(answer);

  if (status >= 200 && status < 300) {
    return isAccepted(answer) ? { kind: 'accepted' } : { kind: 'not-slack', reason: `${reason}, not "ok"` };
  }
  if (status >= 500 || TRANSIENT.has(status)) {
    return {
      kind: 'transient',
      reason,
      retryAfterMs: retryAfterMs(answer.retryAfter),
      rateLimited: status === 429,
    };
  }
  if (status < 400) return { kind: 'not-slack', reason: `${reason} (a redirect)` };

  const text = slackTextOf(answer);
  if (text === undefined) return { kind: 'not-slack', reason };
  return { kind: KIND_OF_TEXT.get(text) ?? KIND_OF_STATUS.get(status) ?? 'message', reason };
}

/** One try to post a planned message: in which form, where, and what was tried before. */
export interface DeliveryAttempt {
  /** `fallback`: plain text only, after Slack refused the blocks. */
  readonly form: 'full' | 'fallback';
  /** Whether the message now goes to `default`, because its own channel refused it. */
  readonly redirected: boolean;
  /** Whether the secret was read again after a refusal, in case the webhook had been exchanged. */
  readonly secretReread: boolean;
  /** Whether plain text is tried at all: not for a part of a message of which it was refused. */
  readonly hasFallback: boolean;
  /** Whether there is a `default` channel with another webhook. */
  readonly canRedirect: boolean;
}

/** What to do after Slack's answer to an attempt. */
export type DeliveryStep =
  | { readonly kind: 'notified' }
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'post-fallback' }
  | { readonly kind: 'reread-secret' }
  | { readonly kind: 'redirect'; readonly why: string }
  | {
      readonly kind: 'dead-letter';
      readonly reason: 'message-refused' | 'channel-refused';
      readonly detail: string;
    };

function afterMessageRefused(reason: string, { form, hasFallback }: DeliveryAttempt): DeliveryStep {
  if (form === 'full' && hasFallback) return { kind: 'post-fallback' };
  return { kind: 'dead-letter', reason: 'message-refused', detail: reason };
}

function afterChannelRefused(reason: string, attempt: DeliveryAttempt): DeliveryStep {
  if (!attempt.secretReread) return { kind: 'reread-secret' };
  if (attempt.canRedirect && !attempt.redirected) return { kind: 'redirect', why: reason };
  return { kind: 'dead-letter', reason: 'channel-refused', detail: reason };
}

/** Decides what follows an answer. Each step but the last is taken once, so every message ends. */
export function nextDeliveryStep(answer: SlackAnswer, attempt: DeliveryAttempt): DeliveryStep {
  switch (answer.kind) {
    case 'accepted':
      return { kind: 'notified' };
    case 'transient':
    case 'not-slack':
      return { kind: 'wait', reason: answer.reason };
    case 'message':
      return afterMessageRefused(answer.reason, attempt);
    case 'channel':
      return afterChannelRefused(answer.reason, attempt);
  }
}

/**
 * Slack takes one message per second and webhook, and short bursts above it.
 *
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
export const BETWEEN_POSTS_MS = 1000;
/** A webhook that had no post for so long is quiet: what comes next is the beginning of something. */
const QUIET_MS = 5000;
/** No invocation reserves so far ahead. A later slot was written by a clock that was wrong, and nobody waits for it. */
export const LONGEST_AHEAD_MS = 15 * 60 * 1000;

/** When a webhook may be posted to next, and when it was posted to before that, if it ever was. */
export interface RateSlot {
  readonly startMs: number;
  readonly previousMs: number | undefined;
}

/** The slot after the last one that was given away: a second later, or now if that is over. */
export function nextSlot(lastMs: number | undefined, nowMs: number): RateSlot {
  const previousMs = lastMs === undefined || lastMs > nowMs + LONGEST_AHEAD_MS ? undefined : lastMs;
  const startMs = previousMs === undefined ? nowMs : Math.max(nowMs, previousMs + BETWEEN_POSTS_MS);
  return { startMs, previousMs };
}

/** Whether nobody posted in the seconds before the slot. */
export const isAfterQuiet = ({ startMs, previousMs }: RateSlot): boolean =>
  previousMs === undefined || startMs - previousMs >= QUIET_MS;

const SECOND_MS = 1000;
const SHORTEST_BLOCK_MS = 5 * SECOND_MS;
/**
 * If nobody posted for so long after a block, what comes next is another trouble. It is longer than the queue's
 * visibility timeout: what a killed invocation held comes back after that.
 */
const SAME_TROUBLE_MS = 14 * 60 * SECOND_MS;
/** What waits for a webhook is tried again so soon after a block; time in which nobody tried is no trouble. */
const TRIED_WITHIN_MS = 30 * SECOND_MS;
/** A moment further ahead was written by a clock that was wrong. */
const CREDIBLE_AHEAD_MS = LONGEST_WAIT_MS + 60 * SECOND_MS;

/** A webhook that did not take what was posted: since when, and until when it is left alone. */
export interface WebhookBlock {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Until when a webhook is left alone; `undefined` if it may be tried. */
export function blockedUntil(block: WebhookBlock | undefined, nowMs: number): number | undefined {
  if (block === undefined || block.untilMs <= nowMs || block.untilMs > nowMs + CREDIBLE_AHEAD_MS) return undefined;
  return block.untilMs;
}

/** Whether the trouble that the block speaks of may still go on: then the next post only finds out whether it does. */
export const isInTrouble = (block: WebhookBlock | undefined, nowMs: number): boolean =>
  block !== undefined && nowMs - block.untilMs < SAME_TROUBLE_MS && block.untilMs <= nowMs + CREDIBLE_AHEAD_MS;

/**
 * How long a webhook is left alone after it did not take a post: what Slack asked for, and half as long as the trouble
 * has lasted, from 5 seconds to 5 minutes. So a minute of trouble costs at most half a minute more, and days of it are
 * asked after every five minutes.
 *
 * The wait belongs to the webhook and not to the records: all that wait for it come back together, to be folded.
 */
export function nextBlock(
  before: WebhookBlock | undefined,
  { nowMs, retryAfterMs }: { readonly nowMs: number; readonly retryAfterMs: number | undefined },
): WebhookBlock {
  const isSame = before !== undefined && isInTrouble(before, nowMs);
  const lastedMs = isSame ? Math.max(0, Math.min(nowMs, before.untilMs + TRIED_WITHIN_MS) - before.sinceMs) : 0;
  const growing = Math.max(retryAfterMs === undefined ? SHORTEST_BLOCK_MS : SECOND_MS, lastedMs / 2);
  return {
    sinceMs: nowMs - lastedMs,
    untilMs: nowMs + Math.min(Math.max(retryAfterMs ?? 0, growing), LONGEST_WAIT_MS),
  };
}

/** How long to wait for Slack's answer. A post that Slack took and did not answer in time is repeated, so it is long. */
export const MOST_PATIENCE_MS = 10 * SECOND_MS;
const LEAST_PATIENCE_MS = 3 * SECOND_MS;

/**
 * How long to wait for the answer of a webhook. Not for long where it is in trouble, since others wait for whoever
 * tries. But the longer a trouble lasts, the rarer the tries, and the longer each of them: a Slack that has come back,
 * takes everything and is slow, must not be sent the same again and again.
 */
export function patienceMs(block: WebhookBlock | undefined, nowMs: number): number {
  if (block === undefined || !isInTrouble(block, nowMs)) return MOST_PATIENCE_MS;
  return Math.min(Math.max(LEAST_PATIENCE_MS, (nowMs - block.sinceMs) / 20), MOST_PATIENCE_MS);
}
