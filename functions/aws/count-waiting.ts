import type { CaptureClient } from './client-settings.ts';
import { loadSqs } from './create-queue.ts';

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** How many records there are in some queues, visible or not. */
export function createCountWaiting(queueUrls: readonly string[], captureClient: CaptureClient): () => Promise<number> {
  const load = loadSqs(captureClient);
  return async () => {
    const { sqs, client } = await load();
    const answers = await Promise.all(
      queueUrls.map((QueueUrl) =>
        client.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] })),
      ),
    );
    const counts = answers.flatMap(({ Attributes }) => COUNTS.map((name) => Number(Attributes?.[name] ?? 0)));
    return counts.reduce((sum, count) => sum + count, 0);
  };
}
