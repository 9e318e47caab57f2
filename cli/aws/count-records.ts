import type { AwsClients } from './clients.ts';

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** About how many records are in a queue: those to be received, those that are hidden, those that were sent for later. */
export async function countRecords(clients: AwsClients, queueUrl: string): Promise<number> {
  const { sdk, client } = await clients.sqs();
  const { Attributes = {} } = await client.send(
    new sdk.GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...COUNTS] }),
  );
  return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
