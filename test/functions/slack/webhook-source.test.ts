import { describe, expect, it } from 'vitest';
import { createWebhookSource } from '../../../functions/slack/webhook-source.ts';

const aSource = (texts: readonly (string | Error | undefined)[]) => {
  const clock = { nowMs: 0 };
  const asked: boolean[] = [];
  const answers = texts.values();
  const source = createWebhookSource(
    async ({ fresh }) => {
      asked.push(fresh);
      const { value } = answers.next();
      if (value instanceof Error) throw value;
      return value;
    },
    () => clock.nowMs,
  );
  return { source, asked, clock };
};

const [OLD, NEW] = ['https://hooks.slack.test/old', 'https://hooks.slack.test/new'];

describe('the webhook source', () => {
  it('reads past the cache when asked to', async () => {
    const { source, asked } = aSource([OLD, NEW]);
    expect(await source.urls()).toEqual({ kind: 'one', url: OLD });
    expect(await source.reread()).toEqual({ kind: 'one', url: NEW });
    expect(asked).toEqual([false, true]);
  });

  it('does not ask Secrets Manager for every refused message', async () => {
    const { source, asked, clock } = aSource([OLD, OLD, OLD, OLD]);
    await source.reread();
    await source.reread();
    clock.nowMs += 30_000;
    await source.reread();
    expect(asked).toEqual([true, false, true]);
  });

  it('keeps the last good URLs while the secret cannot be read', async () => {
    const { source } = aSource([OLD, new Error('ThrottlingException')]);
    await source.urls();
    expect(await source.urls()).toEqual({ kind: 'one', url: OLD });
  });

  it('asks once more when there are no URLs yet', async () => {
    const { source, asked } = aSource([new Error('TimeoutError'), OLD]);
    expect(await source.urls()).toEqual({ kind: 'one', url: OLD });
    expect(asked).toEqual([false, false]);
  });

  it.each([
    ['that cannot be read', [1, 2].map(() => new Error('AccessDeniedException')), 'the slack secret cannot be read'],
    ['without text', [undefined], 'the slack secret has no text'],
    ['that is no URL', ['changeme'], 'the slack secret is not a https URL'],
  ])('refuses a secret %s', async (_, texts, message) => {
    await expect(aSource(texts).source.urls()).rejects.toMatchObject({ name: 'WebhookSecretError', message });
  });
});
