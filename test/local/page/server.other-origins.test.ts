import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, Server } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Pipeline } from '../../../local/pipeline.ts';
import { startPipeline } from '../../../local/start-pipeline.ts';
import { anEvent } from '../../builders.ts';
import { itInChromium, openPage, REBOUND_NAME } from './browser.ts';

let pipeline: Pipeline;
let listened: readonly (readonly unknown[])[];
/** What arrived at the webhook that stands for a real channel. */
const copied: string[] = [];
const real = createServer((request, response) => {
  request.on('data', (chunk) => copied.push(String(chunk)));
  request.on('end', () => response.end('ok'));
});
/** The other origin: any page on the internet, as far as a browser is concerned. */
const elsewhere = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end('<title>Elsewhere</title><p>A page of somebody else</p>');
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

beforeAll(async () => {
  for (const server of [real, elsewhere]) await once(server.listen(0, '127.0.0.1'), 'listening');
  const spy = vi.spyOn(Server.prototype, 'listen');
  pipeline = await startPipeline({ context: {}, slackWebhook: `http://127.0.0.1:${portOf(real)}/copy` });
  listened = spy.mock.calls.map((call) => [...call]);
  spy.mockRestore();
});
afterAll(async () => {
  await pipeline?.stop();
  for (const server of [real, elsewhere]) server.close();
});

/** Everything that an outsider would like to have changed. */
const reached = () => {
  const { received, messages, refusals, slackFault } = pipeline.state();
  return { received, messages, refusals, slackFault, copied: copied.length };
};
const NOTHING = { received: 0, messages: 0, refusals: 0, slackFault: 'ok', copied: 0 };

it('opens two ports, on the loopback interface, and none of a library', () => {
  const ports = listened.map((call) => JSON.stringify(call)).filter((call) => !call.startsWith('["'));
  expect([ports.length, ports.filter((call) => !call.includes('127.0.0.1'))]).toEqual([2, []]);
});

interface Attack {
  readonly what: string;
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What an outsider tries with each address: what a form can send, and what needs a preflight. */
function attacks(host: string): readonly Attack[] {
  const { page, aws, slack } = pipeline.urls;
  const at = (url: string, path = '') => {
    const { port, pathname, search } = new URL(path, url);
    return `http://${host}:${port}${pathname}${search}`;
  };
  const put = JSON.stringify({
    Entries: [
      {
        Source: 'aws.mediaconnect',
        DetailType: 'AWS API Call via CloudTrail',
        Detail: JSON.stringify(anEvent().detail),
      },
    ],
  });
  const plain = { 'content-type': 'text/plain' };
  const amz = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'AWSEvents.PutEvents' };
  return [
    { what: 'a post to the channel', url: at(slack), body: '{"text":"<!channel> forged"}', headers: plain },
    {
      what: 'a post as JSON',
      url: at(slack),
      body: '{"text":"<!channel>"}',
      headers: { 'content-type': 'application/json' },
    },
    { what: 'an event', url: at(aws), body: put, headers: amz },
    { what: 'an event without a preflight', url: at(aws), body: put, headers: plain },
    { what: 'a sample call', url: at(page, '/api/sample'), body: '{}', headers: plain },
    {
      what: 'a fault',
      url: at(page, '/api/slack-fault'),
      body: '{"fault":"500"}',
      headers: { 'content-type': 'application/json' },
    },
    { what: 'the messages', url: at(page, '/live'), body: '', headers: {} },
    { what: 'the page', url: at(page, '/'), body: '', headers: {} },
  ];
}

/**
 * Tries one attack by every way that a page has; gives what it could read. It is the text of a program, since it runs in
 * the browser.
 */
const ATTACK = `async ({ url, body, headers }) => {
  const read = [];
  const method = body === '' ? 'GET' : 'POST';
  const request = async (mode) => {
    try {
      const init = { method, headers, mode, ...(body !== '' && { body }), signal: AbortSignal.timeout(1500) };
      const response = await fetch(url, init);
      // A refusal may be read where the name is the outsider's own; it says nothing.
      if (response.ok) read.push(mode + ': ' + (await response.text()).slice(0, 40));
    } catch {
      // Not readable, or not answered.
    }
  };
  await Promise.all([request('cors'), request('no-cors')]);
  navigator.sendBeacon(url, body);
  const frame = Object.assign(document.createElement('iframe'), { name: 'frame' + Math.random() });
  const form = document.createElement('form');
  Object.assign(form, { method: 'post', action: url, enctype: 'text/plain', target: frame.name });
  // Sent as {"text":"…","x":"="}: the trick by which a form of text/plain sends JSON.
  form.append(Object.assign(document.createElement('input'), { name: body.slice(0, -1) + ',"x":"', value: '"}' }));
  document.body.append(frame, form);
  const loaded = new Promise((resolve) => {
    frame.addEventListener('load', resolve, { once: true });
    setTimeout(resolve, 1500);
  });
  form.submit();
  await loaded;
  frame.remove();
  await new Promise((resolve) => {
    const source = new EventSource(url);
    const end = () => resolve(source.close());
    source.addEventListener('greeting', ({ data }) => read.push('events: ' + data.slice(0, 40)));
    for (const name of ['greeting', 'error']) source.addEventListener(name, end);
    setTimeout(end, 1500);
  });
  return read;
}`;

const attackFrom = (page: Page, attack: Attack): Promise<unknown> =>
  page.evaluate(`(${ATTACK})(${JSON.stringify(attack)})`);

describe('a page of another origin', () => {
  itInChromium('reaches nothing, by any of the addresses', async () => {
    const page = await openPage(`http://localhost:${portOf(elsewhere)}`);
    const all = [...attacks('127.0.0.1'), ...attacks('localhost')];
    const read = await Promise.all(all.map((attack) => attackFrom(page, attack)));
    expect([all.filter((_, index) => JSON.stringify(read[index]) !== '[]'), reached()]).toEqual([[], NOTHING]);
  });

  itInChromium('reaches nothing by a name that was made to point here', async () => {
    const all = attacks(REBOUND_NAME);
    const page = await openPage('about:blank', { path: '' });
    for (const origin of new Set(all.map(({ url }) => new URL(url).origin))) {
      // The outsider's page came from this name before it was made to point here: to the browser they are one origin.
      const first = `${origin}/first`;
      await page.route(first, (route) => route.fulfill({ contentType: 'text/html', body: '<p>Elsewhere</p>' }));
      await page.goto(first);
      const here = all.filter(({ url }) => new URL(url).origin === origin);
      const read = await Promise.all(here.map((attack) => attackFrom(page, attack)));
      expect([here.filter((_, index) => JSON.stringify(read[index]) !== '[]'), reached()]).toEqual([[], NOTHING]);
    }
  });
});

it('copies what the functions posted to the real channel, and nothing that somebody else did', async () => {
  const forged = await Promise.all(
    ['', '?poster=LOCALNotifier1', '?poster=B0'].map((query) =>
      fetch(`${pipeline.urls.slack}${query}`, { method: 'POST', body: '{"text":"by hand"}' }),
    ),
  );
  expect(forged.map(({ status }) => status)).toEqual([200, 200, 200]);
  await pipeline.putEvent(anEvent());
  await pipeline.settled();
  await expect.poll(() => copied.length).toBe(1);
  expect([copied.join('').includes('by hand'), pipeline.messages().length]).toEqual([false, 4]);
});
