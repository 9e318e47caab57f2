import { isNeverShown } from '../../shared/shown-parameters.ts';
import { operationsOnlyKnown } from '../rules/scope-clauses.ts';
import type { NotifierContext } from './context-schema.ts';
import { unknownMembers } from './match-mistakes.ts';
import { warningsOfPrincipals } from './principal-mistakes.ts';
import type { RuleSettings } from './rule-schema.ts';
import { withoutWebhooks } from './without-webhooks.ts';

/** No call would ever be told. Allowed, for a stack that is being set up; never without a word. */
function nothingTold({ rules }: NotifierContext): readonly string[] {
  const all = Object.values(rules);
  if (all.length === 0) return ['notifier:rules: there are none, so nothing is told'];
  return all.some(({ enabled }) => enabled) ? [] : ['notifier:rules: none is enabled, so nothing is told'];
}

/** Paths that are never shown, whatever the settings say. */
const neverShown = ({ showParameters }: NotifierContext): readonly string[] =>
  showParameters.flatMap((path, index) => {
    const step = path.split('.').find((name) => isNeverShown(name.replace('[]', '')));
    return step === undefined
      ? []
      : [
          `notifier:showParameters[${index}]: ${JSON.stringify(path)} is never shown, since ${JSON.stringify(step)} may hold a secret`,
        ];
  });

/** Members of `match` that no record has that this version knows. */
const unknownInMatch = (name: string, { match }: RuleSettings): readonly string[] =>
  unknownMembers(match ?? {}).map(
    (member) =>
      `notifier:rules.${name}.match.${member}: is no member of CloudTrail records that this version knows; if there is none, the rule matches nothing`,
  );

/** Names that are newer than this version are not told where only the table of known ones can say what they do. */
const onlyKnown = (name: string, rule: RuleSettings): readonly string[] =>
  operationsOnlyKnown(rule).map(
    (glob) =>
      `notifier:rules.${name}.operations: ${JSON.stringify(glob)} with impact ${JSON.stringify(rule.impact)} means the operations that this version knows; newer ones are not told by this rule`,
  );

/**
 * What is no mistake and still most likely not meant, a line each: said at every synthesis, and by `notifier rules`.
 * What is wrong with one region is with the regions.
 */
export const contextWarnings = (context: NotifierContext): readonly string[] =>
  [
    ...nothingTold(context),
    ...neverShown(context),
    ...Object.entries(context.rules).flatMap(([name, rule]) => [
      ...warningsOfPrincipals(name, rule.principals),
      ...unknownInMatch(name, rule),
      ...onlyKnown(name, rule),
    ]),
  ].map(withoutWebhooks);
