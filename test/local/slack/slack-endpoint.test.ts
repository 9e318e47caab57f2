import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRateLimit, createSlackControl, type SlackControl } from '../../../local/slack/behaviour.ts';
import { type AcceptedPost, registerSlack, webhookPath } from '../../../local/slack/slack-endpoint.ts';

const web = {
  url: '',
  control: createSlackControl() as SlackControl,
  accepted: [] as AcceptedPost[],
  refused: [] as string[],
  lost: [] as AcceptedPost[],
};
let close: () => Promise<void>;

beforeEach(async () => {
  const app = fastify({ forceCloseConnections: true });
  // Of this test alone: a connection of the one before may end late.
  const lost: AcceptedPost[] = [];
  Object.assign(web, { control: createSlackControl(), accepted: [], refused: [], lost });
  registerSlack(app, {
    control: web.control,
    rateLimit: createRateLimit({ burst: 2 }),
    nowMs: () => 1000,
    channels: new Set(['default', 'on air']),
    onAccepted: (post) => web.accepted.push(post),
    onRefused: ({ reason }) => web.refused.push(reason),
    onAnswerLost: (post) => lost.push(post),
  });
  web.url = await app.listen({ port: 0, host: '127.0.0.1' });
  close = async () => void (await app.close());
});
afterEach(() => close());

const post = async (
  body: string,
  { channel = 'default', type = 'application/json', signal = new AbortController().signal } = {},
): Promise<readonly [number, string, string | null]> => {
  const response = await fetch(`${web.url}${webhookPath({ poster: 'P1', channel })}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
    signal,
  });
  return [response.status, await response.text(), response.headers.get('retry-after')];
};

/** Posts, and waits for the answer a moment longer than until Slack has the post. */
async function postInVain(): Promise<string> {
  const limit = new AbortController();
  const posted = post('{"text":"x"}', { signal: limit.signal }).then(() => 'answered', String);
  await expect.poll(() => web.accepted.length + web.refused.length).toBe(1);
  setTimeout(() => limit.abort(new DOMException('time is up', 'TimeoutError')), 200);
  return posted;
}

describe('a webhook that was added later', () => {
  const added = async (): Promise<number> => {
    const path = webhookPath({ poster: 'P1', channel: 'default' }).replace('/B0/', '/B1/');
    return (await fetch(`${web.url}${path}`, { method: 'POST', body: '{"text":"x"}' })).status;
  };

  it.each(['channel_not_found', 'no_service'] as const)('is not refused with the first one: %s', async (behaviour) => {
    web.control.set(behaviour);
    expect([(await post('{"text":"x"}'))[0], await added()]).toEqual([404, 200]);
  });

  it('has the same bad days as Slack itself', async () => {
    web.control.set('500');
    expect(await added()).toBe(500);
  });
});

describe('a post', () => {
  it('is taken with ok', async () => {
    expect(await post('{"text":"hello"}', { channel: 'on air' })).toEqual([200, 'ok', null]);
    expect(web.accepted).toEqual([{ poster: 'P1', channel: 'on air', message: { text: 'hello' }, atMs: 1000 }]);
  });

  it('is taken as the payload of a form', async () => {
    const form = 'application/x-www-form-urlencoded';
    expect(await post(`payload=${encodeURIComponent('{"text":"hello"}')}`, { type: form })).toEqual([200, 'ok', null]);
  });

  it.each([
    ['text that is not JSON', 'hello', {}, 400, 'invalid_payload'],
    ['JSON that is no object', '[]', {}, 400, 'invalid_payload'],
    ['nothing', '', {}, 400, 'invalid_payload'],
    ['nothing to show', '{"blocks":[]}', {}, 400, 'no_text'],
    [
      'a block that breaks a limit',
      '{"text":"x","blocks":[{"type":"header","text":{"type":"plain_text","text":""}}]}',
      {},
      400,
      'invalid_blocks',
    ],
    [
      'an attachment that breaks a limit',
      `{"text":"x","attachments":[{"color":"#000000","blocks":[{"type":"divider","block_id":"${'x'.repeat(256)}"}]}]}`,
      {},
      400,
      'invalid_attachments',
    ],
    ['a text that is none', '{"text":{"a":1}}', {}, 400, 'invalid_payload'],
    ['attachments that are no list', '{"text":"x","attachments":{}}', {}, 400, 'invalid_attachments'],
    ['blocks that are no list', '{"text":"x","blocks":"x"}', {}, 400, 'invalid_blocks'],
    [
      'too many attachments',
      JSON.stringify({ text: 'x', attachments: Array.from({ length: 101 }, () => ({})) }),
      {},
      400,
      'too_many_attachments',
    ],
    ['a channel that is not there', '{"text":"x"}', { channel: 'none' }, 404, 'no_service'],
  ])('of %s is refused', async (_, body, to, status, text) => {
    expect([await post(body, to), web.accepted, web.refused]).toEqual([[status, text, null], [], [text]]);
  });

  it.each([
    ['a page of another origin', { origin: 'https://evil.example' }],
    ['a form of another page, which has a type of its own', { 'sec-fetch-site': 'cross-site' }],
    ['a name that was made to point here', { host: 'rebound.example' }],
  ])('of %s is refused', async (_, headers) => {
    const { port } = new URL(web.url);
    const path = webhookPath({ poster: 'P1', channel: 'default' });
    const status = await new Promise((resolve, reject) => {
      const sent = request({ port, path, method: 'POST', headers: { 'content-type': 'text/plain', ...headers } });
      sent.on('response', (response) => resolve(response.resume().statusCode));
      sent.on('error', reject);
      sent.end('{"text":"<!channel> forged"}');
    });
    expect([status, web.accepted, web.refused]).toEqual([403, [], []]);
  });

  it('without a text has an empty one', async () => {
    await post('{"blocks":[{"type":"divider"}]}');
    expect(web.accepted.map(({ message }) => message)).toEqual([{ text: '', blocks: [{ type: 'divider' }] }]);
  });

  it('to no webhook at all is refused', async () => {
    const response = await fetch(`${web.url}/services/T/B/X/Y`, { method: 'POST', body: '{}' });
    expect([response.status, await response.text()]).toEqual([404, 'no_service']);
  });

  it('beyond a short burst is asked to wait, in its channel', async () => {
    const answers = [];
    for (let each = 0; each < 3; each += 1) answers.push(await post('{"text":"x"}'));
    answers.push(await post('{"text":"x"}', { channel: 'on air' }));
    expect(answers).toEqual([
      [200, 'ok', null],
      [200, 'ok', null],
      [429, 'rate_limited', '1'],
      [200, 'ok', null],
    ]);
  });
});

describe('on a bad day', () => {
  it.each([
    ['429', [429, 'rate_limited', '1']],
    ['500', [500, 'Internal Server Error', null]],
    ['503', [503, 'Service Unavailable', null]],
    ['rollup_error', [500, 'rollup_error', null]],
    ['channel_not_found', [404, 'channel_not_found', null]],
    ['no_service', [404, 'no_service', null]],
    ['invalid_blocks', [400, 'invalid_blocks', null]],
  ] as const)('Slack answers %s for as many posts as asked, then is well again', async (behaviour, answer) => {
    web.control.setForNext(1, behaviour);
    expect([await post('{"text":"x"}'), await post('{"text":"x"}')]).toEqual([answer, [200, 'ok', null]]);
    expect([web.refused, web.control.current]).toEqual([[behaviour], 'ok']);
  });

  it.each(['nothing', 'reset', 'slow-refusal'] as const)(
    'Slack answers with %s, until told otherwise',
    async (behaviour) => {
      web.control.set(behaviour);
      expect(await postInVain()).toMatch(/fetch failed|time is up|terminated/);
      expect([web.accepted, web.refused]).toEqual([[], [behaviour]]);
      web.control.set('ok');
      expect(await post('{"text":"x"}')).toEqual([200, 'ok', null]);
    },
  );

  it.each(['taken-nothing', 'taken-reset'] as const)('Slack takes a message and answers with %s', async (behaviour) => {
    web.control.set(behaviour);
    expect(await postInVain()).toMatch(/fetch failed|time is up/);
    expect([web.accepted.length, web.refused]).toEqual([1, []]);
    expect(web.lost).toEqual(web.accepted);
  });

  /** A whole post on a connection of its own. */
  const postText = (): string => {
    const { pathname, search, host } = new URL(`${web.url}${webhookPath({ poster: 'P1', channel: 'default' })}`);
    const head = `POST ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json`;
    return `${head}\r\nContent-Length: 12\r\nConnection: close\r\n\r\n{"text":"x"}`;
  };
  const connected = async (): Promise<Socket> => {
    const socket = connect(Number(new URL(web.url).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };

  it('who read the answer and then closes the connection has it', async () => {
    const socket = await connected();
    socket.write(postText());
    expect(await text(socket)).toContain('200 OK');
    await expect.poll(() => socket.closed).toBe(true);
    expect([web.accepted.length, web.lost]).toEqual([1, []]);
  });

  it('who has given up before the post is read does not have the answer', async () => {
    const socket = await connected();
    socket.write(postText(), () => socket.destroy());
    await expect.poll(() => web.lost.length).toBe(1);
    expect(web.lost).toEqual(web.accepted);
  });

  it('Slack takes a message and never finishes saying so', async () => {
    web.control.set('slow-body');
    expect(await postInVain()).toMatch(/time is up|terminated/);
    expect([web.accepted.length, web.refused]).toEqual([1, []]);
  });

  it('Slack follows a plan', async () => {
    const days = ['500', 'ok'] as const;
    let day = 0;
    web.control.follow(() => days[day++ % days.length] ?? 'ok');
    expect([(await post('{"text":"x"}'))[0], (await post('{"text":"x"}'))[0]]).toEqual([500, 200]);
  });
});
