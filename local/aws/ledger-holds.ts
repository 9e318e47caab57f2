import type { TableStore } from './table-store.ts';

/**
 * What holds calls back in the functions' ledger, by the names that it has there: `busyUntilMs` of a call that a
 * process is reporting, `turnUntilMs` of a webhook whose queue a process is emptying, `blockedUntilMs` of a webhook that
 * Slack refused.
 */
const CLAIM = 'busyUntilMs';
const TURN = ['turnOwner', 'turnUntilMs'] as const;
const BLOCK = ['blockedUntilMs', 'troubleSinceMs'] as const;

type Tables = Pick<TableStore, 'call'>;
type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

async function* itemsWith(tables: Tables, table: string, names: readonly string[]): AsyncGenerator<Item> {
  let start: unknown;
  do {
    const { Items, LastEvaluatedKey } = await tables.call('Scan', {
      TableName: table,
      FilterExpression: names.map((name) => `attribute_exists(${name})`).join(' OR '),
      ...(start !== undefined && { ExclusiveStartKey: start }),
    });
    yield* Items as readonly Item[];
    start = LastEvaluatedKey;
  } while (start !== undefined);
}

const forget = (tables: Tables, table: string, { pk }: Item, names: readonly string[]): Promise<unknown> =>
  tables.call('UpdateItem', { TableName: table, Key: { pk }, UpdateExpression: `REMOVE ${names.join(', ')}` });

/**
 * Lets go of what processes of an earlier start held: they are all dead, however that start ended. On AWS others would
 * have to wait until their claims are over, since nobody there can know.
 */
export async function releaseClaims(tables: Tables, table: string): Promise<void> {
  for await (const item of itemsWith(tables, table, [CLAIM])) {
    await tables.call('DeleteItem', { TableName: table, Key: { pk: item.pk } });
  }
  for await (const item of itemsWith(tables, table, TURN)) await forget(tables, table, item, TURN);
  await releaseBlocks(tables, table);
}

/** Lets every webhook be tried again at once. */
export async function releaseBlocks(tables: Tables, table: string): Promise<void> {
  for await (const item of itemsWith(tables, table, BLOCK)) await forget(tables, table, item, BLOCK);
}
