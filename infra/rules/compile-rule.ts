import { CLOUDTRAIL_EVENT_SOURCE, DETAIL_TYPE, EVENT_SOURCE } from '../../shared/api-call-event.ts';
import type { CompiledRule, RuleSettings, RuleState } from '../notifier-context.ts';
import { mergePatterns, partPattern } from './build-pattern.ts';
import { originClauses } from './origin-clauses.ts';
import { outcomeClauses } from './outcome-clauses.ts';
import type { PatternPart } from './pattern-parts.ts';
import { principalClauses } from './principal-clauses.ts';
import { mayRead } from './rule-scope.ts';
import { scopeClauses } from './scope-clauses.ts';

/** A part of the pattern and the object in which its alternatives stand. */
interface PlacedPart extends PatternPart {
  readonly base: string;
}

/** What the settings of a rule say, each by itself. */
export function partsOf({ accounts, origins, outcome, principals, ...scope }: RuleSettings): readonly PlacedPart[] {
  return [
    { setting: 'access, resources, operations or impact', clauses: scopeClauses(scope), base: 'detail' },
    { setting: 'outcome', clauses: outcomeClauses(outcome), base: '' },
    { setting: 'principals', clauses: principals ? principalClauses(principals) : [{}], base: 'detail.userIdentity' },
    { setting: 'origins', clauses: origins ? originClauses(origins) : [{}], base: '' },
    { setting: 'accounts', clauses: accounts ? [{ account: accounts }] : [{}], base: '' },
  ];
}

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
  const patterns = partsOf(rule).map((part) => partPattern(part, part.base));
  const match = rule.match === undefined ? {} : { detail: rule.match };
  const pattern = [...patterns, match].reduce(mergePatterns, pinned);
  return { name, channel: rule.channel, delivery: rule.delivery, state: stateOf(rule), pattern };
}
