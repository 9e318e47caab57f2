import type { AwsClients } from '../aws/aws-clients.ts';
import { AwsCallError } from '../aws/aws-failure.ts';
import type { StackOutputs } from '../aws/deployed-stack.ts';
import { routeToQueue } from '../aws/route-to-queue.ts';
import type { ExpectedCall } from './expected-call.ts';

/** Why a call could not be sent; `undefined` when its queue accepted it. */
export type Told = { readonly sent: true } | { readonly sent: false; readonly reason: string };

/**
 * Sends a call that was not told into the queue of its rule, as if EventBridge had taken it only now: its message then
 * says how late it is. Should it be told in the meantime, the ledger keeps it from being told twice.
 */
export async function tellLate(
  clients: AwsClients,
  outputs: StackOutputs,
  { rule, event }: ExpectedCall,
  nowMs: number,
): Promise<Told> {
  try {
    await routeToQueue(clients, outputs, { rule, event, nowMs });
    return { sent: true };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return { sent: false, reason: error.message };
  }
}
