import { READ_ONLY_PREFIXES } from '../../shared/classify-call.ts';
import { type Impact, OPERATIONS } from '../../shared/operations.ts';

/** Verbs that take signal off air or put it on, whatever they act on. */
const ON_AIR_VERBS = ['Delete', 'Remove', 'Restart', 'Revoke', 'Start', 'Stop', 'Take'] as const;

const beginsWithAny = (name: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => name.startsWith(prefix));

/** The prefixes, and every known operation of the impact that begins with none of them. */
function withKnown(impact: Impact, prefixes: readonly string[]): readonly string[] {
  const known = Object.entries(OPERATIONS).filter(([, operation]) => operation.impact === impact);
  const further = known.map(([name]) => name).filter((name) => !beginsWithAny(name, prefixes));
  // One that begins with another needs no mention.
  return [
    ...prefixes,
    ...further.filter(
      (name) =>
        !beginsWithAny(
          name,
          further.filter((other) => other !== name),
        ),
    ),
  ];
}

/**
 * How the names of each impact begin. What begins with none of them is a `change`. So every name has one impact, also
 * the name of an operation newer than the table: it has that of the known one that it begins with.
 */
export const IMPACT_PREFIXES: Readonly<Record<Exclude<Impact, 'change'>, readonly string[]>> = {
  'on-air': withKnown('on-air', [...ON_AIR_VERBS, ...ON_AIR_VERBS.map((verb) => `Managed${verb}`)]),
  access: withKnown('access', []),
  none: READ_ONLY_PREFIXES,
};

const DECIDED = ['on-air', 'access', 'none'] as const;

export const impactByName = (name: string): Impact =>
  DECIDED.find((impact) => beginsWithAny(name, IMPACT_PREFIXES[impact])) ?? 'change';

/** `impactByName` is one of these, as one list of a pattern. */
export function impactMatchers(impacts: readonly Impact[]): readonly unknown[] {
  if (!impacts.includes('change')) {
    return DECIDED.filter((impact) => impacts.includes(impact)).flatMap((impact) =>
      IMPACT_PREFIXES[impact].map((prefix) => ({ prefix })),
    );
  }
  const others = DECIDED.filter((impact) => !impacts.includes(impact)).flatMap((impact) => IMPACT_PREFIXES[impact]);
  return others.length === 0 ? [{ exists: true }] : [{ 'anything-but': { prefix: others } }];
}
