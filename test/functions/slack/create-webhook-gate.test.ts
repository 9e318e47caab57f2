import { describe, expect, it } from 'vitest';
import { createWebhookGate, type WebhookMemories } from '../../../functions/slack/create-webhook-gate.ts';
import type { SlackMessage } from '../../../shared/slack/slack-message.ts';
import { classifySlackAnswer, type SlackAnswer } from '../../../shared/slack-answer.ts';
import { SlackDeliveryError } from '../../../shared/slack-delivery-error.ts';

const message: SlackMessage = { text: 'StopFlow', unfurl_links: false, unfurl_media: false };
const URL_ = 'https://hooks.slack.test/zzsecretzz';

/** Posts so many messages through one gate and gives back when Slack got them, and what came of them. */
async function through(statuses: readonly number[], posts: number, lastAnswerMs = 120_000) {
  const clock = { nowMs: 1000 };
  const at: number[] = [];
  const memories: WebhookMemories = new Map();
  const gate = createWebhookGate({
    post: async () => {
      const status = statuses[at.length] ?? 200;
      at.push(clock.nowMs);
      clock.nowMs += 50;
      const answer = classifySlackAnswer({ status, body: status === 200 ? 'ok' : '', retryAfter: null });
      if (answer.kind !== 'accepted') throw new SlackDeliveryError(answer);
    },
    now: () => clock.nowMs,
    wait: async (ms) => {
      clock.nowMs += ms;
    },
    memories,
    lastAnswerMs,
    timeoutMs: 10_000,
    onAnswer: () => undefined,
  });
  const answers: SlackAnswer[] = await Promise.all(Array.from({ length: posts }, () => gate(URL_, message)));
  return { at, kinds: answers.map(({ kind }) => kind), answers };
}

describe('the webhook gate', () => {
  it('lets one post through after the other, a second after the last answer', async () => {
    expect(await through([], 4)).toMatchObject({
      at: [1000, 2050, 3100, 4150],
      kinds: ['accepted', 'accepted', 'accepted', 'accepted'],
    });
  });

  it.each([
    ['goes on after one failure', [503], 4],
    ['goes on after failures that are not in a row', [503, 200, 503], 4],
    ['stops after two failures in a row', [503, 503], 2],
    ['stops after a 429', [200, 429], 2],
    ['stops after the channel refused', [404], 1],
    ['stops after something that is not Slack', [302], 1],
    ['goes on after a message was refused', [400, 400, 400], 4],
  ])('%s', async (_, statuses, posts) => {
    expect((await through(statuses, 4)).at).toHaveLength(posts);
  });

  it('does not begin what might not be answered in time', async () => {
    const { at, answers } = await through([], 4, 13_000);
    expect(at).toEqual([1000, 2050]);
    expect(answers.slice(2)).toEqual(
      Array.from({ length: 2 }, () => ({
        kind: 'transient',
        reason: 'no time left in this invocation',
        retryAfterMs: 1000,
        rateLimited: false,
      })),
    );
  });
});
