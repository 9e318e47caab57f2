import { expect, it } from 'vitest';
import { createCopyToSlack } from '../../local/copy-to-slack.ts';

const SECRET_URL = 'https://hooks.slack.test/services/T/B/secret';
const message = (text: string) => ({ text, unfurl_links: false, unfurl_media: false }) as const;

/** Copies messages to a Slack that answers so; gives what arrived there and what a person was told. */
async function copy(answer: () => Promise<Response>, texts: readonly string[]) {
  const arrived: string[] = [];
  const notes: string[] = [];
  const all = Promise.withResolvers<void>();
  const send = createCopyToSlack(
    SECRET_URL,
    (note) => notes.push(note),
    async (_, init) => {
      arrived.push(JSON.parse(String(init?.body)).text);
      if (arrived.length === texts.length) all.resolve();
      return answer();
    },
  );
  for (const text of texts) send(message(text));
  await all.promise;
  await new Promise((resolve) => setImmediate(resolve));
  return { arrived, notes };
}

it('copies each message, in order', async () => {
  expect(await copy(async () => new Response('ok'), ['a', 'b', 'c'])).toEqual({ arrived: ['a', 'b', 'c'], notes: [] });
});

it('says what the real Slack answered, and goes on', async () => {
  expect(await copy(async () => new Response('no_service', { status: 404 }), ['a', 'b'])).toEqual({
    arrived: ['a', 'b'],
    notes: ['the real Slack answered 404 no_service', 'the real Slack answered 404 no_service'],
  });
});

it('says that the real Slack did not answer, and not where it is', async () => {
  const { notes } = await copy(async () => Promise.reject(new TypeError(`cannot reach ${SECRET_URL}`)), ['a']);
  expect(notes).toEqual(['the real Slack did not answer (TypeError)']);
});
