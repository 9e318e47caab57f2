import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import type { RateLimit } from './rate-limit.ts';
import { readPayload } from './read-payload.ts';
import type { SlackBehaviour, SlackMood } from './slack-behaviour.ts';
import { WEBHOOK_ROUTE, type WebhookPath } from './webhook-path.ts';

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
  readonly mood: SlackMood;
  readonly rateLimit: RateLimit;
  readonly nowMs: () => number;
  /** The channels that have a webhook. */
  readonly channels: ReadonlySet<string>;
  readonly onAccepted: (post: AcceptedPost) => void;
  readonly onRefused: (post: RefusedPost) => void;
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

/** What a bad day looks like on the wire; `ok` and `slow-body` are the days on which the message is taken. */
const FAILURES: Readonly<Record<Exclude<SlackBehaviour, 'ok' | 'slow-body'>, (reply: FastifyReply) => unknown>> = {
  '429': (reply) => rateLimited(reply, RETRY_AFTER_SECONDS),
  '500': (reply) => plain(reply, 500, 'Internal Server Error'),
  '503': (reply) => plain(reply, 503, 'Service Unavailable'),
  rollup_error: (reply) => plain(reply, 500, 'rollup_error'),
  nothing: (reply) => reply.hijack(),
  reset: (reply) => {
    reply.hijack();
    reply.raw.socket?.resetAndDestroy();
    return reply;
  },
};

/** The head and half of the body; the rest never comes. */
function answerSlowly(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': 2 });
  reply.raw.write('o');
  return reply;
}

/** Slack's incoming webhooks, answering as Slack does. */
export function registerSlack(app: FastifyInstance, options: SlackEndpointOptions): void {
  const { mood, rateLimit, nowMs, channels, onAccepted, onRefused } = options;

  /** Why a post is refused, and how; `undefined` if Slack would look at it. */
  function refusalOf({ channel }: WebhookPath, behaviour: SlackBehaviour): Refusal | undefined {
    if (!channels.has(channel)) return { reason: 'no_service', answer: (reply) => plain(reply, 404, 'no_service') };
    if (behaviour !== 'ok' && behaviour !== 'slow-body') return { reason: behaviour, answer: FAILURES[behaviour] };
    const seconds = rateLimit(channel, nowMs());
    return seconds === 0 ? undefined : { reason: 'rate_limited', answer: (reply) => rateLimited(reply, seconds) };
  }

  function take(request: FastifyRequest, reply: FastifyReply): unknown {
    const path = request.params as WebhookPath;
    const behaviour = channels.has(path.channel) ? mood.next() : 'ok';
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
    onAccepted({ ...path, message: verdict.message, atMs: nowMs() });
    return behaviour === 'ok' ? plain(reply, 200, 'ok') : answerSlowly(reply);
  }

  app.register(async (slack) => {
    // Slack judges the body itself: what is not JSON is `invalid_payload`, whatever the content type says.
    slack.removeAllContentTypeParsers();
    slack.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    slack.post(WEBHOOK_ROUTE, (request, reply) => take(request, reply));
    slack.post('/services/*', (_request, reply) => plain(reply, 404, 'no_service'));
  });
}
