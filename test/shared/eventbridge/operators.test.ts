import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { isMatch } from '../../../shared/eventbridge/match-pattern.ts';

/** Which of the values the list matches, each as the only value of a field. */
const matched = (list: readonly unknown[], values: readonly unknown[]): readonly unknown[] => {
  const pattern = compilePattern({ field: list });
  return values.filter((value) => isMatch(pattern, { field: value }));
};

interface Case {
  readonly list: readonly unknown[];
  readonly yes: readonly unknown[];
  readonly no: readonly unknown[];
}

const OPERATORS: Readonly<Record<string, readonly Case[]>> = {
  'exact values': [
    { list: ['a'], yes: ['a'], no: ['A', 'ab', '', 1, null, true] },
    { list: ['a', 'b'], yes: ['a', 'b', ['x', 'b']], no: ['c', ['x', 'y']] },
    { list: [''], yes: [''], no: [' ', null, [], {}] },
    { list: [1], yes: [1, 1.0, 1], no: ['1', true, 1.5, -1] },
    { list: [0], yes: [0, -0], no: ['0', false, null, ''] },
    { list: ['1'], yes: ['1'], no: [1, '1.0', '01'] },
    { list: [0.1], yes: [0.1], no: [0.10001, '0.1'] },
    { list: [123456789012], yes: [123456789012], no: ['123456789012', 123456789013] },
    { list: [1.1234567], yes: [1.1234567], no: [1.123456] },
    { list: [true], yes: [true, [false, true]], no: ['true', 1, false, null] },
    { list: [false], yes: [false], no: ['false', 0, null, ''] },
    { list: [null], yes: [null], no: ['null', '', 0, false, [], {}] },
    { list: [{ exactly: 'a' }], yes: ['a'], no: ['A', 'b'] },
    { list: ['é'], yes: ['\u00e9'], no: ['e\u0301', 'e'] },
    { list: ['a"b'], yes: ['a"b'], no: ['ab', 'a\\"b'] },
  ],
  'addresses as exact values': [
    { list: ['10.0.0.1'], yes: ['10.0.0.1', '010.0.0.01'], no: ['10.0.0.2', '10.0.0.10'] },
    { list: ['2001:db8::1'], yes: ['2001:DB8:0:0:0:0:0:1', '2001:db8::0001'], no: ['2001:db8::2'] },
    { list: ['::ffff:0a00:0001'], yes: ['10.0.0.1'], no: ['10.0.0.2'] },
    { list: ['1.2.3.400'], yes: ['1.2.3.400'], no: ['1.2.3.40'] },
    { list: ['1:2:3:4:5:6:7:8'], yes: ['1:2:3:4:5:6:7:0008'], no: ['1:2:3:4:5:6:7:9', '1:2:3:4:5:6:7'] },
    { list: ['1:2:3:4:5:6:7::'], yes: ['1:2:3:4:5:6:7:0'], no: ['1:2:3:4:5:6:7::8'] },
    { list: ['1:2:3'], yes: ['1:2:3'], no: ['1:2:03'] },
    { list: ['12345::'], yes: ['12345::'], no: ['2345::'] },
    { list: ['1::2::3'], yes: ['1::2::3'], no: ['1::3'] },
    { list: [{ exactly: '010.0.0.1' }], yes: ['010.0.0.1'], no: ['10.0.0.1'] },
    // The field is then read as addresses, by all entries of the list.
    { list: ['10.0.0.1', { prefix: '10.' }], yes: ['10.0.0.1', '10.x'], no: ['10.0.0.2'] },
    // Numbers are asked for first, and no address is read any more.
    { list: ['10.0.0.1', 5], yes: [5], no: ['10.0.0.1'] },
  ],
  prefix: [
    { list: [{ prefix: 'ab' }], yes: ['ab', 'abc'], no: ['a', 'Ab', 'xab', ''] },
    { list: [{ prefix: '' }], yes: ['', 'x', 'null'], no: [1, true, null, [], {}] },
    { list: [{ prefix: '1' }], yes: ['1', '12'], no: [1, 12] },
    { list: [{ prefix: 't' }], yes: ['t'], no: [true] },
    // The engine sees the quotes of the JSON string.
    { list: [{ prefix: 'x"' }], yes: ['x', 'x"y'], no: ['xy'] },
    { list: [{ prefix: { 'equals-ignore-case': 'x"' } }], yes: ['X', 'X"y'], no: ['xy'] },
    { list: [{ prefix: { 'equals-ignore-case': 'aB' } }], yes: ['ab', 'ABC', 'aBx'], no: ['a', 'xab', 1] },
    { list: [{ prefix: { 'equals-ignore-case': '' } }], yes: ['', 'x'], no: [1, null] },
    { list: [{ prefix: { 'equals-ignore-case': 'ß' } }], yes: ['ß', 'SSx'], no: ['ss', 'S'] },
  ],
  suffix: [
    { list: [{ suffix: '.png' }], yes: ['.png', 'a.png'], no: ['.PNG', 'a.png.gz', 'png'] },
    { list: [{ suffix: '' }], yes: ['', 'x'], no: [1, true, null] },
    { list: [{ suffix: '1' }], yes: ['1', '21'], no: [1, 21] },
    { list: [{ suffix: '"x' }], yes: ['x', 'y"x'], no: ['yx'] },
    { list: [{ suffix: { 'equals-ignore-case': '"x' } }], yes: ['X', 'y"X'], no: ['yx'] },
    { list: [{ suffix: { 'equals-ignore-case': '.pNg' } }], yes: ['.PNG', 'x.png'], no: ['png', 'x.pn'] },
    { list: [{ suffix: { 'equals-ignore-case': 'ß' } }], yes: ['ß', 'xSS'], no: ['xss', 'S'] },
  ],
  'equals-ignore-case': [
    { list: [{ 'equals-ignore-case': 'StopFlow' }], yes: ['stopflow', 'STOPFLOW'], no: ['StopFlow ', 'Stop', ''] },
    { list: [{ 'equals-ignore-case': '' }], yes: [''], no: ['x', null] },
    { list: [{ 'equals-ignore-case': '1' }], yes: ['1'], no: [1] },
    { list: [{ 'equals-ignore-case': 'straße' }], yes: ['straße', 'STRASSE', 'straSSe'], no: ['strasse'] },
    { list: [{ 'equals-ignore-case': 'STRASSE' }], yes: ['strasse'], no: ['straße'] },
    { list: [{ 'equals-ignore-case': 'É' }], yes: ['é', 'É'], no: ['e', 'E\u0301'] },
    // Half of a surrogate pair becomes a question mark in the engine.
    { list: [{ 'equals-ignore-case': '😀' }], yes: ['??'], no: ['😀'] },
    { list: [{ 'equals-ignore-case': 'ⱥ' }], yes: ['Ⱥ', 'ⱥ'], no: ['a'] },
  ],
  wildcard: [
    { list: [{ wildcard: '*' }], yes: ['', 'x', 'a\nb'], no: [1, null, true, [], {}] },
    { list: [{ wildcard: 'a*' }], yes: ['a', 'ab'], no: ['ba', ''] },
    { list: [{ wildcard: '*a' }], yes: ['a', 'ba'], no: ['ab'] },
    { list: [{ wildcard: 'a*a' }], yes: ['aa', 'aba'], no: ['a', 'ab'] },
    { list: [{ wildcard: '*a*b*' }], yes: ['ab', 'xaxbx'], no: ['ba', 'a', 'b'] },
    { list: [{ wildcard: 'a*ab*b' }], yes: ['aabb', 'aababb', 'axabxb'], no: ['aab', 'ab', 'aabx'] },
    { list: [{ wildcard: 'plain' }], yes: ['plain'], no: ['plain ', 'Plain'] },
    { list: [{ wildcard: '' }], yes: [''], no: ['x'] },
    { list: [{ wildcard: '\\*' }], yes: ['*'], no: ['x', '\\*'] },
    { list: [{ wildcard: '\\\\*' }], yes: ['\\', '\\x'], no: ['*', 'x'] },
    { list: [{ wildcard: '\\**' }], yes: ['*', '*x'], no: ['x'] },
    { list: [{ wildcard: 'a?[b].' }], yes: ['a?[b].'], no: ['axbx', 'ab'] },
    { list: [{ wildcard: '*é*' }], yes: ['caféx'], no: ['cafe'] },
  ],
  'anything-but': [
    { list: [{ 'anything-but': 'a' }], yes: ['b', '', 1, true, null, ['a', 'b']], no: ['a', ['a'], [], {}] },
    { list: [{ 'anything-but': ['a', 'b'] }], yes: ['c', 1, ['a', 'c']], no: ['a', 'b', ['a', 'b']] },
    { list: [{ 'anything-but': 1 }], yes: [2, '1', null, true], no: [1, 1.0] },
    { list: [{ 'anything-but': [1, 2] }], yes: [3, 'x'], no: [1, 2] },
    { list: [{ 'anything-but': 0 }], yes: [1, '0', false], no: [0, -0] },
    { list: [{ 'anything-but': '' }], yes: ['x', 0, null], no: [''] },
    { list: [{ 'anything-but': '10.0.0.1' }], yes: ['010.0.0.1'], no: ['10.0.0.1'] },
    { list: [{ 'anything-but': { prefix: 'a' } }], yes: ['b', 1, null, ''], no: ['a', 'ab'] },
    { list: [{ 'anything-but': { prefix: ['a', 'b'] } }], yes: ['c', true], no: ['ax', 'bx'] },
    { list: [{ 'anything-but': { suffix: 'z' } }], yes: ['za', 1, ''], no: ['z', 'az'] },
    { list: [{ 'anything-but': { suffix: ['y', 'z'] } }], yes: ['x'], no: ['xy', 'xz'] },
    { list: [{ 'anything-but': { 'equals-ignore-case': 'a' } }], yes: ['b', 1], no: ['a', 'A'] },
    { list: [{ 'anything-but': { 'equals-ignore-case': ['a', 'b'] } }], yes: ['c', ''], no: ['A', 'B'] },
    { list: [{ 'anything-but': { 'equals-ignore-case': '' } }], yes: ['c'], no: [''] },
    { list: [{ 'anything-but': { wildcard: '*x*' } }], yes: ['a', 1, ''], no: ['x', 'axb'] },
    { list: [{ 'anything-but': { wildcard: ['a*', '*b'] } }], yes: ['c'], no: ['ac', 'cb'] },
    { list: [{ 'anything-but': 'a' }, { 'anything-but': 'b' }], yes: ['a', 'b', 'c'], no: [[], {}] },
  ],
  numeric: [
    { list: [{ numeric: ['=', 5] }], yes: [5, 5.0], no: ['5', 5.000001, null, true] },
    { list: [{ numeric: ['>', 0] }], yes: [0.000001, 5e9], no: [0, -1, '1', 5e9 + 1, 1.1234567] },
    { list: [{ numeric: ['>=', 0] }], yes: [0, -0, 1], no: [-0.5] },
    { list: [{ numeric: ['<', 0] }], yes: [-5e9, -1], no: [0, 1, -5e9 - 1] },
    { list: [{ numeric: ['<=', 300] }], yes: [300, 3e2, -5], no: [300.1] },
    { list: [{ numeric: ['>', 0, '<', 5] }], yes: [1, 4.999999], no: [0, 5] },
    { list: [{ numeric: ['>=', 0, '<=', 5] }], yes: [0, 5, [9, 3]], no: [-1, 6, [9]] },
    { list: [{ numeric: ['<', 0] }, 7], yes: [-1, 7], no: [1] },
  ],
  cidr: [
    { list: [{ cidr: '10.0.0.0/24' }], yes: ['10.0.0.0', '10.0.0.255'], no: ['10.0.1.0', '9.255.255.255', 'x', ''] },
    { list: [{ cidr: '10.0.0.77/24' }], yes: ['10.0.0.0', '10.0.0.255'], no: ['10.0.1.0'] },
    { list: [{ cidr: '10.0.0.0/31' }], yes: ['10.0.0.0', '10.0.0.1'], no: ['10.0.0.2'] },
    { list: [{ cidr: '0.0.0.0/0' }], yes: ['1.2.3.4', '255.255.255.255'], no: ['cloudformation.amazonaws.com'] },
    { list: [{ cidr: '10.0.0.0/+24' }], yes: ['10.0.0.9'], no: ['10.0.1.9'] },
    { list: [{ cidr: '2001:db8::/32' }], yes: ['2001:db8::', '2001:0DB8:ffff::1'], no: ['2001:db9::', '10.0.0.1'] },
    { list: [{ cidr: '2001:db8::/127' }], yes: ['2001:db8::1'], no: ['2001:db8::2'] },
    {
      list: [{ cidr: '10.0.0.0/8' }, { cidr: '192.168.0.0/16' }],
      yes: ['10.9.9.9', '192.168.1.1'],
      no: ['172.16.0.1'],
    },
  ],
  exists: [
    { list: [{ exists: true }], yes: ['', 0, false, null, 'x', [1], [[1]]], no: [{}, [], [[]], [{}], { a: 1 }] },
    { list: [{ exists: false }], yes: [{}, [], [[]], { a: 1 }], no: ['', 0, false, null, 'x', [1]] },
    { list: [{ 'anything-but': 'a' }, { exists: false }], yes: ['b', [], {}], no: ['a', ['a']] },
    { list: ['a', { exists: false }], yes: ['a', []], no: ['b', null] },
  ],
};

describe.each(Object.entries(OPERATORS))('%s', (_, cases) => {
  it.each(cases)('$list matches $yes and not $no', ({ list, yes, no }) => {
    expect(matched(list, [...yes, ...no])).toEqual(yes);
  });
});

it.each([{ 'anything-but': 'x' }, { prefix: '' }, { exists: true }, { wildcard: '*' }, null, ''])(
  'does not match a missing field with %j',
  (entry) => {
    expect(isMatch(compilePattern({ a: { b: [entry] } }), { a: { c: 1 } })).toBe(false);
  },
);

it('matches a wildcard with many asterisks in one pass', () => {
  const pattern = compilePattern({ field: [{ wildcard: '*a*a*a*a*a*a*b' }] });
  expect(isMatch(pattern, { field: 'a'.repeat(200_000) })).toBe(false);
});
