/** Every dotted path that a piece of an event pattern decides, its `$or` included. */
export function fragmentPaths(fragment: unknown, path: string): readonly string[] {
  if (Array.isArray(fragment)) return [path];
  if (typeof fragment !== 'object' || fragment === null) return [];
  return Object.entries(fragment).flatMap(([name, value]) =>
    name === '$or' && Array.isArray(value)
      ? value.flatMap((branch: unknown) => fragmentPaths(branch, path))
      : fragmentPaths(value, `${path}.${name}`),
  );
}

/**
 * EventBridge's quota for the event pattern of a rule, in characters.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export const MAX_PATTERN_LENGTH = 2048;

/**
 * An event pattern as it is deployed: JSON in a string, not an object. Patterns hold `null`, which CloudFormation takes
 * nowhere in a template, while a string may say it. What is judged by its length, or shown, is this string.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-null-values.html
 */
export const patternText = (pattern: Readonly<Record<string, unknown>>): string => JSON.stringify(pattern);

/** A list of values that a field may have, as an event pattern writes it. */
export type PatternValues = readonly unknown[];

/** Fields of one clause by their dotted path in the event, such as `detail.eventName`. */
export type Clause = Readonly<Record<string, PatternValues>>;

/** Every path that some of the clauses decide. */
export const pathsOf = (clauses: readonly Clause[]): readonly string[] => [...new Set(clauses.flatMap(Object.keys))];
