import { expect, it } from 'vitest';
import { aWorld } from './a-world.ts';
import type { Input } from './aws-client.ts';
import type { Outcome } from './process.ts';
import { createTable } from './table.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

function aTable({ unprocessed = [] }: { readonly unprocessed?: readonly boolean[] } = {}) {
  const world = aWorld();
  const left = [...unprocessed];
  const table = createTable({
    name: 'ledger',
    nowMs: world.scheduler.nowMs,
    chance: world.chance,
    isUnprocessed: () => left.shift() ?? false,
    onWrite: () => undefined,
  });
  const outcomeOf = (operation: string, input: Input): Outcome<object> => {
    let outcome: Outcome<object> = { kind: 'never' };
    table.service.execute({ operation, input }, world.process, (answered) => {
      outcome = answered;
    });
    return outcome;
  };
  /** What the table answers, or the name of its error. */
  const run = (operation: string, input: Input): unknown => {
    const outcome = outcomeOf(operation, input);
    if (outcome.kind === 'value') return outcome.value;
    return outcome.kind === 'error' && outcome.error instanceof Error ? outcome.error.name : 'nothing';
  };
  const on = (operation: string, input: Input): unknown => run(operation, { TableName: 'ledger', ...input });
  const errorOf = (operation: string, input: Input): unknown => {
    const outcome = outcomeOf(operation, { TableName: 'ledger', ...input });
    return outcome.kind === 'error' ? outcome.error : undefined;
  };
  return { ...world, run, on, errorOf };
}

const item = (pk: string, more: object = {}) => ({ pk: { S: pk }, ...more });
const IF_NEW = { ConditionExpression: 'attribute_not_exists(pk)' };

it('refuses a write whose condition is not met, and shows what is there if it is asked to', () => {
  const { on, errorOf } = aTable();
  const there = item('a', { n: { N: '1' } });
  expect(on('PutItem', { Item: there, ...IF_NEW })).toEqual({});
  expect(on('PutItem', { Item: item('a'), ...IF_NEW })).toBe('ConditionalCheckFailedException');
  expect(errorOf('PutItem', { Item: item('a'), ...IF_NEW })).not.toHaveProperty('Item');
  const shows = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
  expect(errorOf('PutItem', { Item: item('a'), ...IF_NEW, ...shows })).toHaveProperty('Item', there);
  expect(on('GetItem', { Key: item('a'), ConsistentRead: true })).toEqual({ Item: there });
});

it.each([
  ['ALL_OLD', { Attributes: item('a', { n: { N: '1' } }) }],
  ['ALL_NEW', { Attributes: item('a', { n: { N: '3' } }) }],
  ['UPDATED_OLD', { Attributes: { n: { N: '1' } } }],
  ['UPDATED_NEW', { Attributes: { n: { N: '3' } } }],
  [undefined, {}],
])('gives back %s of an update', (ReturnValues, expected) => {
  const { on } = aTable();
  on('PutItem', { Item: item('a', { n: { N: '1' } }) });
  const update = { UpdateExpression: 'ADD n :two', ExpressionAttributeValues: { ':two': { N: '2' } } };
  expect(on('UpdateItem', { Key: item('a'), ...update, ...(ReturnValues && { ReturnValues }) })).toEqual(expected);
});

it('deletes by key, under a condition if there is one', () => {
  const { on } = aTable();
  on('PutItem', { Item: item('a', { by: { S: 'me' } }) });
  const mine = (by: string) => ({
    Key: item('a'),
    ConditionExpression: '#by = :by',
    ExpressionAttributeNames: { '#by': 'by' },
    ExpressionAttributeValues: { ':by': { S: by } },
  });
  expect(on('DeleteItem', mine('you'))).toBe('ConditionalCheckFailedException');
  expect(on('DeleteItem', mine('me'))).toEqual({});
  expect(on('GetItem', { Key: item('a'), ConsistentRead: true })).toEqual({});
});

it('leaves some of a batch undone', () => {
  const { run } = aTable({ unprocessed: [false, true, true, false] });
  const puts = ['a', 'b'].map((pk) => ({ PutRequest: { Item: item(pk) } }));
  expect(run('BatchWriteItem', { RequestItems: { ledger: puts } })).toEqual({
    UnprocessedItems: { ledger: [puts[1]] },
  });
  const keys = ['a', 'b'].map((pk) => item(pk));
  expect(run('BatchGetItem', { RequestItems: { ledger: { Keys: keys, ConsistentRead: true } } })).toEqual({
    Responses: { ledger: [] },
    UnprocessedKeys: { ledger: { Keys: [keys[0]], ConsistentRead: true } },
  });
});

const many = (count: number) => Array.from({ length: count }, (_, index) => item(`k${index}`));

it.each<[string, string, Input]>([
  [
    '26 writes in one batch',
    'BatchWriteItem',
    { RequestItems: { ledger: many(26).map((Item) => ({ PutRequest: { Item } })) } },
  ],
  ['101 reads in one batch', 'BatchGetItem', { RequestItems: { ledger: { Keys: many(101) } } }],
  ['no write at all', 'BatchWriteItem', { RequestItems: { ledger: [] } }],
  ['one key twice in a batch', 'BatchGetItem', { RequestItems: { ledger: { Keys: [item('a'), item('a')] } } }],
  ['an empty key', 'GetItem', { TableName: 'ledger', Key: item('') }],
  ['another table', 'GetItem', { TableName: 'other', Key: item('a') }],
  [
    'a value that is not used',
    'PutItem',
    { TableName: 'ledger', Item: item('a'), ExpressionAttributeValues: { ':x': { N: '1' } } },
  ],
  ['what is not imitated', 'Query', { TableName: 'ledger' }],
])('refuses %s', (_name, operation, input) => {
  expect(aTable().run(operation, input)).toBe('ValidationException');
});

it('may answer with what was there before, unless a read is to be consistent', async () => {
  const { on, scheduler } = aTable();
  on('PutItem', { Item: item('a', { n: { N: '1' } }) });
  const reads = (ConsistentRead: boolean): ReadonlySet<string> =>
    new Set(Array.from({ length: 40 }, () => JSON.stringify(on('GetItem', { Key: item('a'), ConsistentRead }))));
  expect(reads(true).size).toBe(1);
  expect(reads(false)).toEqual(new Set(['{}', JSON.stringify({ Item: item('a', { n: { N: '1' } }) })]));
  await scheduler.runUntil(2000);
  expect(reads(false).size).toBe(1);
});

it('deletes what has expired some time later', async () => {
  const { on, scheduler } = aTable();
  on('PutItem', { Item: item('a', { expiresAt: { N: '60' } }) });
  const isThere = (): boolean => JSON.stringify(on('GetItem', { Key: item('a'), ConsistentRead: true })) !== '{}';
  await scheduler.runUntil(59_000);
  expect(Array.from({ length: 40 }, isThere)).not.toContain(false);
  await scheduler.runUntil(3 * DAY_MS);
  expect(isThere()).toBe(false);
});
