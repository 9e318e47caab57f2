import type { RuleState } from '../../infra/notifier-context.ts';
import { statedReadOnly } from '../../shared/classify-call.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where CloudTrail does not say, EventBridge's documentation goes by these beginnings of an operation's name. */
const READS = /^(?:Describe|Get|List)/;

/**
 * Whether an event is a read-only management event delivered by CloudTrail: `readOnly` decides, then the operation's
 * name. Data events are delivered to every enabled rule.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function isReadOnlyManagementEvent(event: unknown): boolean {
  if (!isObject(event) || event['detail-type'] !== 'AWS API Call via CloudTrail' || !isObject(event.detail))
    return false;
  const { readOnly, eventName, managementEvent, eventCategory } = event.detail;
  if (managementEvent === false || eventCategory === 'Data') return false;
  return statedReadOnly(readOnly) ?? (typeof eventName === 'string' && READS.test(eventName));
}

/** Why a rule's state keeps it from seeing an event; `undefined` if it sees it. */
export function heldBackBy(state: RuleState, event: unknown): string | undefined {
  if (state === 'DISABLED') return 'the rule is disabled';
  if (state === 'ENABLED' && isReadOnlyManagementEvent(event)) {
    return 'its state ENABLED does not get read-only management events';
  }
  return undefined;
}
