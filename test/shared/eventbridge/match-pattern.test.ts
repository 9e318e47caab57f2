import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/call/json.ts';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { isMatch, matchPattern } from '../../../shared/eventbridge/match-pattern.ts';

const matches = (pattern: unknown, event: unknown): boolean => isMatch(compilePattern(pattern), event);

describe('paths', () => {
  it.each<{ says: string; pattern: JsonObject; yes: readonly JsonObject[]; no: readonly JsonObject[] }>([
    { says: 'nested fields', pattern: { a: { b: [1] } }, yes: [{ a: { b: 1 } }], no: [{ a: 1 }, { b: 1 }, {}] },
    {
      says: 'a dotted name as the nested path',
      pattern: { 'a.b': [1] },
      yes: [{ a: { b: 1 } }, { 'a.b': 1 }],
      no: [{ a: 1, b: 1 }],
    },
    { says: 'a dotted name of the event', pattern: { a: { b: [1] } }, yes: [{ 'a.b': 1 }], no: [{ 'a.c': 1 }] },
    { says: 'an empty name', pattern: { '': [1] }, yes: [{ '': 1 }], no: [{ a: 1 }] },
    {
      says: 'own properties only',
      pattern: { constructor: [{ exists: true }] },
      yes: [{ constructor: 'x' }],
      no: [{}, { a: 1 }],
    },
    { says: 'names like toString', pattern: { toString: ['x'] }, yes: [{ toString: 'x' }], no: [{}] },
    { says: '__proto__', pattern: JSON.parse('{"__proto__":["x"]}'), yes: [JSON.parse('{"__proto__":"x"}')], no: [{}] },
    { says: 'operators as field names', pattern: { prefix: ['x'] }, yes: [{ prefix: 'x' }], no: [{ prefix: 'y' }] },
    {
      says: 'a path that is both leaf and object',
      pattern: { a: { b: [1] } },
      yes: [{ a: [5, { b: 1 }] }],
      no: [{ a: [5, 1] }],
    },
  ])('reads $says', ({ pattern, yes, no }) => {
    expect([...yes, ...no].filter((event) => matches(pattern, event))).toEqual(yes);
  });

  it('takes the JSON text of a pattern', () => {
    expect(matches('{"a":[1]}', { a: 1 })).toBe(true);
  });

  it.each([null, 'text', 5, [], undefined])('does not match %j, which is no event', (event) => {
    expect(matches({ a: [1] }, event)).toBe(false);
  });
});

describe('$or', () => {
  const one = { a: ['1'], $or: [{ a: ['2'] }, { b: ['3'] }] };
  const other = { $or: [{ a: ['2'] }, { b: ['3'] }], a: ['1'] };

  it.each<{ says: string; pattern: JsonObject; event: JsonObject; expected: boolean }>([
    { says: 'takes either branch', pattern: { $or: [{ a: [1] }, { b: [1] }] }, event: { b: 1 }, expected: true },
    { says: 'takes neither', pattern: { $or: [{ a: [1] }, { b: [1] }] }, event: { c: 1 }, expected: false },
    {
      says: 'needs what stands beside it',
      pattern: { c: [1], $or: [{ a: [1] }, { b: [1] }] },
      event: { a: 1 },
      expected: false,
    },
    {
      says: 'needs what stands after it',
      pattern: { $or: [{ a: [1] }, { b: [1] }], c: [1] },
      event: { a: 1 },
      expected: false,
    },
    {
      says: 'stands in nested objects',
      pattern: { d: { $or: [{ a: [1] }, { b: [1] }] } },
      event: { d: { b: 1 } },
      expected: true,
    },
    {
      says: 'nests',
      pattern: { $or: [{ a: [1], $or: [{ b: [2] }, { c: [3] }] }, { d: [4] }] },
      event: { a: 1, c: 3 },
      expected: true,
    },
    {
      says: 'multiplies',
      pattern: { d: { $or: [{ a: [1] }, { b: [1] }] }, $or: [{ x: [1] }, { y: [1] }] },
      event: { d: { b: 1 }, y: 1 },
      expected: true,
    },
    { says: 'replaces an earlier path', pattern: one, event: { a: '2' }, expected: true },
    { says: 'does not keep the replaced value', pattern: one, event: { a: '1' }, expected: false },
    { says: 'keeps what its other branch leaves alone', pattern: one, event: { a: '1', b: '3' }, expected: true },
    { says: 'is replaced by a later path', pattern: other, event: { a: '1' }, expected: true },
    { says: 'loses to a later path', pattern: other, event: { a: '2' }, expected: false },
  ])('$says', ({ pattern, event, expected }) => {
    expect(matches(pattern, event)).toBe(expected);
  });
});

describe('arrays', () => {
  const event = { r: [{ a: 1, b: 2 }, { a: 3, b: 4 }, { a: 5 }], tags: ['x', 'y'] };

  it.each<{ says: string; pattern: JsonObject; expected: boolean }>([
    { says: 'takes both values from one element', pattern: { r: { a: [1], b: [2] } }, expected: true },
    { says: 'does not mix elements', pattern: { r: { a: [1], b: [4] } }, expected: false },
    { says: 'goes back to another element', pattern: { r: { a: [{ exists: true }], b: [4] } }, expected: true },
    { says: 'sees scalars of an array in any place', pattern: { tags: ['y'] }, expected: true },
    // `a` sorts before `b`: the element is fixed when `b` is looked for.
    { says: 'sees absence in the fixed element', pattern: { r: { a: [5], b: [{ exists: false }] } }, expected: true },
    { says: 'sees presence in the fixed element', pattern: { r: { a: [1], b: [{ exists: false }] } }, expected: false },
    // `a` sorts first and sees all elements.
    {
      says: 'sees all elements before one is fixed',
      pattern: { r: { a: [{ exists: false }], b: [2] } },
      expected: false,
    },
    { says: 'crosses two different arrays freely', pattern: { r: { a: [1] }, tags: ['y'] }, expected: true },
  ])('$says', ({ pattern, expected }) => {
    expect(matches(pattern, event)).toBe(expected);
  });

  it.each<{ says: string; event: JsonObject; expected: boolean }>([
    {
      says: 'objects in nested arrays',
      event: {
        r: [
          [{ a: 1 }],
          [
            { a: 0, b: 2 },
            { a: 1, b: 2 },
          ],
        ],
      },
      expected: true,
    },
    { says: 'not across inner arrays', event: { r: [[{ a: 1 }], [{ b: 2 }]] }, expected: false },
    { says: 'not across elements of one inner array', event: { r: [[{ a: 1 }, { b: 2 }]] }, expected: false },
  ])('follows $says', ({ event: nested, expected }) => {
    expect(matches({ r: { a: [1], b: [2] } }, nested)).toBe(expected);
  });
});

describe('the reason of a refusal', () => {
  const event = { source: 'aws.mediaconnect', detail: { eventName: 'StopFlow', list: [{ a: 1 }, { b: 2 }] } };

  it.each<{ pattern: JsonObject; path: string; reason: string }>([
    {
      pattern: { detail: { eventName: ['StartFlow', { prefix: 'List' }] } },
      path: 'detail.eventName',
      reason: 'detail.eventName is "StopFlow", the pattern wants "StartFlow" or a text that starts with "List"',
    },
    {
      pattern: { detail: { errorCode: [{ exists: true }] } },
      path: 'detail.errorCode',
      reason: 'detail.errorCode has no value, the pattern wants any value',
    },
    {
      pattern: { detail: { eventName: [{ exists: false }] } },
      path: 'detail.eventName',
      reason: 'detail.eventName is "StopFlow", the pattern wants no value at all',
    },
    {
      pattern: { detail: { eventName: [{ 'anything-but': { prefix: ['Stop', 'Start'] } }] } },
      path: 'detail.eventName',
      reason:
        'detail.eventName is "StopFlow", the pattern wants anything but a text that starts with "Stop" or a text that starts with "Start"',
    },
    {
      pattern: {
        $or: [
          { source: ['x'], detail: { eventName: ['y'] } },
          { source: ['aws.mediaconnect'], detail: { eventName: ['z'] } },
        ],
      },
      path: 'detail.eventName',
      reason: 'detail.eventName is "StopFlow", the pattern wants "z"',
    },
    {
      pattern: { detail: { list: { a: [1], b: [2] } } },
      path: 'detail.list.b',
      reason: 'detail.list.b: no element of the list holds every value that the pattern wants',
    },
  ])('is $reason', ({ pattern, path, reason }) => {
    expect(matchPattern(compilePattern(pattern), event)).toEqual({ matched: false, path, reason });
  });

  it('is not given where the event matches', () => {
    expect(matchPattern(compilePattern({ source: ['aws.mediaconnect'] }), event)).toEqual({ matched: true });
  });
});

describe('any event', () => {
  const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));

  it('is matched by a pattern made of its own values', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((name) => name !== '$or'),
          scalar,
          { minKeys: 1 },
        ),
        (event) => {
          // Two names may be one path, such as `a.b` twice over; keep to plain names.
          fc.pre(Object.keys(event).every((name) => !name.includes('.')));
          const pattern = Object.fromEntries(Object.entries(event).map(([name, value]) => [name, [value]]));
          expect(matches(pattern, event)).toBe(true);
        },
      ),
    );
  });

  it('is matched by a value or by anything but that value, never by both', () => {
    fc.assert(
      fc.property(scalar, fc.string(), (value, text) => {
        fc.pre(!/^[0-9a-fA-F:.]+$/.test(text));
        expect(matches({ a: [{ 'anything-but': text }] }, { a: value })).toBe(!matches({ a: [text] }, { a: value }));
      }),
    );
  });

  it('has prefixes and suffixes that a wildcard says too', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, part) => {
        // A prefix or suffix may also take one quote of the JSON string with it; a wildcard may not.
        fc.pre(part !== `${text}"` && part !== `"${text}`);
        const literal = part.replace(/[\\*]/g, '\\$&');
        expect(matches({ a: [{ wildcard: `${literal}*` }] }, { a: text })).toBe(
          matches({ a: [{ prefix: part }] }, { a: text }),
        );
        expect(matches({ a: [{ wildcard: `*${literal}` }] }, { a: text })).toBe(
          matches({ a: [{ suffix: part }] }, { a: text }),
        );
      }),
    );
  });

  it('never makes the matcher throw', () => {
    const pattern = compilePattern({
      a: { b: [{ wildcard: '*x*' }, { numeric: ['>', 1] }, { exists: false }] },
      c: [{ cidr: '10.0.0.0/8' }],
    });
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, c) => {
        expect(typeof isMatch(pattern, { a, c })).toBe('boolean');
      }),
    );
  });
});
