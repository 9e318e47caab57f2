import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Fetch, FetchedResponse } from './create-slack-client.ts';

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
