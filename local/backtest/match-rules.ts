import { isMatch } from '../../shared/event-pattern/match-pattern.ts';
import type { Envelope } from '../input/input-item.ts';
import { type DeployedRule, deployRule } from '../rules/deployed-rule.ts';
import { stateReceives } from '../rules/state-receives.ts';
import type { ScanRequest } from './file-scan.ts';

/** For each rule set, the indices of the rules that an event reaches. */
export type Matching = readonly (readonly number[])[];
export type MatchRules = (envelope: Envelope, eventName: string) => Matching;

const matchingOf = (rules: readonly DeployedRule[], envelope: Envelope, eventName: string): readonly number[] =>
  rules.flatMap((rule, index) =>
    stateReceives(rule.state, eventName) && isMatch(rule.compiled, envelope) ? [index] : [],
  );

/** Asks the rules of every set, each as EventBridge would. */
export function createMatchRules(ruleSets: ScanRequest['ruleSets']): MatchRules {
  const deployed = ruleSets.map((rules) => rules.map(deployRule));
  return (envelope, eventName) => deployed.map((rules) => matchingOf(rules, envelope, eventName));
}
