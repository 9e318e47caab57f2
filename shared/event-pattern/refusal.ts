import type { CompiledPattern, Field } from './compile-pattern.ts';
import type { Leaf } from './field-tree.ts';
import { subjectOf } from './subject.ts';

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
  /** How many fields hold: the alternative that came closest tells most. */
  readonly held: number;
}

function failureOf(fields: readonly Field[], found: readonly (readonly Leaf[] | undefined)[]): Failure {
  const failing = fields.filter((field) => !holdsAlone(field, found[field.slot] ?? []));
  const path = (failing[0] ?? fields.at(-1))?.path ?? '';
  return { field: failing[0], path, held: fields.length - failing.length };
}

/** Says of an event that did not match which field of the pattern refuses it, and what it wants instead. */
export function explainRefusal(
  { alternatives }: CompiledPattern,
  found: readonly (readonly Leaf[] | undefined)[],
): Refusal {
  const failures = alternatives.map((fields) => failureOf(fields, found));
  const closest = failures.reduce((best, failure) => (failure.held > best.held ? failure : best));
  const { field, path } = closest;
  if (field === undefined) {
    return { matched: false, path, reason: `${path}: no element of the list holds every value that the pattern wants` };
  }
  return { matched: false, path, reason: `${path} ${is(found[field.slot] ?? [])}, the pattern wants ${wants(field)}` };
}
