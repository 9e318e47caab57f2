import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { InvalidEventPatternException } from '../../../shared/eventbridge/matcher.ts';

const refusal = (pattern: unknown): { path: string; reason: string } | undefined => {
  try {
    compilePattern(pattern);
  } catch (error) {
    if (error instanceof InvalidEventPatternException) return { path: error.path, reason: error.reason };
    throw error;
  }
  return undefined;
};

const TOO_MANY_KEYS = 'Only one key allowed in match expression';
const BUT_VALUE = 'Value of anything-but must be an array or single string/number value.';
const BUT_MEMBER = 'Inside anything but list, start|null|boolean is not supported.';
const BUT_MIXED = 'Inside anything but list, either all values are number or string, mixed type is not supported';
const BUT_CASE = 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.';
const AFFIX = 'prefix/suffix match pattern must be a string';
const ORDER = 'Bottom must be less than top';

describe('as a whole', () => {
  it.each<{ pattern: unknown; reason: string; path: string }>([
    { pattern: 'not json', reason: 'Filter is not valid JSON', path: '' },
    { pattern: '[]', reason: 'Filter is not an object', path: '' },
    { pattern: [], reason: 'Filter is not an object', path: '' },
    { pattern: null, reason: 'Filter is not an object', path: '' },
    { pattern: 5, reason: 'Filter is not an object', path: '' },
    { pattern: {}, reason: 'Empty objects are not allowed', path: '' },
    { pattern: { a: {} }, reason: 'Empty objects are not allowed', path: 'a' },
    { pattern: { a: { b: 'x' } }, reason: '"b" must be an object or an array', path: 'a.b' },
    { pattern: { a: null }, reason: '"a" must be an object or an array', path: 'a' },
    { pattern: { a: { b: [] } }, reason: 'Empty arrays are not allowed', path: 'a.b' },
    { pattern: { a: [['x']] }, reason: 'Match value must be String, number, true, false, or null', path: 'a' },
    { pattern: { $or: {} }, reason: 'It must be an Array followed with $or.', path: '$or' },
    { pattern: { a: { $or: 'x' } }, reason: 'It must be an Array followed with $or.', path: 'a.$or' },
    { pattern: { $or: [] }, reason: 'There must have at least 2 Objects in $or relationship.', path: '$or' },
    { pattern: { $or: [{ a: [1] }] }, reason: 'There must have at least 2 Objects in $or relationship.', path: '$or' },
    { pattern: { $or: ['a', 'b'] }, reason: 'Only JSON object is allowed in array of $or relationship.', path: '$or' },
    { pattern: { $or: [{ a: [1] }, {}] }, reason: 'Empty objects are not allowed', path: '' },
    {
      pattern: { $or: [{ a: [1] }, { prefix: [1] }] },
      reason: 'prefix is Ruler reserved fieldName which cannot be used inside $or.',
      path: 'prefix',
    },
    {
      pattern: { a: { $or: [{ b: { '=': [1] } }, { c: [1] }] } },
      reason: '= is Ruler reserved fieldName which cannot be used inside $or.',
      path: 'a.b.=',
    },
  ])('refuses $pattern', ({ pattern, reason, path }) => {
    expect(refusal(pattern)).toEqual({ reason, path });
  });

  it('refuses more than a thousand combinations', () => {
    const or = (names: string): readonly unknown[] => [...names].map((name) => ({ [name]: [1] }));
    const pattern = { a: { $or: or('abcdefghij') }, b: { $or: or('abcdefghij') }, c: { $or: or('abcdefghij') } };
    expect(refusal(pattern)).toBe(undefined);
    expect(refusal({ ...pattern, d: { $or: or('ab') } })?.reason).toBe(
      'Rule is too complex - $or makes more than 1000 combinations',
    );
  });

  it('names the place in its message', () => {
    expect(() => compilePattern({ detail: { eventName: [] } })).toThrow(
      'Event pattern is not valid. Reason: Empty arrays are not allowed at detail.eventName',
    );
  });
});

describe('a match expression', () => {
  it.each<[expression: unknown, reason: string]>([
    [{}, 'Match expression name not found'],
    [{ regex: 'x' }, 'Unrecognized match type regex'],
    [{ constructor: 'x' }, 'Unrecognized match type constructor'],
    [{ prefix: 'a', suffix: 'b' }, TOO_MANY_KEYS],
    [{ exactly: 1 }, 'exact match pattern must be a string'],
    [{ prefix: 1 }, 'prefix match pattern must be a string'],
    [{ prefix: ['a'] }, 'prefix match pattern must be a string'],
    [{ prefix: null }, 'prefix match pattern must be a string'],
    [{ prefix: {} }, 'Prefix expression name not found'],
    [{ prefix: { wildcard: 'a' } }, 'Unsupported prefix pattern: wildcard'],
    [{ prefix: { 'equals-ignore-case': 1 } }, 'equals-ignore-case match pattern must be a string'],
    [{ prefix: { 'equals-ignore-case': 'a', x: 1 } }, TOO_MANY_KEYS],
    [{ suffix: true }, 'suffix match pattern must be a string'],
    [{ suffix: { prefix: 'a' } }, 'Unsupported suffix pattern: prefix'],
    [{ 'equals-ignore-case': 1 }, 'equals-ignore-case match pattern must be a string'],
    [{ 'equals-ignore-case': ['a'] }, 'equals-ignore-case match pattern must be a string'],
    [{ wildcard: 1 }, 'wildcard match pattern must be a string'],
    [{ wildcard: ['a*'] }, 'wildcard match pattern must be a string'],
    [{ wildcard: 'a**' }, 'Consecutive wildcard characters at pos 2'],
    [{ wildcard: 'a\\b' }, 'Invalid escape character at pos 2'],
    [{ wildcard: 'a\\' }, 'Invalid escape character at pos 2'],
    [{ exists: 'true' }, 'exists match pattern must be either true or false.'],
    [{ exists: null }, 'exists match pattern must be either true or false.'],
    [{ exists: true, prefix: 'a' }, TOO_MANY_KEYS],
    [{ cidr: 5 }, 'prefix match pattern must be a string'],
    [{ cidr: '10.0.0.0' }, "Malformed CIDR, one '/' required"],
    [{ cidr: '10.0.0.0/' }, "Malformed CIDR, one '/' required"],
    [{ cidr: '10.0.0.0/8/8' }, "Malformed CIDR, one '/' required"],
    [{ cidr: '10.0.0.0/x' }, 'Malformed CIDR, mask bits must be an integer'],
    [{ cidr: '10.0.0.0/ 8' }, 'Malformed CIDR, mask bits must be an integer'],
    [{ cidr: '10.0.0.0/-1' }, 'Malformed CIDR, mask bits must not be negative'],
    [{ cidr: '10.0.0.0/32' }, 'IPv4 mask bits must be < 32'],
    [{ cidr: '::/128' }, 'IPv6 mask bits must be < 128'],
    [{ cidr: '10.0.0.256/8' }, 'Invalid IP address: 10.0.0.256'],
    [{ cidr: 'example.org/8' }, 'Nonstandard IP address: example.org'],
    [{ cidr: '1::2::3/8' }, 'Invalid IP address: 1::2::3'],
    [{ cidr: ':/8' }, 'Invalid IP address: :'],
    [{ numeric: 5 }, 'Value of numeric must be an array.'],
    [{ numeric: [] }, 'Invalid member in numeric match: ]'],
    [{ numeric: [5] }, 'Invalid member in numeric match: 5'],
    [{ numeric: ['=='] }, 'Unrecognized numeric range operator: =='],
    [{ numeric: ['=', '5'] }, 'Value of equals must be numeric'],
    [{ numeric: ['>'] }, 'Value of > must be numeric'],
    [{ numeric: ['=', 1, '<', 2] }, 'Too many elements in numeric expression'],
    [{ numeric: ['<', 1, '>', 0] }, 'Too many elements in numeric expression'],
    [{ numeric: ['>', 1, '>', 2] }, 'Bad numeric range operator: >'],
    [{ numeric: ['>', 1, 2] }, 'Bad value in numeric range: 2'],
    [{ numeric: ['>', 1, '<'] }, 'Value of < must be numeric'],
    [{ numeric: ['>', 1, '<', 2, '<', 3] }, 'Too many terms in numeric range expression'],
    [{ numeric: ['>=', 5, '<=', 5] }, ORDER],
    [{ numeric: ['>', 6, '<', 5] }, ORDER],
    [{ numeric: ['>', 5e9] }, ORDER],
    [{ numeric: ['<=', -5e9] }, ORDER],
    [{ numeric: ['=', 5e9 + 1] }, 'Value must be between -5.0E9 and 5.0E9, inclusive'],
    [{ numeric: ['=', 0.1234567] }, 'Only values upto 6 decimals are supported'],
    [{ 'anything-but': null }, BUT_VALUE],
    [{ 'anything-but': true }, BUT_VALUE],
    [{ 'anything-but': [] }, BUT_MIXED],
    [{ 'anything-but': ['a', 1] }, BUT_MIXED],
    [{ 'anything-but': ['a', null] }, BUT_MEMBER],
    [{ 'anything-but': [['a']] }, BUT_MEMBER],
    [{ 'anything-but': 6e9 }, 'Value must be between -5.0E9 and 5.0E9, inclusive'],
    [{ 'anything-but': {} }, 'Anything-But expression name not found'],
    [{ 'anything-but': { exists: true } }, 'Unsupported anything-but pattern: exists'],
    [{ 'anything-but': { cidr: '10.0.0.0/8' } }, 'Unsupported anything-but pattern: cidr'],
    [{ 'anything-but': { numeric: ['=', 1] } }, 'Unsupported anything-but pattern: numeric'],
    [{ 'anything-but': { prefix: 'a', suffix: 'b' } }, TOO_MANY_KEYS],
    [{ 'anything-but': { prefix: '' } }, 'Null prefix/suffix not allowed'],
    [{ 'anything-but': { suffix: ['a', ''] } }, 'Null prefix/suffix not allowed'],
    [{ 'anything-but': { prefix: 1 } }, AFFIX],
    [{ 'anything-but': { suffix: [1] } }, AFFIX],
    [{ 'anything-but': { prefix: true } }, BUT_VALUE],
    [{ 'anything-but': { prefix: { 'equals-ignore-case': 'a' } } }, BUT_VALUE],
    [{ 'anything-but': { prefix: [] } }, 'Empty arrays are not allowed'],
    [{ 'anything-but': { 'equals-ignore-case': 1 } }, BUT_CASE],
    [{ 'anything-but': { 'equals-ignore-case': [null] } }, BUT_CASE],
    [{ 'anything-but': { wildcard: 1 } }, 'wildcard match pattern must be a string'],
    [{ 'anything-but': { wildcard: ['**'] } }, 'Consecutive wildcard characters at pos 1'],
    [{ 'anything-but': 'a', prefix: 'b' }, TOO_MANY_KEYS],
  ])('is refused: %j', (expression, reason) => {
    expect(refusal({ a: { b: ['fine', expression] } })).toEqual({ path: 'a.b', reason });
  });
});
