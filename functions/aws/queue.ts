import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { inParallel, inPieces } from '../../shared/delivery/parallel.ts';
import type { DeadLetterAttributes, Outside, Queue } from '../ports.ts';
import { type CaptureClient, type ClientLimits, clientSettings, limitCalls } from './client.ts';

export interface QueueOptions {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly captureClient: CaptureClient;
  readonly outside: Pick<Outside, 'timeLimit' | 'now'>;
  /** @default 3 s an answer, 6 s a call */
  readonly limits?: ClientLimits;
}

/** SQS takes at most ten entries in one batch call, and a mebibyte over all of them. */
const ENTRIES = 10;
const BATCH_BYTES = 1_000_000;
const AT_ONCE = 10;
const LIMITS: ClientLimits = { requestTimeoutMs: 3000, callTimeoutMs: 6000, maxAttempts: 3, silentForMs: 3000 };

/** SQS refuses characters that XML 1.0 has no room for. */
const withoutControls = (text: string): string => text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, '\uFFFD');

const attributesOf = (attributes: DeadLetterAttributes) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: withoutControls(String(value)) },
    ]),
  );

/** Pieces of at most ten bodies that fit one call together. */
function bodiesInPieces<Item>(items: readonly Item[], bytesOf: (item: Item) => number): readonly (readonly Item[])[] {
  const pieces: Item[][] = [];
  let room = 0;
  for (const item of items) {
    const last = pieces.at(-1);
    const bytes = bytesOf(item);
    if (last === undefined || last.length === ENTRIES || bytes > room) {
      pieces.push([item]);
      room = BATCH_BYTES - bytes;
    } else {
      last.push(item);
      room -= bytes;
    }
  }
  return pieces;
}

const createSqsClient = (
  captureClient: CaptureClient,
  outside: Pick<Outside, 'timeLimit' | 'now'>,
  limits: ClientLimits = LIMITS,
): SQSClient => limitCalls(captureClient(new SQSClient(clientSettings(limits))), limits, outside);

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const LONGEST_DELAY_MS = 900_000;

/** The queue's own calls, by SQS. */
export function createQueue({ queueUrl, deadLetterQueueUrl, captureClient, outside, limits }: QueueOptions): Queue {
  const client = createSqsClient(captureClient, outside, limits);

  /**
   * Makes a batch call for each piece, and once more for the entries that it did not succeed for. A call that fails
   * twice costs its own entries only.
   */
  async function inBatches<Item>(
    pieces: readonly (readonly Item[])[],
    call: (piece: readonly Item[]) => Promise<{ readonly Failed?: readonly BatchResultErrorEntry[] | undefined }>,
  ): Promise<readonly Item[]> {
    const attempt = async (piece: readonly Item[]): Promise<readonly Item[]> => {
      try {
        const { Failed = [] } = await call(piece);
        const refused = new Set(Failed.map(({ Id }) => Id));
        return piece.filter((_, index) => refused.has(String(index)));
      } catch {
        return piece;
      }
    };
    const refused: Item[] = [];
    await inParallel(pieces, AT_ONCE, async (piece) => {
      const left = await attempt(piece);
      if (left.length > 0) refused.push(...(await attempt(left)));
    });
    return refused;
  }

  const sendAll = <Item>(
    items: readonly Item[],
    entryOf: (item: Item) => { readonly body: string; readonly waitMs: number },
  ): Promise<readonly Item[]> =>
    inBatches(
      bodiesInPieces(items, (item) => Buffer.byteLength(entryOf(item).body)),
      (piece) =>
        client.send(
          new SendMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: piece.map(entryOf).map(({ body, waitMs }, index) => ({
              Id: String(index),
              MessageBody: body,
              DelaySeconds: Math.ceil(Math.min(Math.max(0, waitMs), LONGEST_DELAY_MS) / 1000),
            })),
          }),
        ),
    );

  return {
    async sendDeadLetter(body, attributes) {
      await client.send(
        new SendMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MessageBody: body,
          MessageAttributes: attributesOf(attributes),
        }),
      );
    },

    async receive({ waitSeconds, hiddenForMs }) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: ENTRIES,
          WaitTimeSeconds: waitSeconds,
          ...(hiddenForMs !== undefined && { VisibilityTimeout: Math.ceil(hiddenForMs / 1000) }),
          MessageSystemAttributeNames: ['ApproximateReceiveCount', 'SentTimestamp'],
        }),
      );
      return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        receiveCount: Number(Attributes?.ApproximateReceiveCount) || 1,
        sentAtMs: Number(Attributes?.SentTimestamp) || undefined,
      }));
    },

    remove: (records) =>
      inBatches(inPieces(records, ENTRIES), (piece) =>
        client.send(
          new DeleteMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: piece.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle })),
          }),
        ),
      ),

    changeVisibility: (waits) =>
      inBatches(inPieces(waits, ENTRIES), (piece) =>
        client.send(
          new ChangeMessageVisibilityBatchCommand({
            QueueUrl: queueUrl,
            Entries: piece.map(({ record, waitMs }, index) => ({
              Id: String(index),
              ReceiptHandle: record.receiptHandle,
              VisibilityTimeout: Math.max(0, Math.ceil(waitMs / 1000)),
            })),
          }),
        ),
      ),

    resend: (waits) => sendAll(waits, ({ record: { body }, waitMs }) => ({ body, waitMs })),

    send: (records) => sendAll(records, ({ body, dueAtMs }) => ({ body, waitMs: dueAtMs - outside.now() })),
  };
}

/** How many records of a queue could be received now. @throws when the queue does not say. */
export function createCountVisible(
  queueUrl: string,
  captureClient: CaptureClient,
  outside: Pick<Outside, 'timeLimit' | 'now'>,
): () => Promise<number> {
  const client = createSqsClient(captureClient, outside);
  return async () => {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
  };
}
