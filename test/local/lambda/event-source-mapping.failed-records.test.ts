import { expect, it } from 'vitest';
import { failedRecords } from '../../../local/lambda/event-source-mapping.ts';

const value = (batchItemFailures: unknown) => ({ kind: 'value', value: { batchItemFailures } }) as const;
const NONE = new Set<string>();

it.each([
  ['an answer of nothing', { kind: 'value', value: undefined }, NONE],
  ['null', { kind: 'value', value: null }, NONE],
  ['an empty answer', { kind: 'value', value: {} }, NONE],
  ['a null list', value(null), NONE],
  ['an empty list', value([]), NONE],
  ['one id', value([{ itemIdentifier: 'b' }]), new Set(['b'])],
  ['an id that is not of the batch', value([{ itemIdentifier: 'a' }, { itemIdentifier: 'x' }]), 'all'],
  ['an empty id', value([{ itemIdentifier: '' }]), 'all'],
  ['a null id', value([{ itemIdentifier: null }]), 'all'],
  ['another name for the id', value([{ id: 'a' }]), 'all'],
  ['text', { kind: 'value', value: 'done' }, 'all'],
  ['a list that is none', value('a'), 'all'],
  ['an error', { kind: 'error', errorType: 'Error', errorMessage: 'no' }, 'all'],
  ['a timeout', { kind: 'timeout' }, 'all'],
  ['a crash', { kind: 'crashed' }, 'all'],
] as const)('%s', (_, result, expected) => {
  expect(failedRecords(result, new Set(['a', 'b']), true)).toEqual(expected);
});

it('takes no notice of failures that are not reported by agreement', () => {
  expect(failedRecords(value([{ itemIdentifier: 'a' }]), new Set(['a']), false)).toEqual(NONE);
});
