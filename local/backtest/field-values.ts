import { type FieldTree, fieldTree } from '../../shared/event-pattern/field-tree.ts';

type Json = Readonly<Record<string, unknown>>;
type Scalar = string | number | boolean | null | undefined;

/** A step of the paths that are read. */
interface Step {
  readonly slot: number | undefined;
  readonly children: readonly (readonly [name: string, step: Step])[];
  /** Whether a name with a dot could be several steps of a path. */
  readonly goesOn: boolean;
  /** Names of objects that were found here, all without a dot, by how many there are. */
  readonly plainNames: (readonly string[] | undefined)[];
}

const stepOf = ({ slot, children }: FieldTree): Step => ({
  slot,
  children: [...children].map(([name, child]) => [name, stepOf(child)]),
  goesOn: [...children.values()].some((child) => child.children.size > 0),
  plainNames: [],
});

function areSame(left: readonly string[], right: readonly string[]): boolean {
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}

/** A name with a dot is several steps at once to a pattern. Most objects have the names of one before. */
function hasPlainNames({ plainNames }: Step, object: Json): boolean {
  const names = Object.keys(object);
  const before = plainNames[names.length];
  if (before !== undefined && areSame(names, before)) return true;
  if (names.some((name) => name.includes('.'))) return false;
  plainNames[names.length] = names;
  return true;
}

/** Whether a value is plain or missing, or an object of which that is all that is asked for. */
function readValue(step: Step, value: unknown, values: Scalar[]): boolean {
  if (typeof value === 'object' && value !== null) {
    return !Array.isArray(value) && step.slot === undefined && readObject(step, value as Json, values);
  }
  if (step.slot !== undefined) values[step.slot] = value as Scalar;
  // What every object inherits is no value of the event.
  return typeof value !== 'function';
}

function readObject(step: Step, object: Json, values: Scalar[]): boolean {
  if (step.goesOn && !hasPlainNames(step, object)) return false;
  for (const [name, child] of step.children) if (!readValue(child, object[name], values)) return false;
  return true;
}

/**
 * Reads the values at the paths of patterns, in the order of the paths, much quicker than a walk over the event.
 * The function made answers with one list that it uses again, or with `undefined` where lists or dots in names make
 * it hard to say.
 */
export function createFieldValues(
  paths: readonly string[],
): (event: Json) => readonly (string | number | boolean | null | undefined)[] | undefined {
  const root = stepOf(fieldTree(paths));
  const values: Scalar[] = paths.map(() => undefined);
  return (event) => {
    values.fill(undefined);
    return readObject(root, event, values) ? values : undefined;
  };
}
