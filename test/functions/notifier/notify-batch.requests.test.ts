import { expect, it } from 'vitest';
import { createHandler } from '../../../functions/notifier/notify-batch.ts';
import type { Ledger, Queue } from '../../../functions/ports.ts';
import { createWebhookSource } from '../../../functions/slack/slack-client.ts';
import type { DisplaySettings } from '../../../shared/notification/notification.ts';
import { ACCOUNT, REGION } from '../../builders.ts';
import { virtualTime } from '../virtual-time.ts';
import { aBody, aContext, aWorld, eventIdOf, START_MS } from '../world.ts';

const ANSWER_MS = 40;
const WITH_EVERYTHING: Partial<DisplaySettings> = {
  channels: { default: { mention: { 'off-air': 'here', 'signal-changed': 'here', denied: 'here' } } },
  signals: { outcomes: { say: 'trouble' }, health: { say: 'trouble' } },
};

const router = (resource: string): string => `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:${resource}`;
const TAKE = {
  eventName: 'TakeRouterInput',
  requestParameters: { routerOutputArn: router('routerOutput:o1'), routerInputArn: router('routerInput:i1') },
  responseElements: null,
};
const DENIED = { errorCode: 'AccessDeniedException', errorMessage: 'no', responseElements: null };
const CORRECTION = {
  sourceIPAddress: '198.51.100.4',
  addendum: { reason: 'UPDATED_DATA', originalEventID: eventIdOf(9), updatedFields: 'sourceIPAddress' },
};

type Ask = (...given: readonly unknown[]) => Promise<unknown>;

/** Reports one call after a quiet time, where every service takes a while to answer, and writes down what it is asked. */
async function reportOne(
  detail: Readonly<Record<string, unknown>>,
  settings: Partial<DisplaySettings> = {},
  answerMs = ANSWER_MS,
) {
  const time = virtualTime(START_MS);
  const world = aWorld({ time });
  world.slack.answersAfterMs = answerMs;
  const asked: { readonly name: string; readonly atMs: number }[] = [];
  const slowly = <Service extends Ledger | Queue>(service: Service): Service =>
    Object.fromEntries(
      Object.entries(service).map(([name, ask]) => [
        name,
        async (...given: readonly unknown[]) => {
          asked.push({ name, atMs: time.now() - START_MS });
          await time.wait(answerMs);
          return (ask as Ask)(...given);
        },
      ]),
    ) as unknown as Service;
  const webhooks = createWebhookSource(async () => {
    asked.push({ name: 'readSecret', atMs: time.now() - START_MS });
    return world.secret.text;
  }, time.now);
  // As at the function's start.
  await webhooks.urls();
  asked.length = 0;
  const handler = createHandler({
    ...world.notifying,
    settings: { ...world.notifying.settings, ...settings },
    webhooks,
    ledger: slowly(world.memory.ledger),
    queue: slowly(world.sqs.queue),
  });
  world.sqs.send(aBody(1, { detail }));
  const batch = world.sqs.takeBatch(10);
  await time.run(handler({ Records: [...batch] }, aContext(world)));
  const [post] = world.posts;
  const postedMs = (post?.atMs ?? Number.NaN) - START_MS;
  const namesOf = (isWanted: (atMs: number) => boolean): readonly string[] =>
    asked
      .filter(({ atMs }) => isWanted(atMs))
      .map(({ name }) => name)
      .sort();
  return {
    posts: world.posts.length,
    postedMs,
    before: namesOf((atMs) => atMs < postedMs),
    during: namesOf((atMs) => atMs >= postedMs && atMs < postedMs + answerMs),
    after: namesOf((atMs) => atMs >= postedMs + answerMs),
  };
}

const AFTER = ['count', 'endTurn', 'markNotified', 'remember'];

it.each<[string, Readonly<Record<string, unknown>>, Partial<DisplaySettings>, readonly string[]]>([
  ['a stop', {}, {}, ['claim', 'recall', 'reserveSlot']],
  [
    'a stop that calls somebody, and whose end is awaited',
    {},
    WITH_EVERYTHING,
    ['claim', 'readSignals', 'recall', 'reserveSlot'],
  ],
  ['a take of what has only ids', TAKE, WITH_EVERYTHING, ['claim', 'readSignals', 'recall', 'reserveSlot']],
  ['a refusal', DENIED, WITH_EVERYTHING, ['claim', 'recall', 'reserveSlot']],
  ['a correction', CORRECTION, WITH_EVERYTHING, ['claim', 'readSignals', 'recall', 'reserveSlot']],
])(
  '%s is posted after one round of requests at once, and the day is counted after it',
  async (_, detail, settings, before) => {
    const { after, ...others } = await reportOne(detail, settings);
    expect(others).toMatchObject({ posts: 1, postedMs: ANSWER_MS, before });
    expect(after).toEqual(expect.arrayContaining(['count', 'endTurn', 'markNotified']));
  },
);

it('asks of the table, for a call that comes alone, six writes and a read', async () => {
  const { before, during, after } = await reportOne({});
  expect([before, during, after]).toEqual([['claim', 'recall', 'reserveSlot'], [], AFTER]);
});

it('asks one read more for what came of it, and a write that the post does not wait for, with one more where something is awaited', async () => {
  const { before, during, after } = await reportOne({}, WITH_EVERYTHING);
  expect([before, during, after]).toEqual([
    ['claim', 'readSignals', 'recall', 'reserveSlot'],
    ['writeSignals'],
    [...AFTER, 'send', 'writeSignals'].sort(),
  ]);
});

it('is posted later by a round where the table takes longer than a slot may be late: the slot is moved', async () => {
  expect(await reportOne({}, {}, 51)).toMatchObject({
    postedMs: 2 * 51,
    before: ['claim', 'moveSlot', 'recall', 'reserveSlot'],
  });
});
