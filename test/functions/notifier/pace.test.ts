import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHandler } from '../../../functions/notifier/create-handler.ts';
import { memoryLedger } from '../memory-ledger.ts';
import { memoryQueue } from '../memory-queue.ts';
import { recordedTelemetry } from '../recorded-telemetry.ts';
import { aBody, eventIdOf, START_MS } from '../world.ts';

const now = () => Date.now();
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

beforeEach(() => {
  vi.useFakeTimers({ now: START_MS, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  // The real one runs on another thread, and takes time that the clock here does not know.
  vi.spyOn(crypto.subtle, 'digest').mockImplementation(
    async (_, text) => new Uint8Array(text as Uint8Array).reverse().buffer,
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

interface Circumstances {
  readonly seconds: number;
  readonly callsPerSecond: number;
  readonly invocations: number;
  /** Channel → webhook; calls go to the channels in turn. */
  readonly webhooks: Readonly<Record<string, string>>;
  readonly answersAfterMs?: number;
  readonly isLedgerDown?: boolean;
}

/** Slack and the queue as they are, and invocations that run beside one another, each in a process of its own. */
async function live(circumstances: Circumstances) {
  const { seconds, callsPerSecond, invocations, webhooks, answersAfterMs = 100, isLedgerDown = false } = circumstances;
  const { ledger, state } = memoryLedger(now);
  state.isDown = isLedgerDown;
  const telemetry = recordedTelemetry();
  const sqs = memoryQueue({ now, visibilityTimeoutMs: 721_000, maxReceiveCount: 1000 });
  const posts: { readonly url: string; readonly atMs: number; readonly calls: number }[] = [];
  const calledAtMs = new Map<string, number>();
  const endMs = START_MS + seconds * 1000;

  async function runProcess(): Promise<void> {
    const handle = createHandler({
      ledger,
      queue: sqs.queue,
      telemetry,
      settings: { accountNames: {}, channels: {}, showParameters: [] },
      webhooks: {
        urls: async () => ({ kind: 'by-channel', urls: new Map(Object.entries(webhooks)) }),
        reread: () => Promise.reject(new Error('not needed here')),
      },
      post: async (url) => {
        posts.push({ url, atMs: now(), calls: Number(telemetry.current()?.calls) });
        await wait(answersAfterMs);
      },
      postTimeoutMs: 10_000,
      now,
      wait,
      random: () => 0.5,
    });
    while (now() < endMs || sqs.size() > 0) {
      if (sqs.nextVisibleAtMs() > now()) {
        await wait(20);
        continue;
      }
      await wait(1000);
      const batch = sqs.takeBatch(500);
      const deadlineMs = now() + 120_000;
      const response = await handle({ Records: [...batch] }, { getRemainingTimeInMillis: () => deadlineMs - now() });
      sqs.acknowledge(batch, response.batchItemFailures);
    }
  }

  async function makeCalls(): Promise<void> {
    const channels = Object.keys(webhooks);
    for (let number = 0; number < seconds * callsPerSecond; number += 1) {
      sqs.send(aBody(number, { channel: channels[number % channels.length] ?? 'default' }));
      calledAtMs.set(eventIdOf(number), now());
      await wait(1000 / callsPerSecond);
    }
  }

  const delaysMs: number[] = [];
  vi.spyOn(telemetry, 'decision').mockImplementation((decision) => {
    telemetry.decisions.push(decision);
    delaysMs.push(now() - (calledAtMs.get(decision.eventId) ?? 0));
  });
  const done = Promise.all([makeCalls(), ...Array.from({ length: invocations }, runProcess)]);
  let isOver = false;
  const over = done.finally(() => {
    isOver = true;
  });
  while (!isOver) await vi.advanceTimersByTimeAsync(10);
  await over;

  const told = telemetry.decisions.filter(({ result }) => result === 'posted' || result === 'folded');
  return { posts, told: told.map(({ eventId }) => eventId), delaysMs, telemetry };
}

const gapsMs = (posts: readonly { readonly atMs: number }[]): readonly number[] =>
  posts.slice(1).map(({ atMs }, index) => atMs - (posts[index]?.atMs ?? 0));

const expectToldOnce = (told: readonly string[], calls: number): void => {
  expect(told.toSorted()).toEqual(Array.from({ length: calls }, (_, number) => eventIdOf(number)).toSorted());
};

const HOOK = 'https://hooks.slack.test/services/one';
const OTHER = 'https://hooks.slack.test/services/two';

describe('invocations that run at the same time', () => {
  it.each([
    { invocations: 2, callsPerSecond: 50, answersAfterMs: 100 },
    { invocations: 2, callsPerSecond: 50, answersAfterMs: 900 },
    { invocations: 2, callsPerSecond: 5, answersAfterMs: 100 },
    { invocations: 4, callsPerSecond: 20, answersAfterMs: 300 },
  ])('post once a second to a webhook together, and keep up: %o', async (circumstances) => {
    const { posts, told } = await live({ ...circumstances, seconds: 20, webhooks: { default: HOOK } });
    expectToldOnce(told, 20 * circumstances.callsPerSecond);
    expect(Math.min(...gapsMs(posts))).toBeGreaterThanOrEqual(1000);
    expect(posts.length).toBeLessThanOrEqual(25);
  });

  it('tells 50 calls a second within two seconds beyond the batching window', async () => {
    const { delaysMs, posts } = await live({
      seconds: 30,
      callsPerSecond: 50,
      invocations: 2,
      webhooks: { default: HOOK },
    });
    const p99Ms = delaysMs.toSorted((one, other) => one - other)[Math.floor(delaysMs.length * 0.99)];
    expect(p99Ms).toBeLessThan(3000);
    expect(posts[0]?.calls).toBe(1);
    expect(posts.slice(2).filter(({ calls }) => calls === 1)).toEqual([]);
  });

  it('share the pace between channels that share a webhook, and between no others', async () => {
    const { posts, told } = await live({
      seconds: 20,
      callsPerSecond: 30,
      invocations: 2,
      webhooks: { default: HOOK, ops: HOOK, security: OTHER },
    });
    expectToldOnce(told, 600);
    const [shared, own] = [HOOK, OTHER].map((hook) => posts.filter(({ url }) => url === hook));
    expect(Math.min(...gapsMs(shared ?? []))).toBeGreaterThanOrEqual(1000);
    expect(Math.min(...gapsMs(own ?? []))).toBeGreaterThanOrEqual(1000);
    expect(Math.min(...gapsMs(posts))).toBeLessThan(1000);
  });

  it('each keep the pace by themselves while the ledger is out of reach, and say so', async () => {
    const { posts, telemetry } = await live({
      seconds: 5,
      callsPerSecond: 10,
      invocations: 1,
      webhooks: { default: HOOK, ops: HOOK },
      isLedgerDown: true,
    });
    expect(posts.reduce((sum, { calls }) => sum + calls, 0)).toBe(50);
    expect(Math.min(...gapsMs(posts))).toBeGreaterThanOrEqual(1000);
    expect(telemetry.lines.map(({ message }) => message)).toContain('the pace of the webhooks is not shared');
    expect(telemetry.metrics.LedgerUnavailable).toBeGreaterThan(50);
  });
});

it('tells a call after a quiet time alone, and folds what comes in a running burst', async () => {
  const { posts } = await live({ seconds: 8, callsPerSecond: 4, invocations: 1, webhooks: { default: HOOK } });
  const [first, ...rest] = posts.map(({ calls }) => calls);
  expect(first).toBe(1);
  expect(Math.min(...rest)).toBeGreaterThan(1);
});
