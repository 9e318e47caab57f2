import { expect, it } from 'vitest';
import { memoize, memoizeLast, memoizeLatest } from '../../../shared/call/json.ts';

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

it('says the last answer again of the same values only', () => {
  const asked: unknown[] = [];
  const pair = memoizeLast((one: object, word: string) => {
    asked.push(one);
    return `${JSON.stringify(one)} ${word}`;
  });
  const [one, like] = [{ a: 1 }, { a: 1 }];
  expect([pair(one, 'x'), pair(one, 'x'), pair(one, 'y'), pair(like, 'y')]).toEqual([
    '{"a":1} x',
    '{"a":1} x',
    '{"a":1} y',
    '{"a":1} y',
  ]);
  expect(asked).toEqual([one, one, like]);
});

it('answers the latest of a key again only where all of it is the same', () => {
  const made: unknown[] = [];
  const told = memoizeLatest(
    ({ who }: { readonly who: string }) => who,
    (asked: object) => {
      made.push(asked);
      return JSON.stringify(asked);
    },
    2,
  );
  const first = { who: 'jane', role: 'Ops', mfa: undefined };
  const cases = [
    first,
    { ...first },
    { ...first, role: 'Admin' },
    { ...first, role: undefined },
    { ...first, mfa: true },
  ];
  const others = ['bob', 'eve', 'bob'].map((who) => ({ ...first, who }));
  expect([...cases, ...others].map(told)).toEqual([...cases, ...others].map((one) => JSON.stringify(one)));
  expect(made).toEqual([first, ...cases.slice(2), ...others]);
});

it('remembers no text that is long, whoever writes it', () => {
  const { asked, lengthOf } = counted();
  const [short, long] = ['a'.repeat(300), 'a'.repeat(301)];
  expect([short, short, long, long].map(lengthOf)).toEqual([300, 300, 301, 301]);
  expect(asked).toEqual([short, long, long]);
});
