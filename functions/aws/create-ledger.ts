import { inParallel } from '../delivery/in-parallel.ts';
import type { Claim, Ledger } from '../ledger.ts';
import { createDayItems } from './day-items.ts';
import { createLedgerTable, isRefusedCondition, type LedgerTableOptions } from './ledger-table.ts';
import { createPaceItems } from './pace-items.ts';

export interface LedgerOptions extends LedgerTableOptions {
  readonly now: () => number;
}

const DAY_SECONDS = 24 * 60 * 60;
/**
 * A call can come again for 14 days in the queue, 14 more in the dead-letter queue and 14 more after a redrive, and out
 * of the archive for as long as that keeps it: up to a year. An item costs next to nothing, a repeat costs trust.
 */
export const TOLD_FOR_SECONDS = 400 * DAY_SECONDS;
const CLAIMS_AT_ONCE = 25;

/** The ledger on a DynamoDB table with the partition key `pk` and the time to live `expiresAt`. */
export function createLedger({ now, ...tableOptions }: LedgerOptions): Ledger {
  const { tableName } = tableOptions;
  const table = createLedgerTable(tableOptions);
  const expiresAfter = (seconds: number) => ({ N: String(Math.floor(now() / 1000) + seconds) });

  /** Claims one key; `refused` when it was told already or is being told. */
  async function claimOne(pk: string, untilMs: number): Promise<'claimed' | 'refused'> {
    const { sdk, client } = await table.load();
    try {
      await client.send(
        new sdk.PutItemCommand({
          TableName: tableName,
          Item: { pk: { S: pk }, busyUntilMs: { N: String(untilMs) }, expiresAt: expiresAfter(DAY_SECONDS) },
          // A told item has no `busyUntilMs`, so it is never overwritten. The time is compared here because DynamoDB
          // deletes expired items late. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
          ConditionExpression: 'attribute_not_exists(pk) OR busyUntilMs < :now',
          ExpressionAttributeValues: { ':now': { N: String(now()) } },
        }),
      );
      return 'claimed';
    } catch (error) {
      if (isRefusedCondition(error)) return 'refused';
      throw error;
    }
  }

  async function lookup(keys: readonly string[]): Promise<ReadonlyMap<string, 'told' | 'free' | 'unknown'>> {
    const found = new Map<string, 'told' | 'free' | 'unknown'>(keys.map((key) => [key, 'unknown']));
    try {
      await table.read(keys, (piece, items) => {
        const told = new Set(items.filter(({ toldAtMs }) => toldAtMs !== undefined).map(({ pk }) => pk?.S));
        for (const key of piece) found.set(key, told.has(key) ? 'told' : 'free');
      });
    } catch {
      // What was not read stays unknown, and the caller says so.
    }
    return found;
  }

  return {
    lookup,

    async claim(keys, untilMs) {
      const claims = new Map<string, Claim>(keys.map((key) => [key, 'unknown']));
      const refused: string[] = [];
      try {
        await inParallel(keys, CLAIMS_AT_ONCE, async (key) => {
          if ((await claimOne(key, untilMs)) === 'claimed') claims.set(key, 'claimed');
          else refused.push(key);
        });
      } catch {
        // The rest stays unknown and is not tried: a table out of reach must not use up the invocation.
      }
      for (const [key, found] of await lookup(refused)) claims.set(key, found === 'free' ? 'busy' : found);
      return claims;
    },

    markTold: (keys) =>
      table.write(
        keys.map((key) => ({
          PutRequest: {
            Item: { pk: { S: key }, toldAtMs: { N: String(now()) }, expiresAt: expiresAfter(TOLD_FOR_SECONDS) },
          },
        })),
      ),

    release: (keys) => table.write(keys.map((key) => ({ DeleteRequest: { Key: { pk: { S: key } } } }))),

    ...createPaceItems(table, tableName),
    ...createDayItems(table, tableName, now),
  };
}
