import { describe, expect, it } from 'vitest';
import { createPace, paceKey } from '../../../functions/slack/create-pace.ts';
import { createWebhookGate } from '../../../functions/slack/create-webhook-gate.ts';
import type { WebhookMemories } from '../../../functions/slack/webhook-memory.ts';
import type { SlackMessage } from '../../../shared/slack/slack-message.ts';
import { classifySlackAnswer, type SlackAnswer } from '../../../shared/slack-answer.ts';
import { SlackDeliveryError } from '../../../shared/slack-delivery-error.ts';
import { memoryLedger } from '../memory-ledger.ts';
import { recordedTelemetry } from '../recorded-telemetry.ts';

const message: SlackMessage = { text: 'StopFlow', unfurl_links: false, unfurl_media: false };
const URL_ = 'https://hooks.slack.test/zzsecretzz';

interface Circumstances {
  readonly statuses?: readonly number[];
  readonly lastAnswerMs?: number;
  readonly reservations?: number;
}

/** A gate to a Slack that answers with these statuses, then well, each after 50 ms. */
function aGate({ statuses = [], lastAnswerMs = 120_000 }: Circumstances) {
  const clock = { nowMs: 1000 };
  const now = () => clock.nowMs;
  const at: number[] = [];
  const memories: WebhookMemories = new Map();
  const { ledger } = memoryLedger(now);
  const gate = createWebhookGate({
    post: async () => {
      const status = statuses[at.length] ?? 200;
      at.push(clock.nowMs);
      clock.nowMs += 50;
      const answer = classifySlackAnswer({ status, body: status === 200 ? 'ok' : '', retryAfter: null });
      if (answer.kind !== 'accepted') throw new SlackDeliveryError(answer);
    },
    now,
    wait: async (ms) => {
      clock.nowMs += ms;
    },
    pace: createPace({ ledger, memories, now, telemetry: recordedTelemetry() }),
    memories,
    lastAnswerMs,
    timeoutMs: 10_000,
    onAnswer: () => undefined,
  });
  return { gate, at, clock, ledger };
}

/** Posts so many messages through one gate and gives back when Slack got them, and what came of them. */
async function through(posts: number, circumstances: Circumstances = {}) {
  const { gate, at } = aGate(circumstances);
  for (let reserved = 0; reserved < (circumstances.reservations ?? 0); reserved += 1) await gate.reserve(URL_);
  const answers: SlackAnswer[] = await Promise.all(Array.from({ length: posts }, () => gate.post(URL_, message)));
  return { at, kinds: answers.map(({ kind }) => kind), answers };
}

describe('the webhook gate', () => {
  it.each([0, 1, 3, 4])('lets one post through a second, with %i slots reserved before', async (reservations) => {
    expect(await through(4, { reservations })).toMatchObject({
      at: [1000, 2000, 3000, 4000],
      kinds: ['accepted', 'accepted', 'accepted', 'accepted'],
    });
  });

  it('says once that the webhook was quiet, to who comes first', async () => {
    const { gate, clock } = aGate({});
    const asked = [await gate.reserve(URL_), await gate.reserve(URL_), await gate.reserve(`${URL_}/another`)];
    clock.nowMs += 5_999;
    asked.push(await gate.reserve(URL_));
    clock.nowMs += 5_000;
    asked.push(await gate.reserve(URL_));
    expect(asked.map(({ isAfterQuiet }) => isAfterQuiet)).toEqual([true, false, true, false, true]);
  });

  it('does not use a slot that has passed', async () => {
    const { gate, at, clock, ledger } = aGate({});
    await gate.reserve(URL_);
    clock.nowMs += 1000;
    await ledger.reserveSlot(await paceKey(URL_), { nowMs: clock.nowMs, latestMs: 100_000 });
    await gate.post(URL_, message);
    expect(at).toEqual([3000]);
  });

  it('reserves nothing at a webhook that is closed', async () => {
    const { gate, ledger, clock } = aGate({ statuses: [429] });
    await gate.post(URL_, message);
    expect(await gate.reserve(URL_)).toEqual({ isAfterQuiet: false });
    expect(await ledger.reserveSlot(await paceKey(URL_), { nowMs: clock.nowMs, latestMs: 100_000 })).toEqual({
      startMs: 2000,
      previousMs: 1000,
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
    expect((await through(4, { statuses })).at).toHaveLength(posts);
  });

  it('does not begin what might not be answered in time', async () => {
    const { at, answers } = await through(4, { lastAnswerMs: 12_900 });
    expect(at).toEqual([1000, 2000]);
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
