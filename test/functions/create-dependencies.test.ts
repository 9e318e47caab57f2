import { expect, it, vi } from 'vitest';
import type { CaptureClient } from '../../functions/aws/client.ts';
import { createNotifying, createOutside } from '../../functions/create-dependencies.ts';
import { recordedTelemetry } from './recorded-telemetry.ts';

const environment = {
  SLACK_SECRET_ID: 'the-secret',
  LEDGER_TABLE_NAME: 'the-table',
  QUEUE_URL: 'https://sqs/queue',
  DEAD_LETTER_QUEUE_URL: 'https://sqs/dead',
  DISPLAY_SETTINGS: { accountNames: {}, channels: {}, showParameters: [] },
};

it('gives a function what its environment names, through clients that are captured', async () => {
  const sent: [string, unknown][] = [];
  const captureClient: CaptureClient = (client) =>
    Object.assign(client, {
      send: async (command: { readonly input: Readonly<Record<string, unknown>> }) => {
        const { SecretId, TableName, QueueUrl } = command.input;
        sent.push([command.constructor.name, SecretId ?? TableName ?? QueueUrl]);
        return { SecretString: 'https://hooks.slack.test/x' };
      },
    });
  const notifying = createNotifying(environment, {
    outside: createOutside(),
    telemetry: recordedTelemetry(),
    captureClient,
  });
  expect(notifying.settings).toBe(environment.DISPLAY_SETTINGS);
  expect(await notifying.webhooks.urls()).toEqual({ kind: 'one', url: 'https://hooks.slack.test/x' });
  await notifying.ledger.claim(['notified#a#default'], { owner: notifying.newId(), untilMs: 1 });
  await notifying.queue.receive({ waitSeconds: 0 });
  const attributes = { reason: 'r', detail: 'd', eventId: 'e', rule: 'r', receivedAt: 't' };
  await notifying.queue.sendDeadLetter('body', attributes);
  expect(sent).toEqual([
    ['GetSecretValueCommand', 'the-secret'],
    ['PutItemCommand', 'the-table'],
    ['ReceiveMessageCommand', 'https://sqs/queue'],
    ['SendMessageCommand', 'https://sqs/dead'],
  ]);
});

it('takes time and chance as they are', async () => {
  vi.useFakeTimers({ now: 1000, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  try {
    const { now, wait, newId, timeLimit } = createOutside();
    expect(now()).toBe(1000);
    expect(newId()).not.toBe(newId());

    const limit = timeLimit(3000);
    let isOver = false;
    const waited = wait(2999).then(() => {
      isOver = true;
    });
    await vi.advanceTimersByTimeAsync(2999);
    await waited;
    expect([isOver, limit.aborted]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(1);
    expect(limit.reason).toMatchObject({ name: 'TimeoutError', message: 'no answer within 3000 ms' });
  } finally {
    vi.useRealTimers();
  }
});

it('is patient with Slack, and no longer than asked', async () => {
  const signal = createOutside().patience(1);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});
