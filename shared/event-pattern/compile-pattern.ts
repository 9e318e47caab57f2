import { readAlternatives } from './alternatives.ts';
import { type FieldTree, fieldTree } from './field-tree.ts';
import { InvalidEventPatternException } from './invalid-event-pattern.ts';
import { machinesOf } from './machine.ts';
import type { Matcher, Reading } from './matcher.ts';

/** One path of one alternative. */
export interface Field {
  readonly path: string;
  /** Where the leaves of the path are found. */
  readonly slot: number;
  /** Fields of several alternatives with one number have the same path and the same list. */
  readonly list: number;
  readonly matchers: readonly Matcher[];
  readonly mayBeAbsent: boolean;
  readonly reading: Reading;
}

/** A pattern that is valid and ready to be matched many times. */
export interface CompiledPattern {
  /** The fields of each alternative in the order in which the engine visits them. */
  readonly alternatives: readonly (readonly Field[])[];
  readonly tree: FieldTree;
  /** The wildcards of each field as literal runs. */
  readonly wildcards: readonly { readonly path: string; readonly runs: readonly (readonly string[])[] }[];
}

const byCodeUnit = ([left]: readonly [string, ...unknown[]], [right]: readonly [string, ...unknown[]]): number =>
  left < right ? -1 : Number(left > right);

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
  const machines = machinesOf(alternatives);
  const lists = new Map<string, number>();
  const listOf = (key: string): number => {
    const list = lists.get(key) ?? lists.size;
    lists.set(key, list);
    return list;
  };

  return {
    alternatives: alternatives.map((fields, alternative) =>
      fields.map(([path, { matchers, mayBeAbsent, json }], position) => {
        const reading = machines[alternative]?.[position]?.reading ?? 'text';
        const list = listOf(`${path}\n${reading}\n${json}`);
        return { path, slot: slotOf.get(path) ?? 0, list, matchers, mayBeAbsent, reading };
      }),
    ),
    tree: fieldTree(paths),
    wildcards: [...new Set(machines.flat())]
      .filter(({ wildcards }) => wildcards.size > 0)
      .map(({ path, wildcards }) => ({ path, runs: [...wildcards.values()] })),
  };
}
