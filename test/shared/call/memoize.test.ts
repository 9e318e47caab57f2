import { expect, it } from 'vitest';
import { memoize } from '../../../shared/call/memoize.ts';

const counted = (most?: number) => {
  const asked: string[] = [];
  const lengthOf = memoize((text: string) => {
    asked.push(text);
    return text === '' ? undefined : text.length;
  }, most);
  return { asked, lengthOf };
};

it('answers a text once, also where the answer is nothing', () => {
  const { asked, lengthOf } = counted();
  expect(['a', 'a', '', '', 'bc', 'a'].map(lengthOf)).toEqual([1, 1, undefined, undefined, 2, 1]);
  expect(asked).toEqual(['a', '', 'bc']);
});

it('forgets rather than grows', () => {
  const { asked, lengthOf } = counted(2);
  for (const text of ['a', 'b', 'c', 'c', 'a']) lengthOf(text);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});

it('is not misled by names that every object has', () => {
  const { lengthOf } = counted();
  expect(['constructor', '__proto__'].map(lengthOf)).toEqual([11, 9]);
});
