import { distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { isObject } from '../../shared/call/json.ts';
import { isNeverShown } from '../../shared/notification/redaction.ts';
import { compileRules } from '../rules/compile-rule.ts';
import { operationsOnlyKnown } from '../rules/scope.ts';
import { ContextSchema, type NotifierContext } from './context-schema.ts';
import { functionSettingsText } from './function-settings-text.ts';
import { issueLines } from './issue-line.ts';
import { unknownMembers, warningsOfChoices, warningsOfPrincipals } from './match-mistakes.ts';
import { meantParameter, misspelledParameters } from './parameter-spelling.ts';
import { likeNamedRules, ruleIssues, rulesOfOtherRegions, tooManyRules, tooManyWildcards } from './rule-checks.ts';
import { RuleSchema, type RuleSettings } from './rule-schema.ts';
import { takeObject } from './schema-parts.ts';
import { unknownSignalChannels } from './signal-settings.ts';
import { ContextError, withoutWebhooks } from './user-error.ts';

/** No call would ever be reported. Allowed, for a stack that is being set up; never without a word. */
function nothingNotified({ rules }: NotifierContext): readonly string[] {
  const all = Object.values(rules);
  if (all.length === 0) return ['notifier:rules: there are none, so nothing is reported'];
  return all.some(({ enabled }) => enabled) ? [] : ['notifier:rules: none is enabled, so nothing is reported'];
}

/** Paths that begin too far out: they are looked for within the request parameters. */
const outerPaths = ({ showParameters }: NotifierContext): readonly string[] =>
  showParameters.flatMap((path, index) => {
    const at = `notifier:showParameters[${index}]: ${JSON.stringify(path)}`;
    const [, inner] = /^(?:detail\.)?requestParameters\.(.+)$/.exec(path) ?? [];
    if (inner !== undefined)
      return [
        `${at} is never found: paths begin within the request parameters; did you mean ${JSON.stringify(inner)}?`,
      ];
    return /^(?:detail|responseElements|userIdentity|requestParameters)\b/.test(path)
      ? [`${at} is never found: only request parameters are shown, and paths begin within them`]
      : [];
  });

/** Paths that have most likely a slip of the pen in them. */
const misspelledPaths = ({ showParameters }: NotifierContext): readonly string[] =>
  showParameters.flatMap((path, index) =>
    path.split('.').flatMap((step) => {
      const meant = meantParameter(step.replace('[]', ''));
      return meant === undefined
        ? []
        : [
            `notifier:showParameters[${index}]: ${JSON.stringify(path)} has no parameter in it that this version knows; did you mean ${JSON.stringify(meant)}?`,
          ];
    }),
  );

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

/** Members of requests that are most likely misspelled; the service may have one of that name that this version does not know. */
const misspelledInMatch = (name: string, { match }: RuleSettings): readonly string[] =>
  misspelledParameters(match ?? {}).map(
    ({ path, meant }) =>
      `notifier:rules.${name}.match.${path}: is no request parameter that this version knows; did you mean ${JSON.stringify(meant)}?`,
  );

/** Names that are newer than this version are not reported where only the table of known ones can say what they do. */
const onlyKnown = (name: string, rule: RuleSettings): readonly string[] =>
  operationsOnlyKnown(rule).map(
    (glob) =>
      `notifier:rules.${name}.operations: ${JSON.stringify(glob)} with impact ${JSON.stringify(rule.impact)} means the operations that this version knows; newer ones are not reported by this rule`,
  );

/**
 * What is no mistake and still most likely not meant, a line each: said at every synthesis, and by `notifier rules`.
 * What is wrong with one region is with the regions.
 */
export const contextWarnings = (context: NotifierContext): readonly string[] =>
  [
    ...nothingNotified(context),
    ...neverShown(context),
    ...outerPaths(context),
    ...misspelledPaths(context),
    ...Object.entries(context.rules).flatMap(([name, rule]) => [
      ...warningsOfPrincipals(name, rule.principals),
      ...warningsOfChoices(name, rule),
      ...unknownInMatch(name, rule),
      ...misspelledInMatch(name, rule),
      ...onlyKnown(name, rule),
    ]),
  ].map(withoutWebhooks);

type Values = Readonly<Record<string, unknown>>;

/** What makes strictness possible beside CDK's own flags. */
const PREFIX = 'notifier:';

const objectOf = (value: unknown): Values => {
  const taken = takeObject(value);
  return isObject(taken) ? taken : {};
};

const SETTING_NAMES = Object.keys(ContextSchema.shape);

const settingNamed = (name: string): string | undefined =>
  SETTING_NAMES.find((setting) => setting.toLowerCase() === name.toLowerCase());

/** What separates a prefix from a name, here and in other tools. */
const WITH_PREFIX = /^(.+?)[:./_ -]+([a-z]+)$/i;

const isLikePrefix = (prefix: string): boolean =>
  distance(prefix.toLowerCase(), 'notifier') <= 2 || /^mediaconnect.?notifier$/i.test(prefix);

/** Our key that was most likely meant with one that is nobody's: without its prefix, or with a slip of the pen in it. */
export function meantKey(key: string): string | undefined {
  if (key.startsWith(PREFIX)) return undefined;
  if (Object.hasOwn(ContextSchema.shape, key)) return `${PREFIX}${key}`;
  const [, prefix = '', name = ''] = WITH_PREFIX.exec(key) ?? [];
  const setting = isLikePrefix(prefix) ? settingNamed(name) : undefined;
  return setting === undefined ? undefined : `${PREFIX}${setting}`;
}

/** All settings in an object of their own, as other tools have them. */
const nestedKeys = (key: string, value: unknown): readonly string[] =>
  isLikePrefix(key) ? Object.keys(objectOf(value)).flatMap((name) => settingNamed(name) ?? []) : [];

/** What would be nobody's, and silently nothing. */
function misspelledPrefixes(values: Values): readonly string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    const meant = meantKey(key);
    if (meant !== undefined) return [`${key}: is no key; did you mean "${meant}"?`];
    const [nested] = nestedKeys(key, value);
    return nested === undefined
      ? []
      : [`${key}: is no key; each setting is a key of its own: did you mean "${PREFIX}${nested}"?`];
  });
}

/** Where webhooks belong, for whoever gave one to a setting. */
const WEBHOOK_PLACE = '; a webhook goes into the secret: notifier slack says how';

const withWebhookPlace = (line: string): string =>
  withoutWebhooks(line) !== line || /^\S*webhook\S*: is no key/i.test(line) ? `${line}${WEBHOOK_PLACE}` : line;

/** The one name that JavaScript has a meaning of its own for, so that the schema would pass over it without a word. */
const forbiddenNames = (key: string, names: Values): readonly string[] =>
  Object.hasOwn(names, '__proto__')
    ? [`${PREFIX}${key}.__proto__: this name is not allowed; allowed: another name`]
    : [];

/** Mistakes that only several settings together make, of every rule that can be read. */
function issuesOfRules(rules: Values, channels: readonly string[]): readonly string[] {
  return Object.entries(rules).flatMap(([name, value]) => {
    const rule = RuleSchema.safeParse(value);
    return rule.success ? ruleIssues(name, rule.data, channels) : [];
  });
}

/**
 * Settings by their keys without a prefix, defaults filled in.
 *
 * @param mistakes those that are known already
 * @throws ContextError with a line for each mistake, all at once.
 */
export function parseSettings<Settings>(
  schema: z.ZodType<Settings>,
  settings: Values,
  mistakes: readonly string[] = [],
): Settings {
  const rules = objectOf(settings.rules);
  const channels = [...new Set(['default', ...Object.keys(objectOf(settings.channels))])];
  const parsed = schema.safeParse(settings, { reportInput: true });
  const lines = [
    ...mistakes,
    ...(parsed.error?.issues.flatMap(issueLines) ?? []),
    ...issuesOfRules(rules, channels),
    ...likeNamedRules(Object.keys(rules)),
    ...unknownSignalChannels(settings, channels),
    ...forbiddenNames('rules', rules),
    ...forbiddenNames('channels', objectOf(settings.channels)),
  ];
  // A number that is none of a list is also too small for it, in the same words.
  const each = [...new Set(lines.map(withWebhookPlace))];
  if (parsed.data === undefined || each.length > 0) throw new ContextError(each);
  return parsed.data;
}

/**
 * What can be deployed, of settings that are fine by themselves: `default` is a channel, and nothing is too much.
 *
 * @throws ContextError with a line for each mistake.
 */
export function deployable(context: NotifierContext, mistakes: readonly string[] = []): NotifierContext {
  const ofAll = [...tooManyRules(context), ...tooManyWildcards(context.rules), ...mistakes];
  if (ofAll.length > 0) throw new ContextError(ofAll);
  const complete = { ...context, channels: { default: {}, ...context.channels } };
  // Refuses here what the functions' environment has no room for, so that what is previewed can be deployed.
  functionSettingsText(complete, compileRules(complete));
  return complete;
}

/**
 * The admin's settings: every context value named `notifier:…`, defaults filled in.
 *
 * @throws ContextError with a line for each mistake, all at once.
 */
export function readContext(values: Values): NotifierContext {
  const settings = Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      key.startsWith(PREFIX) && value !== undefined ? [[key.slice(PREFIX.length), value]] : [],
    ),
  );
  const context = parseSettings(ContextSchema, settings, misspelledPrefixes(values));
  return deployable(context, rulesOfOtherRegions(context));
}
