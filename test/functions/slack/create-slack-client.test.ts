import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSlackClient } from '../../../functions/slack/create-slack-client.ts';
import type { SlackMessage } from '../../../shared/slack/slack-message.ts';
import { SlackDeliveryError } from '../../../shared/slack-delivery-error.ts';

const message: SlackMessage = { text: 'StopFlow', unfurl_links: false, unfurl_media: false };
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A webhook on this machine whose path is the secret. */
async function aWebhook(answer: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/zzsecretzz`;
}

const refusalOf = async (url: string, timeoutMs = 2000): Promise<unknown> => {
  const thrown: unknown = await createSlackClient({ timeoutMs })(url, message).catch((error: unknown) => error);
  if (!(thrown instanceof SlackDeliveryError)) return thrown;
  expect(JSON.stringify({ ...thrown, text: thrown.message, cause: thrown.cause, stack: thrown.stack })).not.toContain(
    'zzsecretzz',
  );
  return thrown.refusal;
};

describe('createSlackClient', () => {
  it('posts the message as it is and takes "ok" for done', async () => {
    const bodies: string[] = [];
    const url = await aWebhook(async (request, response) => {
      bodies.push((await request.toArray()).join(''));
      response.end('ok');
    });
    expect(await refusalOf(url)).toBeUndefined();
    expect(bodies).toEqual([JSON.stringify(message)]);
  });

  it('keeps what Slack asks to wait, and does not retry a 429', async () => {
    let posts = 0;
    const url = await aWebhook((_, response) => {
      posts += 1;
      response.writeHead(429, { 'retry-after': '13' }).end('rate_limited');
    });
    expect(await refusalOf(url)).toEqual({
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
    expect(await refusalOf(url)).toMatchObject({ kind: 'transient', reason: 'HTTP 500: rollup_error' });
    expect(posts).toBe(1);
  });

  it('gives up when no answer comes in time', async () => {
    const url = await aWebhook(() => undefined);
    expect(await refusalOf(url, 100)).toMatchObject({ kind: 'transient', reason: 'no answer: TimeoutError' });
  });

  it('takes a 200 for an acceptance although its body never ends', async () => {
    const url = await aWebhook((_, response) => {
      response.writeHead(200);
      response.write('o');
    });
    expect(await refusalOf(url, 200)).toBeUndefined();
  });

  it('classifies a refusal whose body never ends by its status', async () => {
    const url = await aWebhook((_, response) => {
      response.writeHead(503, { 'retry-after': '5' });
      response.write('u');
    });
    expect(await refusalOf(url, 200)).toMatchObject({ kind: 'transient', reason: 'HTTP 503', retryAfterMs: 5000 });
  });

  it('says what happened to the connection', async () => {
    const reset = await aWebhook((request) => request.socket.destroy());
    expect(await refusalOf(reset)).toMatchObject({
      kind: 'transient',
      reason: expect.stringMatching(/^no answer: [A-Z_]+$/),
    });
    expect(await refusalOf('http://127.0.0.1:1/services/zzsecretzz')).toMatchObject({ kind: 'transient' });
  });

  it('does not follow a redirect', async () => {
    const url = await aWebhook((_, response) => {
      response.writeHead(302, { location: '/services/zzsecretzz/elsewhere' }).end();
    });
    expect(await refusalOf(url)).toEqual({ kind: 'elsewhere', reason: 'HTTP 302 (a redirect)' });
  });

  it('does not quote a malformed URL', async () => {
    expect(await refusalOf('not a URL zzsecretzz')).toMatchObject({
      kind: 'transient',
      reason: 'no answer: ERR_INVALID_URL',
    });
  });
});
