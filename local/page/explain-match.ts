import { isObject, type JsonObject } from '../../shared/call/json.ts';
import { compilePattern } from '../../shared/eventbridge/compile-pattern.ts';
import { matchPattern } from '../../shared/eventbridge/match-pattern.ts';
import type { Condition } from './page-protocol.ts';

/** What an event has at a path. Arrays on the way are looked into, as EventBridge does. */
function valueAt(event: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return event;
  if (Array.isArray(event)) return event.map((item) => valueAt(item, [key, ...rest]));
  return isObject(event) && Object.hasOwn(event, key) ? valueAt(event[key], rest) : undefined;
}

const nest = (path: readonly string[], leaf: unknown): unknown =>
  path.reduceRight((inside, key) => ({ [key]: inside }), leaf);

const holds = (path: readonly string[], wanted: unknown, event: unknown): boolean =>
  matchPattern(compilePattern(nest(path, wanted)), event).matched;

/** More alternatives than these hide the one that matters. */
const MOST_SHOWN = 3;

/** An event, and what of it may be shown. */
interface Looked {
  readonly event: unknown;
  readonly shown: unknown;
}

function conditionOf(path: readonly string[], alternatives: readonly unknown[], { event, shown }: Looked): Condition {
  const met = alternatives.filter((alternative) => holds(path, [alternative], event));
  const notifying = met.length > 0 ? met : alternatives;
  const wanted = (alternatives.length > MOST_SHOWN ? notifying : alternatives).slice(0, MOST_SHOWN);
  return {
    path: path.join('.'),
    wanted,
    others: alternatives.length - wanted.length,
    found: valueAt(shown, path),
    holds: met.length > 0,
  };
}

function conditionsOf(pattern: JsonObject, looked: Looked, above: readonly string[]): Condition[] {
  return Object.entries(pattern).flatMap(([key, wanted]): Condition[] => {
    if (key === '$or' && Array.isArray(wanted)) {
      return wanted.filter(isObject).flatMap((branch) => conditionsOf(branch, looked, above));
    }
    const path = [...above, key];
    if (isObject(wanted)) return conditionsOf(wanted, looked, path);
    return [conditionOf(path, Array.isArray(wanted) ? wanted : [wanted], looked)];
  });
}

/**
 * A rule's pattern taken apart: each condition beside what the event has there.
 *
 * @param shown the event as it may be shown
 */
export const explainMatch = (pattern: JsonObject, event: unknown, shown: unknown = event): readonly Condition[] =>
  conditionsOf(pattern, { event, shown }, []);
