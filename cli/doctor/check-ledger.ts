import { type Check, failed, look, ok } from './check.ts';
import { deployAgain, type Examined } from './examined.ts';

/** The table that remembers what was told. */
export async function checkLedger(examined: Examined): Promise<readonly Check[]> {
  const check = 'ledger';
  return look(check, async () => {
    const { sdk, client } = await examined.clients.dynamoDb();
    const TableName = examined.stack.outputs.LedgerTableName;
    const { Table } = await client.send(new sdk.DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return [ok(check, 'the table is active')];
    return [failed(check, `the table is ${Table?.TableStatus}: calls may be told twice`, deployAgain(examined))];
  });
}
