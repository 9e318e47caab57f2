import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asObject, type JsonObject } from '../../shared/call/json.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { refusalOfPages } from '../request-guard.ts';
import type { RateLimit, SlackBehaviour, SlackControl } from './behaviour.ts';
import { slackErrorFor, validateMessage } from './validate-message.ts';

/** A post that Slack would take, or the words and status with which it refuses. */
export type PayloadVerdict =
  | { readonly kind: 'accepted'; readonly message: SlackMessage }
  | { readonly kind: 'refused'; readonly status: number; readonly body: string; readonly reasons: readonly string[] };

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

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return asObject(value);
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

/** Who may post where: one path for each channel, in the form of Slack's own webhook URLs, and who it was given to. */
export interface WebhookPath {
  /** The process that was given this URL; `B0` for people. */
  readonly poster: string;
  readonly channel: string;
}

const TEAM = '/services/T0LOCAL';
const FIRST = 'B0';
const BASE = `${TEAM}/${FIRST}`;

/** The poster that stands for a person with `curl`. */
export const A_PERSON = 'B0';

/** The poster is in the query: to the functions, as at Slack, a channel has one webhook whoever posts to it. */
export const webhookPath = ({ poster, channel }: WebhookPath): string =>
  `${BASE}/${encodeURIComponent(channel)}${poster === A_PERSON ? '' : `?poster=${encodeURIComponent(poster)}`}`;

/** What Fastify's router calls the same; `B1` and so on are webhooks that somebody added later. */
const WEBHOOK_ROUTE = `${TEAM}/:webhook(B\\d{1,9})/:channel`;

/** Only what is ours in a secret that a person put is signed for its reader; another URL is left as it is. */
const OWN_WEBHOOK = new RegExp(
  `http://(?:127\\.0\\.0\\.1|localhost):\\d+${TEAM}/B\\d{1,9}/[^"\\s?/]+(?=["\\s]|$)`,
  'g',
);

/** The text of a secret, with the poster in each webhook URL of this machine. */
export const secretOfPoster = (secret: string, poster: string): string =>
  poster === A_PERSON ? secret : secret.replaceAll(OWN_WEBHOOK, (url) => `${url}?poster=${encodeURIComponent(poster)}`);

/** A post that was accepted. */
export interface AcceptedPost extends WebhookPath {
  readonly message: SlackMessage;
  readonly atMs: number;
}

/** A post that was refused or left unanswered, and why. */
export interface RefusedPost extends WebhookPath {
  readonly reason: string;
  readonly details: readonly string[];
}

export interface SlackEndpointOptions {
  readonly control: SlackControl;
  readonly rateLimit: RateLimit;
  readonly nowMs: () => number;
  /** The channels that have a webhook. */
  readonly channels: ReadonlySet<string>;
  readonly onAccepted: (post: AcceptedPost) => void;
  readonly onRefused: (post: RefusedPost) => void;
  /** Whoever posted a message that was accepted cannot have read the answer. */
  readonly onAnswerLost: (post: AcceptedPost) => void;
}

interface Refusal {
  readonly reason: string;
  readonly answer: (reply: FastifyReply) => unknown;
}

/** Seconds after which a 429 that was asked for says to come back. */
const RETRY_AFTER_SECONDS = 1;

const plain = (reply: FastifyReply, status: number, body: string): FastifyReply =>
  reply.code(status).type('text/html; charset=utf-8').send(body);

const rateLimited = (reply: FastifyReply, seconds: number): FastifyReply =>
  plain(reply.header('retry-after', String(seconds)), 429, 'rate_limited');

/**
 * Who gives up closes the connection before there is an answer, which is read right behind the post; who has read one may
 * close it too, and keeps none for the next post.
 */
const ANSWERS_AFTER_MS = 5;

function reset(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
  return reply;
}

/** The head and a part of the body; the rest never comes. */
function answerSlowly(reply: FastifyReply, status: number): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'content-length': 2 });
  reply.raw.write('o');
  return reply;
}

type Answers<Behaviour extends SlackBehaviour> = Readonly<Record<Behaviour, (reply: FastifyReply) => unknown>>;
type Taking = 'ok' | 'slow-body' | 'taken-nothing' | 'taken-reset';

/** The days on which the message is taken, whatever becomes of the answer. */
const ANSWERS_OF_TAKEN: Answers<Taking> = {
  ok: (reply) => plain(reply, 200, 'ok'),
  'slow-body': (reply) => answerSlowly(reply, 200),
  'taken-nothing': (reply) => reply.hijack(),
  'taken-reset': reset,
};

const isTaking = (behaviour: SlackBehaviour): behaviour is Taking => Object.hasOwn(ANSWERS_OF_TAKEN, behaviour);

/**
 * What a bad day looks like on the wire.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors
 */
const FAILURES: Answers<Exclude<SlackBehaviour, Taking>> = {
  '429': (reply) => rateLimited(reply, RETRY_AFTER_SECONDS),
  '500': (reply) => plain(reply, 500, 'Internal Server Error'),
  '503': (reply) => plain(reply, 503, 'Service Unavailable'),
  rollup_error: (reply) => plain(reply, 500, 'rollup_error'),
  channel_not_found: (reply) => plain(reply, 404, 'channel_not_found'),
  no_service: (reply) => plain(reply, 404, 'no_service'),
  invalid_blocks: (reply) => plain(reply, 400, 'invalid_blocks'),
  nothing: (reply) => reply.hijack(),
  reset,
  'slow-refusal': (reply) => answerSlowly(reply, 503),
};

/** What befalls one webhook and not the next one of the same channel: so a webhook can be exchanged. */
const OF_ONE_WEBHOOK: ReadonlySet<SlackBehaviour> = new Set(['channel_not_found', 'no_service']);

/** Slack's incoming webhooks, answering as Slack does. */
export function registerSlack(app: FastifyInstance, options: SlackEndpointOptions): void {
  const { control, rateLimit, nowMs, channels, onAccepted, onRefused, onAnswerLost } = options;

  /** Why a post is refused, and how; `undefined` if Slack would look at it. */
  function refusalOf({ channel }: WebhookPath, behaviour: SlackBehaviour): Refusal | undefined {
    if (!channels.has(channel)) return { reason: 'no_service', answer: (reply) => plain(reply, 404, 'no_service') };
    if (!isTaking(behaviour)) return { reason: behaviour, answer: FAILURES[behaviour] };
    const seconds = rateLimit(channel, nowMs());
    return seconds === 0 ? undefined : { reason: 'rate_limited', answer: (reply) => rateLimited(reply, seconds) };
  }

  async function accept(
    request: FastifyRequest,
    reply: FastifyReply,
    post: AcceptedPost,
    behaviour: SlackBehaviour,
  ): Promise<void> {
    onAccepted(post);
    if (behaviour === 'taken-nothing' || behaviour === 'taken-reset') onAnswerLost(post);
    if (behaviour !== 'ok') return;
    await delay(ANSWERS_AFTER_MS);
    const { socket } = request.raw;
    if (socket.destroyed) onAnswerLost(post);
    else {
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) onAnswerLost(post);
      });
    }
  }

  /** A channel that Slack does not have uses up no planned behaviour. */
  function behaviourFor(webhook: string, channel: string): SlackBehaviour {
    const asked = channels.has(channel) ? control.next() : 'ok';
    return webhook !== FIRST && OF_ONE_WEBHOOK.has(asked) ? 'ok' : asked;
  }

  async function take(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const { webhook, channel } = request.params as { readonly webhook: string; readonly channel: string };
    const { poster = A_PERSON } = request.query as Partial<WebhookPath>;
    const path = { poster, channel };
    const behaviour = behaviourFor(webhook, channel);
    const refusal = refusalOf(path, behaviour);
    if (refusal !== undefined) {
      onRefused({ ...path, reason: refusal.reason, details: [] });
      return refusal.answer(reply);
    }
    const verdict = readPayload(request.headers['content-type'] ?? '', String(request.body ?? ''));
    if (verdict.kind === 'refused') {
      onRefused({ ...path, reason: verdict.body, details: verdict.reasons });
      return plain(reply, verdict.status, verdict.body);
    }
    await accept(request, reply, { ...path, message: verdict.message, atMs: nowMs() }, behaviour);
    return isTaking(behaviour) ? ANSWERS_OF_TAKEN[behaviour](reply) : plain(reply, 200, 'ok');
  }

  app.register(async (slack) => {
    slack.addHook('onRequest', async (request, reply) => {
      const refusal = refusalOfPages(request.headers, request.raw);
      if (refusal !== undefined) return plain(reply, 403, refusal);
    });
    // Slack judges the body itself: what is not JSON is `invalid_payload`, whatever the content type says.
    slack.removeAllContentTypeParsers();
    slack.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    slack.post(WEBHOOK_ROUTE, (request, reply) => take(request, reply));
    slack.post('/services/*', (_request, reply) => plain(reply, 404, 'no_service'));
  });
}
