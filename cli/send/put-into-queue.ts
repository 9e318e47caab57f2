import { type DeployedRule, isToldBy } from '../../local/rules/deployed-rule.ts';
import type { AwsClients } from '../aws/aws-clients.ts';
import { AwsCallError } from '../aws/aws-failure.ts';
import type { StackOutputs } from '../aws/deployed-stack.ts';
import { routeToQueue } from '../aws/route-to-queue.ts';
import type { Sendable, Sent } from './sendable.ts';

export interface QueueRoute {
  readonly outputs: StackOutputs;
  readonly rules: readonly DeployedRule[];
  /** The rule to send by, whatever matches. */
  readonly forced: DeployedRule | undefined;
  readonly nowMs: number;
}

/** Puts an event into the deployed queues of the rules that match it, as EventBridge would. */
export async function putIntoQueue(
  clients: AwsClients,
  { event, eventId, place }: Sendable,
  { outputs, rules, forced, nowMs }: QueueRoute,
): Promise<Sent> {
  const routes = forced === undefined ? rules.filter((rule) => isToldBy(rule, event)) : [forced];
  const names = routes.map(({ name }) => name);
  if (routes.length === 0) {
    const reason = 'no rule of the context matches it; --rule NAME sends it all the same';
    return { place, eventId, result: 'unmatched', rules: names, reason };
  }
  try {
    for (const rule of routes) await routeToQueue(clients, outputs, { rule, event, nowMs });
    return { place, eventId, result: 'accepted', rules: names, reason: undefined };
  } catch (error) {
    if (!(error instanceof AwsCallError) || error.kind !== 'other') throw error;
    return { place, eventId, result: 'refused', rules: names, reason: error.message };
  }
}
