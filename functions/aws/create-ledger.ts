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

type Answer = 'claimed' | 'refused';
type Found = 'told' | 'free' | 'unknown';

/** A refused call is told or being told, whether or not it can be looked up: it can wait, it must not come twice. */
function claimOf(answer: Answer | undefined, found: Found | undefined): Claim {
  if (answer === 'claimed') return 'claimed';
  if (found === 'told') return 'told';
  return answer === 'refused' ? 'busy' : 'unknown';
}

/** The ledger on a DynamoDB table with the partition key `pk` and the time to live `expiresAt`. */
export function createLedger({ now, ...tableOptions }: LedgerOptions): Ledger {
  const { tableName } = tableOptions;
  const table = createLedgerTable(tableOptions);
  const expiresAfter = (seconds: number) => ({ N: String(Math.floor(now() / 1000) + seconds) });

  /** Claims one key; `refused` when it was told already or is being told. */
  async function claimOne(pk: string, untilMs: number): Promise<Answer> {
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

  /** Claims what can be claimed; after a failure nothing more is tried, so as not to wait for every key. */
  async function claimEach(keys: readonly string[], untilMs: number, answers: Map<string, Answer>): Promise<void> {
    let isInReach = true;
    await inParallel(keys, CLAIMS_AT_ONCE, async (key) => {
      if (!isInReach) return;
      try {
        answers.set(key, await claimOne(key, untilMs));
      } catch {
        isInReach = false;
      }
    });
  }

  async function lookup(keys: readonly string[]): Promise<ReadonlyMap<string, Found>> {
    const found = new Map<string, Found>(keys.map((key) => [key, 'unknown']));
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
      const answers = new Map<string, Answer>();
      await claimEach(keys, untilMs, answers);
      const found = await lookup(keys.filter((key) => answers.get(key) !== 'claimed'));
      // One request that broke is not a table out of reach: what it kept from being asked is asked once more.
      const missed = keys.filter((key) => !answers.has(key) && found.get(key) === 'free');
      await claimEach(missed, untilMs, answers);
      return new Map(keys.map((key) => [key, claimOf(answers.get(key), found.get(key))]));
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
