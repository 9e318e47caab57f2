import { OPERATIONS, type OperationName, verbOf } from '../../shared/operations.ts';
import { RESOURCE_KINDS } from '../../shared/resource-kind.ts';
import type { RuleSettings } from '../notifier-context.ts';
import { hasEveryChange, impactMeans } from './impact-by-name.ts';
import { globMatches } from './name-glob.ts';

/** Which calls a rule is about, before it asks how they ended or who made them. */
export type RuleScope = Pick<RuleSettings, 'access' | 'resources' | 'operations' | 'impact'>;

const hasAll = <T>(list: readonly T[], wanted: readonly T[]): boolean => wanted.every((one) => list.includes(one));

/** Reads have the impact `none` and nothing else has, so access and impact say some things twice. */
function withoutNeedlessImpact({ access, impact, ...scope }: RuleScope): RuleScope {
  if (impact === undefined) return { access, ...scope };
  const reads = impact.includes('none');
  if (access === 'read-only' && reads) return { access, ...scope };
  if (access === 'any' && reads && hasEveryChange(impact)) return { access, ...scope };
  if (access === 'any' && impact.every((one) => one === 'none')) return { access: 'read-only', ...scope };
  if (access !== 'read-only' && hasEveryChange(impact)) return { access: 'mutating', ...scope };
  return { access, impact: access === 'mutating' ? impact.filter((one) => one !== 'none') : impact, ...scope };
}

/** The same scope without what restricts nothing. */
export function simplify(scope: RuleScope): RuleScope {
  const { resources, operations, ...rest } = scope;
  return withoutNeedlessImpact({
    ...rest,
    ...(resources !== undefined && !hasAll(resources, RESOURCE_KINDS) && { resources }),
    ...(operations !== undefined && !operations.includes('*') && { operations }),
  });
}

const KNOWN = Object.keys(OPERATIONS) as readonly OperationName[];

/** The known operations that the scope names, of either access. */
export const knownNames = ({ resources, operations, impact }: RuleScope): readonly OperationName[] =>
  KNOWN.filter(
    (name) =>
      (resources?.includes(OPERATIONS[name].resource) ?? true) &&
      (impact === undefined || impactMeans(impact, name)) &&
      (operations?.some((glob) => globMatches(glob, name)) ?? true),
  );

/** Whether the scope reaches operations that are newer than the table. */
export const reachesNewOperations = ({ resources, operations, impact }: RuleScope): boolean =>
  resources === undefined
    ? operations === undefined || impact === undefined
    : resources.includes('unrecognized') && operations === undefined && impact === undefined;

/** Whether a rule of this scope has to be shown read-only calls. */
export const mayRead = (scope: RuleScope): boolean => {
  const { access, impact, operations, ...rest } = simplify(scope);
  if (access === 'mutating') return false;
  if (operations === undefined && reachesNewOperations({ access, impact, operations, ...rest })) {
    return impact?.includes('none') ?? true;
  }
  // A machine's report goes with the reads, but CloudTrail does not mark it as one.
  return knownNames({ access, impact, operations, ...rest }).some(
    (name) => verbOf(name)?.impact === 'none' && !verbOf(name)?.isMachine,
  );
};
