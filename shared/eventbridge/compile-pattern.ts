import { type FieldTree, fieldTree } from './field-tree.ts';
import { InvalidEventPatternException, isJsonObject, type Matcher, type Reading, refuse } from './matcher.ts';
import { exactAddress, exactNumber } from './number-operators.ts';
import { ABSENT, matchExpression } from './operators.ts';
import { exactLiteral, exactString } from './text-operators.ts';

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

function compileValueList(values: readonly unknown[], path: string): ValueList {
  if (values.length === 0) refuse('Empty arrays are not allowed', path);
  const compiled = values.map((value) => valueMatcher(value, path));
  const matchers = compiled.filter((matcher) => matcher !== ABSENT);
  return { matchers, mayBeAbsent: matchers.length < compiled.length, json: JSON.stringify(values) };
}

/** One way to match: every path must match its list. `$or` makes several of one pattern. */
export type Alternative = Map<string, ValueList>;

const MAX_ALTERNATIVES = 1000;

/** Names that the engine keeps for itself inside `$or`. Outside they are fields like any other. */
const RESERVED_INSIDE_OR: ReadonlySet<string> = new Set([
  ...['exactly', 'equals-ignore-case', 'prefix', 'suffix', 'anything-but', 'exists', 'wildcard', 'numeric', 'cidr'],
  ...['html', '=', '<', '<=', '>', '>=', 'regex', 'not-wildcard', 'not-equals-ignore-case'],
  ...['date-after', 'date-on-or-after', 'date-before', 'date-on-or-before', 'in-date-range'],
  ...['ip-address-in-range', 'ip-address-not-in-range'],
]);

/** Where the compiler stands in the pattern. */
interface Place {
  readonly path: string;
  readonly steps: number;
  readonly insideOr: boolean;
}

const within = ({ path, steps, insideOr }: Place, step: string): Place => ({
  path: steps === 0 ? step : `${path}.${step}`,
  steps: steps + 1,
  insideOr,
});

function readOr(alternatives: readonly Alternative[], branches: unknown, place: Place): readonly Alternative[] {
  if (!Array.isArray(branches)) refuse('It must be an Array followed with $or.', within(place, '$or').path);
  const forked = branches.flatMap((branch: unknown) => {
    if (!isJsonObject(branch)) {
      return refuse('Only JSON object is allowed in array of $or relationship.', within(place, '$or').path);
    }
    const copies = alternatives.map((alternative) => new Map(alternative));
    return readObject(copies, branch, { ...place, insideOr: true });
  });
  if (branches.length < 2) {
    refuse('There must have at least 2 Objects in $or relationship.', within(place, '$or').path);
  }
  if (forked.length > MAX_ALTERNATIVES) {
    refuse(`Rule is too complex - $or makes more than ${MAX_ALTERNATIVES} combinations`, within(place, '$or').path);
  }
  return forked;
}

function readField(alternatives: readonly Alternative[], value: unknown, place: Place): readonly Alternative[] {
  if (isJsonObject(value)) return readObject(alternatives, value, place);
  if (!Array.isArray(value)) refuse(`"${place.path.split('.').at(-1)}" must be an object or an array`, place.path);
  const list = compileValueList(value, place.path);
  // A path that is written again replaces what stood there.
  for (const alternative of alternatives) alternative.set(place.path, list);
  return alternatives;
}

/** Goes through the fields in document order: what stands before a `$or` is in each of its branches. */
function readObject(
  before: readonly Alternative[],
  pattern: Readonly<Record<string, unknown>>,
  place: Place,
): readonly Alternative[] {
  const fields = Object.entries(pattern);
  if (fields.length === 0) refuse('Empty objects are not allowed', place.path);
  return fields.reduce((alternatives, [name, value]) => {
    if (name === '$or') return readOr(alternatives, value, place);
    if (place.insideOr && RESERVED_INSIDE_OR.has(name)) {
      refuse(`${name} is Ruler reserved fieldName which cannot be used inside $or.`, within(place, name).path);
    }
    return readField(alternatives, value, within(place, name));
  }, before);
}

/** Every way in which an event can match the pattern. */
function readAlternatives(pattern: unknown): readonly Alternative[] {
  if (!isJsonObject(pattern)) refuse('Filter is not an object', '');
  return readObject([new Map()], pattern, { path: '', steps: 0, insideOr: false });
}

/** Numbers win over addresses: the engine asks for them first. */
const strongest = (left: Reading, right: Reading): Reading =>
  [left, right].includes('number') ? 'number' : [left, right].includes('address') ? 'address' : 'text';

/** What the engine keeps for one field: alternatives that begin alike share it, and with it how values are read. */
export interface Machine {
  readonly path: string;
  reading: Reading;
  readonly wildcards: Map<string, readonly string[]>;
}

function addTo(machine: Machine, { matchers }: ValueList): void {
  for (const { reading, wildcards = [] } of matchers) {
    machine.reading = strongest(machine.reading, reading);
    for (const runs of wildcards) machine.wildcards.set(runs.join('*'), runs);
  }
}

/** The machine of every field of every alternative. */
function machinesOf(alternatives: readonly (readonly [string, ValueList][])[]): readonly (readonly Machine[])[] {
  const machines = new Map<string, Machine>();
  return alternatives.map((fields) => {
    let begin = '';
    return fields.map(([path, list]) => {
      const key = `${begin}${path}`;
      const machine = machines.get(key) ?? { path, reading: 'text', wildcards: new Map() };
      machines.set(key, machine);
      addTo(machine, list);
      begin = `${key}\n${list.json}\n`;
      return machine;
    });
  });
}

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
