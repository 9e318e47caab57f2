import type * as DynamoDB from '@aws-sdk/client-dynamodb';
import { inParallel, inPieces } from '../delivery/in-parallel.ts';
import { type CaptureClient, clientSettings } from './client-settings.ts';
import { lazily } from './lazily.ts';

export interface LedgerTableOptions {
  readonly tableName: string;
  readonly wait: (ms: number) => Promise<void>;
  readonly captureClient: CaptureClient;
  /**
   * Short, with one retry: while the table is out of reach, calls are told without it, in the same invocation.
   * @default 3000
   */
  readonly requestTimeoutMs?: number;
}

export type Item = Record<string, DynamoDB.AttributeValue>;

/** DynamoDB's limits for BatchWriteItem and BatchGetItem. */
const WRITES = 25;
const READS = 100;
const AT_ONCE = 25;
const ATTEMPTS = 5;
const BETWEEN_ATTEMPTS_MS = 100;

/** DynamoDB left reads or writes undone, again and again. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

/** The table's calls, with what DynamoDB leaves unprocessed tried again. The SDK is loaded when first needed. */
export function createLedgerTable({ tableName, wait, captureClient, requestTimeoutMs = 3000 }: LedgerTableOptions) {
  const load = lazily(async () => {
    const sdk = await import('@aws-sdk/client-dynamodb');
    return { sdk, client: captureClient(new sdk.DynamoDBClient(clientSettings(requestTimeoutMs, 2))) };
  });

  /** Repeats `request` with what it left open. */
  async function untilDone<Request>(
    requests: readonly Request[],
    request: (open: Request[]) => Promise<readonly Request[] | undefined>,
  ): Promise<void> {
    let open: readonly Request[] = requests;
    for (let attempt = 0; open.length > 0; attempt += 1) {
      if (attempt === ATTEMPTS) throw new LedgerError(`${open.length} items were left unprocessed`);
      if (attempt > 0) await wait(BETWEEN_ATTEMPTS_MS * 2 ** attempt);
      open = (await request([...open])) ?? [];
    }
  }

  return {
    load,

    /** Reads items by key; `onRead` hears which keys were read and what was found, piece by piece. */
    read: (keys: readonly string[], onRead: (keys: readonly string[], items: readonly Item[]) => void): Promise<void> =>
      inParallel(inPieces(keys, READS), AT_ONCE, async (piece) => {
        const { sdk, client } = await load();
        const items: Item[] = [];
        await untilDone<Item>(
          piece.map((pk) => ({ pk: { S: pk } })),
          async (Keys) => {
            const { Responses, UnprocessedKeys } = await client.send(
              new sdk.BatchGetItemCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } }),
            );
            items.push(...(Responses?.[tableName] ?? []));
            return UnprocessedKeys?.[tableName]?.Keys;
          },
        );
        onRead(piece, items);
      }),

    write: (writes: readonly DynamoDB.WriteRequest[]): Promise<void> =>
      inParallel(inPieces(writes, WRITES), AT_ONCE, async (piece) => {
        const { sdk, client } = await load();
        await untilDone<DynamoDB.WriteRequest>(piece, async (open) => {
          const { UnprocessedItems } = await client.send(
            new sdk.BatchWriteItemCommand({ RequestItems: { [tableName]: open } }),
          );
          return UnprocessedItems?.[tableName];
        });
      }),
  };
}

export type LedgerTable = ReturnType<typeof createLedgerTable>;

/** A conditional write that found something else than it wanted. */
export const isRefusedCondition = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ConditionalCheckFailedException';
