import type { SlackMessage } from '../../shared/slack/message.ts';
import type { Chance } from './chance.ts';
import { latency, type Outcome, type Process, type Senses } from './process.ts';
import type { Scheduler } from './scheduler.ts';

/** How Slack, or what is in the way to it, takes what is posted, for a while. */
export type Mood =
  | 'fine'
  | 'server errors'
  | 'rate limiting'
  | 'silent'
  | 'resetting'
  | 'behind a proxy'
  | 'somebody else answers'
  | 'answers get lost';

/** One way in which one post can fare. */
export type Fate =
  | 'ok'
  /** The answer takes seconds. */
  | 'ok, slowly'
  /** Slack took it, and whoever posted cannot know. */
  | 'taken, then reset'
  | 'taken, then silence'
  | 'taken, then a server error'
  | 'taken, and the body never ends'
  | 'server error'
  | 'rate limited'
  | 'silence'
  | 'reset'
  | 'forbidden by a proxy'
  | 'redirected'
  | 'a page of somebody else'
  | 'a page that breaks off'
  | 'a page that never ends'
  | 'content refused'
  | 'no such webhook';

const FATES: Readonly<Record<Mood, readonly (readonly [weight: number, fate: Fate])[]>> = {
  fine: [
    [960, 'ok'],
    [12, 'ok, slowly'],
    [4, 'taken, then reset'],
    [3, 'taken, then silence'],
    [2, 'taken, then a server error'],
    [2, 'taken, and the body never ends'],
    [6, 'server error'],
    [3, 'rate limited'],
    [3, 'reset'],
    [2, 'silence'],
    [1, 'redirected'],
    [1, 'forbidden by a proxy'],
    [1, 'a page that breaks off'],
  ],
  'server errors': [[1, 'server error']],
  'rate limiting': [[1, 'rate limited']],
  silent: [
    [30, 'silence'],
    [1, 'taken, then silence'],
  ],
  resetting: [[1, 'reset']],
  'behind a proxy': [
    [3, 'forbidden by a proxy'],
    [1, 'redirected'],
  ],
  'somebody else answers': [
    [2, 'a page of somebody else'],
    [1, 'a page that breaks off'],
    [1, 'a page that never ends'],
  ],
  'answers get lost': [
    [3, 'ok'],
    [1, 'taken, then reset'],
    [1, 'taken, then silence'],
    [1, 'reset'],
  ],
};

const TAKEN: ReadonlySet<Fate> = new Set([
  'ok',
  'ok, slowly',
  'taken, then reset',
  'taken, then silence',
  'taken, then a server error',
  'taken, and the body never ends',
]);
/** What whoever posted learns that Slack took it, if it waits long enough. */
const LEARNED: ReadonlySet<Fate> = new Set(['ok', 'ok, slowly', 'taken, and the body never ends']);
const HARMLESS: ReadonlySet<Fate> = new Set(['ok', 'ok, slowly', 'content refused']);

/** A message that Slack took. */
export interface TakenPost {
  readonly process: Process;
  readonly url: string;
  readonly message: SlackMessage;
  readonly sentMs: number;
  readonly takenMs: number;
  /** Whether whoever posted has heard Slack's ok by now, or never will. */
  answer: 'under way' | 'heard' | 'lost';
}

/** A post that Slack did not take, or that it took without saying so. */
export interface FailedPost {
  readonly process: Process;
  readonly url: string;
  readonly fate: Fate;
  /** What Slack asked to wait. */
  readonly retryAfterMs: number;
}

/** A post to which Slack's own answer was heard: it took it, or refused it for what it says. */
export interface AnsweredPost {
  readonly url: string;
  readonly message: SlackMessage;
  readonly isRefused: boolean;
}

export interface SlackOptions {
  readonly scheduler: Scheduler;
  readonly senses: Senses;
  readonly chance: Chance;
  readonly moodAt: (url: string) => Mood;
  /** Whether the URL is one of a webhook, now. */
  readonly isWebhook: (url: string) => boolean;
  /** Whether Slack refuses a message for what it says. */
  readonly isRefused: (message: SlackMessage) => boolean;
  readonly onTaken: (post: TakenPost) => void;
  readonly onFailed: (post: FailedPost) => void;
  readonly onAnswered: (post: AnsweredPost) => void;
  readonly log: (line: string) => void;
}

const HTML = `<!doctype html><html><title>Sign in</title>${'<p>Please sign in to the network.</p>'.repeat(60)}</html>`;
const BURST = 4;
const USUAL_MS = 60;

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What becomes of the body after its beginning. */
  readonly rest?: 'breaks off' | 'never ends';
}

function hear(taken: TakenPost | undefined, answer: TakenPost['answer']): void {
  if (taken?.answer === 'under way') taken.answer = answer;
}

/** A bucket for each webhook: one a second, and a short burst above it. */
function createRateLimit(nowMs: () => number): (url: string) => boolean {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return (url) => {
    const bucket = buckets.get(url) ?? { tokens: BURST, atMs: nowMs() };
    buckets.set(url, bucket);
    bucket.tokens = Math.min(BURST, bucket.tokens + (nowMs() - bucket.atMs) / 1000);
    bucket.atMs = nowMs();
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}

/**
 * Slack's incoming webhooks, and the network in front of them.
 *
 * @see https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 * @see https://docs.slack.dev/apis/web-api/rate-limits
 */
export function createSlack(options: SlackOptions) {
  const { scheduler, senses, chance, moodAt, isWebhook, isRefused, onTaken, onFailed, onAnswered, log } = options;
  const isWithinRate = createRateLimit(scheduler.nowMs);

  function fateOf(url: string, message: SlackMessage): Fate {
    const fate = chance.pickWeighted(FATES[moodAt(url)]);
    if (!TAKEN.has(fate)) return fate;
    if (!isWebhook(url)) return 'no such webhook';
    if (!isWithinRate(url)) return 'rate limited';
    return isRefused(message) ? 'content refused' : fate;
  }

  function replyTo(fate: Fate, retryAfterSeconds: number): Reply | undefined {
    switch (fate) {
      case 'ok':
      case 'ok, slowly':
        return { status: 200, body: 'ok' };
      case 'taken, and the body never ends':
        return { status: 200, body: chance.pick(['o', 'ok']), rest: 'never ends' };
      case 'server error':
      case 'taken, then a server error':
        return { status: chance.pick([500, 502, 503, 504]), body: chance.pick(['rollup_error', '', HTML]) };
      case 'rate limited':
        return { status: 429, body: 'rate_limited', headers: { 'retry-after': String(retryAfterSeconds) } };
      case 'forbidden by a proxy':
        return { status: chance.pick([403, 407]), body: HTML };
      case 'redirected':
        return { status: 302, body: '', headers: { location: 'https://portal.example.org/' } };
      case 'a page of somebody else':
        return { status: 200, body: HTML };
      case 'a page that breaks off':
        return { status: 200, body: HTML.slice(0, chance.between(1, 400)), rest: 'breaks off' };
      case 'a page that never ends':
        return { status: 200, body: HTML.slice(0, chance.between(1, 400)), rest: 'never ends' };
      case 'content refused':
        return { status: 400, body: chance.pick(['invalid_blocks', 'invalid_payload']) };
      case 'no such webhook':
        return { status: 404, body: 'no_service' };
      default:
        return undefined;
    }
  }

  const resetError = (): TypeError =>
    new TypeError('fetch failed', { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });

  /** A body whose end is an event of its own. */
  function bodyOf({ body, rest }: Reply, process: Process, signal: AbortSignal | undefined): string | ReadableStream {
    if (rest === undefined) return body;
    return new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode(body));
        signal?.addEventListener('abort', () => {
          if (process.isAlive()) controller.error(signal.reason);
        });
        if (rest === 'never ends') return;
        scheduler.after(latency(chance, USUAL_MS), () => {
          if (process.isAlive()) controller.error(resetError());
        });
      },
    });
  }

  const responseOf = (reply: Reply, process: Process, signal: AbortSignal | undefined): Response =>
    new Response(bodyOf(reply, process, signal), { status: reply.status, headers: { ...reply.headers } });

  /** What a client makes of a redirect that it was told not to follow. */
  const isRefusedRedirect = ({ status }: Reply, redirect: RequestInit['redirect']): boolean =>
    status === 302 && redirect !== 'manual';

  function outcomeOf(fate: Fate, process: Process, init: RequestInit, retryAfterSeconds: number): Outcome<Response> {
    const reply = replyTo(fate, retryAfterSeconds);
    if (reply === undefined) {
      return fate.endsWith('reset') ? { kind: 'error', error: resetError() } : { kind: 'never' };
    }
    if (isRefusedRedirect(reply, init.redirect)) return { kind: 'error', error: resetError() };
    return { kind: 'value', value: responseOf(reply, process, init.signal ?? undefined) };
  }

  interface Request {
    readonly process: Process;
    readonly url: string;
    readonly message: SlackMessage;
    readonly init: RequestInit;
    readonly sentMs: number;
  }

  /** A post reaches Slack, or what is in the way to it. */
  function arrive({ process, url, message, init, sentMs }: Request) {
    const fate = fateOf(url, message);
    log(`${process.name} post ${fate}`);
    const retryAfterSeconds = fate === 'rate limited' ? chance.pick([1, 1, 2, 5, 30, 60, 86_400]) : 0;
    if (!HARMLESS.has(fate)) onFailed({ process, url, fate, retryAfterMs: retryAfterSeconds * 1000 });
    const taken = TAKEN.has(fate) ? take({ process, url, message, sentMs }, fate) : undefined;
    const backMs = fate === 'ok, slowly' ? chance.between(2000, 9000) : latency(chance, 2 * USUAL_MS);
    return { fate, taken, outcome: outcomeOf(fate, process, init, retryAfterSeconds), backMs };
  }

  function take(post: Omit<TakenPost, 'takenMs' | 'answer'>, fate: Fate): TakenPost {
    const taken: TakenPost = {
      ...post,
      takenMs: scheduler.nowMs(),
      answer: LEARNED.has(fate) ? 'under way' : 'lost',
    };
    onTaken(taken);
    return taken;
  }

  function post(request: Request): Promise<Response> {
    const signal = request.init.signal ?? undefined;
    let taken: TakenPost | undefined;
    let fate: Fate | undefined;
    const answered = senses.ask<Response>(request.process, {
      thereMs: latency(chance, USUAL_MS),
      signal,
      abortError: () => signal?.reason,
      arrive(answer) {
        const arrived = arrive(request);
        taken = arrived.taken;
        fate = arrived.fate;
        // Whoever has given up does not hear it.
        if (signal?.aborted === true) hear(taken, 'lost');
        answer(arrived.outcome, arrived.backMs);
      },
    });
    answered.then(
      () => {
        hear(taken, 'heard');
        const isRefused = fate === 'content refused';
        if (fate === undefined || !(isRefused || LEARNED.has(fate))) return;
        onAnswered({ url: request.url, message: request.message, isRefused });
      },
      () => hear(taken, 'lost'),
    );
    return answered;
  }

  /** The `fetch` of a process. */
  return (process: Process): typeof globalThis.fetch =>
    async (input, init = {}) => {
      const url = String(input);
      if (init.method !== 'POST') throw new TypeError(`not imitated: ${init.method} ${url}`);
      const message = JSON.parse(String(init.body)) as SlackMessage;
      return post({ process, url, message, init, sentMs: scheduler.nowMs() });
    };
}
