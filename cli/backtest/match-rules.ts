import type { JsonObject } from '../../shared/call/json.ts';
import { type FieldTree, fieldTree } from '../../shared/eventbridge/field-tree.ts';
import { type DeployedRule, deployRule, isRoutedBy } from '../../shared/eventbridge/rule.ts';
import type { Envelope } from '../input/envelope.ts';
import type { Matching, ScanRequest } from './scan-part.ts';

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
function hasPlainNames({ plainNames }: Step, object: JsonObject): boolean {
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
    return !Array.isArray(value) && step.slot === undefined && readObject(step, value as JsonObject, values);
  }
  if (step.slot !== undefined) values[step.slot] = value as Scalar;
  // What every object inherits is no value of the event.
  return typeof value !== 'function';
}

function readObject(step: Step, object: JsonObject, values: Scalar[]): boolean {
  if (step.goesOn && !hasPlainNames(step, object)) return false;
  for (const [name, child] of step.children) if (!readValue(child, object[name], values)) return false;
  return true;
}

/**
 * Reads the values at the paths of patterns, in the order of the paths, much quicker than a walk over the event.
 * The function made answers with one list that it uses again, or with `undefined` where lists or dots in names make
 * it hard to say.
 */
function createFieldValues(
  paths: readonly string[],
): (event: JsonObject) => readonly (string | number | boolean | null | undefined)[] | undefined {
  const root = stepOf(fieldTree(paths));
  const values: Scalar[] = paths.map(() => undefined);
  return (event) => {
    values.fill(undefined);
    return readObject(root, event, values) ? values : undefined;
  };
}

/** Answers with the same object for the same rules. */
export type MatchRules = (envelope: Envelope) => Matching;

/** What decides a rule's state, whatever its pattern asks. */
const STATE_PATHS = ['readOnly', 'eventName', 'managementEvent', 'eventCategory'].map((name) => `detail.${name}`);
const MOST_REMEMBERED = 20_000;

const pathsOf = ({ compiled }: DeployedRule): readonly string[] =>
  compiled.alternatives.flatMap((fields) => fields.map(({ path }) => path));

/** What follows a value of one field: the next field's values, and at last the answer. */
interface Level {
  readonly next: Map<unknown, Level>;
  /** The value that came last; many fields have but one. */
  last: unknown;
  lastNext: Level | undefined;
  matching: Matching | undefined;
}

const aLevel = (): Level => ({ next: new Map(), last: undefined, lastNext: undefined, matching: undefined });

function nextLevel(level: Level, value: unknown): Level {
  if (level.lastNext !== undefined && level.last === value) return level.lastNext;
  const known = level.next.get(value);
  const next = known ?? aLevel();
  if (known === undefined) level.next.set(value, next);
  level.last = value;
  level.lastNext = next;
  return next;
}

function levelOf(root: Level, values: readonly unknown[]): Level {
  let level = root;
  for (let index = 0; index < values.length; index++) level = nextLevel(level, values[index]);
  return level;
}

/** One object for all that are equal, so that they are told apart at a glance. */
function createOneOfEach(): (matching: Matching) => Matching {
  const made = new Map<string, Matching>();
  return (matching) => {
    const key = JSON.stringify(matching);
    const before = made.get(key) ?? matching;
    made.set(key, before);
    return before;
  };
}

const MOST_REGIONS = 1000;

/** A set's rules are only where its context deploys a stack. A call that does not say its region is given the doubt. */
function whereDeployed(regions: NonNullable<ScanRequest['regions']>, matchRules: MatchRules): MatchRules {
  const byRegion = new Map<string, Map<Matching, Matching>>();
  const restrict = (matching: Matching, region: string): Matching =>
    matching.map((indices, set) => (regions[set]?.includes(region) === false ? [] : indices));
  const restricted = (region: string): Map<Matching, Matching> => {
    if (byRegion.size >= MOST_REGIONS) byRegion.clear();
    const known = byRegion.get(region) ?? new Map<Matching, Matching>();
    byRegion.set(region, known);
    return known;
  };
  return (envelope) => {
    const matching = matchRules(envelope);
    const { region } = envelope;
    if (typeof region !== 'string' || region === '') return matching;
    const known = restricted(region);
    const before = known.get(matching);
    if (before !== undefined) return before;
    const here = restrict(matching, region);
    known.set(matching, here);
    return here;
  };
}

/**
 * Asks the rules of every set, each as EventBridge would. Calls repeat: those that agree in every field that any
 * rule looks at are asked about once.
 */
export function createMatchRules(ruleSets: ScanRequest['ruleSets'], regions: ScanRequest['regions'] = []): MatchRules {
  const deployed = ruleSets.map((rules) => rules.map(deployRule));
  const valuesOf = createFieldValues([
    ...new Set(['detail-type', ...STATE_PATHS, ...deployed.flat().flatMap(pathsOf)]),
  ]);
  const oneOf = createOneOfEach();
  const ask = (envelope: Envelope): Matching =>
    oneOf(deployed.map((rules) => rules.flatMap((rule, index) => (isRoutedBy(rule, envelope) ? [index] : []))));
  let root = aLevel();
  let remembered = 0;

  return whereDeployed(regions, (envelope) => {
    const values = valuesOf(envelope);
    if (values === undefined) return ask(envelope);
    const level = levelOf(root, values);
    if (level.matching !== undefined) return level.matching;
    level.matching = ask(envelope);
    remembered += 1;
    if (remembered > MOST_REMEMBERED) {
      root = aLevel();
      remembered = 0;
    }
    return level.matching;
  });
}
