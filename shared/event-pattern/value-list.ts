import { exactAddress } from './address-matchers.ts';
import { refuse } from './invalid-event-pattern.ts';
import { isJsonObject } from './json-object.ts';
import { ABSENT, matchExpression } from './match-expression.ts';
import type { Matcher } from './matcher.ts';
import { exactNumber } from './number-matchers.ts';
import { exactLiteral, exactString } from './text-matchers.ts';

/** What one field may match: any of the matchers, or that it is not there at all. */
export interface ValueList {
  readonly matchers: readonly Matcher[];
  readonly mayBeAbsent: boolean;
  /** The list as it was written; two lists with one text are one to the engine. */
  readonly json: string;
}

function valueMatcher(value: unknown, path: string): Matcher | typeof ABSENT {
  if (typeof value === 'string') return exactAddress(value) ?? exactString(value);
  if (typeof value === 'number') return exactNumber(value);
  if (typeof value === 'boolean' || value === null) return exactLiteral(String(value));
  if (isJsonObject(value)) return matchExpression(value, path);
  return refuse('Match value must be String, number, true, false, or null', path);
}

export function compileValueList(values: readonly unknown[], path: string): ValueList {
  if (values.length === 0) refuse('Empty arrays are not allowed', path);
  const compiled = values.map((value) => valueMatcher(value, path));
  const matchers = compiled.filter((matcher) => matcher !== ABSENT);
  return { matchers, mayBeAbsent: matchers.length < compiled.length, json: JSON.stringify(values) };
}
