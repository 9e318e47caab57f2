import { READ_ONLY_PREFIXES, statedReadOnly } from '../../shared/call/classify-call.ts';
import {
  type Access,
  IMPACTS,
  type Impact,
  isKnownOperation,
  OPERATIONS,
  VERBS,
  verbOf,
  verbsThat,
} from '../../shared/call/operations.ts';
import type { Clause, PatternValues } from './clause.ts';

/**
 * What a rule can ask for. `on-air` is everything that touches the signal: `off-air`, `signal-changed` and `put-on-air`.
 * An operation newer than the table whose verb says nothing more is a `change`; rules for new operations alone are
 * written `resources: ["unrecognized"]`.
 */
export const RULE_IMPACTS = [
  'on-air',
  'off-air',
  'signal-changed',
  'put-on-air',
  'access',
  'purchase',
  'deletion',
  'change',
  'none',
] as const satisfies readonly (Impact | 'on-air')[];

export type RuleImpact = (typeof RULE_IMPACTS)[number];

const SIGNAL: readonly Impact[] = ['off-air', 'signal-changed', 'put-on-air'];

/** The effects that a rule asks for, those of `on-air` one by one. */
const effectsOf = (words: readonly RuleImpact[]): ReadonlySet<Impact> =>
  new Set(words.flatMap((word) => (word === 'on-air' ? SIGNAL : [word])));

const EVERY_CHANGE: readonly Impact[] = IMPACTS.filter((impact) => impact !== 'none' && impact !== 'unknown');

/** Whether a rule asks for every call that changes something. */
export const hasEveryChange = (words: readonly RuleImpact[]): boolean => {
  const effects = effectsOf(words);
  return EVERY_CHANGE.every((impact) => effects.has(impact));
};

const effectOfVerb = (name: string): Impact => verbOf(name)?.impact ?? 'change';
const ownEffects = (name: string): readonly Impact[] => (isKnownOperation(name) ? OPERATIONS[name].impacts : []);

/**
 * Every effect that an operation can have, by its verb and by what the table says of it. A rule looks at the operation
 * and not at the parameters, and so reports rather one call too many: what the card of a call says is always among these.
 */
const impactsByName = (name: string): readonly Impact[] => [effectOfVerb(name), ...ownEffects(name)];

/** Whether a rule that asks for these effects reports an operation. */
export function impactMeans(words: readonly RuleImpact[], name: string): boolean {
  const effects = effectsOf(words);
  return impactsByName(name).some((impact) => effects.has(impact));
}

const NAMES = Object.keys(OPERATIONS);

/** `impactMeans` of every name, as one list of a pattern. */
export function impactMatchers(words: readonly RuleImpact[]): readonly unknown[] {
  const effects = effectsOf(words);
  const [asked, others] = [true, false].map((wanted) =>
    Object.entries(VERBS).flatMap(([verb, { impact }]) => (effects.has(impact) === wanted ? [verb] : [])),
  );
  const byTable = NAMES.filter(
    (name) => !effects.has(effectOfVerb(name)) && ownEffects(name).some((impact) => effects.has(impact)),
  );
  if (!effects.has('change')) return [...(asked ?? []).map((prefix) => ({ prefix })), ...byTable];
  if (others === undefined || others.length === 0) return [{ exists: true }];
  return [{ 'anything-but': { prefix: others } }, ...byTable];
}

/** How the names of the operations begin that change something. No name of a read begins so. */
const MUTATING_PREFIXES = verbsThat(({ access }) => access === 'mutating');

/** How the names of the calls begin that machines make of themselves. They go with the reads, whatever `readOnly` says. */
const MACHINE_PREFIXES = verbsThat(({ isMachine }) => isMachine === true);

/** What a name says by itself, also one that is newer than the table; `undefined` for a verb of its own. */
export const accessByName = (name: string): Access | undefined => verbOf(name)?.access;

/**
 * Whether a rule for calls of this access reports a call. Where CloudTrail's `readOnly` contradicts the name, rules of
 * either access report it: reported twice over is better than lost. A new verb is believed what `readOnly` says of it, and
 * is a change if that says nothing.
 */
export function countsAs(access: Access, name: string, readOnly: unknown): boolean {
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

/** `countsAs` of every name, as a pattern says it. */
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
