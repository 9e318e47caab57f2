import { isJsonObject, type Matcher, quoted, refuse } from './matcher.ts';
import { cidr, incomparable, numeric } from './number-operators.ts';
import {
  equalsIgnoreCase,
  exactString,
  prefix,
  prefixIgnoreCase,
  present,
  suffix,
  suffixIgnoreCase,
  wildcard,
} from './text-operators.ts';

const NO_VALUE = 'Value of anything-but must be an array or single string/number value.';
const NO_MEMBER = 'Inside anything but list, start|null|boolean is not supported.';
const MIXED = 'Inside anything but list, either all values are number or string, mixed type is not supported';

/** Holds for every value that none of `refused` matches: also for values of another type, never for a missing one. */
const noneOf = (refused: readonly Matcher[]): Matcher => ({
  matches: (subject) => !refused.some((matcher) => matcher.matches(subject)),
  reading: 'text',
  words: `anything but ${refused.map(({ words }) => words).join(' or ')}`,
  wildcards: refused.flatMap(({ wildcards = [] }) => wildcards),
});

function butStrings(values: readonly string[]): Matcher {
  const refused = new Set(values);
  return {
    matches: ({ string }) => string === undefined || !refused.has(string),
    reading: 'text',
    words: `anything but ${values.map(quoted).join(' or ')}`,
  };
}

function butNumbers(values: readonly number[], path: string): Matcher {
  for (const value of values) {
    const fault = incomparable(value);
    if (fault !== undefined) refuse(fault, path);
  }
  return {
    matches: ({ number }) => number === undefined || !values.includes(number),
    reading: 'number',
    words: `anything but ${values.join(' or ')}`,
  };
}

function butValues(values: readonly unknown[], path: string): Matcher {
  const strings = values.filter((value) => typeof value === 'string');
  const numbers = values.filter((value) => typeof value === 'number');
  if (strings.length + numbers.length < values.length) refuse(NO_MEMBER, path);
  if ((strings.length === 0) === (numbers.length === 0)) refuse(MIXED, path);
  return numbers.length > 0 ? butNumbers(numbers, path) : butStrings(strings);
}

interface Nested {
  readonly matcher: (text: string, path: string) => Matcher;
  readonly needsText: string;
  readonly takesEmpty: boolean;
}

const affix = (matcher: (text: string) => Matcher): Nested => ({
  matcher,
  needsText: 'prefix/suffix match pattern must be a string',
  takesEmpty: false,
});

const NESTED: Readonly<Record<string, Nested>> = {
  prefix: affix(prefix),
  suffix: affix(suffix),
  'equals-ignore-case': {
    matcher: equalsIgnoreCase,
    needsText: 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
    takesEmpty: true,
  },
  wildcard: { matcher: wildcard, needsText: 'wildcard match pattern must be a string', takesEmpty: true },
};

function nestedMatcher({ matcher, needsText, takesEmpty }: Nested, text: unknown, path: string): Matcher {
  if (typeof text !== 'string') refuse(needsText, path);
  if (text === '' && !takesEmpty) refuse('Null prefix/suffix not allowed', path);
  return matcher(text, path);
}

function butNested(expression: Readonly<Record<string, unknown>>, path: string): Matcher {
  const [operator, ...more] = Object.keys(expression);
  if (operator === undefined) refuse('Anything-But expression name not found', path);
  const nested = Object.hasOwn(NESTED, operator) ? NESTED[operator] : undefined;
  if (nested === undefined) refuse(`Unsupported anything-but pattern: ${operator}`, path);
  if (more.length > 0) refuse('Only one key allowed in match expression', path);
  const operand = expression[operator];
  if (operand === null || typeof operand === 'boolean' || isJsonObject(operand)) refuse(NO_VALUE, path);
  const texts: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  // The engine compiles this one and then fails on every event.
  if (texts.length === 0) refuse('Empty arrays are not allowed', path);
  return noneOf(texts.map((text) => nestedMatcher(nested, text, path)));
}

/** `anything-but` in all its forms: a value, a list of values of one type, or another operator with one or more texts. */
function anythingBut(operand: unknown, path: string): Matcher {
  if (isJsonObject(operand)) return butNested(operand, path);
  if (Array.isArray(operand)) return butValues(operand, path);
  if (typeof operand !== 'string' && typeof operand !== 'number') refuse(NO_VALUE, path);
  return butValues([operand], path);
}

/** `{ "exists": false }`, which is no matcher of a value. */
export const ABSENT = Symbol('absent');

type Operator = (operand: unknown, path: string) => Matcher | typeof ABSENT;

const onText =
  (name: string, matcher: (text: string, path: string) => Matcher): Operator =>
  (operand, path) =>
    typeof operand === 'string' ? matcher(operand, path) : refuse(`${name} match pattern must be a string`, path);

/** `prefix` and `suffix` take a string, or `{ "equals-ignore-case": … }` with one. */
const onAffix =
  (
    name: string,
    title: string,
    matcher: (text: string) => Matcher,
    ignoringCase: (text: string) => Matcher,
  ): Operator =>
  (operand, path) => {
    if (!isJsonObject(operand)) return onText(name, matcher)(operand, path);
    const [inner, ...more] = Object.keys(operand);
    if (inner === undefined) refuse(`${title} expression name not found`, path);
    if (inner !== 'equals-ignore-case') refuse(`Unsupported ${name} pattern: ${inner}`, path);
    if (more.length > 0) refuse('Only one key allowed in match expression', path);
    return onText('equals-ignore-case', ignoringCase)(operand[inner], path);
  };

const exists: Operator = (operand, path) => {
  if (typeof operand !== 'boolean') refuse('exists match pattern must be either true or false.', path);
  return operand ? present : ABSENT;
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const OPERATORS: Readonly<Record<string, Operator>> = {
  exactly: onText('exact', exactString),
  prefix: onAffix('prefix', 'Prefix', prefix, prefixIgnoreCase),
  suffix: onAffix('suffix', 'Suffix', suffix, suffixIgnoreCase),
  'equals-ignore-case': onText('equals-ignore-case', equalsIgnoreCase),
  wildcard: onText('wildcard', wildcard),
  'anything-but': anythingBut,
  numeric,
  // EventBridge says "prefix" here too.
  cidr: onText('prefix', cidr),
  exists,
};

/** One `{ "operator": operand }` of a field's list. */
export function matchExpression(expression: Readonly<Record<string, unknown>>, path: string): Matcher | typeof ABSENT {
  const [name, ...more] = Object.keys(expression);
  if (name === undefined) refuse('Match expression name not found', path);
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (operator === undefined) refuse(`Unrecognized match type ${name}`, path);
  const matcher = operator(expression[name], path);
  if (more.length > 0) refuse('Only one key allowed in match expression', path);
  return matcher;
}
