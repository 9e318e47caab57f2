import { describe, expect, it } from 'vitest';
import { boundedText } from '../../../shared/call/json.ts';
import { enumeration, named, phrase, phraseText } from '../../../shared/notification/notification.ts';

describe('a phrase', () => {
  it('joins our own words and keeps names apart', () => {
    expect(phrase('a', 'b ', named('x'), phrase(' c', 'd'), '', [])).toEqual([
      { kind: 'plain', text: 'ab ' },
      { kind: 'name', text: 'x' },
      { kind: 'plain', text: ' cd' },
    ]);
  });

  it.each([
    [[], 3, ''],
    [['a'], 3, 'a'],
    [['a', 'b'], 3, 'a and b'],
    [['a', 'b', 'c'], 3, 'a, b and c'],
    [['a', 'b', 'c', 'd'], 3, 'a, b, c and 1 more'],
    [['a', 'b', 'c'], 1, 'a and 2 more'],
  ])('enumerates %j up to %i', (items, max, text) => {
    const said = enumeration(
      items.map((item) => [named(item)]),
      max,
    );
    expect(phraseText(said)).toBe(text);
  });
});

describe('a bounded text', () => {
  it.each([
    ['short', 10, 'short'],
    ['exactly ten', 11, 'exactly ten'],
    ['more than ten', 10, 'more than…'],
    ['12345678😀90', 10, '12345678…'],
    ['1234567😀890', 10, '1234567😀…'],
  ])('of %s within %i is %s', (text, maxLength, bounded) => {
    expect(boundedText(text, maxLength)).toBe(bounded);
  });
});
