import type { CompiledPattern, Field } from './compile-pattern.ts';
import { collectLeaves, type Leaf, type Membership } from './field-tree.ts';
import type { Reading, Subject } from './matcher.ts';
import { addressDigits, isComparable } from './number-operators.ts';

const ofString = (string: string): Subject => ({ string, number: undefined, literal: undefined });
const ofLiteral = (literal: string): Subject => ({ string: undefined, number: undefined, literal });

/** One value of an event as the matchers of a field see it. */
function subjectOf(value: unknown, reading: Reading): Subject {
  if (typeof value === 'string') {
    const digits = reading === 'address' ? addressDigits(value) : undefined;
    return digits === undefined ? ofString(value) : ofLiteral(digits);
  }
  if (reading === 'number' && typeof value === 'number' && isComparable(value)) {
    // `+ 0` because -0 equals 0.
    return { string: undefined, number: value + 0, literal: undefined };
  }
  return ofLiteral(String(value));
}

/** Why an event does not match. */
export interface Refusal {
  readonly matched: false;
  /** Dotted path of the field that refuses it. */
  readonly path: string;
  /** In words, with the path: `detail.eventName is "StopFlow", the pattern wants "StartFlow"`. */
  readonly reason: string;
}

const SHOWN = 3;

function list(words: readonly string[]): string {
  const unique = [...new Set(words)];
  const shown = unique.length > SHOWN + 1 ? [...unique.slice(0, SHOWN), `${unique.length - SHOWN} more`] : unique;
  return shown.join(' or ');
}

const wants = ({ matchers, mayBeAbsent }: Field): string =>
  list([...matchers.map(({ words }) => words), ...(mayBeAbsent ? ['no value at all'] : [])]);

const is = (leaves: readonly Leaf[]): string =>
  leaves.length === 0 ? 'has no value' : `is ${list(leaves.map(({ value }) => JSON.stringify(value)))}`;

const holdsAlone = ({ matchers, mayBeAbsent, reading }: Field, leaves: readonly Leaf[]): boolean =>
  (mayBeAbsent && leaves.length === 0) ||
  leaves.some(({ value }) => matchers.some(({ matches }) => matches(subjectOf(value, reading))));

interface Failure {
  readonly field: Field | undefined;
  readonly path: string;
  /** How many fields hold: the alternative that came closest says most. */
  readonly held: number;
}

function failureOf(fields: readonly Field[], found: readonly (readonly Leaf[] | undefined)[]): Failure {
  const failing = fields.filter((field) => !holdsAlone(field, found[field.slot] ?? []));
  const path = (failing[0] ?? fields.at(-1))?.path ?? '';
  return { field: failing[0], path, held: fields.length - failing.length };
}

/** Says of an event that did not match which field of the pattern refuses it, and what it wants instead. */
function explainRefusal({ alternatives, tree }: CompiledPattern, event: unknown, shown: unknown): Refusal {
  const found = collectLeaves(tree, event);
  const failures = alternatives.map((fields) => failureOf(fields, found));
  const closest = failures.reduce((best, failure) => (failure.held > best.held ? failure : best));
  const { field, path } = closest;
  if (field === undefined) {
    return { matched: false, path, reason: `${path}: no element of the list holds every value that the pattern wants` };
  }
  const shownLeaves = collectLeaves(tree, shown);
  return {
    matched: false,
    path,
    reason: `${path} ${is(shownLeaves[field.slot] ?? [])}, the pattern wants ${wants(field)}`,
  };
}

export type MatchResult = { readonly matched: true } | Refusal;

/** Which element was taken of each array so far. */
type Taken = ReadonlyMap<number, number>;

const NOTHING_TAKEN: Taken = new Map();

function isConsistent(taken: Taken, membership: Membership | undefined): boolean {
  for (let at = membership; at !== undefined; at = at.outer) {
    const index = taken.get(at.array);
    if (index !== undefined && index !== at.index) return false;
  }
  return true;
}

function take(taken: Taken, membership: Membership | undefined): Taken {
  if (membership === undefined) return taken;
  const more = new Map(taken);
  for (let at: Membership | undefined = membership; at !== undefined; at = at.outer) more.set(at.array, at.index);
  return more;
}

const matches = ({ matchers, reading }: Field, { value }: Leaf): boolean => {
  const subject = subjectOf(value, reading);
  for (const matcher of matchers) if (matcher.matches(subject)) return true;
  return false;
};

/** The leaves that the field's list matches by themselves; of several in one place, one is enough. */
function matchingLeaves(field: Field, leaves: readonly Leaf[]): readonly Leaf[] {
  // Nearly every field has one value.
  if (leaves.length === 1 && leaves[0] !== undefined) return matches(field, leaves[0]) ? leaves : [];
  const places = new Set<Membership | undefined>();
  return leaves.filter((leaf) => {
    if (places.has(leaf.membership) || !matches(field, leaf)) return false;
    places.add(leaf.membership);
    return true;
  });
}

/** What an event has for a pattern. Alternatives share most of their fields, so each list is asked once. */
interface Found {
  readonly leaves: readonly (readonly Leaf[] | undefined)[];
  readonly matching: (readonly Leaf[] | undefined)[];
}

function matchingOf(field: Field, { leaves, matching }: Found): readonly Leaf[] {
  const known = matching[field.list];
  if (known !== undefined) return known;
  const asked = matchingLeaves(field, leaves[field.slot] ?? []);
  matching[field.list] = asked;
  return asked;
}

/** Goes through the fields in order, back and forth over the elements of arrays, until all agree on them. */
function search(fields: readonly Field[], found: Found, position: number, taken: Taken): boolean {
  const field = fields[position];
  if (field === undefined) return true;
  for (const { membership } of matchingOf(field, found)) {
    if (!isConsistent(taken, membership)) continue;
    if (search(fields, found, position + 1, take(taken, membership))) return true;
  }
  const isThere = (leaf: Leaf): boolean => isConsistent(taken, leaf.membership);
  const absent = field.mayBeAbsent && !found.leaves[field.slot]?.some(isThere);
  return absent && search(fields, found, position + 1, taken);
}

function matchesAlternative(fields: readonly Field[], found: Found): boolean {
  for (const field of fields) if (!field.mayBeAbsent && matchingOf(field, found).length === 0) return false;
  return search(fields, found, 0, NOTHING_TAKEN);
}

/** Whether the event matches, for those who do not ask why not. */
export function isMatch({ alternatives, tree }: CompiledPattern, event: unknown): boolean {
  const found: Found = { leaves: collectLeaves(tree, event), matching: [] };
  for (const fields of alternatives) if (matchesAlternative(fields, found)) return true;
  return false;
}

/**
 * Whether the event matches as on EventBridge; if not, which field of the pattern refuses it and why.
 *
 * @param shown the event as a reason may quote it; asked for where one is given
 */
export function matchPattern(
  pattern: CompiledPattern,
  event: unknown,
  shown: () => unknown = () => event,
): MatchResult {
  return isMatch(pattern, event) ? { matched: true } : explainRefusal(pattern, event, shown());
}
