import type { CompiledRule } from '../../infra/notifier-context.ts';
import { type CompiledPattern, compilePattern } from '../../shared/event-pattern/compile-pattern.ts';
import { isMatch, matchPattern } from '../../shared/event-pattern/match-pattern.ts';
import { heldBackBy } from '../aws/is-held-back.ts';

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

/** The pattern is asked first: a field that refuses says more than a state does. */
export function ruleVerdict(rule: DeployedRule, event: unknown): RuleVerdict {
  const result = matchPattern(rule.compiled, event);
  if (!result.matched) return { kind: 'refuses', path: result.path, reason: result.reason };
  const reason = heldBackBy(rule.state, event);
  return reason === undefined ? { kind: 'matches' } : { kind: 'does not receive', reason };
}

/** Whether a rule sends an event to its target, for those who do not ask why not. */
export const isToldBy = ({ compiled, state }: DeployedRule, event: unknown): boolean =>
  heldBackBy(state, event) === undefined && isMatch(compiled, event);
