import { expect, it } from 'vitest';
import { type Item, parseCondition, parseUpdate, refuseUnused, type Value } from './expression.ts';

const N = (number: number): Value => ({ N: String(number) });
const S = (text: string): Value => ({ S: text });

const ITEM: Item = { pk: S('a'), owner: S('me'), until: N(10), state: S('claimed') };

it.each<[string, Item, boolean]>([
  ['attribute_exists(pk)', ITEM, true],
  ['attribute_exists(pk)', {}, false],
  ['attribute_not_exists(pk)', {}, true],
  ['attribute_not_exists(pk) OR until < :ten', ITEM, false],
  ['attribute_not_exists(pk) OR until <= :ten', ITEM, true],
  ['until BETWEEN :nine AND :ten', ITEM, true],
  ['until BETWEEN :nine AND :ten AND #o = :me', ITEM, true],
  ['until BETWEEN :nine AND :ten AND #o = :you', ITEM, false],
  ['NOT #o = :you', ITEM, true],
  ['NOT (until > :nine AND #o = :me)', ITEM, false],
  ['attribute_not_exists(pk) OR until < :nine AND #o = :me', ITEM, false],
  ['(attribute_exists(pk) OR until < :nine) AND #o = :you', ITEM, false],
  ['#o <> :you', ITEM, true],
  // Nothing can be said of what is not there, but that it is something else.
  ['absent < :ten', ITEM, false],
  ['absent >= :ten', ITEM, false],
  ['absent = :ten', ITEM, false],
  ['absent <> :ten', ITEM, true],
  // Nor of another type.
  ['#o < :ten', ITEM, false],
])('%s of %j is %s', (text, item, expected) => {
  const values = { ':nine': N(9), ':ten': N(10), ':me': S('me'), ':you': S('you') };
  expect(parseCondition(text)(item, { names: { '#o': 'owner' }, values })).toBe(expected);
});

it.each<[string, Item, Item]>([
  ['SET until = :two', ITEM, { ...ITEM, until: N(2) }],
  ['SET until = until + :two, #o = :you', ITEM, { ...ITEM, until: N(12), owner: S('you') }],
  ['SET until = until - :two', ITEM, { ...ITEM, until: N(8) }],
  ['SET tries = if_not_exists(tries, :two) + :two', ITEM, { ...ITEM, tries: N(4) }],
  ['SET until = if_not_exists(until, :two)', ITEM, ITEM],
  ['ADD until :two, #o2 :two', ITEM, { ...ITEM, until: N(12), count: N(2) }],
  ['SET until = :two REMOVE #o', ITEM, { pk: S('a'), until: N(2), state: S('claimed') }],
  // All of an update sees the item as it was.
  ['SET until = :two, tries = until', ITEM, { ...ITEM, until: N(2), tries: N(10) }],
])('%s makes of %j %j', (text, before, after) => {
  const draft = { ...before };
  const names = { '#o': 'owner', '#o2': 'count' };
  parseUpdate(text)(before, draft, { names, values: { ':two': N(2), ':you': S('you') } });
  expect(draft).toEqual(after);
});

it.each([
  'begins_with(pk, :a)',
  'size(pk) > :ten',
  'pk IN (:a, :b)',
  'a.b = :ten',
  'attribute_exists(pk) AND',
  'attribute_exists(pk) attribute_exists(pk)',
  'pk =',
])('does not take the condition %s', (text) => {
  expect(() => parseCondition(text)({}, { names: {}, values: { ':a': S('a'), ':ten': N(10) } })).toThrow();
});

it.each(['DELETE tags :a', 'SET pk = list_append(pk, :a)', 'PUT pk = :a'])('does not take the update %s', (text) => {
  expect(() => parseUpdate(text)({}, {}, { names: {}, values: { ':a': S('a') } })).toThrow();
});

it('does not take a sum with what is not there', () => {
  const update = parseUpdate('SET until = until + :two');
  expect(() => update({}, {}, { names: {}, values: { ':two': N(2) } })).toThrow('not there');
});

it('refuses names and values that no expression uses, as DynamoDB does', () => {
  const given = { names: { '#o': 'owner' }, values: { ':two': N(2) } };
  expect(() => refuseUnused(['#o = :two', undefined], given)).not.toThrow();
  expect(() => refuseUnused(['#o = :three', undefined], given)).toThrow('unused in the expressions: :two');
});
