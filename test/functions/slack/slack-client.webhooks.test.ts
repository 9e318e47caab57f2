import { describe, expect, it } from 'vitest';
import type { ReadSecret } from '../../../functions/ports.ts';
import { createWebhookSource } from '../../../functions/slack/slack-client.ts';

const [OLD, NEW] = ['https://hooks.slack.test/old', 'https://hooks.slack.test/new'] as const;
const one = (url: string) => ({ kind: 'one', url });
const REFUSED = new Error('AccessDeniedException');
const FIVE_MINUTES_MS = 300_000;

/** A secret that reads so, time after time; the last reading stays. */
function aSource(...readings: readonly (string | undefined | Error)[]) {
  const clock = { nowMs: 1_000_000 };
  let reads = 0;
  const source = createWebhookSource(
    async () => {
      const reading = readings[Math.min(reads, readings.length - 1)];
      reads += 1;
      await Promise.resolve();
      if (reading instanceof Error) throw reading;
      return reading;
    },
    () => clock.nowMs,
  );
  return { source, clock, reads: () => reads };
}

/** What goes on behind the invocation comes to its end. */
const behind = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the webhook URLs', () => {
  it('are read once, whoever asks, and kept', async () => {
    const { source, reads } = aSource(OLD);
    expect(await Promise.all([source.urls(), source.urls(), source.reread()])).toEqual(Array(3).fill(one(OLD)));
    expect(await source.urls()).toEqual(one(OLD));
    expect(reads()).toBe(1);
  });

  it('are served as they are while a fresh read is tried after five minutes', async () => {
    const { source, clock, reads } = aSource(OLD, NEW);
    await source.urls();
    clock.nowMs += FIVE_MINUTES_MS - 1;
    await source.urls();
    expect(reads()).toBe(1);
    clock.nowMs += 1;
    expect(await source.urls()).toEqual(one(OLD));
    expect(reads()).toBe(2);
    await behind();
    expect(await source.urls()).toEqual(one(NEW));
    expect(reads()).toBe(2);
  });

  it('are not waited for when the secret does not answer', async () => {
    const clock = { nowMs: 0 };
    let reads = 0;
    const readSecret: ReadSecret = () => {
      reads += 1;
      return reads === 1 ? Promise.resolve(OLD) : new Promise(() => undefined);
    };
    const source = createWebhookSource(readSecret, () => clock.nowMs);
    await source.urls();
    clock.nowMs += FIVE_MINUTES_MS;
    for (let invocation = 0; invocation < 20; invocation += 1) {
      expect(await source.urls()).toEqual(one(OLD));
      clock.nowMs += 10_000;
    }
    expect(reads).toBe(2);
  });

  it.each([
    ['cannot be read', REFUSED],
    ['has no text', undefined],
    ['is broken', '{"default": "https'],
    ['holds no URL', 'changeme'],
  ])('stay the last good ones when the new secret %s, which is tried every half minute', async (_, broken) => {
    const { source, clock, reads } = aSource(OLD, broken, broken, NEW);
    await source.urls();
    clock.nowMs += FIVE_MINUTES_MS;
    const served: unknown[] = [];
    for (let seconds = 0; seconds <= 90; seconds += 10) {
      served.push(await source.urls());
      await behind();
      clock.nowMs += 10_000;
    }
    // Read at 0, 30 and 60 seconds; at 60 seconds the secret was good again.
    expect(served).toEqual([...Array(7).fill(one(OLD)), ...Array(3).fill(one(NEW))]);
    expect(reads()).toBe(4);
  });

  it.each([
    ['that cannot be read', REFUSED, 'the slack secret cannot be read'],
    ['without text', undefined, 'the slack secret has no text'],
    ['that is no URL', 'changeme', 'the slack secret is not a https URL'],
  ])('are not to be had from a secret %s, until it is mended', async (_, reading, message) => {
    const { source } = aSource(reading, OLD);
    await expect(source.urls()).rejects.toMatchObject({ name: 'WebhookSecretError', message });
    expect(await source.urls()).toEqual(one(OLD));
  });

  it('say why the secret cannot be read', async () => {
    await expect(aSource(REFUSED).source.urls()).rejects.toMatchObject({ cause: REFUSED });
    await expect(aSource(REFUSED).source.reread()).rejects.toMatchObject({ cause: REFUSED });
  });
});

describe('reading again, because Slack refuses', () => {
  it('gets the new URLs, for this message and those after it', async () => {
    const { source, clock } = aSource(OLD, NEW);
    await source.urls();
    clock.nowMs += 30_000;
    expect(await source.reread()).toEqual(one(NEW));
    expect(await source.urls()).toEqual(one(NEW));
  });

  it('asks Secrets Manager every half minute at most', async () => {
    const { source, clock, reads } = aSource(OLD);
    await source.urls();
    clock.nowMs += 29_999;
    await Promise.all([source.reread(), source.reread()]);
    expect(reads()).toBe(1);
    clock.nowMs += 1;
    await Promise.all([source.reread(), source.reread()]);
    expect(reads()).toBe(2);
    await source.reread();
    expect(reads()).toBe(2);
  });

  it('waits for the read that is under way behind the invocation, instead of giving up with the old URLs', async () => {
    const { source, clock, reads } = aSource(OLD, NEW);
    await source.urls();
    clock.nowMs += FIVE_MINUTES_MS;
    expect(await source.urls()).toEqual(one(OLD));
    expect(await source.reread()).toEqual(one(NEW));
    expect(reads()).toBe(2);
  });

  it('keeps the URLs that there are when the secret cannot be read', async () => {
    const { source, clock } = aSource(OLD, REFUSED);
    await source.urls();
    clock.nowMs += 30_000;
    expect(await source.reread()).toEqual(one(OLD));
  });

  it('reads for the first time where nothing was read yet', async () => {
    expect(await aSource(NEW).source.reread()).toEqual(one(NEW));
  });
});
