import { expect, it } from 'vitest';
import { createRateLimit } from '../../../local/slack/behaviour.ts';

it('lets a short burst pass, then one message a second, each webhook for itself', () => {
  const limit = createRateLimit({ burst: 3 });
  const waits = [0, 0, 0, 0, 100, 1000, 1001, 60_000, 60_000, 60_000, 60_000].map((at) => limit('a', at));
  expect(waits).toEqual([0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 1]);
  expect(limit('b', 60_000)).toBe(0);
});
