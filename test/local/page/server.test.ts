import fastify, { type InjectOptions } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { registerPage } from '../../../local/page/server.ts';
import { recordWithoutSecrets } from '../../../shared/notification/shown-record.ts';
import { aNotifiedEvent, aPayload, aRule, FakePageSource } from './fake-page-source.ts';

const source = new FakePageSource();
const app = fastify();
registerPage(app, source);
app.post('/slack', async () => 'ok');

const LOCAL = { host: '127.0.0.1:3000' };
const ask = (options: InjectOptions) => app.inject({ ...options, headers: { ...LOCAL, ...options.headers } });

afterEach(() => source.asked.splice(0));

describe('registerPage', () => {
  it.each([
    ['/', /^text\/html/, '<title>MediaConnect notifier</title>'],
    ['/assets/page.js', /^text\/javascript/, 'EventSource'],
    ['/assets/styles.css', /^text\/css/, 'color-scheme'],
  ])('serves %s', async (url, type, text) => {
    const { statusCode, headers, body } = await ask({ url });
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toMatch(type);
    expect(body).toContain(text);
  });

  it('lets the page load and run nothing but its own', async () => {
    const { headers, body } = await ask({ url: '/' });
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(body).not.toMatch(/(?:src|href)="https?:/);
    expect(body).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/);
  });

  it.each([
    ['/api/sample', {}, 'sample', 'StopFlow of AwardsShow'],
    ['/api/burst', {}, 'burst', 'a Terraform run of 60 calls'],
    ['/api/slack-fault', { fault: '429' }, 'fault 429', '429'],
    ['/api/slack-fault', { fault: 'nothing' }, 'fault nothing', 'nothing'],
  ])('does what %s asks for', async (url, payload, asked, said) => {
    const response = await ask({ method: 'POST', url, payload });
    expect([response.statusCode, response.json(), source.asked]).toEqual([200, { said }, [asked]]);
  });

  it('names the faults there are when asked for another', async () => {
    const response = await ask({ method: 'POST', url: '/api/slack-fault', payload: { fault: '418' } });
    expect([response.statusCode, response.json()]).toEqual([
      400,
      { said: 'fault is one of ok, 429, 500, nothing, channel_not_found, no_service, invalid_blocks' },
    ]);
    expect(source.asked).toEqual([]);
  });

  it.each([
    ['of another site', 'POST', '/api/burst', { origin: 'https://evil.example' }],
    ['by another name', 'POST', '/api/burst', { host: 'rebound.example' }],
    ['by another name', 'GET', '/live', { host: 'rebound.example' }],
    ['by another name', 'GET', '/api/messages/a', { host: 'rebound.example' }],
  ] as const)('refuses a request %s: %s %s', async (_what, method, url, headers) => {
    const { statusCode } = await ask({ method, url, headers });
    expect([statusCode, source.asked]).toEqual([403, []]);
  });

  it('leaves the other routes of the server alone', async () => {
    const { statusCode, headers } = await ask({
      method: 'POST',
      url: '/slack',
      headers: { origin: 'https://a.example' },
    });
    expect([statusCode, headers['content-security-policy']]).toEqual([200, undefined]);
  });

  it('gives the payload and the events of a message', async () => {
    source.post({
      id: 'm1',
      payload: aPayload('hello'),
      events: [aNotifiedEvent(), aNotifiedEvent({ eventId: 'two' })],
    });
    const { payload, events } = (await ask({ url: '/api/messages/m1' })).json();
    expect(payload).toEqual(aPayload('hello'));
    expect(events).toMatchObject([{ operation: 'StopFlow', outcome: 'succeeded' }, { eventId: 'two' }]);
  });

  it('says of an event which rule reported it, and on what grounds', async () => {
    source.post({ id: 'm2' });
    const details = (await ask({ url: '/api/messages/m2/events/0' })).json();
    expect(details).toMatchObject({ rule: aRule(), call: { operation: 'StopFlow', impact: 'off-air' } });
    expect(details.conditions).toHaveLength(4);
    expect(details.event).toEqual(recordWithoutSecrets(aNotifiedEvent().event));
  });

  it.each(['/api/messages/none', '/api/messages/none/events/0', '/api/messages/m1/events/9'])(
    'answers 404 to %s',
    async (url) => {
      expect((await ask({ url })).statusCode).toBe(404);
    },
  );

  it('ends open streams when the server closes', async () => {
    const closing = fastify();
    const live = new FakePageSource();
    registerPage(closing, live);
    const url = await closing.listen({ host: '127.0.0.1', port: 0 });
    const stream = await fetch(`${url}/live`);
    live.post({ id: 'last' });
    await closing.close();
    expect(await stream.text()).toMatch(/^event: greeting\n.*\n\nevent: card\n.*"id":"last"/);
    expect(live.listenerCount).toBe(0);
  });
});
