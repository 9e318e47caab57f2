import { principalsMean } from '../../../infra/rules/principals.ts';
import { scopeMeans } from '../../../infra/rules/scope.ts';
import type { RuleSettings } from '../../../infra/settings/rule-schema.ts';
import type { CloudTrailRecord } from '../../../shared/call/api-call-event.ts';
import type { Classification } from '../../../shared/call/classify-call.ts';

/**
 * What a rule means, in the words of the classification and not of event patterns: the pattern of the rule must match
 * exactly the calls for which this holds. Origins, accounts and `match` are patterns from the start and not in it.
 */
export const ruleMeans = (rule: RuleSettings, call: Classification, record: CloudTrailRecord): boolean =>
  scopeMeans(rule, call.operation, record.readOnly) &&
  (rule.outcome?.includes(call.outcome) ?? true) &&
  (rule.principals === undefined || principalsMean(rule.principals, record));
