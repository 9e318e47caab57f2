import type { CompiledRule } from '../../infra/notifier-context.ts';
import { type CompiledPattern, compilePattern } from '../../shared/event-pattern/compile-pattern.ts';
import { matchPattern } from '../../shared/event-pattern/match-pattern.ts';
import { stateReceives } from './state-receives.ts';

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

const whyNotReceived = (state: CompiledRule['state']): string =>
  state === 'DISABLED'
    ? 'the rule is disabled'
    : 'EventBridge shows Describe, Get and List calls only to rules in state ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** The pattern is asked first: a field that refuses says more than a state does. */
export function ruleVerdict(rule: DeployedRule, event: unknown, eventName: string): RuleVerdict {
  const result = matchPattern(rule.compiled, event);
  if (!result.matched) return { kind: 'refuses', path: result.path, reason: result.reason };
  if (stateReceives(rule.state, eventName)) return { kind: 'matches' };
  return { kind: 'does not receive', reason: whyNotReceived(rule.state) };
}
