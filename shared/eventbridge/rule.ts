import { DETAIL_TYPE } from '../call/api-call-event.ts';
import { statedReadOnly } from '../call/classify-call.ts';
import { isObject } from '../call/json.ts';
import { type CompiledPattern, compilePattern } from './compile-pattern.ts';
import { isMatch, matchPattern } from './match-pattern.ts';

/** What a notifier is called that was given no name. */
export const DEFAULT_NOTIFIER = 'MediaConnectNotifier';

/**
 * What EventBridge calls a rule of a notifier. People type it, metrics carry it, and the queues know our rules by it.
 */
export const ruleNameInBus = (name: string, notifier = DEFAULT_NOTIFIER): string => `${notifier}-${name}`;

/** Where CloudTrail does not say, EventBridge's documentation goes by these beginnings of an operation's name. */
const READS = /^(?:Describe|Get|List)/;

/**
 * Whether an event is a read-only management event delivered by CloudTrail: `readOnly` decides, then the operation's
 * name. Data events are delivered to every enabled rule.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
function isReadOnlyManagementEvent(event: unknown): boolean {
  if (!isObject(event) || event['detail-type'] !== DETAIL_TYPE || !isObject(event.detail)) return false;
  const { readOnly, eventName, managementEvent, eventCategory } = event.detail;
  if (managementEvent === false || eventCategory === 'Data') return false;
  return statedReadOnly(readOnly) ?? (typeof eventName === 'string' && READS.test(eventName));
}

/** Why a rule's state keeps it from seeing an event; `undefined` if it sees it. */
export function suppressedByState(state: RuleState, event: unknown): string | undefined {
  if (state === 'DISABLED') return 'the rule is disabled';
  if (state === 'ENABLED' && isReadOnlyManagementEvent(event)) {
    return 'its state ENABLED does not get read-only management events';
  }
  return undefined;
}

/** A rule as EventBridge gets it. */
export interface CompiledRule {
  readonly name: string;
  readonly channel: string;
  readonly delivery: 'immediate' | 'digest';
  readonly state: RuleState;
  /** The whole event pattern; in a rule for calls `source`, `detail-type` and `detail.eventSource` are pinned. */
  readonly pattern: Readonly<Record<string, unknown>>;
}

export type RuleState = 'ENABLED' | 'DISABLED' | 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** A rule as EventBridge would have it, ready to be asked. */
export interface DeployedRule extends CompiledRule {
  readonly compiled: CompiledPattern;
}

export const deployRule = (rule: CompiledRule): DeployedRule => ({ ...rule, compiled: compilePattern(rule.pattern) });

/** What a rule does with an event, and why. */
export type RuleVerdict =
  | { readonly kind: 'matches' }
  | { readonly kind: 'refuses'; readonly path: string; readonly reason: string }
  | { readonly kind: 'does not receive'; readonly reason: string };

/**
 * The pattern is asked first: a field that refuses says more than a state does.
 *
 * @param shown the event as a reason may quote it
 */
export function ruleVerdict(rule: DeployedRule, event: unknown, shown?: () => unknown): RuleVerdict {
  const result = matchPattern(rule.compiled, event, shown);
  if (!result.matched) return { kind: 'refuses', path: result.path, reason: result.reason };
  const reason = suppressedByState(rule.state, event);
  return reason === undefined ? { kind: 'matches' } : { kind: 'does not receive', reason };
}

/** Whether a rule sends an event to its target, for those who do not ask why not. */
export const isRoutedBy = ({ compiled, state }: DeployedRule, event: unknown): boolean =>
  suppressedByState(state, event) === undefined && isMatch(compiled, event);
