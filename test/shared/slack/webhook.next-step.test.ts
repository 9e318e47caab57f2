import { describe, expect, it } from 'vitest';
import { type DeliveryAttempt, nextDeliveryStep, type SlackAnswer } from '../../../shared/slack/webhook.ts';

const first: DeliveryAttempt = {
  form: 'full',
  redirected: false,
  secretReread: false,
  hasFallback: true,
  canRedirect: true,
};
const channel: SlackAnswer = { kind: 'channel', reason: 'HTTP 410: channel_is_archived' };
const message: SlackAnswer = { kind: 'message', reason: 'HTTP 400: invalid_blocks' };

describe('nextDeliveryStep', () => {
  it.each<[string, SlackAnswer, Partial<DeliveryAttempt>, unknown]>([
    ['an acceptance', { kind: 'accepted' }, {}, { kind: 'notified' }],
    [
      'a 429',
      { kind: 'transient', reason: 'HTTP 429', retryAfterMs: 7000, rateLimited: true },
      {},
      { kind: 'wait', reason: 'HTTP 429' },
    ],
    ['a login page', { kind: 'not-slack', reason: 'HTTP 200' }, {}, { kind: 'wait', reason: 'HTTP 200' }],
    ['refused blocks', message, {}, { kind: 'post-fallback' }],
    [
      'refused blocks of what was refused as plain text',
      message,
      { hasFallback: false },
      { kind: 'dead-letter', reason: 'message-refused', detail: message.reason },
    ],
    [
      'refused plain text',
      message,
      { form: 'fallback' },
      { kind: 'dead-letter', reason: 'message-refused', detail: message.reason },
    ],
    ['a refusing channel', channel, {}, { kind: 'reread-secret' }],
    ['a channel that still refuses', channel, { secretReread: true }, { kind: 'redirect', why: channel.reason }],
    [
      'a refusing channel without another',
      channel,
      { secretReread: true, canRedirect: false },
      { kind: 'dead-letter', reason: 'channel-refused', detail: channel.reason },
    ],
    [
      'a refusing default channel',
      channel,
      { secretReread: true, redirected: true },
      { kind: 'dead-letter', reason: 'channel-refused', detail: channel.reason },
    ],
  ])('after %s', (_, answer, attempt, step) => {
    expect(nextDeliveryStep(answer, { ...first, ...attempt })).toEqual(step);
  });
});
