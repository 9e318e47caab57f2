import { setTimeout as delay } from 'node:timers/promises';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { inPieces, untilDone } from '../../shared/delivery/parallel.ts';
import type { AwsClients } from '../aws/clients.ts';
import { AwsCallError, ask } from '../aws/failure.ts';

/** What the ledger says of a call: it was reported, somebody is reporting it (or broke off), or it knows nothing. */
export type LedgerState = 'notified' | 'claimed' | 'absent';

type Key = Record<string, AttributeValue>;

/** What BatchGetItem takes in one call. */
const READS = 100;

/**
 * Looks calls up in the deployed ledger.
 *
 * @throws AwsCallError
 */
export async function readLedger(
  clients: AwsClients,
  tableName: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, LedgerState>> {
  const states = new Map<string, LedgerState>(keys.map((key) => [key, 'absent']));

  const note = (items: readonly Key[]): void => {
    for (const { pk, notifiedAtMs } of items) {
      if (pk?.S !== undefined) states.set(pk.S, notifiedAtMs === undefined ? 'claimed' : 'notified');
    }
  };

  /** Returns what DynamoDB left undone. */
  async function read(Keys: Key[]): Promise<Key[]> {
    const { sdk, client } = await clients.dynamoDb();
    const { Responses, UnprocessedKeys } = await client.send(
      new sdk.BatchGetItemCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } }),
    );
    note(Responses?.[tableName] ?? []);
    return UnprocessedKeys?.[tableName]?.Keys ?? [];
  }

  const patience = {
    wait: (ms: number): Promise<void> => delay(ms),
    leftUndone: () => new AwsCallError('the ledger left reads undone; try again later', 'other'),
  };
  await ask('the ledger', async () => {
    for (const piece of inPieces(keys, READS)) {
      await untilDone<Key>(
        piece.map((pk) => ({ pk: { S: pk } })),
        read,
        patience,
      );
    }
  });
  return states;
}
