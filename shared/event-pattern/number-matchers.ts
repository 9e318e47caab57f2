import { incomparable, isComparable } from './comparable-number.ts';
import { refuse } from './invalid-event-pattern.ts';
import type { Matcher } from './matcher.ts';
import { exactLiteral } from './text-matchers.ts';

/** `1`, `1.0` and `1e0` are equal. A number too large or too fine to be compared equals its own text only. */
export function exactNumber(wanted: number): Matcher {
  const text = String(wanted);
  if (!isComparable(wanted)) return exactLiteral(text);
  return { matches: (subject) => subject.number === wanted, reading: 'number', words: text };
}

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
};

interface Comparison {
  readonly operator: string;
  readonly bound: number;
  readonly holds: (value: number) => boolean;
}

function comparison(operator: unknown, bound: unknown, path: string): Comparison {
  if (typeof operator !== 'string') refuse(`Invalid member in numeric match: ${JSON.stringify(operator) ?? ']'}`, path);
  const compare = Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined;
  if (compare === undefined) refuse(`Unrecognized numeric range operator: ${operator}`, path);
  if (typeof bound !== 'number') refuse(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`, path);
  const fault = incomparable(bound);
  if (fault !== undefined) refuse(fault, path);
  return { operator, bound, holds: (value) => compare(value, bound) };
}

/** The limits that a one-sided comparison leaves to the engine: `< -5e9` and `> 5e9` are empty, hence refused. */
function limits({ operator, bound }: Comparison): readonly [bottom: number, top: number] {
  if (operator === '=') return [-Infinity, Infinity];
  return operator.startsWith('<') ? [-5e9, bound] : [bound, 5e9];
}

function upperBound(lower: Comparison, [operator, bound, ...more]: readonly unknown[], path: string): Comparison {
  if (!lower.operator.startsWith('>')) refuse('Too many elements in numeric expression', path);
  if (typeof operator !== 'string') refuse(`Bad value in numeric range: ${JSON.stringify(operator)}`, path);
  if (operator !== '<' && operator !== '<=') refuse(`Bad numeric range operator: ${operator}`, path);
  if (more.length > 0) refuse('Too many terms in numeric range expression', path);
  return comparison(operator, bound, path);
}

const spell = ({ operator, bound }: Comparison): string => `${operator} ${bound}`;

/** One comparison, or `>`/`>=` followed by `<`/`<=` with the bottom below the top. Holds for JSON numbers only. */
export function numeric(terms: unknown, path: string): Matcher {
  if (!Array.isArray(terms)) refuse('Value of numeric must be an array.', path);
  const [operator, bound, ...more]: readonly unknown[] = terms;
  const first = comparison(operator, bound, path);
  const second = more.length === 0 ? undefined : upperBound(first, more, path);
  const [bottom, top] = second === undefined ? limits(first) : [first.bound, second.bound];
  if (bottom >= top) refuse('Bottom must be less than top', path);
  return {
    matches: ({ number }) => number !== undefined && first.holds(number) && (second?.holds(number) ?? true),
    reading: 'number',
    words: `a number ${spell(first)}${second === undefined ? '' : ` and ${spell(second)}`}`,
  };
}
