import { IMPACTS, type Impact, isKnownOperation, OPERATIONS, VERBS, verbOf } from '../../shared/operations.ts';

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
 * and not at the parameters, and so tells rather one call too many: what the card of a call says is always among these.
 */
export const impactsByName = (name: string): readonly Impact[] => [effectOfVerb(name), ...ownEffects(name)];

/** Whether a rule that asks for these effects tells an operation. */
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
