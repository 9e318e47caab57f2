import type { QueuedRecord } from '../../shared/queued-record.ts';
import type { Wait } from '../../shared/settle.ts';
import { inParallel, inPieces } from '../delivery/in-parallel.ts';
import type { DeadLetterAttributes, DrainableQueue } from '../queue.ts';
import { type CaptureClient, clientSettings } from './client-settings.ts';
import { lazily } from './lazily.ts';

export interface QueueOptions {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly captureClient: CaptureClient;
  /** @default 5000 */
  readonly requestTimeoutMs?: number | undefined;
}

/** SQS takes at most ten entries in one batch call. */
const ENTRIES = 10;
const AT_ONCE = 10;

/** The queue did not do what it was asked for some records. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
}

/** The entries of a batch call that did not succeed, by their place in it. */
interface BatchAnswer {
  readonly Failed?: readonly { readonly Id?: string | undefined }[] | undefined;
}

/** SQS refuses characters that XML 1.0 has no room for. */
const withoutControls = (text: string): string => text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/g, '\uFFFD');

const attributesOf = (attributes: DeadLetterAttributes) =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      { DataType: 'String', StringValue: withoutControls(String(value)) },
    ]),
  );

/** The SDK is loaded when it is first needed: a batch that Slack takes needs none of this. */
export const loadSqs = (captureClient: CaptureClient, requestTimeoutMs?: number) =>
  lazily(async () => {
    const sqs = await import('@aws-sdk/client-sqs');
    return { sqs, client: captureClient(new sqs.SQSClient(clientSettings(requestTimeoutMs))) };
  });

/** The queue's own calls, by SQS. */
export function createQueue({
  queueUrl,
  deadLetterQueueUrl,
  captureClient,
  requestTimeoutMs,
}: QueueOptions): DrainableQueue {
  const load = loadSqs(captureClient, requestTimeoutMs);

  /** Makes a batch call for every ten items, and once more for those that it did not succeed for. */
  async function inTens<Item>(
    items: readonly Item[],
    verb: string,
    call: (loaded: Awaited<ReturnType<typeof load>>, piece: readonly Item[]) => Promise<BatchAnswer>,
  ): Promise<void> {
    if (items.length === 0) return;
    const loaded = await load();
    const attempt = async (piece: readonly Item[]): Promise<readonly Item[]> => {
      const { Failed = [] } = await call(loaded, piece);
      const refused = new Set(Failed.map(({ Id }) => Id));
      return piece.filter((_, index) => refused.has(String(index)));
    };
    let refused = 0;
    await inParallel(inPieces(items, ENTRIES), AT_ONCE, async (piece) => {
      const left = await attempt(piece).catch(() => piece);
      if (left.length > 0) refused += (await attempt(left)).length;
    });
    if (refused > 0) throw new QueueError(`the queue refused to ${verb} ${refused} records`);
  }

  return {
    async sendDeadLetter(body, attributes) {
      const { sqs, client } = await load();
      await client.send(
        new sqs.SendMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MessageBody: body,
          MessageAttributes: attributesOf(attributes),
        }),
      );
    },

    async hide(waits) {
      await inTens(waits, 'hide', async ({ sqs, client }, piece: readonly Wait[]) => {
        const Entries = piece.map(({ record, waitMs }, index) => ({
          Id: String(index),
          ReceiptHandle: record.receiptHandle,
          VisibilityTimeout: Math.ceil(waitMs / 1000),
        }));
        return client.send(new sqs.ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
      });
    },

    async remove(records) {
      await inTens(records, 'delete', async ({ sqs, client }, piece: readonly QueuedRecord[]) => {
        const Entries = piece.map(({ receiptHandle }, index) => ({ Id: String(index), ReceiptHandle: receiptHandle }));
        return client.send(new sqs.DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      });
    },

    async receive() {
      const { sqs, client } = await load();
      const { Messages = [] } = await client.send(
        new sqs.ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: ENTRIES,
          // A wait makes SQS ask all its servers; without one an answer without records does not mean an empty queue.
          WaitTimeSeconds: 1,
          MessageSystemAttributeNames: ['ApproximateReceiveCount'],
        }),
      );
      return Messages.map(({ MessageId = '', ReceiptHandle = '', Body = '', Attributes }) => ({
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        receiveCount: Number(Attributes?.ApproximateReceiveCount) || 1,
      }));
    },
  };
}
