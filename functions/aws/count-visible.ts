import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Outside } from '../outside.ts';
import type { CaptureClient } from './client-settings.ts';
import { createSqsClient } from './create-queue.ts';

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
