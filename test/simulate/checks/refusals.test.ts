import { expect, it } from 'vitest';
import { createRefusals, type Refusal } from './refusals.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Posts that Slack refused at 10:00, as it were, one a second. */
function afterPosts(posts: readonly Refusal[], most = 12) {
  let nowMs = 10 * MINUTE;
  const refusals = createRefusals(
    () => nowMs,
    () => most,
  );
  for (const post of posts) {
    refusals.add(0, post);
    nowMs += SECOND;
  }
  return refusals;
}

const of = (refused: readonly number[], isSplit = true): Refusal => ({ refused, isSplit });

it.each<[string, readonly Refusal[], number]>([
  ['nothing where none was refused', [], 0],
  ['a second for a call that is refused alone', [of([1], false)], SECOND],
  ['a second more where two messages take the place of one', [of([1, 2])], 2 * SECOND],
  ['as much for each post', [of([1]), of([1]), of([1], false), of([1], false)], 6 * SECOND],
  ['nothing for a post that no call is the reason of', [of([])], 0],
  ['nothing for what is posted again and again', Array.from({ length: 50 }, () => of([1], false)), 12 * SECOND],
  ['as much again for another call', Array.from({ length: 50 }, () => of([1, 2], false)), 24 * SECOND],
])('costs %s', (_what, posts, expected) => {
  expect(afterPosts(posts).costMs(0, 10 * MINUTE)).toBe(expected);
});

it('costs those that wait at that webhook, and from then on', () => {
  const refusals = afterPosts([of([1]), of([1]), of([1])]);
  expect(refusals.costMs(0, 10 * MINUTE + SECOND)).toBe(4 * SECOND);
  expect(refusals.costMs(0, 10 * MINUTE + 3 * SECOND)).toBe(0);
  expect(refusals.costMs(1, 10 * MINUTE)).toBe(0);
});
