import { describe, expect, it } from 'vitest';
import { classifySlackAnswer, noAnswer } from '../../shared/slack-answer.ts';

const classify = (status: number, body: string | undefined = '', retryAfter: string | null = null) =>
  classifySlackAnswer({ status, body, retryAfter });

describe('classifySlackAnswer', () => {
  it.each([
    [200, 'ok', 'accepted'],
    [200, 'ok\n', 'accepted'],
    [200, undefined, 'accepted'],
    [200, '', 'elsewhere'],
    [200, '<html>log in</html>', 'elsewhere'],
    [200, 'OK, but not Slack', 'elsewhere'],
    [302, '', 'elsewhere'],
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
    [401, '', 'channel'],
    [403, 'action_prohibited', 'channel'],
    [403, 'invalid_token', 'channel'],
    [403, 'something_new', 'channel'],
    [403, 'posting_to_general_channel_denied', 'channel'],
    [404, 'channel_not_found', 'channel'],
    [404, 'no_service', 'channel'],
    [404, 'no_active_hooks', 'channel'],
    [404, 'no_service_id', 'channel'],
    [404, 'no_team', 'channel'],
    [404, 'team_disabled', 'channel'],
    [410, 'channel_is_archived', 'channel'],
    [413, '', 'message'],
    [408, '', 'transient'],
    [429, 'rate_limited', 'transient'],
    [500, 'rollup_error', 'transient'],
    [500, 'no_service', 'transient'],
    [502, '<html>', 'transient'],
    [503, undefined, 'transient'],
    [504, '', 'transient'],
  ])('calls %i with %j %s', (status, body, kind) => {
    expect(classifySlackAnswer({ status, body, retryAfter: null }).kind).toBe(kind);
  });

  it.each([
    ['1', 1000],
    ['30', 30_000],
    ['0', 0],
    [' 2 ', 2000],
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
    [404, 'Cannot POST /services/T000/B000/secret', "HTTP 404 with a text that is not Slack's"],
    [200, 'https://hooks.slack.com/services/T000/B000/secret', 'HTTP 200 with a text that is not Slack\'s, not "ok"'],
    [503, undefined, 'HTTP 503'],
  ])('does not quote a text of %i that may quote the webhook URL', (status, body, reason) => {
    expect(classifySlackAnswer({ status, body, retryAfter: null })).toMatchObject({ reason });
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
