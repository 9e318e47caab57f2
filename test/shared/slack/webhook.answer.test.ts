import { describe, expect, it } from 'vitest';
import { classifySlackAnswer, LONGEST_WAIT_MS, noAnswer } from '../../../shared/slack/webhook.ts';

const classify = (status: number, body = '', retryAfter: string | null = null) =>
  classifySlackAnswer({ status, body, retryAfter });

describe('classifySlackAnswer', () => {
  it.each([
    [200, 'ok', 'accepted'],
    [200, 'ok\n', 'accepted'],
    [200, '', 'not-slack'],
    [200, 'o', 'not-slack'],
    [200, '<html>log in</html>', 'not-slack'],
    [200, 'OK, but not Slack', 'not-slack'],
    [300, 'ok', 'not-slack'],
    [302, '', 'not-slack'],
    [302, 'no_service', 'not-slack'],
    [399, 'invalid_payload', 'not-slack'],
    [400, 'invalid_payload', 'message'],
    [400, 'invalid_blocks', 'message'],
    [400, 'invalid_blocks_format', 'message'],
    [400, 'invalid_attachments', 'message'],
    [400, 'no_text', 'message'],
    [400, 'too_many_attachments', 'message'],
    [400, 'msg_blocks_too_long', 'message'],
    [400, 'something_new', 'message'],
    [400, 'user_not_found', 'channel'],
    [400, 'no_service', 'channel'],
    [400, ' no_service\n', 'channel'],
    [401, 'something_new', 'channel'],
    [403, 'action_prohibited', 'channel'],
    [403, 'invalid_token', 'channel'],
    [403, 'something_new', 'channel'],
    [403, 'posting_to_general_channel_denied', 'channel'],
    [404, 'something_new', 'channel'],
    [404, 'channel_not_found', 'channel'],
    [404, 'no_service', 'channel'],
    [404, 'no_active_hooks', 'channel'],
    [404, 'no_service_id', 'channel'],
    [404, 'no_team', 'channel'],
    [404, 'team_disabled', 'channel'],
    [410, 'channel_is_archived', 'channel'],
    [410, 'something_new', 'channel'],
    [400, 'v2_blocks_0_refused', 'message'],
    [400, `${'a_'.repeat(29)}ok`, 'message'],
    [400, `${'a_'.repeat(30)}b`, 'not-slack'],
    [413, 'something_new', 'message'],
    [408, '', 'transient'],
    [408, 'something_new', 'transient'],
    [425, '', 'transient'],
    [429, 'rate_limited', 'transient'],
    [429, '<html>', 'transient'],
    [500, 'rollup_error', 'transient'],
    [500, 'no_service', 'transient'],
    [502, '<html>', 'transient'],
    [503, '', 'transient'],
    [504, '', 'transient'],
  ])('calls %i with %j %s', (status, body, kind) => {
    expect(classify(status, body).kind).toBe(kind);
  });

  it.each([400, 401, 402, 403, 404, 405, 406, 407, 410, 411, 413, 414, 418, 421, 426, 431, 451])(
    'never gives up for a %i that is not Slack’s',
    (status) => {
      const bodies = ['', ' \n', '<html>', 'Forbidden', 'forbidden', 'Bad_Request', 'not found', 'no_service, sorry'];
      expect(bodies.map((body) => [body, classify(status, body).kind])).toEqual(
        bodies.map((body) => [body, 'not-slack']),
      );
      expect(classifySlackAnswer({ status, body: 'no_service', retryAfter: null, isWhole: false }).kind).toBe(
        'not-slack',
      );
    },
  );

  it.each([
    { body: 'o', hasSlackHeader: false, kind: 'accepted' },
    { body: 'ok', hasSlackHeader: false, kind: 'accepted' },
    { body: '', hasSlackHeader: true, kind: 'accepted' },
    { body: '', hasSlackHeader: false, kind: 'not-slack' },
    { body: '', kind: 'not-slack' },
    { body: '\n', hasSlackHeader: true, kind: 'not-slack' },
    { body: 'okay', hasSlackHeader: true, kind: 'not-slack' },
    { body: '<', hasSlackHeader: true, kind: 'not-slack' },
  ])('calls a 200 that broke off after $body, with Slack header: $hasSlackHeader, $kind', ({ kind, ...came }) => {
    expect(classifySlackAnswer({ status: 200, retryAfter: null, isWhole: false, ...came }).kind).toBe(kind);
  });

  it.each([
    ['1', 1000],
    ['30', 30_000],
    ['0', 0],
    ['300', 300_000],
    ['301', 300_000],
    ['86400', LONGEST_WAIT_MS],
    ['9'.repeat(400), LONGEST_WAIT_MS],
    [' 2 ', 2000],
    ['1.25', 1250],
    ['1.', undefined],
    ['2 minutes', undefined],
    [null, undefined],
    ['', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['Wed, 21 Oct 2026 07:28:00 GMT', undefined],
  ])('reads Retry-After %j as %s ms', (retryAfter, retryAfterMs) => {
    expect(classify(429, 'rate_limited', retryAfter)).toEqual({
      kind: 'transient',
      reason: 'HTTP 429: rate_limited',
      retryAfterMs,
      rateLimited: true,
    });
  });

  it('does not call a 503 with Retry-After rate limited', () => {
    expect(classify(503, '', '9')).toMatchObject({ retryAfterMs: 9000, rateLimited: false });
  });

  it.each([
    { status: 404, body: 'Cannot POST /services/T000/B000/secret', reason: "HTTP 404 with a text that is not Slack's" },
    { status: 404, body: 'XXXXzzTOPSECRETzzXXXX', reason: "HTTP 404 with a text that is not Slack's" },
    {
      status: 200,
      body: 'https://hooks.slack.com/services/T000/B000/secret',
      reason: 'HTTP 200 with a text that is not Slack\'s, not "ok"',
    },
    { status: 503, body: '', reason: 'HTTP 503' },
    { status: 503, body: '', isWhole: false, reason: 'HTTP 503 whose text did not arrive' },
  ])('does not quote a text of $status that may quote the webhook URL: $body', ({ reason, ...answer }) => {
    expect(classifySlackAnswer({ retryAfter: null, ...answer })).toMatchObject({ reason });
  });

  it('lets no answer be tried again', () => {
    expect(noAnswer('no answer: ECONNRESET')).toEqual({
      kind: 'transient',
      reason: 'no answer: ECONNRESET',
      retryAfterMs: undefined,
      rateLimited: false,
    });
  });
});
