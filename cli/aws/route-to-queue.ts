import type { CompiledRule } from '../../infra/notifier-context.ts';
import type { AwsClients } from './aws-clients.ts';
import { ask } from './aws-failure.ts';
import type { StackOutputs } from './deployed-stack.ts';

/** The record that a rule's target makes of an event, as if EventBridge had taken it at `ingestedAtMs`. */
export const routedBody = ({ name, channel }: CompiledRule, event: unknown, ingestedAtMs: number): string =>
  JSON.stringify({ rule: name, channel, ingestionTime: new Date(ingestedAtMs).toISOString(), event });

/** The queue that a rule leads to. */
export const queueUrlOf = ({ delivery }: CompiledRule, outputs: StackOutputs): string =>
  delivery === 'digest' ? outputs.DigestQueueUrl : outputs.ImmediateQueueUrl;

/**
 * Puts an event into the deployed queue of a rule, past the bus.
 *
 * @throws AwsCallError when the queue did not accept it.
 */
export async function routeToQueue(
  clients: AwsClients,
  outputs: StackOutputs,
  { rule, event, nowMs }: { readonly rule: CompiledRule; readonly event: unknown; readonly nowMs: number },
): Promise<void> {
  await ask(`the queue of the rule ${rule.name}`, async () => {
    const { sdk, client } = await clients.sqs();
    await client.send(
      new sdk.SendMessageCommand({ QueueUrl: queueUrlOf(rule, outputs), MessageBody: routedBody(rule, event, nowMs) }),
    );
  });
}
