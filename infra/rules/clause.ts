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

/** A name, or one with `*` for any text, as people write it in a rule. */
export const hasGlob = (glob: string): boolean => glob.includes('*');

/** The literal text before the first `*`. */
export const literalStart = (glob: string): string => glob.split('*', 1)[0] ?? '';

export function globMatches(glob: string, text: string): boolean {
  const expression = glob.split(/\*+/).map((run) => run.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${expression.join('[^]*')}$`).test(text);
}

/** A `wildcard` of EventBridge that matches what the glob does; in a glob nothing but `*` is special. */
const globWildcard = (glob: string): string => glob.replace(/\\/g, '\\\\').replace(/\*+/g, '*');

/**
 * The glob as one entry of a field's list. `wildcard` only where nothing simpler says it: EventBridge takes few rules
 * with wildcards.
 */
export function globMatcher(glob: string): unknown {
  const [start = '', end, ...more] = glob.split(/\*+/);
  if (end === undefined) return glob;
  if (more.length > 0 || (start !== '' && end !== '')) return { wildcard: globWildcard(glob) };
  return end === '' ? { prefix: start } : { suffix: end };
}

/** The forms of `anything-but` that take a list; the first that can say all the globs. */
const REFUSALS = [
  { fits: /^[^*]*$/, strip: (glob: string) => glob, refuse: (texts: readonly string[]) => texts },
  {
    fits: /^[^*]+\*+$/,
    strip: (glob: string) => glob.replace(/\*+$/, ''),
    refuse: (texts: readonly string[]) => ({ prefix: texts }),
  },
  {
    fits: /^\*+[^*]+$/,
    strip: (glob: string) => glob.replace(/^\*+/, ''),
    refuse: (texts: readonly string[]) => ({ suffix: texts }),
  },
  { fits: /^/, strip: globWildcard, refuse: (texts: readonly string[]) => ({ wildcard: texts }) },
] as const;

/** One entry of a field's list that holds for whatever none of the globs matches. It takes one form for all of them. */
export function noGlobMatcher(globs: readonly string[]): unknown {
  const form = REFUSALS.find(({ fits }) => globs.every((glob) => fits.test(glob)));
  return { 'anything-but': form?.refuse(globs.map(form.strip)) };
}
