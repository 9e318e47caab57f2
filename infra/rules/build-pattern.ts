import type { Clause } from './pattern-parts.ts';

/** An event pattern, or a piece of one. */
export type Pattern = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Pattern =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isBranches = (value: unknown): value is readonly Pattern[] => Array.isArray(value) && value.every(isObject);

function mergeMember(name: string, own: unknown, other: unknown): unknown {
  if (own === undefined) return other;
  if (name === '$or' && isBranches(own) && isBranches(other)) {
    return own.flatMap((one) => other.map((another) => mergePatterns(one, another)));
  }
  return isObject(own) && isObject(other) ? mergePatterns(own, other) : other;
}

/** Both patterns in one object. Their paths are disjoint, so nothing is replaced; of two `$or` each branch meets each. */
export function mergePatterns(left: Pattern, right: Pattern): Pattern {
  const members = new Map(Object.entries(left));
  for (const [name, value] of Object.entries(right)) members.set(name, mergeMember(name, members.get(name), value));
  return Object.fromEntries(members);
}

/** `{ 'detail.eventName': […] }` as nested objects, from the place on that is `base`. */
function nest(clause: Clause, base: string): Pattern {
  return Object.entries(clause).reduce<Pattern>((pattern, [path, values]) => {
    const steps = path.slice(base.length).split('.').filter(Boolean);
    return mergePatterns(
      pattern,
      steps.reduceRight<Pattern>((inner, step) => ({ [step]: inner }), values as unknown as Pattern),
    );
  }, {});
}

const within = (base: string, pattern: Pattern): Pattern =>
  base
    .split('.')
    .filter(Boolean)
    .reduceRight<Pattern>((inner, step) => ({ [step]: inner }), pattern);

/** What all the clauses say alike. It is said once beside the alternatives: a pattern has few characters. */
function commonTo([first = {}, ...others]: readonly Clause[]): Clause {
  const isSame = (path: string, values: unknown) =>
    others.every((other) => JSON.stringify(other[path]) === JSON.stringify(values));
  return Object.fromEntries(Object.entries(first).filter(([path, values]) => isSame(path, values)));
}

/**
 * A part as a pattern of its own. Its `$or` stands at `base`, all its paths begin with that: two `$or` in one object
 * would have to be multiplied out, and there are several objects to put them in.
 */
export function partPattern(clauses: readonly Clause[], base: string): Pattern {
  const [only = {}, ...more] = clauses;
  if (more.length === 0) return nest(only, '');
  const common = commonTo(clauses);
  const alternatives = clauses.map((clause) =>
    Object.fromEntries(Object.entries(clause).filter(([path]) => !Object.hasOwn(common, path))),
  );
  const $or = alternatives.map((clause) => nest(clause, base === '' ? '' : `${base}.`));
  return mergePatterns(nest(common, ''), within(base, { $or }));
}
