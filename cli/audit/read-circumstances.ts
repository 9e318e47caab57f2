import type { AwsClients } from '../aws/aws-clients.ts';
import { ask } from '../aws/aws-failure.ts';
import type { DeployedStack } from '../aws/deployed-stack.ts';
import { bringBack } from '../redrive/bring-back.ts';
import { deadLetterStores } from '../redrive/dead-letter-store.ts';
import type { Circumstances } from './untold-reason.ts';

const ALL = { reasons: [], eventIds: [], max: Number.POSITIVE_INFINITY };

/** Looks at what was given up, and leaves it there. */
async function readDeadLetters(
  clients: AwsClients,
  { outputs }: DeployedStack,
  stop: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const reasons = new Map<string, string>();
  for (const store of deadLetterStores(clients, outputs)) {
    await bringBack(store, {
      choice: ALL,
      wayBack: () => ({ kind: 'stays', reason: '' }),
      dryRun: true,
      stop,
      onRedriven: ({ letter: { eventId, reason } }) => {
        if (eventId !== undefined) reasons.set(eventId, reason);
      },
    });
  }
  return reasons;
}

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

async function countWaiting(clients: AwsClients, QueueUrl: string): Promise<number> {
  return ask('the queues', async () => {
    const { sdk, client } = await clients.sqs();
    const { Attributes } = await client.send(
      new sdk.GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
    );
    return COUNTS.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
  });
}

/**
 * Asks the deployed stack for what can explain that calls were not told.
 *
 * @throws AwsCallError
 */
export async function readCircumstances(
  clients: AwsClients,
  stack: DeployedStack,
  { nowMs, stop }: { readonly nowMs: number; readonly stop: AbortSignal },
): Promise<Circumstances> {
  return {
    nowMs,
    stackCreatedAtMs: stack.createdAtMs,
    deadLetters: await readDeadLetters(clients, stack, stop),
    waiting: {
      immediate: await countWaiting(clients, stack.outputs.ImmediateQueueUrl),
      digest: await countWaiting(clients, stack.outputs.DigestQueueUrl),
    },
  };
}
