import { distance } from 'fastest-levenshtein';
import { compileRules } from './compile-rules.ts';
import { ContextError } from './context-error.ts';
import { functionSettingsText } from './function-settings-text.ts';
import type { NotifierContext } from './notifier-context.ts';
import { ContextSchema } from './settings/context-schema.ts';
import { mistakeLines } from './settings/mistake-line.ts';
import { ruleMistakes } from './settings/rule-mistakes.ts';
import { RuleSchema } from './settings/rule-schema.ts';
import { likeNamedRules, rulesOfOtherRegions, tooManyRules, tooManyWildcards } from './settings/rule-set-mistakes.ts';
import { takeObject } from './settings/take-text.ts';

type Values = Readonly<Record<string, unknown>>;

/** What makes strictness possible beside CDK's own flags. */
const PREFIX = 'notifier:';

const isObject = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectOf = (value: unknown): Values => {
  const taken = takeObject(value);
  return isObject(taken) ? taken : {};
};

/** A key without our prefix, or with a slip of the pen in it, would be nobody's, and silently nothing. */
function misspelledPrefixes(values: Values): readonly string[] {
  return Object.keys(values).flatMap((key) => {
    if (Object.hasOwn(ContextSchema.shape, key)) return [`${key}: is no key; did you mean "${PREFIX}${key}"?`];
    const [prefix = '', name = ''] = key.split(/[:.]/, 2);
    const isOurs = !key.startsWith(PREFIX) && Object.hasOwn(ContextSchema.shape, name);
    return isOurs && distance(prefix.toLowerCase(), 'notifier') <= 2
      ? [`${key}: is no key; did you mean "${PREFIX}${name}"?`]
      : [];
  });
}

/** The one name that JavaScript has a meaning of its own for, so that the schema would pass over it without a word. */
const forbiddenNames = (key: string, names: Values): readonly string[] =>
  Object.hasOwn(names, '__proto__')
    ? [`${PREFIX}${key}.__proto__: this name is not allowed; allowed: another name`]
    : [];

/** Mistakes that only several settings together make, of every rule that can be read. */
function mistakesOfRules(rules: Values, channels: readonly string[]): readonly string[] {
  return Object.entries(rules).flatMap(([name, value]) => {
    const rule = RuleSchema.safeParse(value);
    return rule.success ? ruleMistakes(name, rule.data, channels) : [];
  });
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
  const rules = objectOf(settings.rules);
  const channels = [...new Set(['default', ...Object.keys(objectOf(settings.channels))])];
  const parsed = ContextSchema.safeParse(settings, { reportInput: true });
  const lines = [
    ...misspelledPrefixes(values),
    ...(parsed.error?.issues.flatMap(mistakeLines) ?? []),
    ...mistakesOfRules(rules, channels),
    ...likeNamedRules(Object.keys(rules)),
    ...forbiddenNames('rules', rules),
    ...forbiddenNames('channels', objectOf(settings.channels)),
  ];
  if (parsed.data === undefined || lines.length > 0) throw new ContextError(lines);
  const ofRuleSet = [
    ...tooManyRules(parsed.data),
    ...tooManyWildcards(parsed.data.rules),
    ...rulesOfOtherRegions(parsed.data),
  ];
  if (ofRuleSet.length > 0) throw new ContextError(ofRuleSet);

  const context = { ...parsed.data, channels: { default: {}, ...parsed.data.channels } };
  // Refuses here what the functions' environment has no room for, so that what is previewed can be deployed.
  functionSettingsText(context, compileRules(context));
  return context;
}
