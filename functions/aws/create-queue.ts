import type { Wait } from '../../shared/settle.ts';
import { inParallel, inPieces } from '../delivery/in-parallel.ts';
import type { DeadLetterAttributes, Queue } from '../queue.ts';
import { type CaptureClient, CLIENT_SETTINGS } from './client-settings.ts';
import { lazily } from './lazily.ts';

export interface QueueOptions {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly captureClient: CaptureClient;
}

/** SQS takes at most ten entries in one batch call. */
const ENTRIES = 10;
const AT_ONCE = 10;

/** Some records are still visible as they were. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
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
export const loadSqs = (captureClient: CaptureClient) =>
  lazily(async () => {
    const sqs = await import('@aws-sdk/client-sqs');
    return { sqs, client: captureClient(new sqs.SQSClient(CLIENT_SETTINGS)) };
  });

/** The queue's own calls, by SQS. */
export function createQueue({ queueUrl, deadLetterQueueUrl, captureClient }: QueueOptions): Queue {
  const load = loadSqs(captureClient);

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
      if (waits.length === 0) return;
      const { sqs, client } = await load();
      let refused = 0;
      await inParallel(inPieces(waits, ENTRIES), AT_ONCE, async (piece: readonly Wait[]) => {
        const { Failed = [] } = await client.send(
          new sqs.ChangeMessageVisibilityBatchCommand({
            QueueUrl: queueUrl,
            Entries: piece.map(({ record, waitMs }, index) => ({
              Id: String(index),
              ReceiptHandle: record.receiptHandle,
              VisibilityTimeout: Math.ceil(waitMs / 1000),
            })),
          }),
        );
        refused += Failed.length;
      });
      if (refused > 0) throw new QueueError(`the queue refused to hide ${refused} records`);
    },
  };
}
