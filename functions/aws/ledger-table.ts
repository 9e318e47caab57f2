import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  type DeleteItemCommandInput,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  UpdateItemCommand,
  type UpdateItemCommandInput,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { inParallel, inPieces, untilDone } from '../../shared/delivery/parallel.ts';
import type { Outside } from '../ports.ts';
import { type CaptureClient, type ClientLimits, clientSettings, limitCalls } from './client.ts';

export interface LedgerTableOptions {
  readonly tableName: string;
  readonly outside: Pick<Outside, 'now' | 'wait' | 'timeLimit'>;
  readonly captureClient: CaptureClient;
  /**
   * Short, with one retry: while the table is out of reach, calls are reported without it, in the same invocation.
   * @default 1500 ms an answer, 3000 ms a call
   */
  readonly limits?: ClientLimits;
}

export type Item = Record<string, AttributeValue>;

/** What a conditional write found: an item in the way, as far as DynamoDB showed it. */
export class RefusedConditionError extends Error {
  override readonly name = 'RefusedConditionError';
  readonly item: Item | undefined;

  constructor(item: Item | undefined, options: { readonly cause: unknown }) {
    super('another item is in the way', options);
    this.item = item;
  }
}

/** DynamoDB left reads or writes undone, again and again. */
class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

/** DynamoDB's limits for BatchWriteItem and BatchGetItem. */
const WRITES = 25;
const READS = 100;
const AT_ONCE = 25;
const LIMITS: ClientLimits = { requestTimeoutMs: 1500, callTimeoutMs: 3000, maxAttempts: 2, silentForMs: 10_000 };

/** The table's calls, with what DynamoDB leaves unprocessed tried again. */
export function createLedgerTable({ tableName, outside, captureClient, limits = LIMITS }: LedgerTableOptions) {
  const client = limitCalls(captureClient(new DynamoDBClient(clientSettings(limits))), limits, outside);

  /** @throws RefusedConditionError in the place of the SDK's error. */
  async function ask<Answer>(request: () => Promise<Answer>): Promise<Answer> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') {
        throw new RefusedConditionError((error as { Item?: Item }).Item, { cause: error });
      }
      throw error;
    }
  }

  const patience = {
    wait: outside.wait,
    leftUndone: (items: number) => new LedgerError(`${items} items were left unprocessed`),
  };

  return {
    /** @throws RefusedConditionError */
    put: (input: Omit<PutItemCommandInput, 'TableName'>) =>
      ask(() =>
        client.send(
          new PutItemCommand({ TableName: tableName, ReturnValuesOnConditionCheckFailure: 'ALL_OLD', ...input }),
        ),
      ),

    /** @throws RefusedConditionError */
    delete: (pk: string, input: Omit<DeleteItemCommandInput, 'TableName' | 'Key'>) =>
      ask(() => client.send(new DeleteItemCommand({ TableName: tableName, Key: { pk: { S: pk } }, ...input }))),

    /** @throws RefusedConditionError */
    update: (pk: string, input: Omit<UpdateItemCommandInput, 'TableName' | 'Key'>) =>
      ask(() =>
        client.send(
          new UpdateItemCommand({
            TableName: tableName,
            Key: { pk: { S: pk } },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            ...input,
          }),
        ),
      ),

    get: async (pk: string): Promise<Item | undefined> =>
      (
        await ask(() =>
          client.send(new GetItemCommand({ TableName: tableName, Key: { pk: { S: pk } }, ConsistentRead: true })),
        )
      ).Item,

    /** Reads items by key; `onRead` is called with the keys that were read and what was found, piece by piece. */
    read: (keys: readonly string[], onRead: (keys: readonly string[], items: readonly Item[]) => void): Promise<void> =>
      inParallel(inPieces(keys, READS), AT_ONCE, async (piece) => {
        const items: Item[] = [];
        await untilDone<Item>(
          piece.map((pk) => ({ pk: { S: pk } })),
          async (Keys) => {
            const { Responses, UnprocessedKeys } = await ask(() =>
              client.send(new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } })),
            );
            items.push(...(Responses?.[tableName] ?? []));
            return UnprocessedKeys?.[tableName]?.Keys;
          },
          patience,
        );
        onRead(piece, items);
      }),

    write: (writes: readonly WriteRequest[]): Promise<void> =>
      inParallel(inPieces(writes, WRITES), AT_ONCE, (piece) =>
        untilDone<WriteRequest>(
          piece,
          async (open) => {
            const { UnprocessedItems } = await ask(() =>
              client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: open } })),
            );
            return UnprocessedItems?.[tableName];
          },
          patience,
        ),
      ),
  };
}
