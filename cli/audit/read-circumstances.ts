import type { AwsClients } from '../aws/aws-clients.ts';
import { ask } from '../aws/aws-failure.ts';
import { countRecords } from '../aws/count-records.ts';
import type { DeployedStack } from '../aws/deployed-stack.ts';
import { bringBack } from '../redrive/bring-back.ts';
import { deadLetterStores } from '../redrive/dead-letter-store.ts';
import type { Circumstances } from './untold-reason.ts';

const ALL = { reasons: [], eventIds: [], messageIds: [], max: Number.POSITIVE_INFINITY };

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
  const countWaiting = (url: string): Promise<number> => ask('the queues', () => countRecords(clients, url));
  return {
    nowMs,
    stackCreatedAtMs: stack.createdAtMs,
    deadLetters: await readDeadLetters(clients, stack, stop),
    waiting: {
      immediate: await countWaiting(stack.outputs.ImmediateQueueUrl),
      digest: await countWaiting(stack.outputs.DigestQueueUrl),
    },
  };
}
