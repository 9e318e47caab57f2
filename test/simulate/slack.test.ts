import { expect, it } from 'vitest';
import { aWorld } from './a-world.ts';
import { createSlack, type Fate, type TakenPost } from './slack.ts';

const URL = 'https://hooks.slack.com/services/T0/B0/x';

/** Slack, where posts meet these fates, one after another. */
function aSlack(fates: readonly Fate[], { isWebhook = true, isRefused = false } = {}) {
  const world = aWorld();
  const left = [...fates];
  const taken: TakenPost[] = [];
  const failed: string[] = [];
  const answered: string[] = [];
  const fetchOf = createSlack({
    scheduler: world.scheduler,
    senses: world.senses,
    chance: { ...world.chance, is: () => false, pickWeighted: () => (left.shift() ?? 'ok') as never },
    moodAt: () => 'fine',
    isWebhook: () => isWebhook,
    isRefused: () => isRefused,
    onTaken: (post) => taken.push(post),
    onFailed: ({ fate }) => failed.push(fate),
    onAnswered: ({ isRefused }) => answered.push(isRefused ? 'refused' : 'taken'),
    log: () => undefined,
  });
  const post = async (limitMs = 10_000, init: RequestInit = {}) => {
    const signal = world.senses.timeLimit(world.process, limitMs);
    const response = await fetchOf(world.process)(URL, { method: 'POST', body: '{"text":"hi"}', signal, ...init });
    return { status: response.status, body: await response.text() };
  };
  return { ...world, taken, failed, answered, post };
}

it('takes a post and says ok', async () => {
  const { post, outcomeOf, taken, failed } = aSlack(['ok']);
  expect((await outcomeOf(post()))?.value).toEqual({ status: 200, body: 'ok' });
  expect([taken.map(({ answer, message }) => [answer, message]), failed]).toEqual([[['heard', { text: 'hi' }]], []]);
});

it.each<[Fate, object]>([
  ['rate limited', { status: 429, body: 'rate_limited' }],
  ['content refused', { status: 400 }],
  ['no such webhook', { status: 404, body: 'no_service' }],
  ['a page of somebody else', { status: 200, body: expect.stringContaining('Sign in') }],
])('answers "%s" by %j', async (fate, expected) => {
  const { post, outcomeOf, taken } = aSlack([fate]);
  expect((await outcomeOf(post()))?.value).toMatchObject(expected);
  expect(taken).toEqual([]);
});

it.each<[Fate, boolean, number]>([
  ['silence', false, 10_000],
  ['a page that never ends', false, 10_000],
  ['taken, then silence', true, 10_000],
  ['taken, and the body never ends', true, 10_000],
])('lets whoever posts wait for ever after "%s"', async (fate, isTaken, ms) => {
  const { post, outcomeOf, taken } = aSlack([fate]);
  expect(await outcomeOf(post())).toMatchObject({ error: { name: 'TimeoutError' }, atMs: ms });
  expect(taken).toHaveLength(Number(isTaken));
});

it.each<[Fate, readonly string[]]>([
  ['taken, then reset', ['lost']],
  ['taken, then silence', ['lost']],
  ['taken, then a server error', ['lost']],
  // Slack's 200 is heard, and whoever hears it may count on the post.
  ['taken, and the body never ends', ['heard']],
  ['reset', []],
])('knows of "%s" what whoever posts can know', async (fate, answers) => {
  const { post, outcomeOf, taken, failed } = aSlack([fate]);
  await outcomeOf(post().catch(() => undefined));
  expect([taken.map(({ answer }) => answer), failed]).toEqual([answers, [fate]]);
});

it('is not heard by whoever has given up before the answer', async () => {
  const { post, outcomeOf, taken } = aSlack(['ok, slowly']);
  expect(await outcomeOf(post(500))).toMatchObject({ error: { name: 'TimeoutError' }, atMs: 500 });
  expect(taken.map(({ answer }) => answer)).toEqual(['lost']);
});

it.each<[Fate, readonly string[]]>([
  ['ok', ['taken']],
  ['taken, and the body never ends', ['taken']],
  ['content refused', ['refused']],
  ['ok, slowly', []],
  ['taken, then a server error', []],
  ['rate limited', []],
  ['a page of somebody else', []],
  ['no such webhook', []],
])('after "%s" whoever posts has heard that Slack is there: %j', async (fate, expected) => {
  const { post, outcomeOf, answered } = aSlack([fate]);
  await outcomeOf(post(500).catch(() => undefined));
  expect(answered).toEqual(expected);
});

it('breaks the body off', async () => {
  const { post, outcomeOf } = aSlack(['a page that breaks off']);
  expect(await outcomeOf(post())).toMatchObject({ error: { message: 'fetch failed' } });
});

it('gives a redirect only to those who ask to see it', async () => {
  const { post, outcomeOf } = aSlack(['redirected', 'redirected']);
  expect((await outcomeOf(post(10_000, { redirect: 'manual' })))?.value).toMatchObject({ status: 302 });
  expect((await outcomeOf(post(10_000, { redirect: 'error' })))?.error).toBeInstanceOf(TypeError);
});

it('takes one post a second, and a short burst above that', async () => {
  const { post, outcomeOf, scheduler } = aSlack([]);
  const burst = await outcomeOf(Promise.all(Array.from({ length: 6 }, () => post())));
  expect(burst?.value?.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 200, 429, 429]);
  await scheduler.runUntil(scheduler.nowMs() + 1000);
  expect((await outcomeOf(post()))?.value).toMatchObject({ status: 200 });
});

it('takes nothing at a webhook that is gone, nor what it refuses for what it says', async () => {
  const gone = aSlack(['ok'], { isWebhook: false });
  expect((await gone.outcomeOf(gone.post()))?.value).toEqual({ status: 404, body: 'no_service' });
  const refused = aSlack(['ok'], { isRefused: true });
  expect((await refused.outcomeOf(refused.post()))?.value).toMatchObject({ status: 400 });
  expect([gone.taken, refused.taken]).toEqual([[], []]);
});

it('imitates nothing but posts', async () => {
  const { post } = aSlack([]);
  await expect(post(1000, { method: 'GET' })).rejects.toThrow('not imitated');
});
