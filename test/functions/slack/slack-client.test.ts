import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fetch } from '../../../functions/ports.ts';
import { createSlackClient, httpsFetch } from '../../../functions/slack/slack-client.ts';
import type { SlackMessage } from '../../../shared/slack/message.ts';
import { SlackDeliveryError } from '../../../shared/slack/webhook.ts';

const message: SlackMessage = { text: 'StopFlow', unfurl_links: false, unfurl_media: false };
const LOGIN_PAGE = '<html><title>Sign in to the guest network';
const NOT_SLACK = "with a text that is not Slack's";
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A webhook on this machine whose path is the secret. */
async function aWebhook(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/zzsecretzz`;
}

/** What came of a post; `undefined`: accepted. What was thrown does not hold the secret. */
async function refusalOf(posted: Promise<void>): Promise<unknown> {
  const thrown: unknown = await posted.catch((error: unknown) => error);
  if (!(thrown instanceof SlackDeliveryError)) return thrown;
  expect(JSON.stringify({ ...thrown, text: thrown.message, cause: thrown.cause, stack: thrown.stack })).not.toContain(
    'zzsecretzz',
  );
  return thrown.refusal;
}

const post = (url: string, timeoutMs = 5000): Promise<unknown> =>
  refusalOf(createSlackClient()(url, message, { timeoutMs }));

/** The time is up a moment after the head of the answer is there. */
function postUntilHead(url: string): Promise<unknown> {
  const limit = new AbortController();
  const untilHead: Fetch = async (...request) => {
    const response = await httpsFetch(...request);
    setTimeout(() => limit.abort(new DOMException('time is up', 'TimeoutError')), 100);
    return response;
  };
  return refusalOf(
    createSlackClient({ fetch: untilHead, timeLimit: () => limit.signal })(url, message, { timeoutMs: 1 }),
  );
}

describe('createSlackClient', () => {
  it('posts the message as it is and takes "ok" for done', async () => {
    const requests: unknown[] = [];
    const url = await aWebhook(async (request, response) => {
      const body = (await request.toArray()).join('');
      requests.push([request.method, body, request.headers['accept-encoding']]);
      response.writeHead(200, { 'content-type': 'text/html' }).end('ok');
    });
    expect(await post(url)).toBeUndefined();
    expect(requests).toEqual([['POST', JSON.stringify(message), 'identity']]);
  });

  it('keeps what Slack asks to wait, and does not retry a 429', async () => {
    let posts = 0;
    const url = await aWebhook((_, response) => {
      posts += 1;
      response.writeHead(429, { 'retry-after': '13' }).end('rate_limited');
    });
    expect(await post(url)).toEqual({
      kind: 'transient',
      reason: 'HTTP 429: rate_limited',
      retryAfterMs: 13_000,
      rateLimited: true,
    });
    expect(posts).toBe(1);
  });

  it('does not retry a 500', async () => {
    let posts = 0;
    const url = await aWebhook((_, response) => {
      posts += 1;
      response.writeHead(500).end('rollup_error');
    });
    expect(await post(url)).toMatchObject({ kind: 'transient', reason: 'HTTP 500: rollup_error' });
    expect(posts).toBe(1);
  });

  it('waits five minutes at most, although a day is asked for', async () => {
    const url = await aWebhook((_, response) => response.writeHead(503, { 'retry-after': '86400' }).end());
    expect(await post(url)).toMatchObject({ kind: 'transient', reason: 'HTTP 503', retryAfterMs: 300_000 });
  });

  it('says what happened to the connection', async () => {
    const reset = await aWebhook((request) => request.socket.destroy());
    expect(await post(reset)).toMatchObject({
      kind: 'transient',
      reason: expect.stringMatching(/^no answer: [A-Z_]+$/),
    });
    expect(await post('http://127.0.0.1:1/services/zzsecretzz')).toMatchObject({ kind: 'transient' });
  });

  it('does not follow a redirect', async () => {
    const url = await aWebhook((_, response) => {
      response.writeHead(302, { location: '/services/zzsecretzz/elsewhere' }).end();
    });
    expect(await post(url)).toEqual({ kind: 'not-slack', reason: 'HTTP 302 (a redirect)' });
  });

  it('speaks TLS to an https URL, and takes nothing else for an answer', async () => {
    const plain = await aWebhook((_, response) => response.end('ok'));
    expect(await post(plain.replace('http:', 'https:'))).toMatchObject({
      kind: 'transient',
      reason: expect.stringMatching(/^no answer: E[A-Z_]+$/),
    });
  });

  it('does not quote a malformed URL', async () => {
    expect(await post('not a URL zzsecretzz')).toMatchObject({
      kind: 'transient',
      reason: 'no answer: ERR_INVALID_URL',
    });
  });
});

describe('the time limit', () => {
  it('ends a post that is not answered', async () => {
    const url = await aWebhook(() => undefined);
    expect(await post(url, 100)).toMatchObject({ kind: 'transient', reason: 'no answer: TimeoutError' });
  });

  it('is asked for anew for each post, and reaches fetch and the body', async () => {
    const limits: { ms: number; controller: AbortController }[] = [];
    const timeLimit = (ms: number): AbortSignal => {
      const controller = new AbortController();
      limits.push({ ms, controller });
      return controller.signal;
    };
    const signals: unknown[] = [];
    let isRead = false;
    const silentBody: Fetch = async (_, { signal }) => {
      signals.push(signal);
      // A body that knows nothing of the signal, and is asked for when somebody reads it.
      const pull = (): Promise<void> => {
        isRead = true;
        limits.at(-1)?.controller.abort();
        return new Promise(() => undefined);
      };
      const body = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 });
      return new Response(body, { headers: { 'x-slack-backend': 'r' } });
    };
    const client = createSlackClient({ fetch: silentBody, timeLimit });
    expect(await refusalOf(client('https://hooks.slack.test/', message, { timeoutMs: 700 }))).toBeUndefined();
    expect(await refusalOf(client('https://hooks.slack.test/', message, { timeoutMs: 9000 }))).toBeUndefined();
    expect(isRead).toBe(true);
    expect(limits.map(({ ms }) => ms)).toEqual([700, 9000]);
    expect(signals).toEqual(limits.map(({ controller }) => controller.signal));
  });

  it('is not waited for by a body that comes after it', async () => {
    const late: Fetch = async () => new Response(new ReadableStream());
    const client = createSlackClient({ fetch: late, timeLimit: () => AbortSignal.abort() });
    expect(await refusalOf(client('https://hooks.slack.test/', message, { timeoutMs: 1 }))).toMatchObject({
      reason: 'HTTP 200 whose text did not arrive, not "ok"',
    });
  });
});

describe('a 200 of Slack whose text gets lost', () => {
  const SLACK = { 'content-type': 'text/html', 'x-slack-backend': 'r' };

  it.each<[string, RequestListener]>([
    ['after its first byte, without an end', (_, response) => void response.writeHead(200).write('o')],
    [
      'after its first byte, as the connection breaks',
      (_, response) =>
        void response.writeHead(200, { 'content-length': 2 }).write('o', () => setImmediate(() => response.destroy())),
    ],
    ['before its first byte, without an end', (_, response) => response.writeHead(200, SLACK).flushHeaders()],
    [
      'before its first byte, as the connection breaks',
      (_, response) => {
        response.writeHead(200, { ...SLACK, 'content-length': 2 }).flushHeaders();
        setImmediate(() => response.destroy());
      },
    ],
    [
      'because it cannot be decoded',
      (_, response) => response.writeHead(200, { ...SLACK, 'content-encoding': 'gzip' }).end('ok'),
    ],
  ])('%s is an acceptance', async (_, answer) => {
    expect(await postUntilHead(await aWebhook(answer))).toBeUndefined();
  });

  it('is an acceptance although it is compressed', async () => {
    const url = await aWebhook((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('ok')),
    );
    expect(await post(url)).toBeUndefined();
  });
});

describe('an answer that is not Slack’s', () => {
  const HTML = { 'content-type': 'text/html' };

  it.each<[string, RequestListener, string]>([
    ['a whole page', (_, response) => response.writeHead(200, HTML).end(LOGIN_PAGE), `HTTP 200 ${NOT_SLACK}, not "ok"`],
    [
      'a page whose connection breaks',
      (_, response) =>
        void response
          .writeHead(200, { ...HTML, 'content-length': 5000 })
          .write(LOGIN_PAGE, () => setImmediate(() => response.destroy())),
      `HTTP 200 ${NOT_SLACK}, not "ok"`,
    ],
    [
      'a page that never ends',
      (_, response) => void response.writeHead(200, HTML).write(LOGIN_PAGE),
      `HTTP 200 ${NOT_SLACK}, not "ok"`,
    ],
    [
      'a page that never begins',
      (_, response) => response.writeHead(200, HTML).flushHeaders(),
      'HTTP 200 whose text did not arrive, not "ok"',
    ],
    [
      'a page wrongly marked as gzip',
      (_, response) => response.writeHead(200, { ...HTML, 'content-encoding': 'gzip' }).end(LOGIN_PAGE),
      'HTTP 200 whose text did not arrive, not "ok"',
    ],
    [
      'a page that begins like "ok"',
      (_, response) => void response.writeHead(200, HTML).write('ok, please sign in'),
      `HTTP 200 ${NOT_SLACK}, not "ok"`,
    ],
    ['an empty 200', (_, response) => response.writeHead(200).end(), 'HTTP 200, not "ok"'],
    ['a 403 of a web filter', (_, response) => response.writeHead(403, HTML).end(LOGIN_PAGE), `HTTP 403 ${NOT_SLACK}`],
    ['a 405 of a wrong URL', (_, response) => response.writeHead(405, HTML).end(LOGIN_PAGE), `HTTP 405 ${NOT_SLACK}`],
    ['an empty 413', (_, response) => response.writeHead(413).end(), 'HTTP 413'],
    [
      'a refusal that breaks off',
      (_, response) => void response.writeHead(404).write('no_serv'),
      `HTTP 404 ${NOT_SLACK}`,
    ],
  ])('%s is waited out', async (_, answer, reason) => {
    expect(await postUntilHead(await aWebhook(answer))).toEqual({ kind: 'not-slack', reason });
  });

  it('classifies a 503 whose text never ends by its status', async () => {
    const url = await aWebhook((_, response) => {
      response.writeHead(503, { 'retry-after': '5' });
      response.write('u');
    });
    expect(await postUntilHead(url)).toMatchObject({ kind: 'transient', retryAfterMs: 5000 });
  });

  it.each([200, 403, 503])('is left, be its status %i, when more came than Slack ever says', async (status) => {
    const sockets: Socket[] = [];
    const url = await aWebhook((request, response) => {
      const chunk = Buffer.alloc(16_384, 'a');
      const fill = (): void => {
        while (response.write(chunk));
      };
      sockets.push(request.socket);
      response.writeHead(status).on('drain', fill);
      fill();
    });
    // Nothing but the length of the body can end this.
    const client = createSlackClient({ timeLimit: () => new AbortController().signal });
    expect(await refusalOf(client(url, message, { timeoutMs: 1 }))).toMatchObject({
      kind: status === 503 ? 'transient' : 'not-slack',
      reason: expect.stringContaining(NOT_SLACK),
    });
    const [socket] = sockets;
    if (socket?.closed === false) await new Promise((resolve) => socket.once('close', resolve));
    // What the two ends of a connection hold on its way, of a body without an end.
    expect(socket?.bytesWritten).toBeLessThan(16_000_000);
  });
});
