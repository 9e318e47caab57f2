import { expect, it } from 'vitest';
import {
  MAX_RECEIVE_COUNT as DEPLOYED_RECEIVE_COUNT,
  digestTimeout,
  NOTIFIER_TIMEOUT,
  SUMMARY_TIMEOUT,
  visibilityTimeout,
} from '../../infra/stack/function-settings.ts';
import { DIGEST_MS, MAX_RECEIVE_COUNT, TIMEOUTS_MS, visibilityTimeoutMs } from './functions-under-test.ts';

it('runs the functions with what the stack gives them', () => {
  const digest = digestTimeout(DIGEST_MS / 60_000);
  expect({
    timeouts: TIMEOUTS_MS,
    visibility: [visibilityTimeoutMs('notifier', 5), visibilityTimeoutMs('digest', 0)],
    receives: MAX_RECEIVE_COUNT,
  }).toEqual({
    timeouts: {
      notifier: NOTIFIER_TIMEOUT.toMilliseconds(),
      digest: digest.toMilliseconds(),
      summary: SUMMARY_TIMEOUT.toMilliseconds(),
    },
    visibility: [visibilityTimeout(NOTIFIER_TIMEOUT, 5).toMilliseconds(), visibilityTimeout(digest).toMilliseconds()],
    receives: DEPLOYED_RECEIVE_COUNT,
  });
});
