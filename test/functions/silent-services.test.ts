import { describe, expect, it } from 'vitest';
import type { CaptureClient } from '../../functions/aws/client.ts';
import { createLedger } from '../../functions/aws/ledger.ts';
import { createQueue } from '../../functions/aws/queue.ts';
import { createReadSecret } from '../../functions/create-dependencies.ts';
import { createHandler as createDigest } from '../../functions/digest/send-digests.ts';
import { createHandler as createNotifier } from '../../functions/notifier/notify-batch.ts';
import type { NotifyingDependencies } from '../../functions/ports.ts';
import { createWebhookSource } from '../../functions/slack/slack-client.ts';
import { createHandler as createSummary } from '../../functions/summary/send-summaries.ts';
import { virtualTime } from './virtual-time.ts';
import { aBody, aContext, aWorld, START_MS, urlOf } from './world.ts';

type Send = (command: object, options: { readonly abortSignal: AbortSignal }) => Promise<unknown>;

/** A world some of whose AWS services take requests and never answer them; all but Slack is as deployed there. */
function aQuietWorld(channels: readonly string[], silent: readonly ('ledger' | 'secret' | 'queue')[]) {
  const time = virtualTime(START_MS);
  const world = aWorld({ channels, time });
  world.slack.answersAfterMs = 100;
  const outside = { now: time.now, wait: time.wait, timeLimit: time.limit };
  const state = { requests: 0, answer: undefined as object | undefined };
  const captureClient: CaptureClient = (client) => {
    const send: Send = (_, { abortSignal }) => {
      state.requests += 1;
      if (state.answer !== undefined) return Promise.resolve(state.answer);
      return new Promise((_resolve, reject) => {
        abortSignal.addEventListener('abort', () => reject(abortSignal.reason));
      });
    };
    return Object.assign(client, { send });
  };
  const { receive } = world.sqs.queue;
  const queue = createQueue({ queueUrl: 'https://sqs/q', deadLetterQueueUrl: 'https://sqs/d', captureClient, outside });
  const notifying: NotifyingDependencies = {
    ...world.notifying,
    ...(silent.includes('ledger') && { ledger: createLedger({ tableName: 't', outside, captureClient }) }),
    ...(silent.includes('secret') && {
      webhooks: createWebhookSource(createReadSecret('slack', captureClient, outside), time.now),
    }),
    // Records are still received, so that there is something to bring to its end.
    ...(silent.includes('queue') && { queue: { ...queue, receive } }),
  };
  const notify = async (timeoutMs = 120_000): Promise<readonly string[]> => {
    const batch = world.sqs.takeBatch(500);
    const { batchItemFailures } = await createNotifier(notifying)({ Records: [...batch] }, aContext(world, timeoutMs));
    return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  const tookMs = (): number => time.now() - START_MS;
  const notified = (): number =>
    world.posts.filter(({ accepted }) => accepted).reduce((sum, { calls }) => sum + Math.max(1, calls), 0);
  return { time, world, notifying, state, notify, tookMs, notified };
}

const many = (count: number) => Array.from({ length: count }, (_, index) => `channel-${index}`);

describe('a ledger that does not answer', () => {
  it('costs an invocation one wait before its posts and none after them, with however many channels', async () => {
    const channels = many(25);
    const { time, world, state, notify, tookMs, notified } = aQuietWorld(channels, ['ledger']);
    for (const [number, channel] of channels.entries()) world.sqs.send(aBody(number, { channel }));
    expect(await time.run(notify())).toEqual([]);
    expect(notified()).toBe(25);
    expect(tookMs()).toBeLessThanOrEqual(3500);
    // One claim, one slot and one look at what was reported before for each channel, all at once.
    expect(state.requests).toBeLessThanOrEqual(75);
  });

  it('does not outlast the time of an invocation that posts for all of it', async () => {
    const channels = many(150);
    const { time, world, notify, tookMs, notified } = aQuietWorld(channels, ['ledger']);
    world.secret.text = urlOf('all');
    for (const [number, channel] of channels.entries()) world.sqs.send(aBody(number, { channel }));
    const failed = await time.run(notify());
    expect(notified()).toBeGreaterThan(10);
    expect(notified() + failed.length).toBe(150);
    expect(tookMs()).toBeLessThan(110_000);
  });

  it('holds a lone call up for that one wait, and the next one of the same process not at all', async () => {
    const { time, world, notifying } = aQuietWorld(['default'], ['ledger']);
    const handle = createNotifier(notifying);
    for (const number of [1, 2]) {
      world.sqs.send(aBody(number));
      const batch = world.sqs.takeBatch(1);
      await time.run(handle({ Records: [...batch] }, aContext(world)));
      world.sqs.acknowledge(batch, []);
      time.advanceTo(START_MS + 9000);
    }
    expect(world.posts.map(({ atMs }) => atMs - START_MS)).toEqual([3000, 9000]);
  });

  it('costs a digest one wait, and its time is kept', async () => {
    const channels = many(25);
    const { time, world, notifying, tookMs, notified } = aQuietWorld(channels, ['ledger']);
    for (const [number, channel] of channels.entries()) world.sqs.send(aBody(number, { channel, rule: 'reads' }));
    await time.run(createDigest({ ...notifying, digestMinutes: 60 })({}, aContext(world, 300_000)));
    expect(notified()).toBe(25);
    expect(world.sqs.size()).toBe(0);
    expect(tookMs()).toBeLessThanOrEqual(6000);
  });

  it('lets the summary fail in time, so that Lambda runs it again', async () => {
    const { time, world, notifying, tookMs } = aQuietWorld(['default', 'ops'], ['ledger']);
    const summarize = createSummary({ ...notifying, channels: ['default', 'ops'], countVisible: async () => 0 });
    await expect(time.run(summarize({}, aContext(world, 60_000)))).rejects.toMatchObject({ name: 'SummaryError' });
    expect(tookMs()).toBeLessThanOrEqual(3500);
  });
});

describe('a secret that does not answer', () => {
  it('costs a function that has no URLs yet one short wait, and then none for a while', async () => {
    const { time, world, notify, tookMs } = aQuietWorld(['default'], ['secret']);
    world.sqs.send(aBody(1));
    expect(await time.run(notify())).toEqual(['m1']);
    expect(tookMs()).toBe(3000);
    expect(world.telemetry.decisions).toMatchObject([{ result: 'waiting', reason: 'no usable slack secret' }]);
  });

  it('costs a function that has URLs nothing, invocation after invocation', async () => {
    const { time, world, notifying, state, tookMs } = aQuietWorld(['default'], ['secret']);
    state.answer = { SecretString: urlOf('default') };
    const handle = createNotifier(notifying);
    const delays: number[] = [];
    for (let number = 0; number < 12; number += 1) {
      world.sqs.send(aBody(number));
      const batch = world.sqs.takeBatch(10);
      const beganMs = tookMs();
      const { batchItemFailures } = await time.run(handle({ Records: [...batch] }, aContext(world)));
      world.sqs.acknowledge(batch, batchItemFailures);
      delays.push(tookMs() - beganMs);
      state.answer = undefined;
      time.advanceTo(time.now() + 60_000);
    }
    expect(delays).toEqual(Array(12).fill(100));
    expect(state.requests).toBeGreaterThan(1);
  });
});

describe('a queue that does not answer', () => {
  it.each([
    ['changeVisibility', { status: 429, body: 'rate_limited', retryAfter: '7' }],
    ['send again', { status: 429, body: 'rate_limited', retryAfter: '90' }],
    ['delete', { status: 200, body: 'ok' }],
    ['dead-letter', { status: 400, body: 'invalid_payload' }],
  ] as const)('costs an invocation that has to %s little, and no record is lost', async (_, weather) => {
    const { time, world, notify, tookMs } = aQuietWorld(['default'], ['queue']);
    world.slack.weather = () => weather;
    for (let number = 0; number < 300; number += 1) world.sqs.send(aBody(number));
    const postedMs = (): number => Math.max(...world.posts.map(({ atMs }) => atMs)) - START_MS;
    await time.run(notify());
    expect(tookMs() - postedMs()).toBeLessThan(15_000);
    expect(tookMs()).toBeLessThan(115_000);
    expect(world.sqs.size()).toBe(300);
  });
});

it('all silent at once, the function still ends in time', async () => {
  const channels = many(10);
  const { time, world, notify, tookMs } = aQuietWorld(channels, ['ledger', 'secret', 'queue']);
  for (const [number, channel] of channels.entries()) world.sqs.send(aBody(number, { channel }));
  const failed = await time.run(notify());
  expect(failed).toHaveLength(10);
  expect(tookMs()).toBeLessThan(30_000);
});
