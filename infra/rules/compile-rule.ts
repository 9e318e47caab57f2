import { CLOUDTRAIL_EVENT_SOURCE, DETAIL_TYPE, EVENT_SOURCE } from '../../shared/api-call-event.ts';
import type { CompiledRule, RuleSettings, RuleState } from '../notifier-context.ts';
import { mergePatterns, type Pattern, partPattern } from './build-pattern.ts';
import { completeArns } from './complete-arns.ts';
import { fragmentPaths } from './fragment-paths.ts';
import { originClauses } from './origin-clauses.ts';
import { outcomeClauses } from './outcome-clauses.ts';
import { type Clause, pathsOf } from './pattern-parts.ts';
import { principalClauses } from './principal-clauses.ts';
import { mayRead } from './rule-scope.ts';
import { scopeClauses } from './scope-clauses.ts';

/** The settings of a rule that say which calls it tells; the others say where, how and whether. */
type Filter = Exclude<keyof RuleSettings, 'channel' | 'delivery' | 'enabled'>;

/** What one filter, or several that belong together, make of the pattern. */
interface RulePart {
  /** The key of the rule that it comes from, or the keys in words. */
  readonly setting: string;
  readonly pattern: (rule: RuleSettings) => Pattern;
  /** Every path that it decides. */
  readonly paths: (rule: RuleSettings) => readonly string[];
}

/** @param base the object in which the alternatives stand; all paths begin with it */
const ofClauses = (setting: string, base: string, clausesOf: (rule: RuleSettings) => readonly Clause[]): RulePart => ({
  setting,
  pattern: (rule) => partPattern(clausesOf(rule), base),
  paths: (rule) => pathsOf(clausesOf(rule)),
});

const ANY: readonly Clause[] = [{}];

const scope = ofClauses('access, resources, operations or impact', 'detail', scopeClauses);

/** Each filter's part. One that is added to the schema and not here does not compile: it would restrict nothing. */
const PARTS = {
  access: scope,
  resources: scope,
  operations: scope,
  impact: scope,
  outcome: ofClauses('outcome', '', ({ outcome }) => outcomeClauses(outcome)),
  principals: ofClauses('principals', 'detail.userIdentity', ({ principals }) =>
    principals ? principalClauses(principals) : ANY,
  ),
  origins: ofClauses('origins', '', ({ origins }) => (origins ? originClauses(origins) : ANY)),
  accounts: ofClauses('accounts', '', ({ accounts }) => (accounts ? [{ account: accounts }] : ANY)),
  match: {
    setting: 'match',
    pattern: ({ match }) => (match === undefined ? {} : { detail: completeArns(match) }),
    paths: ({ match }) => fragmentPaths(match, 'detail'),
  },
} as const satisfies Readonly<Record<Filter, RulePart>>;

/** What the settings of a rule say, each by itself, in the order in which they are written into the pattern. */
export const RULE_PARTS: readonly RulePart[] = [...new Set(Object.values<RulePart>(PARTS))];

function stateOf(rule: RuleSettings): RuleState {
  if (!rule.enabled) return 'DISABLED';
  // EventBridge drops Describe, Get and List calls unless the rule's state asks for them.
  return mayRead(rule) ? 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' : 'ENABLED';
}

/** One rule of the context as EventBridge gets it. */
export function compileRule(name: string, rule: RuleSettings): CompiledRule {
  const pinned = {
    source: [EVENT_SOURCE],
    'detail-type': [DETAIL_TYPE],
    detail: { eventSource: [CLOUDTRAIL_EVENT_SOURCE] },
  };
  const pattern = RULE_PARTS.map((part) => part.pattern(rule)).reduce(mergePatterns, pinned);
  return { name, channel: rule.channel, delivery: rule.delivery, state: stateOf(rule), pattern };
}
