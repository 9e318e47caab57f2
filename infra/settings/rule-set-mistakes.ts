import type { RuleSettings } from '../notifier-context.ts';
import { compileRule } from '../rules/compile-rule.ts';

/** EventBridge's quota of rules with wildcards on a bus. */
const MAX_WILDCARD_RULES = 30;

/** Names that differ for us and look alike in the console, in metrics and to people. */
const normalized = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

export function likeNamedRules(names: readonly string[]): readonly string[] {
  return names.flatMap((name, index) => {
    const earlier = names.slice(0, index).find((other) => normalized(other) === normalized(name));
    return earlier === undefined
      ? []
      : [
          `notifier:rules.${name}: is the same name as ${JSON.stringify(earlier)}; allowed: names that differ in more than case and punctuation`,
        ];
  });
}

/** What is wrong with rules that are all fine by themselves. */
export function tooManyWildcards(rules: Readonly<Record<string, RuleSettings>>): readonly string[] {
  const count = Object.entries(rules).filter(([name, rule]) =>
    JSON.stringify(compileRule(name, rule).pattern).includes('"wildcard"'),
  ).length;
  return count <= MAX_WILDCARD_RULES
    ? []
    : [
        `notifier:rules: ${count} rules need wildcards; allowed: ${MAX_WILDCARD_RULES} on a bus (a * in the midst of a name needs one, and so does an outcome "failed" without "denied")`,
      ];
}
