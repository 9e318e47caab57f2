import { describe, expect, it } from 'vitest';
import { deliverMessage, type Posted } from '../../../functions/slack/deliver-message.ts';
import type { SlackMessage } from '../../../shared/slack/message.ts';
import type { WebhookUrls } from '../../../shared/slack/webhook.ts';

const message: SlackMessage = {
  text: 'StopFlow',
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'StopFlow' } }],
  unfurl_links: false,
  unfurl_media: false,
};
const OK: Posted = { answer: { kind: 'accepted' }, untilMs: undefined };
const INVALID: Posted = { answer: { kind: 'message', reason: 'HTTP 400: invalid_blocks' }, untilMs: undefined };
const ARCHIVED: Posted = { answer: { kind: 'channel', reason: 'HTTP 410: channel_is_archived' }, untilMs: undefined };
const AWAY: Posted = {
  answer: { kind: 'transient', reason: 'HTTP 503', retryAfterMs: undefined, rateLimited: false },
  untilMs: 1_795_000_000_000,
};

const urls = (known: Readonly<Record<string, string>>): WebhookUrls => ({
  kind: 'by-channel',
  urls: new Map(Object.entries(known)),
});
const BOTH = urls({ ops: 'ops-url', default: 'default-url' });

interface Circumstances {
  readonly known?: WebhookUrls;
  readonly reread?: () => Promise<WebhookUrls>;
  readonly hasFallback?: boolean;
}

/** Delivers a message to `ops` where Slack answers so, one after another; to which URLs it was posted, and in what form. */
async function deliver(answers: readonly Posted[], { known = BOTH, reread, ...attempt }: Circumstances = {}) {
  const posts: string[] = [];
  const without: string[] = [];
  const left = answers.values();
  const delivery = await deliverMessage(
    'ops',
    message,
    {
      urls: known,
      reread: reread ?? (async () => known),
      onNoWebhook: (channel) => without.push(channel),
      sender: {
        post: async (url, posted) => {
          posts.push(`${'blocks' in posted ? 'blocks' : 'text'} to ${url}`);
          return left.next().value ?? OK;
        },
      },
    },
    attempt,
  );
  return { delivery, posts, without };
}

describe('delivering a message', () => {
  it.each<[string, readonly Posted[], Circumstances, readonly string[], unknown]>([
    ['is done when Slack has it', [OK], {}, ['blocks to ops-url'], { kind: 'notified' }],
    [
      'waits as long as it is asked to',
      [AWAY],
      {},
      ['blocks to ops-url'],
      { kind: 'wait', reason: 'HTTP 503', untilMs: AWAY.untilMs },
    ],
    [
      'tries plain text when blocks are refused',
      [INVALID, OK],
      {},
      ['blocks to ops-url', 'text to ops-url'],
      { kind: 'notified' },
    ],
    [
      'does not try plain text that was refused already',
      [INVALID],
      { hasFallback: false },
      ['blocks to ops-url'],
      { kind: 'dead-letter', reason: 'message-refused', detail: 'HTTP 400: invalid_blocks' },
    ],
    [
      'goes to the new webhook when the old one was exchanged',
      [ARCHIVED, OK],
      { reread: async () => urls({ ops: 'new-url' }) },
      ['blocks to ops-url', 'blocks to new-url'],
      { kind: 'notified' },
    ],
    [
      'goes to the default channel when its own refuses twice, in full',
      [ARCHIVED, ARCHIVED, OK],
      {},
      ['blocks to ops-url', 'blocks to ops-url', 'blocks to default-url'],
      { kind: 'notified', isRedirected: true },
    ],
    [
      'goes to the default channel in full although its own took no blocks before it refused',
      [INVALID, ARCHIVED, ARCHIVED, OK],
      {},
      ['blocks to ops-url', 'text to ops-url', 'text to ops-url', 'blocks to default-url'],
      { kind: 'notified', isRedirected: true },
    ],
    [
      'goes to the default channel that the secret has only when it is read again',
      [ARCHIVED, ARCHIVED, OK],
      { known: urls({ ops: 'ops-url' }), reread: async () => BOTH },
      ['blocks to ops-url', 'blocks to ops-url', 'blocks to default-url'],
      { kind: 'notified', isRedirected: true },
    ],
    [
      'tries plain text in the default channel too',
      [ARCHIVED, ARCHIVED, INVALID, OK],
      {},
      ['blocks to ops-url', 'blocks to ops-url', 'blocks to default-url', 'text to default-url'],
      { kind: 'notified', isRedirected: true },
    ],
    [
      'gives up where the default channel refuses too',
      [ARCHIVED, ARCHIVED, ARCHIVED],
      {},
      ['blocks to ops-url', 'blocks to ops-url', 'blocks to default-url'],
      { kind: 'dead-letter', reason: 'channel-refused', detail: 'HTTP 410: channel_is_archived' },
    ],
    [
      'keeps the known webhooks when the secret cannot be read again',
      [ARCHIVED, ARCHIVED, OK],
      { reread: () => Promise.reject(new Error('out of reach')) },
      ['blocks to ops-url', 'blocks to ops-url', 'blocks to default-url'],
      { kind: 'notified', isRedirected: true },
    ],
    [
      'gives up where there is no other channel',
      [ARCHIVED, ARCHIVED],
      { known: urls({ ops: 'ops-url' }) },
      ['blocks to ops-url', 'blocks to ops-url'],
      { kind: 'dead-letter', reason: 'channel-refused', detail: 'HTTP 410: channel_is_archived' },
    ],
    [
      'gives up where the other channel has the same webhook',
      [ARCHIVED, ARCHIVED],
      { known: { kind: 'one', url: 'all-url' } },
      ['blocks to all-url', 'blocks to all-url'],
      { kind: 'dead-letter', reason: 'channel-refused', detail: 'HTTP 410: channel_is_archived' },
    ],
  ])('%s', async (_, answers, circumstances, posts, delivery) => {
    expect(await deliver(answers, circumstances)).toEqual({ delivery, posts, without: [] });
  });

  it('waits for a channel that has no webhook, and says so', async () => {
    expect(await deliver([], { known: urls({ default: 'default-url' }) })).toEqual({
      delivery: { kind: 'wait', reason: 'no webhook URL for channel ops', untilMs: undefined },
      posts: [],
      without: ['ops'],
    });
  });

  it('waits when the channel lost its webhook meanwhile', async () => {
    const reread = async () => urls({ default: 'default-url' });
    expect(await deliver([ARCHIVED], { reread })).toMatchObject({
      delivery: { kind: 'wait', reason: 'no webhook URL for channel ops' },
      without: ['ops'],
    });
  });
});
