import { cidr } from './address-matchers.ts';
import { anythingBut } from './anything-but.ts';
import { equalsIgnoreCase, prefixIgnoreCase, suffixIgnoreCase } from './ignore-case.ts';
import { refuse } from './invalid-event-pattern.ts';
import { isJsonObject } from './json-object.ts';
import type { Matcher } from './matcher.ts';
import { numeric } from './number-matchers.ts';
import { exactString, prefix, present, suffix } from './text-matchers.ts';
import { wildcard } from './wildcard.ts';

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
