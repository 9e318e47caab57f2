import type { NotifierContext, RuleSettings } from '../notifier-context.ts';
import { compileRule } from '../rules/compile-rule.ts';
import { patternText } from '../rules/pattern-text.ts';
import { regionsWithoutStack } from './match-mistakes.ts';

/**
 * Rules in one stack, each with its alarm: at their longest they fill a template of 1 MB to almost four fifths, and
 * EventBridge takes 300 rules on a bus, of which others need some too.
 */
export const MAX_RULES = 140;

/** Beside the admin's rules: the two schedules, and the one that EventBridge itself makes for the archive. */
const RULES_OF_OUR_OWN = 3;

/** Regions in which EventBridge takes fewer rules on a bus, and how many. */
const SMALLER_QUOTAS: Readonly<Record<string, number>> = { 'af-south-1': 100, 'eu-south-1': 100 };

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

/**
 * More rules than can be deployed; CloudFormation would say so half-way.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export function tooManyRules({ rules, regions }: Pick<NotifierContext, 'rules' | 'regions'>): readonly string[] {
  const count = Object.keys(rules).length;
  if (count > MAX_RULES) {
    return [
      `notifier:rules: ${count} rules; allowed: ${MAX_RULES}, which one CloudFormation template can hold; make fewer that name more`,
    ];
  }
  return regions.flatMap((region) => {
    const quota = SMALLER_QUOTAS[region];
    return quota === undefined || count + RULES_OF_OUR_OWN <= quota
      ? []
      : [
          `notifier:rules: ${count} rules; allowed in ${region}: ${quota - RULES_OF_OUR_OWN}, since EventBridge takes ${quota} on a bus there and the notifier needs ${RULES_OF_OUR_OWN} more`,
        ];
  });
}

/** More rules with wildcards than EventBridge takes. */
export function tooManyWildcards(rules: Readonly<Record<string, RuleSettings>>): readonly string[] {
  const count = Object.entries(rules).filter(([name, rule]) =>
    patternText(compileRule(name, rule).pattern).includes('"wildcard"'),
  ).length;
  return count <= MAX_WILDCARD_RULES
    ? []
    : [
        `notifier:rules: ${count} rules need wildcards; allowed: ${MAX_WILDCARD_RULES} on a bus (a * in the midst of a name needs one, and so do principals named without *, and an outcome "failed" without "denied")`,
      ];
}

/** Rules about regions in which no stack is deployed: no call from there reaches them. */
export const rulesOfOtherRegions = ({
  rules,
  regions,
}: Pick<NotifierContext, 'rules' | 'regions'>): readonly string[] =>
  Object.entries(rules).flatMap(([name, { match }]) => {
    const others = regionsWithoutStack(match ?? {}, regions);
    return others.length === 0
      ? []
      : [
          `notifier:rules.${name}.match.awsRegion: can never match: no stack is in ${others.join(', ')}, by notifier:regions`,
        ];
  });
