import { readAlternatives } from './alternatives.ts';
import { type FieldTree, fieldTree } from './field-tree.ts';
import { InvalidEventPatternException } from './invalid-event-pattern.ts';
import type { Matcher, Reading } from './matcher.ts';
import type { ValueList } from './value-list.ts';

/** One path of one alternative. */
export interface Field {
  readonly path: string;
  /** Where the leaves of the path are found. */
  readonly slot: number;
  readonly matchers: readonly Matcher[];
  readonly mayBeAbsent: boolean;
  readonly reading: Reading;
}

/** A pattern that is valid and ready to be matched many times. */
export interface CompiledPattern {
  /** The fields of each alternative in the order in which the engine visits them. */
  readonly alternatives: readonly (readonly Field[])[];
  readonly tree: FieldTree;
  readonly slots: number;
}

const byCodeUnit = ([left]: readonly [string, ...unknown[]], [right]: readonly [string, ...unknown[]]): number =>
  left < right ? -1 : Number(left > right);

/** Numbers win over addresses: the engine asks for them first. */
const strongest = (left: Reading, right: Reading): Reading =>
  [left, right].includes('number') ? 'number' : [left, right].includes('address') ? 'address' : 'text';

/** Alternatives that begin alike share the engine's machine of the next field, and with it how its values are read. */
function sharedReadings(alternatives: readonly (readonly [string, ValueList][])[]): ReadonlyMap<string, Reading> {
  const readings = new Map<string, Reading>();
  for (const fields of alternatives) {
    let machine = '';
    for (const [path, { matchers, json }] of fields) {
      machine += `${path}\n`;
      const reading = matchers.map((matcher) => matcher.reading).reduce(strongest, readings.get(machine) ?? 'text');
      readings.set(machine, reading);
      machine += `${json}\n`;
    }
  }
  return readings;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidEventPatternException('Filter is not valid JSON', '', { cause });
  }
}

/**
 * Reads an event pattern as EventBridge does, from an object or from its JSON text.
 *
 * @throws InvalidEventPatternException for what EventBridge refuses, with the place.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export function compilePattern(pattern: unknown): CompiledPattern {
  const alternatives = readAlternatives(typeof pattern === 'string' ? parse(pattern) : pattern).map((alternative) =>
    [...alternative].sort(byCodeUnit),
  );
  const paths = [...new Set(alternatives.flatMap((fields) => fields.map(([path]) => path)))];
  const slotOf = new Map(paths.map((path, slot) => [path, slot]));
  const readings = sharedReadings(alternatives);

  return {
    alternatives: alternatives.map((fields) => {
      let machine = '';
      return fields.map(([path, { matchers, mayBeAbsent, json }]) => {
        machine += `${path}\n`;
        const reading = readings.get(machine) ?? 'text';
        machine += `${json}\n`;
        return { path, slot: slotOf.get(path) ?? 0, matchers, mayBeAbsent, reading };
      });
    }),
    tree: fieldTree(paths),
    slots: paths.length,
  };
}
