import * as z from 'zod';
import { OPERATIONS, RESOURCE_KINDS, type ResourceKind } from '../../shared/call/operations.ts';
import { RULE_IMPACTS } from '../rules/by-name.ts';
import { globMatches } from '../rules/clause.ts';
import { DECIDABLE_ORIGINS } from '../rules/outcomes-and-origins.ts';
import { reasonAgainstPrincipal } from './match-mistakes.ts';
import { flag, listOf, oneOf, SETTING_WORDS, strict, takeObject, textLike } from './schema-parts.ts';

const OPERATION_NAMES = Object.keys(OPERATIONS);

const isOperation = (glob: string): boolean => OPERATION_NAMES.some((name) => globMatches(glob, name));

/** The glob in the case of the operations, and without the service before it: `mediaconnect:stop*` → `Stop*`. */
function meantOperation(written: string): string | undefined {
  const glob = written.replace(/^(?:aws[.-])?mediaconnect[:.]/i, '');
  if (isOperation(glob)) return glob;
  const runs = glob.split(/\*+/).map((run) => `(${run.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')})`);
  const expression = new RegExp(`^${runs.join('.*')}$`, 'i');
  const found = OPERATION_NAMES.map((name) => expression.exec(name)).find((match) => match !== null);
  return found?.slice(1).join('*');
}

const operation = textLike(
  'the name of a MediaConnect operation, or a name with * that one has',
  isOperation,
  OPERATION_NAMES,
  meantOperation,
);

const ACCESS = oneOf(['mutating', 'read-only', 'any'], {
  mutating: ['write', 'writes', 'change', 'changes', 'mutate', 'mutation'],
  'read-only': ['read', 'reads'],
  any: ['all', '*', 'both'],
});

const IMPACT = oneOf(RULE_IMPACTS, {
  'on-air': ['live', 'signal', 'air'],
  change: ['mutating', 'write'],
  none: ['read', 'reads', 'read-only'],
});

const OUTCOME = oneOf(['succeeded', 'denied', 'failed'], {
  succeeded: ['success', 'successful', 'ok', 'succeed'],
  denied: ['deny', 'accessdenied', 'access-denied', 'forbidden', 'unauthorized', 'refused'],
  failed: ['fail', 'failure', 'error', 'errors'],
});

const ORIGIN = oneOf(DECIDABLE_ORIGINS, {
  console: ['browser', 'aws console', 'console session', 'aws internal', 'signin.amazonaws.com'],
  cli: ['aws cli', 'aws-cli', 'cloudshell'],
  terraform: ['opentofu', 'tofu', 'hashicorp'],
  cloudformation: ['cfn', 'cloudformation.amazonaws.com'],
  service: ['aws service', 'services'],
});

const DELIVERY = oneOf(['immediate', 'digest'], {
  immediate: ['now', 'at once', 'instant', 'immediately'],
  digest: ['batch', 'summary', 'later'],
});

const principal = z
  .string({ error: reasonAgainstPrincipal('') })
  .refine((written) => reasonAgainstPrincipal(written) === undefined, {
    error: ({ input }) => reasonAgainstPrincipal(String(input)),
  });
const principals = listOf(principal, 'a list of principals');

const account = textLike('an account id: 12 digits, written as text', (id) => /^\d{12}$/.test(id));

/**
 * Every setting of a rule, in the order in which the README has them. What is left out restricts nothing.
 *
 * @internal the types of the package name no library of ours
 */
export const RULE_SHAPE = {
  access: ACCESS.default('any').register(SETTING_WORDS, {
    takes: '`mutating`, `read-only` or `any`',
    meaning: 'whether the call changes anything',
  }),
  resources: listOf(oneOf(RESOURCE_KINDS), 'a list of resource kinds')
    .optional()
    .register(SETTING_WORDS, { takes: 'list of resource kinds', meaning: 'what the call acts on' }),
  operations: listOf(operation, 'a list of operations')
    .optional()
    .register(SETTING_WORDS, { takes: 'list of names, `*` for any text', meaning: 'which operations' }),
  impact: listOf(IMPACT, 'a list of impacts').optional().register(SETTING_WORDS, {
    takes:
      'list of `off-air`, `signal-changed`, `put-on-air`, `on-air` (all three), `access`, `purchase`, `deletion`, `change`, `none`',
    meaning: 'what the operation can do, whatever the parameters of the call',
  }),
  outcome: listOf(OUTCOME, 'a list of outcomes').optional().register(SETTING_WORDS, {
    takes: 'list of `succeeded`, `denied`, `failed`',
    meaning: 'how the call ended',
  }),
  principals: z
    .preprocess(
      takeObject,
      strict({ include: principals.optional(), exclude: principals.optional() }, 'include or exclude, a list'),
    )
    .optional()
    .register(SETTING_WORDS, {
      takes: '`{ "include": […] }` or `{ "exclude": […] }`',
      meaning:
        'who called, as messages and `backtest` name them: role, permission set, user, service, account id, ARN or `root`, `*` for any text; a session only as `ROLE/SESSION`, since callers choose its name. Where the headline has none of these, the last line of a card does (*In rules*)',
    }),
  // An event pattern can decide these; the others it cannot.
  origins: listOf(ORIGIN, 'a list of origins').optional().register(SETTING_WORDS, {
    takes: 'list of `console`, `cli`, `terraform`, `cloudformation`, `service`',
    meaning: 'by what means the call was made, as far as an event pattern can tell',
  }),
  accounts: listOf(account, 'a list of account ids')
    .optional()
    .register(SETTING_WORDS, { takes: 'list of account ids', meaning: 'in which accounts' }),
  match: z
    .preprocess(
      takeObject,
      z.record(z.string(), z.unknown(), { error: 'is not allowed; allowed: an event pattern on the detail' }),
    )
    .optional()
    .register(SETTING_WORDS, {
      takes: 'event pattern on the `detail`',
      meaning:
        'anything else that EventBridge can match, by the members of CloudTrail’s records; it must hold besides the rest; ARNs in `requestParameters` match in both of their spellings',
    }),
  channel: textLike('the name of a channel', (name) => name !== '')
    .default('default')
    .register(SETTING_WORDS, { takes: 'name of a channel', meaning: 'where the calls are reported' }),
  delivery: DELIVERY.default('immediate').register(SETTING_WORDS, {
    takes: '`immediate` or `digest`',
    meaning: 'at once, or together in the digest',
  }),
  enabled: flag
    .default(true)
    .register(SETTING_WORDS, { takes: '`true` or `false`', meaning: 'a rule that is off stays deployed' }),
} as const;

/**
 * One rule of the admin: which calls are reported to which channel.
 *
 * @internal
 */
export const RuleSchema = z.preprocess(
  takeObject,
  strict(RULE_SHAPE, 'an object with the settings of a rule', undefined, {
    access: ['readonly', 'read-only', 'mutating', 'writes'],
    resources: ['types', 'kinds', 'resourcetypes'],
    operations: ['events', 'event', 'eventname', 'eventnames', 'actions', 'action', 'calls', 'api', 'apis', 'methods'],
    impact: ['severity', 'severities', 'effect', 'effects'],
    outcome: ['result', 'results', 'status', 'errors', 'errorcode'],
    principals: ['users', 'user', 'who', 'callers', 'caller', 'roles', 'role', 'identities', 'useridentity'],
    origins: ['tools', 'tool', 'via', 'useragent', 'useragents', 'sources'],
    match: ['pattern', 'eventpattern', 'filter', 'filters', 'where', 'detail'],
    channel: ['to', 'target', 'slack', 'slackchannel'],
    delivery: ['when', 'frequency', 'mode'],
    enabled: ['disabled', 'disable', 'enable', 'active', 'off', 'on', 'state'],
  }),
);

/** @internal */
export type RuleSettings = Readonly<z.output<typeof RuleSchema>>;

/** Which calls are reported to which channel. What is left out restricts nothing. */
export interface NotifierRule {
  /**
   * Whether the call changes anything: `mutating`, `read-only` or `any`.
   * @default any
   */
  readonly access?: 'mutating' | 'read-only' | 'any';
  /** What the call acts on, such as `flow`, `output` or `entitlement`. */
  readonly resources?: readonly ResourceKind[];
  /** Which operations, such as `StopFlow` or `Stop*`. */
  readonly operations?: readonly string[];
  /** What the operation can do, such as `off-air`, whatever the parameters of the call. */
  readonly impact?: readonly (
    | 'off-air'
    | 'signal-changed'
    | 'put-on-air'
    | 'on-air'
    | 'access'
    | 'purchase'
    | 'deletion'
    | 'change'
    | 'none'
  )[];
  /** How the call ended: `succeeded`, `denied`, `failed`. */
  readonly outcome?: readonly ('succeeded' | 'denied' | 'failed')[];
  /**
   * Who called, as messages name them: role, permission set, user, service, account id, ARN or `root`, with `*` for any
   * text; a session only as `ROLE/SESSION`, since callers choose its name.
   */
  readonly principals?: { readonly include: readonly string[] } | { readonly exclude: readonly string[] };
  /** By what means the call was made: `console`, `cli`, `terraform`, `cloudformation`, `service`. */
  readonly origins?: readonly ('console' | 'cli' | 'terraform' | 'cloudformation' | 'service')[];
  /** In which accounts, by their ids. */
  readonly accounts?: readonly string[];
  /** An event pattern on the `detail` of CloudTrail's records; it must hold besides the rest. */
  readonly match?: Readonly<Record<string, unknown>>;
  /**
   * Where the calls are reported: `default`, or one of `channels`.
   * @default default
   */
  readonly channel?: string;
  /**
   * At once, or together in the digest: `immediate` or `digest`.
   * @default immediate
   */
  readonly delivery?: 'immediate' | 'digest';
  /**
   * A rule that is off stays deployed.
   * @default true
   */
  readonly enabled?: boolean;
}
