import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type FetchFunction, IncomingWebhook, type IncomingWebhookSendArguments } from '@slack/webhook';
import {
  classifySlackAnswer,
  type HttpAnswer,
  MOST_PATIENCE_MS,
  noAnswer,
  parseWebhookUrls,
  SlackDeliveryError,
  WebhookSecretError,
  type WebhookUrls,
} from '../../shared/slack/webhook.ts';
import type { Fetch, FetchedResponse, PostToSlack, Reader, ReadSecret, WebhookSource } from '../ports.ts';

/** A webhook that was exchanged is noticed after this at the latest, and at once when Slack refuses the old one. */
const FRESH_FOR_MS = 300_000;
/** While Slack refuses, or the secret cannot be read, it is not read for every message. */
const BETWEEN_READS_MS = 30_000;

/** Keeps the webhook URLs that were good last, so that an outage of Secrets Manager silences nobody and costs no time. */
export function createWebhookSource(readSecret: ReadSecret, now: () => number): WebhookSource {
  let lastGood: WebhookUrls | undefined;
  let readAtMs = Number.NEGATIVE_INFINITY;
  let triedAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<WebhookUrls> | undefined;

  async function readOnce(): Promise<WebhookUrls> {
    triedAtMs = now();
    let text: string | undefined;
    try {
      text = await readSecret();
    } catch (error) {
      // The SDK's errors name the secret and the refusal, not its value.
      throw new WebhookSecretError('the slack secret cannot be read', { cause: error });
    }
    if (text === undefined) throw new WebhookSecretError('the slack secret has no text');
    lastGood = parseWebhookUrls(text);
    readAtMs = now();
    return lastGood;
  }

  /** One read at a time, whoever asks. */
  function read(): Promise<WebhookUrls> {
    reading ??= readOnce().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  const mayTry = (): boolean => now() - triedAtMs >= BETWEEN_READS_MS;

  return {
    async urls() {
      if (lastGood === undefined) return read();
      // Behind the work of this invocation: the next one has what was read, or these again.
      if (now() - readAtMs >= FRESH_FOR_MS && mayTry()) read().catch(() => undefined);
      return lastGood;
    },
    async reread() {
      // What an invocation reads behind its work, it has not had yet: that read is waited for.
      if (lastGood !== undefined && reading === undefined && !mayTry()) return lastGood;
      try {
        return await read();
      } catch (error) {
        if (lastGood === undefined) throw error;
        return lastGood;
      }
    },
  };
}

// A connection that was kept may have been closed while the function was frozen, and whether the post on it arrived
// nobody could know. A second between posts leaves time for a new one, and TLS sessions are resumed.
const HTTPS = { request: httpsRequest, agent: new HttpsAgent({ keepAlive: false }) };
const HTTP = { request: httpRequest, agent: new HttpAgent({ keepAlive: false }) };

/** What encodes although it was asked not to. */
const DECODERS = new Map<string | undefined, () => ReturnType<typeof createGunzip>>([
  ['gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

function bodyOf(message: IncomingMessage): Readable {
  const decoder = DECODERS.get(message.headers['content-encoding'])?.();
  // Whoever reads the body hears of its errors.
  return decoder === undefined ? message : pipeline(message, decoder, () => undefined);
}

function responseOf(message: IncomingMessage): FetchedResponse {
  const { statusCode = 0, statusMessage = '', headers } = message;
  const body = bodyOf(message);
  const chunks: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]();
  return {
    ok: statusCode >= 200 && statusCode < 300,
    status: statusCode,
    statusText: statusMessage,
    headers: {
      get: (name) => headers[name.toLowerCase()]?.toString() ?? null,
      entries: () => Object.entries(headers).map(([name, value]) => [name, String(value)]),
    },
    body: {
      getReader: () => ({
        read: async () => {
          const { done = false, value } = await chunks.next();
          return done ? { done, value: undefined } : { done, value };
        },
        cancel: async () => {
          body.destroy();
        },
      }),
    },
  };
}

/**
 * Posts as `fetch` does, by the HTTP client that the AWS SDK has loaded already. Node's own `fetch` is a second one, and
 * loading it and using it for the first time takes as long as all the rest of the first message. Never follows a redirect.
 */
export const httpsFetch: Fetch = async (url, { method, headers, body = '', signal }) => {
  const target = new URL(url);
  const { request, agent } = target.protocol === 'http:' ? HTTP : HTTPS;
  const text = String(body);
  return new Promise((resolve, reject) => {
    const outgoing = request(target, {
      agent,
      signal: signal ?? undefined,
      method: method ?? 'GET',
      headers: { ...headers, 'Content-Length': Buffer.byteLength(text) },
    });
    outgoing.on('response', (message) => resolve(responseOf(message)));
    // What a signal says of itself tells more than that it aborted.
    outgoing.on('error', (error) => reject(signal?.aborted ? signal.reason : error));
    outgoing.end(text);
  });
};

export interface SlackClientOptions {
  /** @default `httpsFetch` */
  readonly fetch?: Fetch;
  /**
   * A signal that aborts after so many milliseconds.
   * @default `AbortSignal.timeout`
   */
  readonly timeLimit?: (ms: number) => AbortSignal;
}

/** Slack's texts are a few dozen characters. Whatever answers in its place may never come to an end. */
const MOST_BODY_BYTES = 1024;

/** The code of a network error, and never its message: that may quote the webhook URL, which is a secret. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if ('code' in error && typeof error.code === 'string' && error.code !== 'slack_webhook_request_error') {
    return error.code;
  }
  return error.cause === undefined ? error.name : nameOf(error.cause);
}

/** Reads chunks until there are no more, or enough. Whether these are all. */
async function readChunks(reader: Reader, chunks: Uint8Array[]): Promise<boolean> {
  for (let bytes = 0; bytes <= MOST_BODY_BYTES; ) {
    const { done, value } = await reader.read();
    if (done) return true;
    chunks.push(value);
    bytes += value.byteLength;
  }
  return false;
}

const beginningOf = (chunks: readonly Uint8Array[]): string =>
  new TextDecoder().decode(Buffer.concat(chunks).subarray(0, MOST_BODY_BYTES));

/** Reads the beginning of a body. What breaks off, cannot be decoded or goes on for ever ends here all the same. */
async function readBody(
  body: FetchedResponse['body'],
  signal: AbortSignal,
): Promise<Required<Pick<HttpAnswer, 'body' | 'isWhole'>>> {
  if (body === null) return { body: '', isWhole: true };
  const reader = body.getReader();
  const giveUp = (): void => void reader.cancel().catch(() => undefined);
  const chunks: Uint8Array[] = [];
  signal.addEventListener('abort', giveUp);
  try {
    if (signal.aborted) giveUp();
    const isRead = await readChunks(reader, chunks);
    if (!isRead) giveUp();
    // A read that was given up looks like the end.
    return { body: beginningOf(chunks), isWhole: isRead && !signal.aborted };
  } catch {
    return { body: beginningOf(chunks), isWhole: false };
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

const hasSlackHeader = (headers: FetchedResponse['headers']): boolean =>
  [...headers.entries()].some(([name]) => name.startsWith('x-slack-'));

/**
 * `@slack/webhook` keeps neither headers nor the status of an answer whose body got lost, and would read a body of any
 * length; this does better.
 */
function keepAnswer(fetch: Fetch, signal: AbortSignal, keep: (answer: HttpAnswer) => void): FetchFunction {
  return async (url, init) => {
    const response = await fetch(url, {
      ...init,
      // `ok` as it is: of a compressed one nothing could be read before its end.
      headers: { ...init?.headers, 'Accept-Encoding': 'identity' },
      // A redirect is an answer too, and says that the URL is not Slack's; it must not look like a network error.
      redirect: 'manual',
      signal,
    });
    const { ok, status, statusText, headers } = response;
    const read = await readBody(response.body, signal);
    keep({ status, retryAfter: headers.get('retry-after'), hasSlackHeader: hasSlackHeader(headers), ...read });
    return {
      ok,
      status,
      statusText,
      headers,
      url: '',
      text: async () => read.body,
      json: async () => JSON.parse(read.body),
      arrayBuffer: async () => new TextEncoder().encode(read.body).buffer,
    };
  };
}

/** Posts with `@slack/webhook`, once: the queue is what retries. */
export const createSlackClient =
  ({ fetch = httpsFetch, timeLimit = AbortSignal.timeout }: SlackClientOptions = {}): PostToSlack =>
  async (webhookUrl, message, { timeoutMs = MOST_PATIENCE_MS } = {}) => {
    let kept: HttpAnswer | undefined;
    const webhook = new IncomingWebhook(webhookUrl, {
      // Its own clock could not be stopped by a test; the signal below is the time limit.
      timeout: 0,
      fetch: keepAnswer(fetch, timeLimit(timeoutMs), (answer) => {
        kept = answer;
      }),
    });
    let failure = 'unknown error';
    try {
      await webhook.send(message as IncomingWebhookSendArguments);
    } catch (error) {
      failure = nameOf(error);
    }
    const answer = kept === undefined ? noAnswer(`no answer: ${failure}`) : classifySlackAnswer(kept);
    if (answer.kind !== 'accepted') throw new SlackDeliveryError(answer);
  };
