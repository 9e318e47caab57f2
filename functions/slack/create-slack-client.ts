import { type FetchFunction, IncomingWebhook, type IncomingWebhookSendArguments } from '@slack/webhook';
import { MOST_PATIENCE_MS } from '../../shared/retry-wait.ts';
import type { SlackMessage } from '../../shared/slack/slack-message.ts';
import { classifySlackAnswer, type HttpAnswer, noAnswer } from '../../shared/slack-answer.ts';
import { SlackDeliveryError } from '../../shared/slack-delivery-error.ts';
import { httpsFetch } from './https-fetch.ts';

type Reader = Pick<ReadableStreamDefaultReader<Uint8Array>, 'read' | 'cancel'>;

/** As much of `fetch`'s answer as posting needs. */
export interface FetchedResponse extends Pick<Response, 'ok' | 'status' | 'statusText'> {
  readonly headers: Awaited<ReturnType<FetchFunction>>['headers'];
  readonly body: { getReader(): Reader } | null;
}

/** As much of `fetch` as posting needs. */
export type Fetch = (url: string | URL, init: NonNullable<Parameters<FetchFunction>[1]>) => Promise<FetchedResponse>;

export interface SlackClientOptions {
  /** @default `httpsFetch` */
  readonly fetch?: Fetch;
  /**
   * A signal that aborts after so many milliseconds.
   * @default `AbortSignal.timeout`
   */
  readonly timeLimit?: (ms: number) => AbortSignal;
}

export interface Patience {
  /**
   * How long to wait for the whole answer.
   * @default 10000
   */
  readonly timeoutMs?: number;
}

/** Posts a message to a webhook. @throws SlackDeliveryError unless Slack accepted it. */
export type PostToSlack = (webhookUrl: string, message: SlackMessage, patience?: Patience) => Promise<void>;

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
