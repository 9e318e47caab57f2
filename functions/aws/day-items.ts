import type { DayCounters } from '../../shared/day-counters.ts';
import { isRefusedCondition, type LedgerTable } from './ledger-table.ts';

const DAY_SECONDS = 24 * 60 * 60;
const KEPT_FOR_SECONDS = 40 * DAY_SECONDS;

/** The counters of a channel's day, one item each, added to by whoever tells something. */
export const createDayItems = ({ load }: LedgerTable, tableName: string, now: () => number) => ({
  async count(key: string, { counts, slowestDeliveryMs }: DayCounters): Promise<void> {
    const { sdk, client } = await load();
    const at = { TableName: tableName, Key: { pk: { S: key } } };
    const entries = Object.entries(counts);
    await client.send(
      new sdk.UpdateItemCommand({
        ...at,
        UpdateExpression: `SET expiresAt = :expiresAt ADD ${entries.map((_, i) => `#n${i} :n${i}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(entries.map(([name], i) => [`#n${i}`, name])),
        ExpressionAttributeValues: {
          ':expiresAt': { N: String(Math.floor(now() / 1000) + KEPT_FOR_SECONDS) },
          ...Object.fromEntries(entries.map(([, count], i) => [`:n${i}`, { N: String(count) }])),
        },
      }),
    );
    if (slowestDeliveryMs === undefined) return;
    try {
      await client.send(
        new sdk.UpdateItemCommand({
          ...at,
          UpdateExpression: 'SET slowestDeliveryMs = :ms',
          ConditionExpression: 'attribute_not_exists(slowestDeliveryMs) OR slowestDeliveryMs < :ms',
          ExpressionAttributeValues: { ':ms': { N: String(slowestDeliveryMs) } },
        }),
      );
    } catch (error) {
      if (!isRefusedCondition(error)) throw error;
    }
  },

  async readDay(key: string): Promise<DayCounters | undefined> {
    const { sdk, client } = await load();
    const { Item: item } = await client.send(
      new sdk.GetItemCommand({ TableName: tableName, Key: { pk: { S: key } }, ConsistentRead: true }),
    );
    if (item === undefined) return undefined;
    const { pk: _pk, expiresAt: _expiresAt, slowestDeliveryMs, ...counters } = item;
    return {
      counts: Object.fromEntries(Object.entries(counters).map(([name, value]) => [name, Number(value.N)])),
      slowestDeliveryMs: slowestDeliveryMs?.N === undefined ? undefined : Number(slowestDeliveryMs.N),
    };
  },
});
