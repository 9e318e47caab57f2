import type { CloudTrailRecord } from '../../shared/api-call-event.ts';
import type { Classification } from '../../shared/classify-call.ts';
import type { RuleSettings } from '../notifier-context.ts';
import { principalsMean } from './principal-clauses.ts';
import { scopeMeans } from './scope-clauses.ts';

/**
 * What a rule means, in the words of the classification and not of event patterns: the pattern of the rule must match
 * exactly the calls for which this holds. Origins, accounts and `match` are patterns from the start and not in it.
 */
export const ruleMeans = (rule: RuleSettings, call: Classification, record: CloudTrailRecord): boolean =>
  scopeMeans(rule, call.operation, record.readOnly) &&
  (rule.outcome?.includes(call.outcome) ?? true) &&
  (rule.principals === undefined || principalsMean(rule.principals, record));
