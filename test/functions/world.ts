import type { Context } from 'aws-lambda';
import type { NotifyingDependencies, PostingDependencies } from '../../functions/ports.ts';
import { createSlackClient, createWebhookSource } from '../../functions/slack/slack-client.ts';
import { routeEnvelopeText } from '../../shared/call/api-call-event.ts';
import type { SlackMessage } from '../../shared/slack/message.ts';
import { anEvent } from '../builders.ts';
import { memoryLedger } from './memory-ledger.ts';
import { memoryQueue } from './memory-queue.ts';
import { recordedTelemetry } from './recorded-telemetry.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How Slack, or what is in the way to it, takes one post. */
export type Weather =
  | { readonly status: number; readonly body: string; readonly retryAfter?: string }
  | 'reset'
  | 'accepted, then reset'
  /** No answer, for as long as anybody waits for one. */
  | 'silence';

export const OK: Weather = { status: 200, body: 'ok' };

/** Looks like a webhook URL; the part behind the host must never be seen anywhere. */
export const MARK = 'T0MARKED/B0SECRET/zzTOPSECRETzz';
export const urlOf = (channel: string): string => `https://hooks.slack.test/services/${MARK}/${channel}`;

export interface Post {
  readonly url: string;
  readonly atMs: number;
  readonly message: SlackMessage;
  readonly accepted: boolean;
  /** How many calls the message reports, by the span around the post. */
  readonly calls: number;
}

const never = new AbortController().signal;

export const START_MS = Date.parse('2026-11-22T20:00:06Z');

export interface WorldOptions {
  readonly channels?: readonly string[];
  /**
   * Where several wait at the same time.
   * @default a clock that every wait moves on
   */
  readonly time?: VirtualTime;
}

/** A clock that every wait moves on: good for one who waits at a time. */
function simpleClock() {
  let nowMs = START_MS;
  return {
    get nowMs() {
      return nowMs;
    },
    set nowMs(ms: number) {
      nowMs = ms;
    },
    wait: async (ms: number): Promise<void> => {
      nowMs += ms;
      // Whoever waits in a loop for something that is under way lets it go on.
      await new Promise(setImmediate);
    },
  };
}

const sharedClock = ({ now, wait, advanceTo }: VirtualTime) => ({
  get nowMs() {
    return now();
  },
  set nowMs(ms: number) {
    advanceTo(ms);
  },
  wait,
});

/** Everything around the functions, in memory. */
export function aWorld({ channels = ['default', 'ops'], time }: WorldOptions = {}) {
  const clock = time === undefined ? simpleClock() : sharedClock(time);
  const { wait } = clock;
  let ids = 0;
  const now = (): number => clock.nowMs;
  const telemetry = recordedTelemetry();
  const memory = memoryLedger(now);
  const sqs = memoryQueue({ now, visibilityTimeoutMs: 721_000, maxReceiveCount: 1000, ...(time && { wait }) });
  const posts: Post[] = [];
  const slack = {
    weather: (_url: string, _message: SlackMessage): Weather => OK,
    answersAfterMs: 0,
  };
  const patience = new WeakMap<AbortSignal, number>();
  const secret: { text: string | undefined; reads: number } = {
    text: JSON.stringify(Object.fromEntries(channels.map((channel) => [channel, urlOf(channel)]))),
    reads: 0,
  };

  const answer = (weather: Weather): Response => {
    if (weather === 'silence') throw new DOMException('no answer', 'TimeoutError');
    if (typeof weather === 'string') {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(MARK), { code: 'ECONNRESET' }) });
    }
    const { status, body, retryAfter } = weather;
    return new Response(body, { status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } });
  };

  const fetch = async (
    input: unknown,
    init?: { readonly body?: unknown; readonly signal?: AbortSignal | null },
  ): Promise<Response> => {
    const url = String(input);
    const message = JSON.parse(String(init?.body)) as SlackMessage;
    const weather = slack.weather(url, message);
    const accepted =
      weather === 'accepted, then reset' ||
      (typeof weather !== 'string' && weather.status === 200 && weather.body === 'ok');
    posts.push({ url, atMs: now(), message, accepted, calls: Number(telemetry.current()?.calls ?? 0) });
    const answersAfterMs = weather === 'silence' ? patience.get(init?.signal ?? never) : slack.answersAfterMs;
    if (answersAfterMs !== undefined && answersAfterMs > 0) await wait(answersAfterMs);
    return answer(weather);
  };

  const posting: PostingDependencies = {
    ledger: memory.ledger,
    webhooks: createWebhookSource(async () => {
      secret.reads += 1;
      return secret.text;
    }, now),
    post: createSlackClient({
      fetch,
      timeLimit: (ms) => {
        const { signal } = new AbortController();
        patience.set(signal, ms);
        return signal;
      },
    }),
    telemetry,
    now,
    wait,
    newId: () => {
      ids += 1;
      return `owner-${ids}`;
    },
  };
  const notifying: NotifyingDependencies = {
    ...posting,
    queue: sqs.queue,
    settings: { accountNames: {}, channels: {}, showParameters: [] },
  };
  return { clock, telemetry, memory, sqs, posts, slack, secret, posting, notifying };
}

export type World = ReturnType<typeof aWorld>;

export const eventIdOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export interface BodyChanges {
  readonly channel?: string;
  readonly rule?: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  /**
   * When the call was made, and ingested at once.
   * @default six seconds before the start, and five seconds later
   */
  readonly calledAtMs?: number;
}

/** CloudTrail and EventBridge know no parts of a second. */
const wholeSecond = (ms: number): string => `${new Date(ms).toISOString().slice(0, 'YYYY-MM-DDThh:mm:ss'.length)}Z`;

/** The body of a queued record: call number so-and-so, as the rule's target wraps it. */
export const aBody = (
  number: number,
  { channel = 'default', rule = 'changes', detail = {}, calledAtMs }: BodyChanges = {},
): string =>
  routeEnvelopeText(
    { rule, channel, ingestedAtMs: Date.parse(wholeSecond(calledAtMs ?? START_MS - 1000)) },
    anEvent({
      detail: { eventID: eventIdOf(number), eventTime: wholeSecond(calledAtMs ?? START_MS - 6000), ...detail },
    }),
  );

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
