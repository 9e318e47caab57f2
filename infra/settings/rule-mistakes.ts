import { compilePattern } from '../../shared/event-pattern/compile-pattern.ts';
import { InvalidEventPatternException } from '../../shared/event-pattern/invalid-event-pattern.ts';
import { checkServiceLimits } from '../../shared/event-pattern/service-limits.ts';
import { OPERATIONS } from '../../shared/operations.ts';
import type { RuleSettings } from '../notifier-context.ts';
import { compileRule, RULE_PARTS } from '../rules/compile-rule.ts';
import { MAX_PATTERN_LENGTH, patternText } from '../rules/pattern-text.ts';
import { knownNames, type RuleScope } from '../rules/rule-scope.ts';
import { matchMistakes } from './match-mistakes.ts';
import { shown } from './mistake-line.ts';
import { suggestion } from './nearest-name.ts';

interface RuleMistake {
  /** The key within the rule; empty for the rule as a whole. */
  readonly key: string;
  readonly message: string;
}

type Check = (rule: RuleSettings, channels: readonly string[]) => readonly RuleMistake[];

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

function invalidPattern(key: string, pattern: unknown): readonly RuleMistake[] {
  try {
    checkServiceLimits(compilePattern(pattern), '');
    return [];
  } catch (error) {
    if (!(error instanceof InvalidEventPatternException)) throw error;
    return [{ key, message: `is no event pattern: ${error.reason}${error.path === '' ? '' : ` at ${error.path}`}` }];
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
export function ruleMistakes(name: string, rule: RuleSettings, channels: readonly string[]): readonly string[] {
  for (const checks of CHECKS) {
    const mistakes = checks.flatMap((check) => check(rule, channels));
    if (mistakes.length > 0) {
      return mistakes.map(({ key, message }) => `notifier:rules.${name}${key === '' ? '' : `.${key}`}: ${message}`);
    }
  }
  return [];
}
