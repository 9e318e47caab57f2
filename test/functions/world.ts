import type { Context } from 'aws-lambda';
import type { PostingDependencies, TellingDependencies } from '../../functions/delivery/dependencies.ts';
import { createSlackClient } from '../../functions/slack/create-slack-client.ts';
import { createWebhookSource } from '../../functions/slack/webhook-source.ts';
import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import { anEvent } from '../builders.ts';
import { memoryLedger } from './memory-ledger.ts';
import { memoryQueue } from './memory-queue.ts';
import { recordedTelemetry } from './recorded-telemetry.ts';

/** How Slack, or what is in the way to it, takes one post. */
export type Weather =
  | { readonly status: number; readonly body: string; readonly retryAfter?: string }
  | 'reset'
  | 'accepted, then reset';

export const OK: Weather = { status: 200, body: 'ok' };

/** Looks like a webhook URL; the part behind the host must never be seen anywhere. */
export const MARK = 'T0MARKED/B0SECRET/zzTOPSECRETzz';
export const urlOf = (channel: string): string => `https://hooks.slack.test/services/${MARK}/${channel}`;

export interface Post {
  readonly url: string;
  readonly atMs: number;
  readonly message: SlackMessage;
  readonly accepted: boolean;
  /** How many calls the message tells, by the span around the post. */
  readonly calls: number;
}

export const START_MS = Date.parse('2026-11-22T20:00:06Z');

/** Everything around the functions, in memory and with a clock that only waiting moves. */
export function aWorld({ channels = ['default', 'ops'] }: { readonly channels?: readonly string[] } = {}) {
  const clock = { nowMs: START_MS };
  const now = (): number => clock.nowMs;
  const telemetry = recordedTelemetry();
  const memory = memoryLedger(now);
  const sqs = memoryQueue({ now, visibilityTimeoutMs: 721_000, maxReceiveCount: 1000 });
  const posts: Post[] = [];
  const slack = { weather: (_url: string, _message: SlackMessage): Weather => OK };
  const secret: { text: string | undefined; reads: number } = {
    text: JSON.stringify(Object.fromEntries(channels.map((channel) => [channel, urlOf(channel)]))),
    reads: 0,
  };

  const answer = (weather: Weather): Response => {
    if (typeof weather === 'string') {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(MARK), { code: 'ECONNRESET' }) });
    }
    const { status, body, retryAfter } = weather;
    return new Response(body, { status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });
  };

  const fetch = async (input: unknown, init?: { readonly body?: unknown }): Promise<Response> => {
    const url = String(input);
    const message = JSON.parse(String(init?.body)) as SlackMessage;
    const weather = slack.weather(url, message);
    const accepted =
      weather === 'accepted, then reset' ||
      (typeof weather !== 'string' && weather.status === 200 && weather.body === 'ok');
    posts.push({ url, atMs: now(), message, accepted, calls: Number(telemetry.current()?.calls ?? 0) });
    return answer(weather);
  };

  const posting: PostingDependencies = {
    ledger: memory.ledger,
    webhooks: createWebhookSource(async () => {
      secret.reads += 1;
      return secret.text;
    }, now),
    post: createSlackClient({ timeoutMs: 10_000, fetch }),
    postTimeoutMs: 10_000,
    telemetry,
    now,
    wait: async (ms) => {
      clock.nowMs += ms;
    },
  };
  const telling: TellingDependencies = {
    ...posting,
    settings: { accountNames: {}, channels: {}, showParameters: [] },
    random: () => 0.5,
  };
  return { clock, telemetry, memory, sqs, posts, slack, secret, posting, telling };
}

export type World = ReturnType<typeof aWorld>;

export const eventIdOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** The body of a queued record: call number so-and-so, as the rule's target wraps it. */
export const aBody = (
  number: number,
  {
    channel = 'default',
    rule = 'changes',
    detail = {},
  }: { channel?: string; rule?: string; detail?: Record<string, unknown> } = {},
): string =>
  JSON.stringify({
    rule,
    channel,
    ingestionTime: '2026-11-22T20:00:05Z',
    event: anEvent({ detail: { eventID: eventIdOf(number), ...detail } }),
  });

/** The invocation's own clock: two minutes from when it is asked first. */
export const aContext = ({ clock }: World, timeoutMs = 120_000) => {
  const deadlineMs = clock.nowMs + timeoutMs;
  return { getRemainingTimeInMillis: () => deadlineMs - clock.nowMs };
};

/** All that Lambda passes a handler. */
export const aLambdaContext = (world: World): Context => ({
  ...aContext(world),
  functionName: 'notifier',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:notifier',
  memoryLimitInMB: '256',
  awsRequestId: '1',
  logGroupName: '/notifier',
  logStreamName: '1',
  callbackWaitsForEmptyEventLoop: true,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});
