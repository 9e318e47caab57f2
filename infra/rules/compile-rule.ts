import { CLOUDTRAIL_EVENT_SOURCE, DETAIL_TYPE, EVENT_SOURCE } from '../../shared/call/api-call-event.ts';
import { isObject } from '../../shared/call/json.ts';
import type { CompiledRule, RuleState } from '../../shared/eventbridge/rule.ts';
import type { NotifierContext } from '../settings/context-schema.ts';
import type { RuleSettings } from '../settings/rule-schema.ts';
import { healthChannelOf, type SignalSettings, wantsSignals } from '../settings/signal-settings.ts';
import { type Clause, fragmentPaths, pathsOf } from './clause.ts';
import { completeArns } from './complete-arns.ts';
import { originClauses, outcomeClauses } from './outcomes-and-origins.ts';
import { principalClauses } from './principals.ts';
import { mayRead, scopeClauses } from './scope.ts';
import { compileSignalRule } from './signal-rule.ts';

/** An event pattern, or a piece of one. */
export type Pattern = Readonly<Record<string, unknown>>;

const isBranches = (value: unknown): value is readonly Pattern[] => Array.isArray(value) && value.every(isObject);

function mergeMember(name: string, own: unknown, other: unknown): unknown {
  if (own === undefined) return other;
  if (name === '$or' && isBranches(own) && isBranches(other)) {
    return own.flatMap((one) => other.map((another) => mergePatterns(one, another)));
  }
  return isObject(own) && isObject(other) ? mergePatterns(own, other) : other;
}

/** Both patterns in one object. Their paths are disjoint, so nothing is replaced; of two `$or` each branch meets each. */
function mergePatterns(left: Pattern, right: Pattern): Pattern {
  const members = new Map(Object.entries(left));
  for (const [name, value] of Object.entries(right)) members.set(name, mergeMember(name, members.get(name), value));
  return Object.fromEntries(members);
}

/** `{ 'detail.eventName': […] }` as nested objects, from the place on that is `base`. */
function nest(clause: Clause, base: string): Pattern {
  return Object.entries(clause).reduce<Pattern>((pattern, [path, values]) => {
    const steps = path.slice(base.length).split('.').filter(Boolean);
    return mergePatterns(
      pattern,
      steps.reduceRight<Pattern>((inner, step) => ({ [step]: inner }), values as unknown as Pattern),
    );
  }, {});
}

const within = (base: string, pattern: Pattern): Pattern =>
  base
    .split('.')
    .filter(Boolean)
    .reduceRight<Pattern>((inner, step) => ({ [step]: inner }), pattern);

/** What all the clauses say alike. It is said once beside the alternatives: a pattern has few characters. */
function commonTo([first = {}, ...others]: readonly Clause[]): Clause {
  const isSame = (path: string, values: unknown) =>
    others.every((other) => JSON.stringify(other[path]) === JSON.stringify(values));
  return Object.fromEntries(Object.entries(first).filter(([path, values]) => isSame(path, values)));
}

/**
 * A part as a pattern of its own. Its `$or` stands at `base`, all its paths begin with that: two `$or` in one object
 * would have to be multiplied out, and there are several objects to put them in.
 */
function partPattern(clauses: readonly Clause[], base: string): Pattern {
  const [only = {}, ...more] = clauses;
  if (more.length === 0) return nest(only, '');
  const common = commonTo(clauses);
  const alternatives = clauses.map((clause) =>
    Object.fromEntries(Object.entries(clause).filter(([path]) => !Object.hasOwn(common, path))),
  );
  const $or = alternatives.map((clause) => nest(clause, base === '' ? '' : `${base}.`));
  return mergePatterns(nest(common, ''), within(base, { $or }));
}

/** The settings of a rule that say which calls it reports; the others say where, how and whether. */
type Filter = Exclude<keyof RuleSettings, 'channel' | 'delivery' | 'enabled'>;

/** What one filter, or several that belong together, make of the pattern. */
interface RulePart {
  /** The key of the rule that it comes from, or the keys in words. */
  readonly setting: string;
  readonly pattern: (rule: RuleSettings) => Pattern;
  /** Every path that it decides. */
  readonly paths: (rule: RuleSettings) => readonly string[];
}

/** @param base the object in which the alternatives stand; all paths begin with it */
const ofClauses = (setting: string, base: string, clausesOf: (rule: RuleSettings) => readonly Clause[]): RulePart => ({
  setting,
  pattern: (rule) => partPattern(clausesOf(rule), base),
  paths: (rule) => pathsOf(clausesOf(rule)),
});

const ANY: readonly Clause[] = [{}];

const scope = ofClauses('access, resources, operations or impact', 'detail', scopeClauses);

/** Each filter's part. One that is added to the schema and not here does not compile: it would restrict nothing. */
const PARTS = {
  access: scope,
  resources: scope,
  operations: scope,
  impact: scope,
  outcome: ofClauses('outcome', '', ({ outcome }) => outcomeClauses(outcome)),
  principals: ofClauses('principals', 'detail.userIdentity', ({ principals }) =>
    principals ? principalClauses(principals) : ANY,
  ),
  origins: ofClauses('origins', '', ({ origins }) => (origins ? originClauses(origins) : ANY)),
  accounts: ofClauses('accounts', '', ({ accounts }) => (accounts ? [{ account: accounts }] : ANY)),
  match: {
    setting: 'match',
    pattern: ({ match }) => (match === undefined ? {} : { detail: completeArns(match) }),
    paths: ({ match }) => fragmentPaths(match, 'detail'),
  },
} as const satisfies Readonly<Record<Filter, RulePart>>;

/** What the settings of a rule say, each by itself, in the order in which they are written into the pattern. */
export const RULE_PARTS: readonly RulePart[] = [...new Set(Object.values<RulePart>(PARTS))];

function stateOf(rule: RuleSettings): RuleState {
  if (!rule.enabled) return 'DISABLED';
  // EventBridge drops Describe, Get and List calls unless the rule's state asks for them.
  return mayRead(rule) ? 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' : 'ENABLED';
}

/** One rule of the context as EventBridge gets it. */
export function compileRule(name: string, rule: RuleSettings): CompiledRule {
  const pinned = {
    source: [EVENT_SOURCE],
    'detail-type': [DETAIL_TYPE],
    detail: { eventSource: [CLOUDTRAIL_EVENT_SOURCE] },
  };
  const pattern = RULE_PARTS.map((part) => part.pattern(rule)).reduce(mergePatterns, pinned);
  return { name, channel: rule.channel, delivery: rule.delivery, state: stateOf(rule), pattern };
}

/**
 * The admin's rules as EventBridge gets them, in the order in which they were written, and behind them the one for
 * MediaConnect's own events, where these are wanted.
 */
export const compileRules = ({
  rules,
  ...signals
}: Pick<NotifierContext, 'rules'> & SignalSettings): readonly CompiledRule[] => [
  ...Object.entries(rules).map(([name, rule]) => compileRule(name, rule)),
  ...(wantsSignals(signals) ? [compileSignalRule(healthChannelOf(signals))] : []),
];

/** The channels that are posted to and so need a webhook, `default` first: what another one refuses is reported there. */
export function postedChannels(
  { outcomes }: Pick<SignalSettings, 'outcomes'>,
  rules: readonly CompiledRule[],
): readonly string[] {
  const named = rules.filter(({ state }) => state !== 'DISABLED').map(({ channel }) => channel);
  const ofOutcomes = outcomes.say === 'off' || outcomes.channel === undefined ? [] : [outcomes.channel];
  return [...new Set(['default', ...named, ...ofOutcomes])];
}
