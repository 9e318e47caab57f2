import type { CompiledPattern, Field } from './compile-pattern.ts';
import { collectLeaves, type Leaf, type Membership } from './field-tree.ts';
import { explainRefusal, type Refusal } from './refusal.ts';
import { subjectOf } from './subject.ts';

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

/** The leaves that the field's list matches by themselves; of several in one place, one is enough. */
export function candidates({ matchers, reading }: Field, leaves: readonly Leaf[]): readonly Leaf[] {
  const matching = leaves.filter(({ value }) => {
    const subject = subjectOf(value, reading);
    return matchers.some((matcher) => matcher.matches(subject));
  });
  if (matching.length < 2) return matching;
  return matching.filter(
    ({ membership }, index) => index === matching.findIndex((earlier) => earlier.membership === membership),
  );
}

/** Goes through the fields in order, back and forth over the elements of arrays, until all agree on them. */
function search(
  fields: readonly Field[],
  found: readonly (readonly Leaf[])[],
  choices: readonly (readonly Leaf[])[],
  position: number,
  taken: Taken,
): boolean {
  const field = fields[position];
  if (field === undefined) return true;
  for (const { membership } of choices[position] ?? []) {
    if (!isConsistent(taken, membership)) continue;
    if (search(fields, found, choices, position + 1, take(taken, membership))) return true;
  }
  const absent = field.mayBeAbsent && !found[field.slot]?.some(({ membership }) => isConsistent(taken, membership));
  return absent && search(fields, found, choices, position + 1, taken);
}

function matchesAlternative(fields: readonly Field[], found: readonly (readonly Leaf[])[]): boolean {
  const choices: (readonly Leaf[])[] = [];
  for (const field of fields) {
    const leaves = found[field.slot] ?? [];
    const choice = candidates(field, leaves);
    if (choice.length === 0 && !field.mayBeAbsent) return false;
    choices.push(choice);
  }
  return search(fields, found, choices, 0, NOTHING_TAKEN);
}

/** Whether the event matches, for those who do not ask why not. */
export function isMatch({ alternatives, tree, slots }: CompiledPattern, event: unknown): boolean {
  const found = collectLeaves(tree, event, slots);
  return alternatives.some((fields) => matchesAlternative(fields, found));
}

/** Whether the event matches as on EventBridge; if not, which field of the pattern refuses it and why. */
export function matchPattern(pattern: CompiledPattern, event: unknown): MatchResult {
  if (isMatch(pattern, event)) return { matched: true };
  return explainRefusal(pattern, collectLeaves(pattern.tree, event, pattern.slots));
}
