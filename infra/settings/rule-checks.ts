import { OPERATIONS } from '../../shared/call/operations.ts';
import { compilePattern } from '../../shared/eventbridge/compile-pattern.ts';
import { checkServiceLimits } from '../../shared/eventbridge/limits.ts';
import { InvalidEventPatternException } from '../../shared/eventbridge/matcher.ts';
import { MAX_PATTERN_LENGTH, patternText } from '../rules/clause.ts';
import { compileRule, RULE_PARTS } from '../rules/compile-rule.ts';
import { knownNames, type RuleScope } from '../rules/scope.ts';
import type { NotifierContext } from './context-schema.ts';
import { shown, suggestion } from './issue-line.ts';
import { matchMistakes, regionsWithoutStack } from './match-mistakes.ts';
import type { RuleSettings } from './rule-schema.ts';
import { type SignalSettings, wantsSignals } from './signal-settings.ts';

/**
 * Rules in one stack, each with its alarm: at their longest they fill a template of 1 MB to almost four fifths, and
 * EventBridge takes 300 rules on a bus, of which others need some too.
 */
export const MAX_RULES = 140;

/** Beside the admin's rules: the two schedules, the one that EventBridge itself makes for the archive; and another where MediaConnect's own events are wanted. */
const RULES_OF_OUR_OWN = 3;

/** Regions in which EventBridge takes fewer rules on a bus, and how many. */
const SMALLER_QUOTAS: Readonly<Record<string, number>> = { 'af-south-1': 100, 'eu-south-1': 100 };

/** EventBridge's quota of rules with wildcards on a bus. */
const MAX_WILDCARD_RULES = 30;

/** Names that differ for us and look alike in the console, in metrics and to people. */
const normalized = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '-');

export function likeNamedRules(names: readonly string[]): readonly string[] {
  return names.flatMap((name, index) => {
    const earlier = names.slice(0, index).find((other) => normalized(other) === normalized(name));
    return earlier === undefined
      ? []
      : [
          `notifier:rules.${name}: is the same name as ${JSON.stringify(earlier)}; allowed: names that differ in more than case and punctuation`,
        ];
  });
}

/**
 * More rules than can be deployed; CloudFormation would say so half-way.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
 */
export function tooManyRules({
  rules,
  regions,
  ...signals
}: Pick<NotifierContext, 'rules' | 'regions'> & SignalSettings): readonly string[] {
  const count = Object.keys(rules).length;
  const own = RULES_OF_OUR_OWN + (wantsSignals(signals) ? 1 : 0);
  if (count > MAX_RULES) {
    return [
      `notifier:rules: ${count} rules; allowed: ${MAX_RULES}, which one CloudFormation template can hold; make fewer that name more`,
    ];
  }
  return regions.flatMap((region) => {
    const quota = SMALLER_QUOTAS[region];
    return quota === undefined || count + own <= quota
      ? []
      : [
          `notifier:rules: ${count} rules; allowed in ${region}: ${quota - own}, since EventBridge takes ${quota} on a bus there and the notifier needs ${own} more`,
        ];
  });
}

/** More rules with wildcards than EventBridge takes. */
export function tooManyWildcards(rules: Readonly<Record<string, RuleSettings>>): readonly string[] {
  const count = Object.entries(rules).filter(([name, rule]) =>
    patternText(compileRule(name, rule).pattern).includes('"wildcard"'),
  ).length;
  return count <= MAX_WILDCARD_RULES
    ? []
    : [
        `notifier:rules: ${count} rules need wildcards; allowed: ${MAX_WILDCARD_RULES} on a bus (a * in the midst of a name needs one, and so do principals named without *, and an outcome "failed" without "denied")`,
      ];
}

/** Rules about regions in which no stack is deployed: no call from there reaches them. */
export const rulesOfOtherRegions = ({
  rules,
  regions,
}: Pick<NotifierContext, 'rules' | 'regions'>): readonly string[] =>
  Object.entries(rules).flatMap(([name, { match }]) => {
    const others = regionsWithoutStack(match ?? {}, regions);
    return others.length === 0
      ? []
      : [
          `notifier:rules.${name}.match.awsRegion: can never match: no stack is in ${others.join(', ')}, by notifier:regions`,
        ];
  });

interface RuleIssue {
  /** The key within the rule; empty for the rule as a whole. */
  readonly key: string;
  readonly message: string;
}

type Check = (rule: RuleSettings, channels: readonly string[]) => readonly RuleIssue[];

const unknownChannel: Check = ({ channel }, channels) =>
  channels.includes(channel)
    ? []
    : [
        {
          key: 'channel',
          message: `${shown(channel)} is no channel; allowed: ${channels.join(', ')} (further ones are declared in notifier:channels)${suggestion(channel, channels)}`,
        },
      ];

const SCOPE_KEYS = ['access', 'resources', 'operations', 'impact'] as const;

const restricts = (key: (typeof SCOPE_KEYS)[number], scope: RuleScope): boolean =>
  key === 'access' ? scope.access !== 'any' : scope[key] !== undefined;

const isEmpty = (scope: RuleScope): boolean =>
  !(scope.resources?.includes('unrecognized') ?? false) &&
  !knownNames(scope).some((name) => scope.access === 'any' || OPERATIONS[name].access === scope.access);

/** A rule of which nobody would ever hear. */
const matchesNothing: Check = (rule) => {
  const { access, resources, operations, impact } = rule;
  if (!isEmpty({ access, resources, operations, impact })) return [];
  const keys = SCOPE_KEYS.filter((key) => restricts(key, rule));
  const said = keys.map((key) => `${key} ${shown(rule[key])}`).join(' and ');
  return [{ key: '', message: `can match nothing: no operation has ${said}; change one of them or leave it out` }];
};

const newOperationsWithMore: Check = ({ access, resources, operations, impact }) =>
  resources?.includes('unrecognized') && (access !== 'any' || operations !== undefined || impact !== undefined)
    ? [
        {
          key: 'resources',
          message: `${shown(resources)} has "unrecognized", the operations that are newer than the table; allowed: with access "any" and without operations and impact`,
        },
      ]
    : [];

const includeAndExclude: Check = ({ principals }) =>
  principals?.include === undefined || principals.exclude === undefined
    ? []
    : [
        {
          key: 'principals',
          message: `${shown(principals)} has both include and exclude; allowed: one of them, since an event pattern holds one list for a field`,
        },
      ];

const nobody: Check = ({ principals }) =>
  principals === undefined || principals.include !== undefined || principals.exclude !== undefined
    ? []
    : [
        {
          key: 'principals',
          message: `${shown(principals)} names nobody; allowed: a list as include or as exclude, or leave it out`,
        },
      ];

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
const OPERATORS = ['prefix', 'suffix', 'anything-but', 'equals-ignore-case', 'wildcard', 'numeric', 'cidr', 'exists'];

/** What was probably meant where EventBridge's own words say only what it met. */
function patternHint({ reason, path }: InvalidEventPatternException): string {
  const step = path.slice(path.lastIndexOf('.') + 1);
  if (reason.endsWith('must be an object or an array')) {
    return OPERATORS.includes(step)
      ? `; an operator stands in a list: [{${JSON.stringify(step)}:…}]`
      : `; what matches stands in a list: ${JSON.stringify(step)}:[…]`;
  }
  if (/^\$or$/i.test(step)) return '; did you mean "$or":[{…},{…}]?';
  const [, operator] = /^Unrecognized match type (.+)$/.exec(reason) ?? [];
  return suggestion(operator, OPERATORS);
}

function invalidPattern(key: string, pattern: unknown): readonly RuleIssue[] {
  try {
    checkServiceLimits(compilePattern(pattern), '');
    return [];
  } catch (error) {
    if (!(error instanceof InvalidEventPatternException)) throw error;
    const at = error.path === '' ? '' : ` at ${error.path}`;
    return [{ key, message: `is no event pattern: ${error.reason}${at}${patternHint(error)}` }];
  }
}

const invalidMatch: Check = ({ match }) => {
  if (match === undefined) return [];
  const unfit = matchMistakes(match).map(({ path, message }) => ({
    key: `match.${path}`,
    message: `can never match: ${message}`,
  }));
  return unfit.length > 0 ? unfit : invalidPattern('match', { detail: match });
};

/** A path that holds another would leave one of the two unsaid in the merged object. */
const overlap = (one: string, other: string): boolean =>
  one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);

interface Decided {
  readonly setting: string;
  readonly paths: readonly string[];
}

const decidedBy = (rule: RuleSettings): readonly Decided[] => [
  { setting: 'every rule', paths: ['detail.eventSource'] },
  ...RULE_PARTS.map(({ setting, paths }) => ({ setting, paths: paths(rule) })),
];

/** A path that two settings decide: the later would silently replace the earlier in EventBridge. */
const conflicts: Check = (rule) =>
  decidedBy(rule).flatMap(({ setting, paths }, index, all) =>
    all.slice(0, index).flatMap((earlier) =>
      paths
        .filter((path) => earlier.paths.some((other) => overlap(path, other)))
        .map((path) => ({
          key: setting,
          message: `decides ${path}, which ${earlier.setting} decides already; allowed: one of them, since an event pattern holds one list for a field`,
        })),
    ),
  );

const tooLong: Check = (rule) => {
  const { length } = patternText(compileRule('', rule).pattern);
  return length <= MAX_PATTERN_LENGTH
    ? []
    : [
        {
          key: '',
          message: `makes an event pattern of ${length} characters; allowed: ${MAX_PATTERN_LENGTH}; list fewer names, use * or make two rules`,
        },
      ];
};

const tooComplex: Check = (rule) => invalidPattern('', compileRule('', rule).pattern);

/** In the second line only where the first finds nothing: what cannot be compiled has no length. */
const CHECKS: readonly (readonly Check[])[] = [
  [unknownChannel, matchesNothing, newOperationsWithMore, includeAndExclude, nobody, invalidMatch],
  [conflicts],
  [tooLong, tooComplex],
];

/** What is wrong with a rule whose settings are all fine by themselves. */
export function ruleIssues(name: string, rule: RuleSettings, channels: readonly string[]): readonly string[] {
  for (const checks of CHECKS) {
    const issues = checks.flatMap((check) => check(rule, channels));
    if (issues.length > 0) {
      return issues.map(({ key, message }) => `notifier:rules.${name}${key === '' ? '' : `.${key}`}: ${message}`);
    }
  }
  return [];
}
