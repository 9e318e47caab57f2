import type { CompiledRule, NotifierContext } from './notifier-context.ts';
import { compileRule } from './rules/compile-rule.ts';

/** The admin's rules as EventBridge gets them, in the order in which they were written. */
export const compileRules = ({ rules }: NotifierContext): readonly CompiledRule[] =>
  Object.entries(rules).map(([name, rule]) => compileRule(name, rule));
