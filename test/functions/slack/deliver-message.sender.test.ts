import { describe, expect, it } from 'vitest';
import type { Ledger, PostToSlack } from '../../../functions/ports.ts';
import { createWebhookSender, type WebhookStates, webhookKey } from '../../../functions/slack/deliver-message.ts';
import type { SlackMessage } from '../../../shared/slack/message.ts';
import { classifySlackAnswer, noAnswer, type SlackAnswer, SlackDeliveryError } from '../../../shared/slack/webhook.ts';
import { memoryLedger } from '../memory-ledger.ts';
import { recordedTelemetry } from '../recorded-telemetry.ts';
import { virtualTime } from '../virtual-time.ts';

const message: SlackMessage = { text: 'StopFlow', unfurl_links: false, unfurl_media: false };
const [URL_, OTHER] = ['https://hooks.slack.test/zzsecretzz', 'https://hooks.slack.test/zzanotherzz'] as const;
const START_MS = Date.parse('2026-11-22T20:00:00Z');
const MINUTE_MS = 60_000;

const status = (code: number, retryAfter: string | null = null): SlackAnswer =>
  classifySlackAnswer({ status: code, body: code === 200 ? 'ok' : '', retryAfter });
const OK = status(200);
const SILENCE = noAnswer('no answer: TimeoutError');
const ARCHIVED: SlackAnswer = { kind: 'channel', reason: 'HTTP 410: channel_is_archived' };
const INVALID: SlackAnswer = { kind: 'message', reason: 'HTTP 400: invalid_blocks' };

interface Seen {
  readonly url: string;
  readonly afterMs: number;
  readonly timeoutMs: number | undefined;
}

/** Slack, which answers so, one after another, and then well, each after 50 ms; and the functions before it. */
function aSlack(...answers: readonly SlackAnswer[]) {
  const time = virtualTime(START_MS);
  const memory = memoryLedger(time.now);
  const telemetry = recordedTelemetry();
  const seen: Seen[] = [];
  const heard: SlackAnswer[] = [];
  const left = answers.values();
  const post: PostToSlack = async (url, _, { timeoutMs } = {}) => {
    seen.push({ url, afterMs: time.now() - START_MS, timeoutMs });
    const answer = left.next().value ?? OK;
    await time.wait(answer === SILENCE ? (timeoutMs ?? 0) : 50);
    if (answer.kind !== 'accepted') throw new SlackDeliveryError(answer);
  };
  /** One invocation of a process, which keeps its memory for the next. */
  const invocation = (
    states: WebhookStates = new Map(),
    changes: { readonly lastAnswerMs?: number; readonly ledger?: Partial<Ledger>; readonly post?: PostToSlack } = {},
  ) =>
    createWebhookSender({
      ledger: { ...memory.ledger, ...changes.ledger },
      states,
      post: changes.post ?? post,
      now: time.now,
      wait: time.wait,
      lastAnswerMs: changes.lastAnswerMs ?? START_MS + 24 * 60 * MINUTE_MS,
      telemetry,
      onAnswer: (answer) => heard.push(answer),
    });
  const blockOf = (url: string) => memory.webhooks.get(webhookKey(url))?.block;
  const afterMs = () => seen.map((one) => one.afterMs);
  return { time, memory, telemetry, seen, heard, invocation, blockOf, afterMs };
}

type Sender = ReturnType<ReturnType<typeof aSlack>['invocation']>;

const posts = (sender: Sender, count: number, url: string = URL_) =>
  Promise.all(Array.from({ length: count }, () => sender.post(url, message)));

describe('the key of a webhook', () => {
  it('does not give it away, and is the same whatever its query', () => {
    expect(webhookKey(URL_)).toMatch(/^webhook#[0-9a-f]{32}$/);
    expect(webhookKey(`${URL_}?poster=P1`)).toBe(webhookKey(URL_));
    expect(webhookKey(`${URL_}2`)).not.toBe(webhookKey(URL_));
  });
});

describe('posts to one webhook', () => {
  it('are a second apart in one invocation', async () => {
    const { time, invocation, afterMs, seen } = aSlack();
    const posted = await time.run(posts(invocation(), 4));
    expect(afterMs()).toEqual([0, 1000, 2000, 3000]);
    expect(posted).toEqual(Array(4).fill({ answer: OK, untilMs: undefined }));
    expect(seen.map(({ timeoutMs }) => timeoutMs)).toEqual(Array(4).fill(10_000));
  });

  it('are a second apart across invocations, each in a process of its own', async () => {
    const { time, invocation, afterMs } = aSlack();
    await time.run(Promise.all([invocation(), invocation(), invocation()].map((sender) => posts(sender, 2))));
    expect(afterMs().toSorted((one, other) => one - other)).toEqual([0, 1000, 2000, 3000, 4000, 5000]);
  });

  it('follow one another, however long Slack takes for one', async () => {
    const { time, invocation, afterMs } = aSlack(OK);
    const slow: PostToSlack = async () => time.wait(2500);
    const sender = invocation(new Map(), { post: slow });
    await time.run(posts(sender, 2));
    await time.run(posts(invocation(), 1));
    expect(afterMs()).toEqual([5000]);
  });

  it('do not wait for those to another', async () => {
    const { time, invocation, seen } = aSlack();
    const sender = invocation();
    await time.run(Promise.all([posts(sender, 2), posts(sender, 2, OTHER)]));
    expect(seen.map(({ url, afterMs }) => [url === URL_ ? 'one' : 'other', afterMs])).toEqual([
      ['one', 0],
      ['other', 0],
      ['one', 1000],
      ['other', 1000],
    ]);
  });

  it('are not begun where the answer might come too late', async () => {
    const { time, invocation, afterMs, heard } = aSlack();
    const sender = invocation(new Map(), { lastAnswerMs: START_MS + 11_999 });
    const posted = await time.run(posts(sender, 3));
    expect(afterMs()).toEqual([0, 1000]);
    expect(posted[2]).toEqual({
      answer: {
        kind: 'transient',
        reason: 'no time left in this invocation',
        retryAfterMs: undefined,
        rateLimited: false,
      },
      untilMs: START_MS + 2050,
    });
    expect(heard).toEqual([OK, OK]);
  });
});

describe('a slot that has passed when the ledger’s answer comes', () => {
  /** A ledger whose first answers take so long. */
  async function postWith(slowAnswers: number, takesMs: number) {
    const { time, memory, invocation, afterMs, heard } = aSlack();
    let asked = 0;
    const reserveSlot: Ledger['reserveSlot'] = async (...given) => {
      asked += 1;
      const isSlow = asked <= slowAnswers;
      const reservation = await memory.ledger.reserveSlot(...given);
      if (isSlow) await time.wait(takesMs);
      return reservation;
    };
    const [posted] = await time.run(posts(invocation(new Map(), { ledger: { reserveSlot } }), 1));
    return { posted, asked, afterMs: afterMs(), heard };
  }

  it('is not posted in: another is asked for', async () => {
    expect(await postWith(2, 1200)).toMatchObject({ asked: 3, afterMs: [2400], posted: { answer: OK } });
  });

  it('is posted in late where it is still one’s own', async () => {
    expect(await postWith(1, 700)).toMatchObject({ asked: 1, afterMs: [700], posted: { answer: OK } });
  });

  it('is not asked for without an end', async () => {
    expect(await postWith(99, 1200)).toMatchObject({
      asked: 5,
      afterMs: [],
      heard: [],
      posted: { answer: { kind: 'transient', reason: 'no time left in this invocation' } },
    });
  });
});

describe('the turn to empty the queue for a webhook', () => {
  it('is granted with the slot that the next post uses', async () => {
    const { time, invocation, afterMs } = aSlack();
    const sender = invocation();
    expect(await time.run(sender.reserve(URL_, 'one'))).toEqual({
      kind: 'granted',
      isAfterQuiet: true,
      isInTrouble: false,
      startMs: START_MS,
    });
    time.advanceTo(START_MS + 50);
    await time.run(posts(sender, 2));
    expect(afterMs()).toEqual([50, 1000]);
  });

  it.each([51, 999])('moves its slot when it posts %i ms late, so that the next is a second after', async (lateMs) => {
    const { time, invocation, afterMs } = aSlack();
    const sender = invocation();
    await time.run(sender.reserve(URL_, 'one'));
    time.advanceTo(START_MS + lateMs);
    await time.run(Promise.all([posts(sender, 1), posts(invocation(), 1)]));
    expect(afterMs().toSorted((one, other) => one - other)).toEqual([lateMs, lateMs + 1000]);
  });

  it('does not post late in a slot that another is queued up behind', async () => {
    const { time, invocation, memory, afterMs } = aSlack();
    const sender = invocation();
    await time.run(sender.reserve(URL_, 'one'));
    // Somebody has the next second.
    await memory.ledger.reserveSlot(webhookKey(URL_), { nowMs: START_MS, latestMs: START_MS + MINUTE_MS });
    time.advanceTo(START_MS + 900);
    await time.run(posts(sender, 1));
    expect(afterMs()).toEqual([2000]);
  });

  it('says whether a webhook whose turn is taken is in trouble', async () => {
    const { time, invocation } = aSlack(status(503));
    const [posted] = await time.run(posts(invocation(), 1));
    time.advanceTo(posted?.untilMs ?? 0);
    await time.run(invocation().reserve(URL_, 'one'));
    expect(await time.run(invocation().reserve(URL_, 'other'))).toMatchObject({ kind: 'taken', isInTrouble: true });
  });

  it('says whether the webhook was quiet', async () => {
    const { time, invocation } = aSlack();
    const sender = invocation();
    const quiet = async (afterMs: number): Promise<unknown> => {
      time.advanceTo(START_MS + afterMs);
      const turn = await time.run(sender.reserve(URL_, 'one'));
      return turn.kind === 'granted' && turn.isAfterQuiet;
    };
    expect([await quiet(0), await quiet(0), await quiet(5999), await quiet(10_999)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  it('is one invocation’s at a time, until it gives it back', async () => {
    const { time, invocation } = aSlack();
    const [one, other] = [invocation(), invocation()];
    await time.run(one.reserve(URL_, 'one'));
    const taken = { kind: 'taken', isInTrouble: false, nextPostMs: START_MS };
    expect(await time.run(other.reserve(URL_, 'other'))).toEqual(taken);
    // Not having it, the other has none to give back.
    await time.run(other.endTurn(URL_));
    expect(await time.run(invocation().reserve(URL_, 'third'))).toEqual(taken);
    await time.run(one.endTurn(URL_));
    expect(await time.run(other.reserve(URL_, 'other'))).toMatchObject({ kind: 'granted', startMs: START_MS });
  });

  it('ends with what was posted in it, and the slot is gone', async () => {
    const { time, invocation } = aSlack();
    const [one, other] = [invocation(), invocation()];
    await time.run(one.reserve(URL_, 'one'));
    await time.run(posts(one, 1));
    await time.run(one.endTurn(URL_));
    expect(await time.run(other.reserve(URL_, 'other'))).toMatchObject({ kind: 'granted', startMs: START_MS + 1000 });
  });

  it('is renewed with each slot, and free when its owner has died', async () => {
    const { time, invocation, memory } = aSlack();
    const sender = invocation();
    const untilMs = () => (memory.webhooks.get(webhookKey(URL_))?.turn?.untilMs ?? 0) - START_MS;
    await time.run(sender.reserve(URL_, 'one'));
    expect(untilMs()).toBe(30_000);
    time.advanceTo(START_MS + 20_000);
    await time.run(posts(sender, 1));
    expect(untilMs()).toBe(50_000);
    time.advanceTo(START_MS + 49_999);
    expect(await time.run(invocation().reserve(URL_, 'other'))).toMatchObject({ kind: 'taken' });
    time.advanceTo(START_MS + 50_000);
    expect(await time.run(invocation().reserve(URL_, 'other'))).toMatchObject({ kind: 'granted' });
  });

  it('does not post in a slot that has passed, which may be somebody else’s', async () => {
    const { time, invocation, memory, afterMs } = aSlack();
    const sender = invocation();
    await time.run(sender.reserve(URL_, 'one'));
    time.advanceTo(START_MS + 1000);
    await memory.ledger.reserveSlot(webhookKey(URL_), { nowMs: time.now(), latestMs: START_MS + MINUTE_MS });
    await time.run(posts(sender, 1));
    expect(afterMs()).toEqual([2000]);
  });

  it('does not post at all when the turn was lost meanwhile', async () => {
    const { time, invocation, heard } = aSlack();
    const sender = invocation();
    await time.run(sender.reserve(URL_, 'one'));
    time.advanceTo(START_MS + 31_000);
    await time.run(invocation().reserve(URL_, 'other'));
    expect(await time.run(posts(sender, 1))).toEqual([
      {
        answer: {
          kind: 'transient',
          reason: 'another function posts to this webhook',
          retryAfterMs: undefined,
          rateLimited: false,
        },
        untilMs: START_MS + 31_000,
      },
    ]);
    expect(heard).toEqual([]);
  });

  it('does not have to be had for a single post, also by somebody who asked for it in vain', async () => {
    const { time, invocation, afterMs } = aSlack();
    await time.run(invocation().reserve(URL_, 'one'));
    const sender = invocation();
    await time.run(sender.reserve(URL_, 'other'));
    await time.run(posts(sender, 1));
    expect(afterMs()).toEqual([1000]);
  });
});

describe('a webhook that did not take a post', () => {
  it.each<[string, SlackAnswer, number]>([
    ['a 503', status(503), 5000],
    ['a 503 that asks for nine seconds', status(503, '9'), 9000],
    ['a 429', status(429), 5000],
    ['a 429 that asks for half a minute', status(429, '30'), 30_000],
    ['a 429 that asks for a second', status(429, '1'), 1000],
    ['a 429 that asks for a day', status(429, '86400'), 5 * MINUTE_MS],
    ['something that is not Slack', status(302), 5000],
    ['an empty 200', classifySlackAnswer({ status: 200, body: '', retryAfter: null }), 5000],
  ])('is left alone after %s, by everybody', async (_, answer, waitMs) => {
    const { time, invocation, afterMs, heard } = aSlack(answer);
    const untilMs = START_MS + 50 + waitMs;
    expect(await time.run(posts(invocation(), 1))).toEqual([{ answer, untilMs }]);

    const refused = { kind: 'refused', reason: 'slack is left alone for a while', untilMs };
    time.advanceTo(untilMs - 1);
    const sender = invocation();
    expect(await time.run(sender.reserve(URL_, 'one'))).toEqual(refused);
    expect(await time.run(posts(sender, 1))).toMatchObject([{ answer: { reason: refused.reason }, untilMs }]);
    expect({ posts: afterMs(), heard }).toEqual({ posts: [0], heard: [answer] });

    time.advanceTo(untilMs);
    expect(await time.run(sender.reserve(URL_, 'one'))).toMatchObject({ kind: 'granted', isInTrouble: true });
  });

  it('gets no more posts in the same invocation', async () => {
    const { time, invocation, afterMs } = aSlack(OK, status(503));
    await time.run(posts(invocation(), 5));
    expect(afterMs()).toEqual([0, 1000]);
  });

  it('is asked after at growing intervals, by whoever comes, up to five minutes', async () => {
    const { time, invocation, afterMs } = aSlack(...Array<SlackAnswer>(16).fill(status(503)));
    for (let tried = 0; tried < 16; tried += 1) {
      const [posted] = await time.run(posts(invocation(), 1));
      time.advanceTo(posted?.untilMs ?? 0);
    }
    const gaps = afterMs().map((ms, index, all) => Math.round((ms - (all[index - 1] ?? 0)) / 1000));
    expect(gaps).toEqual([0, 5, 5, 5, 8, 11, 17, 26, 39, 58, 87, 131, 196, 294, 300, 300]);
    const [posted] = await time.run(posts(invocation(), 1));
    expect(posted?.answer).toEqual(OK);
  });

  it('is waited for three seconds while it is in trouble, and for ten before and after', async () => {
    const { time, invocation, seen, blockOf } = aSlack(SILENCE, SILENCE, OK);
    const states: WebhookStates = new Map();
    for (let tried = 0; tried < 3; tried += 1) {
      const [posted] = await time.run(posts(invocation(states), 1));
      time.advanceTo(posted?.untilMs ?? 0);
    }
    await time.run(posts(invocation(states), 1));
    expect(seen.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 3000, 3000, 10_000]);
    expect(blockOf(URL_)).toBeUndefined();
  });

  it('is well again for everybody once it took a post', async () => {
    const { time, invocation, blockOf, afterMs } = aSlack(status(503), OK, OK, status(503));
    const [posted] = await time.run(posts(invocation(), 1));
    expect(blockOf(URL_)).toEqual({ sinceMs: START_MS + 50, untilMs: START_MS + 5050 });
    time.advanceTo(posted?.untilMs ?? 0);
    const sender = invocation();
    await time.run(posts(sender, 2));
    expect(blockOf(URL_)).toBeUndefined();
    expect(await time.run(invocation().reserve(URL_, 'one'))).toMatchObject({ isInTrouble: false });
    // And the next trouble begins anew.
    const [again] = await time.run(posts(sender, 1));
    expect((again?.untilMs ?? 0) - START_MS).toBe((afterMs().at(-1) ?? 0) + 50 + 5000);
  });

  it.each([ARCHIVED, INVALID])('is well again, too, when Slack itself answers with $reason', async (answer) => {
    const { time, invocation, blockOf } = aSlack(status(503), answer);
    const [posted] = await time.run(posts(invocation(), 1));
    time.advanceTo(posted?.untilMs ?? 0);
    expect(await time.run(posts(invocation(), 1))).toEqual([{ answer, untilMs: undefined }]);
    expect(blockOf(URL_)).toBeUndefined();
  });

  it('is not forgotten to be in trouble by an invocation that has no time left to try it', async () => {
    const { time, invocation } = aSlack(status(503));
    const states: WebhookStates = new Map();
    await time.run(posts(invocation(states), 1));
    time.advanceTo(START_MS + 5050);
    const hurried = invocation(states, { lastAnswerMs: START_MS + 6000 });
    expect(await time.run(hurried.reserve(URL_, 'one'))).toMatchObject({ kind: 'refused' });
    expect(states.get(URL_)?.block).toEqual({ sinceMs: START_MS + 50, untilMs: START_MS + 5050 });
  });

  it('does not keep another from being posted to', async () => {
    const { time, invocation, seen } = aSlack(status(503), OK, OK);
    const sender = invocation();
    await time.run(Promise.all([posts(sender, 2), posts(sender, 2, OTHER)]));
    expect(seen.map(({ url }) => url)).toEqual([URL_, OTHER, OTHER]);
  });

  it('costs the ledger nothing where there was no trouble', async () => {
    let blocks = 0;
    const { time, invocation } = aSlack();
    const setBlock = async () => {
      blocks += 1;
    };
    await time.run(posts(invocation(new Map(), { ledger: { setBlock } }), 3));
    expect(blocks).toBe(0);
  });
});

describe('a channel that refuses', () => {
  it('is not asked again in the same invocation, and asked again in the next', async () => {
    const { time, invocation, afterMs, heard } = aSlack(ARCHIVED);
    const states: WebhookStates = new Map();
    const posted = await time.run(posts(invocation(states), 3));
    expect(posted).toEqual(Array(3).fill({ answer: ARCHIVED, untilMs: undefined }));
    expect({ posts: afterMs(), heard }).toEqual({ posts: [0], heard: [ARCHIVED] });
    expect(await time.run(posts(invocation(states), 1))).toEqual([{ answer: OK, untilMs: undefined }]);
  });

  it('does not keep a message that is refused from being followed by others', async () => {
    const { time, invocation, afterMs } = aSlack(INVALID, INVALID);
    const posted = await time.run(posts(invocation(), 3));
    expect(posted.map(({ answer }) => answer)).toEqual([INVALID, INVALID, OK]);
    expect(afterMs()).toEqual([0, 1000, 2000]);
  });
});

describe('while the ledger is out of reach', () => {
  it('a process keeps the pace by itself, and shares it again once it is back', async () => {
    const { time, invocation, memory, afterMs, telemetry } = aSlack();
    const sender = invocation();
    await time.run(posts(sender, 1));
    memory.state.isDown = true;
    await time.run(posts(sender, 1));
    expect(telemetry.metrics).toEqual({ LedgerUnavailable: 1 });
    expect(telemetry.lines).toMatchObject([{ level: 'warn', message: 'the pace of the webhooks is not shared' }]);
    memory.state.isDown = false;
    // The ledger does not know of the second one.
    expect(memory.webhooks.get(webhookKey(URL_))?.slotMs).toBe(START_MS);
    await time.run(posts(sender, 1));
    expect(afterMs()).toEqual([0, 1000, 2000]);
    expect(memory.webhooks.get(webhookKey(URL_))?.slotMs).toBe(START_MS + 2000);
  });

  it('a slot that was given back without a post keeps nobody waiting, in the same process either', async () => {
    const { time, invocation, afterMs } = aSlack();
    const states: WebhookStates = new Map();
    const sender = invocation(states);
    await time.run(sender.reserve(URL_, 'one'));
    await time.run(sender.endTurn(URL_));
    await time.run(posts(invocation(states), 1));
    expect(afterMs()).toEqual([0]);
  });

  it('a process leaves a webhook alone by itself', async () => {
    const { time, invocation, memory, seen } = aSlack(status(503), SILENCE);
    memory.state.isDown = true;
    const states: WebhookStates = new Map();
    await time.run(posts(invocation(states), 1));
    expect(await time.run(invocation(states).reserve(URL_, 'one'))).toMatchObject({
      kind: 'refused',
      untilMs: START_MS + 5050,
    });
    time.advanceTo(START_MS + 5050);
    await time.run(posts(invocation(states), 1));
    expect(seen.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 3000]);
  });

  it('a turn is granted and given back without it', async () => {
    const { time, invocation, memory } = aSlack();
    memory.state.isDown = true;
    const sender = invocation();
    expect(await time.run(sender.reserve(URL_, 'one'))).toMatchObject({ kind: 'granted' });
    await time.run(sender.endTurn(URL_));
  });

  it('a post that is too late is not begun either', async () => {
    const { time, invocation, memory, afterMs } = aSlack();
    memory.state.isDown = true;
    const posted = await time.run(posts(invocation(new Map(), { lastAnswerMs: START_MS + 10_999 }), 2));
    expect(afterMs()).toEqual([0]);
    expect(posted[1]?.answer).toMatchObject({ reason: 'no time left in this invocation' });
  });

  it.each([
    { leftMs: 10_000, turn: { kind: 'granted', startMs: START_MS } },
    {
      leftMs: 9999,
      turn: { kind: 'refused', reason: 'no time left in this invocation', untilMs: START_MS + 1000 },
    },
  ])('a turn is $turn.kind with $leftMs ms left', async ({ leftMs, turn }) => {
    const { time, invocation, memory } = aSlack();
    memory.state.isDown = true;
    const sender = invocation(new Map(), { lastAnswerMs: START_MS + leftMs });
    expect(await time.run(sender.reserve(URL_, 'one'))).toMatchObject(turn);
  });

  it('a slot that was had before is posted in, late as it is', async () => {
    const { time, invocation, memory, afterMs } = aSlack();
    const sender = invocation();
    await time.run(sender.reserve(URL_, 'one'));
    memory.state.isDown = true;
    time.advanceTo(START_MS + 700);
    await time.run(posts(sender, 2));
    expect(afterMs()).toEqual([700, 1700]);
  });

  it('a webhook is left alone of which the ledger had said that another was refused', async () => {
    const { time, invocation, memory, afterMs } = aSlack(status(503));
    await time.run(posts(invocation(), 1));
    const states: WebhookStates = new Map();
    const refused = { kind: 'refused', untilMs: START_MS + 5050 };
    expect(await time.run(invocation(states).reserve(URL_, 'one'))).toMatchObject(refused);
    memory.state.isDown = true;
    expect(await time.run(invocation(states).reserve(URL_, 'one'))).toMatchObject(refused);
    expect(afterMs()).toEqual([0]);
  });

  it('what Slack said is not lost with it', async () => {
    const { time, invocation, blockOf } = aSlack(status(503));
    const setBlock = () => Promise.reject(new Error('out of reach'));
    const states: WebhookStates = new Map();
    const [posted] = await time.run(posts(invocation(states, { ledger: { setBlock } }), 1));
    expect(posted).toEqual({ answer: status(503), untilMs: START_MS + 5050 });
    expect(blockOf(URL_)).toBeUndefined();
    expect(states.get(URL_)?.block).toEqual({ sinceMs: START_MS + 50, untilMs: START_MS + 5050 });
  });
});

it('keeps nothing of what was thrown but its class, since that may quote the URL', async () => {
  const { time, invocation } = aSlack();
  const quoting: PostToSlack = async (url) => {
    throw new RangeError(`no route to ${url}`);
  };
  const [posted] = await time.run(posts(invocation(new Map(), { post: quoting }), 1));
  expect(posted?.answer).toEqual({
    kind: 'transient',
    reason: 'RangeError',
    retryAfterMs: undefined,
    rateLimited: false,
  });
  const odd: PostToSlack = () => Promise.reject('zzsecretzz');
  time.advanceTo(START_MS + MINUTE_MS);
  expect(await time.run(posts(invocation(new Map(), { post: odd }), 1))).toMatchObject([
    { answer: { reason: 'unknown error' } },
  ]);
});
