import { statedReadOnly } from '../../shared/classify-call.ts';
import { type Access, isKnownOperation, OPERATIONS, type OperationName } from '../../shared/operations.ts';
import { ACCESS_CLAUSES, accessByName, STATED, toldAs } from './access-by-name.ts';
import { impactByName, impactMatchers } from './impact-by-name.ts';
import { globMatcher, globMatches, hasGlob, literalStart } from './name-glob.ts';
import type { Clause } from './pattern-parts.ts';
import { knownNames, type RuleScope, simplify } from './rule-scope.ts';

const EVENT_NAME = 'detail.eventName';
const READ_ONLY = 'detail.readOnly';

/** The names that a scope lists: its own `operations` as they are, else the known ones that it means. */
const listedNames = (scope: RuleScope): readonly string[] =>
  scope.resources === undefined && scope.impact === undefined ? (scope.operations ?? []) : knownNames(scope);

const ofAccess = (names: readonly OperationName[], access: Access): readonly OperationName[] =>
  names.filter((name) => OPERATIONS[name].access === access);

/** Listed names are told whatever `readOnly` says if the name says the access, else only if `readOnly` does. */
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
  everything: ({ access }, name, readOnly) => access === 'any' || toldAs(access, name, readOnly),
  impact: ({ impact = [] }, name) => impact.includes(impactByName(name)),
  'new operations': ({ resources = [] }, name) =>
    isKnownOperation(name) ? resources.includes(OPERATIONS[name].resource) : true,
  listed: listedMeans,
};

/** Whether a call is one that the rule is about: what `scopeClauses` says, without the language of patterns. */
export function scopeMeans(settings: RuleScope, name: string, readOnly: unknown): boolean {
  const scope = simplify(settings);
  return MEANINGS[formOf(scope)](scope, name, readOnly);
}
