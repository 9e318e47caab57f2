import { refuse } from './invalid-event-pattern.ts';
import { isJsonObject } from './json-object.ts';
import { compileValueList, type ValueList } from './value-list.ts';

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
export function readAlternatives(pattern: unknown): readonly Alternative[] {
  if (!isJsonObject(pattern)) refuse('Filter is not an object', '');
  return readObject([new Map()], pattern, { path: '', steps: 0, insideOr: false });
}
