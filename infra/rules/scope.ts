import { statedReadOnly } from '../../shared/call/classify-call.ts';
import {
  type Access,
  isKnownOperation,
  OPERATIONS,
  type OperationName,
  RESOURCE_KINDS,
  verbOf,
} from '../../shared/call/operations.ts';
import type { RuleSettings } from '../settings/rule-schema.ts';
import {
  ACCESS_CLAUSES,
  accessByName,
  countsAs,
  hasEveryChange,
  impactMatchers,
  impactMeans,
  STATED,
} from './by-name.ts';
import { type Clause, globMatcher, globMatches, hasGlob, literalStart } from './clause.ts';

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
function simplify(scope: RuleScope): RuleScope {
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
const reachesNewOperations = ({ resources, operations, impact }: RuleScope): boolean =>
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

type Impacts = NonNullable<RuleScope['impact']>;

const EVENT_NAME = 'detail.eventName';
const READ_ONLY = 'detail.readOnly';

/** A matcher of an impact's names as a glob: a beginning or a whole name; `undefined` for what says anything else. */
function globOfMatcher(matcher: unknown): string | undefined {
  if (typeof matcher === 'string') return matcher;
  const prefix = typeof matcher === 'object' && matcher !== null && 'prefix' in matcher ? matcher.prefix : undefined;
  return typeof prefix === 'string' ? `${prefix}*` : undefined;
}

/** `Update*` and the names of an impact: the longer of each two that begin alike. */
function beginningsWithin(glob: string, impact: Impacts): readonly string[] | undefined {
  if (!/^[^*]+\*+$/.test(glob)) return undefined;
  const ofImpact = impactMatchers(impact).map(globOfMatcher);
  const start = literalStart(glob);
  const known = ofImpact.filter((one) => one !== undefined);
  if (known.length < ofImpact.length) return undefined;
  return known.flatMap((one) => {
    if (one.startsWith(start)) return [one];
    return hasGlob(one) && start.startsWith(literalStart(one)) ? [glob] : [];
  });
}

/**
 * What a glob means of an impact: all that it names if all that is known of it has the impact, so that newer ones are
 * reported too; else the part that begins as the impact's names do; `undefined` where only a list of known ones says it.
 */
function globOfImpact(glob: string, impact: Impacts): readonly string[] | undefined {
  const named = knownNames({ access: 'any', operations: [glob] });
  const isWhole = knownNames({ access: 'any', operations: [glob], impact }).length === named.length;
  return isWhole ? [glob] : beginningsWithin(glob, impact);
}

/** The names that a scope lists: its own `operations`, as far as they have the impact, else the known ones it means. */
function listedNames(scope: RuleScope): readonly string[] {
  const { resources, operations = [], impact } = scope;
  if (resources !== undefined) return knownNames(scope);
  if (impact === undefined) return operations;
  return [
    ...new Set(
      operations.flatMap(
        (glob) => globOfImpact(glob, impact) ?? knownNames({ access: 'any', operations: [glob], impact }),
      ),
    ),
  ];
}

/** Globs of a rule that mean known operations only. */
export const operationsOnlyKnown = ({ resources, operations = [], impact }: RuleScope): readonly string[] =>
  impact === undefined || resources !== undefined
    ? []
    : operations.filter((glob) => hasGlob(glob) && !(globOfImpact(glob, impact)?.every(hasGlob) ?? false));

const ofAccess = (names: readonly OperationName[], access: Access): readonly OperationName[] =>
  names.filter((name) => OPERATIONS[name].access === access);

/** Listed names are reported whatever `readOnly` says if the name says the access, else only if `readOnly` does. */
function listedClauses(scope: RuleScope): readonly Clause[] {
  const { access } = scope;
  const names = listedNames(scope);
  if (access === 'any') return [{ [EVENT_NAME]: names.map(globMatcher) }];
  const sure = names.filter((name) => accessByName(literalStart(name)) === access);
  const unsure = names.filter((name) => !sure.includes(name));
  const known = unsure.filter(hasGlob).flatMap((glob) => ofAccess(knownNames({ access, operations: [glob] }), access));
  const byName = [...sure.map(globMatcher), ...new Set(known)];
  return [
    ...(byName.length === 0 ? [] : [{ [EVENT_NAME]: byName }]),
    ...(unsure.length === 0 ? [] : [{ [EVENT_NAME]: unsure.map(globMatcher), [READ_ONLY]: STATED[access] }]),
  ];
}

type ScopeForm = 'everything' | 'impact' | 'new operations' | 'listed';

function formOf({ resources, operations, impact }: RuleScope): ScopeForm {
  if (resources?.includes('unrecognized') && operations === undefined && impact === undefined) return 'new operations';
  if (resources !== undefined || operations !== undefined) return 'listed';
  return impact === undefined ? 'everything' : 'impact';
}

/** Known operations that a scope with new ones leaves out. */
function leftOut(scope: RuleScope): readonly string[] {
  const kept = new Set<string>(knownNames(scope));
  return Object.keys(OPERATIONS).filter((name) => !kept.has(name));
}

const CLAUSES: Readonly<Record<ScopeForm, (scope: RuleScope) => readonly Clause[]>> = {
  everything: ({ access }) => (access === 'any' ? [{}] : ACCESS_CLAUSES[access]),
  impact: ({ impact = [] }) => [{ [EVENT_NAME]: impactMatchers(impact) }],
  'new operations': (scope) => [{ [EVENT_NAME]: [{ 'anything-but': leftOut(scope) }] }],
  listed: listedClauses,
};

/** Which calls a rule is about, as clauses of an event pattern. */
export function scopeClauses(settings: RuleScope): readonly Clause[] {
  const scope = simplify(settings);
  return CLAUSES[formOf(scope)](scope);
}

function listedMeans(scope: RuleScope, name: string, readOnly: unknown): boolean {
  const { access } = scope;
  const matching = listedNames(scope).filter((glob) => globMatches(glob, name));
  if (access === 'any' || matching.length === 0) return matching.length > 0;
  if (statedReadOnly(readOnly) === (access === 'read-only')) return true;
  const sure = matching.some((glob) => accessByName(literalStart(glob)) === access);
  return sure || (isKnownOperation(name) && OPERATIONS[name].access === access);
}

const MEANINGS: Readonly<Record<ScopeForm, (scope: RuleScope, name: string, readOnly: unknown) => boolean>> = {
  everything: ({ access }, name, readOnly) => access === 'any' || countsAs(access, name, readOnly),
  impact: ({ impact = [] }, name) => impactMeans(impact, name),
  'new operations': ({ resources = [] }, name) =>
    isKnownOperation(name) ? resources.includes(OPERATIONS[name].resource) : true,
  listed: listedMeans,
};

/** Whether a call is one that the rule is about: what `scopeClauses` says, without the language of patterns. */
export function scopeMeans(settings: RuleScope, name: string, readOnly: unknown): boolean {
  const scope = simplify(settings);
  return MEANINGS[formOf(scope)](scope, name, readOnly);
}
