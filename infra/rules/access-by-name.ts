import { READ_ONLY_PREFIXES, statedReadOnly } from '../../shared/classify-call.ts';
import { type Access, verbOf, verbsThat } from '../../shared/operations.ts';
import type { Clause, PatternValues } from './pattern-parts.ts';

/** How the names of the operations begin that change something. No name of a read begins so. */
export const MUTATING_PREFIXES = verbsThat(({ access }) => access === 'mutating');

/** How the names of the calls begin that machines make of themselves. They go with the reads, whatever `readOnly` says. */
const MACHINE_PREFIXES = verbsThat(({ isMachine }) => isMachine === true);

/** What a name says by itself, also one that is newer than the table; `undefined` for a verb of its own. */
export const accessByName = (name: string): Access | undefined => verbOf(name)?.access;

/**
 * Whether a rule for calls of this access tells a call. Where CloudTrail's `readOnly` contradicts the name, rules of
 * either access tell it: told twice over is better than lost. A new verb is believed what `readOnly` says of it, and
 * is a change if that says nothing.
 */
export function toldAs(access: Access, name: string, readOnly: unknown): boolean {
  if (verbOf(name)?.isMachine) return access === 'read-only';
  const stated = statedReadOnly(readOnly);
  if (stated !== undefined && stated === (access === 'read-only')) return true;
  const byName = accessByName(name);
  if (byName !== undefined) return byName === access;
  // A text that is neither true nor false cannot be told from one that is by a pattern that must let booleans out.
  return access === 'mutating' && (stated === undefined || typeof readOnly === 'string');
}

/** `readOnly` says so, also as the text that some records have. */
export const STATED: Readonly<Record<Access, PatternValues>> = {
  mutating: [false, { 'equals-ignore-case': 'false' }],
  'read-only': [true, { 'equals-ignore-case': 'true' }],
};

const prefixed = (prefixes: readonly string[]): PatternValues => prefixes.map((prefix) => ({ prefix }));

/** `toldAs` of every name, as a pattern says it. */
export const ACCESS_CLAUSES: Readonly<Record<Access, readonly Clause[]>> = {
  mutating: [
    { 'detail.readOnly': STATED.mutating, 'detail.eventName': [{ 'anything-but': { prefix: MACHINE_PREFIXES } }] },
    { 'detail.eventName': prefixed(MUTATING_PREFIXES) },
    {
      'detail.eventName': [{ 'anything-but': { prefix: READ_ONLY_PREFIXES } }],
      'detail.readOnly': [{ exists: false }, null, { prefix: '' }],
    },
  ],
  'read-only': [{ 'detail.readOnly': STATED['read-only'] }, { 'detail.eventName': prefixed(READ_ONLY_PREFIXES) }],
};
