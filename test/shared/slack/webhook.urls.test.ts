import { describe, expect, it } from 'vitest';
import { parseWebhookUrls, WebhookSecretError, webhookUrlOf } from '../../../shared/slack/webhook.ts';

const URL_ = 'https://hooks.slack.com/services/T000/B000/zzsecretzz';

describe('parseWebhookUrls', () => {
  it.each([URL_, `  ${URL_}\n`])('lets one plain URL serve every channel: %j', (secret) => {
    expect(webhookUrlOf(parseWebhookUrls(secret), 'anything')).toBe(URL_);
  });

  it.each(['http://127.0.0.1:3000/services/T/B/x', 'http://localhost:3000/x', 'http://[::1]:3000/x'])(
    'takes plain HTTP on one machine: %s',
    (secret) => {
      expect(webhookUrlOf(parseWebhookUrls(secret), 'default')).toBe(secret);
    },
  );

  it('reads an object from channel to URL, and leaves out what is no URL', () => {
    const urls = parseWebhookUrls(JSON.stringify({ default: ` ${URL_} `, ops: 'changeme' }));
    expect(['default', 'ops', 'constructor'].map((channel) => webhookUrlOf(urls, channel))).toEqual([
      URL_,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['', 'the slack secret is empty'],
    ['zzsecretzz', 'the slack secret is not a https URL'],
    ['http://hooks.slack.com/services/zzsecretzz', 'the slack secret is not a https URL'],
    ['ftp://hooks.slack.com/zzsecretzz', 'the slack secret is not a https URL'],
    ['ftp://localhost/zzsecretzz', 'the slack secret is not a https URL'],
    ['{"default": "https://hooks.slack.com/zzsecretzz"', 'the slack secret looks like JSON and is not'],
    ['{"default": {"url": "zzsecretzz"}}', 'the slack secret is not an object from channel to URL'],
    ['{"default": "zzsecretzz"}', 'the slack secret has no https URL for any channel'],
    ['{}', 'the slack secret has no https URL for any channel'],
  ])('refuses %j without quoting it', (secret, message) => {
    expect(() => parseWebhookUrls(secret)).toThrow(new WebhookSecretError(message));
  });
});
