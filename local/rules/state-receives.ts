import type { RuleState } from '../../infra/notifier-context.ts';

/**
 * The calls that EventBridge keeps from a rule in state `ENABLED`. It goes by the name: reads that are called
 * otherwise (`BatchGet…`) may reach such a rule, and are therefore not counted on to stay away.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail-management.html
 */
const KEPT_FROM_ENABLED_RULES = /^(?:Describe|Get|List)/;

/** Whether EventBridge shows a call to rules in this state at all, before any pattern is asked. */
export function stateReceives(state: RuleState, eventName: string): boolean {
  if (state === 'DISABLED') return false;
  return state !== 'ENABLED' || !KEPT_FROM_ENABLED_RULES.test(eventName);
}
