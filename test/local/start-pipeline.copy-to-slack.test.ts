import { expect, it } from 'vitest';
import { createCopyToSlack } from '../../local/start-pipeline.ts';

const SECRET_URL = 'https://hooks.slack.test/services/T/B/secret';
const message = (text: string) => ({ text, unfurl_links: false, unfurl_media: false }) as const;

/** Copies messages to a Slack that answers so; gives what arrived there and what was said to a person. */
async function copy(answer: () => Promise<Response>, texts: readonly string[]) {
  const arrived: string[] = [];
  const notes: string[] = [];
  const followed: unknown[] = [];
  const send = createCopyToSlack(
    SECRET_URL,
    (note) => notes.push(note),
    async (_, init) => {
      arrived.push(JSON.parse(String(init?.body)).text);
      if (init?.redirect !== 'manual') followed.push(init?.redirect);
      return answer();
    },
  );
  for (const text of texts) send(message(text));
  await expect.poll(() => arrived.length).toBe(texts.length);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return { arrived, notes, followed };
}

it('copies each message, in order', async () => {
  expect(await copy(async () => new Response('ok'), ['a', 'b', 'c'])).toEqual({
    arrived: ['a', 'b', 'c'],
    notes: [],
    followed: [],
  });
});

it('says what the real Slack answered, and goes on', async () => {
  expect(await copy(async () => new Response('no_service', { status: 404 }), ['a', 'b'])).toEqual({
    arrived: ['a', 'b'],
    notes: ['the real Slack answered 404 no_service', 'the real Slack answered 404 no_service'],
    followed: [],
  });
});

const endless = (): Response =>
  new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(4096).fill(97)) }));

it.each<[what: string, answer: () => Response, note: string]>([
  [
    'a sign-in page',
    () => new Response('<html>Sign in to the guest network'),
    'the copy for the real Slack was answered with 200, and not as Slack does: nothing says that it arrived',
  ],
  [
    'a page that quotes the address',
    () => new Response(`no such page: ${SECRET_URL}`, { status: 404 }),
    'the copy for the real Slack was answered with 404, and not as Slack does: nothing says that it arrived',
  ],
  [
    'an answer without end',
    endless,
    'the copy for the real Slack was answered with 200, and not as Slack does: nothing says that it arrived',
  ],
  [
    'a redirect',
    () => new Response(null, { status: 302, headers: { location: 'https://elsewhere.test/' } }),
    'the copy for the real Slack was answered with 302, a redirect, which is not followed: is the URL right?',
  ],
])('says that %s is not Slack', async (_what, answer, note) => {
  const { notes, followed } = await copy(async () => answer(), ['a']);
  expect([notes, followed]).toEqual([[note], []]);
});

it('says that the real Slack did not answer, and not where it is', async () => {
  const { notes } = await copy(async () => Promise.reject(new TypeError(`cannot reach ${SECRET_URL}`)), ['a']);
  expect(notes).toEqual(['the real Slack did not answer (TypeError)']);
});

it.each(['http://hooks.slack.test/services/T/B/secret', 'ftp://127.0.0.1/secret', 'secret', ''])(
  'takes no %j, and does not repeat it',
  (url) => {
    expect(() => createCopyToSlack(url, () => undefined)).toThrow(
      'the Slack webhook is not a https URL (http is taken for 127.0.0.1 only)',
    );
  },
);

it.each(['http://127.0.0.1:3999/x', 'http://localhost/x', 'http://[::1]:1/x', `${SECRET_URL}\n`])('takes %j', (url) => {
  expect(() => createCopyToSlack(url, () => undefined)).not.toThrow();
});
