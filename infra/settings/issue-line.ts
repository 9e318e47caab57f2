import { closest, distance } from 'fastest-levenshtein';
import type * as z from 'zod';

/** The valid name that was probably meant; `undefined` if none is near. */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const lower = name.toLowerCase();
  const nearest = closest(
    lower,
    names.map((valid) => valid.toLowerCase()),
  );
  const near = distance(lower, nearest) <= Math.max(2, Math.floor(name.length / 3));
  return near ? names.find((valid) => valid.toLowerCase() === nearest) : undefined;
}

/** `; did you mean "StopFlow"?`, or nothing. */
export function suggestion(name: unknown, names: readonly string[]): string {
  const nearest = typeof name === 'string' ? nearestName(name, names) : undefined;
  return nearest === undefined ? '' : `; did you mean ${JSON.stringify(nearest)}?`;
}

const MAX_SHOWN = 80;

/** A construct holds what holds it, so that it is no JSON; it has a path. */
function textOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

/** A value as an admin would recognise it, not too long. */
export function shown(value: unknown): string {
  const text = textOf(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

/** `notifier:rules.x.operations[0]` */
export const keyOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((key, step, depth) => {
    if (typeof step === 'number') return `${key}[${step}]`;
    return depth === 0 ? `${key}${String(step)}` : `${key}.${String(step)}`;
  }, 'notifier:');

/** The parser's reason without the piece of the text that it quotes: that may be the end of a webhook's address. */
const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/, (?:\.\.\.)?".*" is not valid JSON$/s, '');

/** Why a text that begins like JSON was not taken as JSON. */
function brokenJson(value: unknown): string {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return '';
  try {
    JSON.parse(value);
    return '';
  } catch (error) {
    return ` (it is not JSON: ${reasonOf(error)})`;
  }
}

/** The lines of one mistake that the schema found: key, value, what is allowed. */
export function issueLines(issue: z.core.$ZodIssue): readonly string[] {
  const key = keyOf(issue.path);
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${key}: this name ${message}`);
  if (issue.code !== 'unrecognized_keys') {
    if (issue.input === undefined) return [`${key}: ${issue.message.replace(/^is not allowed/, 'is missing')}`];
    return [`${key}: ${shown(issue.input)} ${issue.message}${brokenJson(issue.input)}`];
  }
  const messages = issue.message.split('\n');
  return issue.keys.map((name, index) => `${keyOf([...issue.path, name])}: ${messages[index] ?? 'is no key'}`);
}
