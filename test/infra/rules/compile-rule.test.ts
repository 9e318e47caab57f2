import { describe, expect, it } from 'vitest';
import { RULE_IMPACTS, type RuleImpact } from '../../../infra/rules/by-name.ts';
import { compileRule, compileRules } from '../../../infra/rules/compile-rule.ts';
import { DEFAULT_RULES } from '../../../infra/settings/context-schema.ts';
import type { RuleSettings } from '../../../infra/settings/rule-schema.ts';
import { CloudTrailRecordSchema } from '../../../shared/call/api-call-event.ts';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { OPERATIONS, type OperationName, RESOURCE_KINDS, verbOf } from '../../../shared/call/operations.ts';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { checkServiceLimits } from '../../../shared/eventbridge/limits.ts';
import { isMatch } from '../../../shared/eventbridge/match-pattern.ts';
import type { CompiledRule } from '../../../shared/eventbridge/rule.ts';
import { anEvent, aRecord, pathOfRole } from '../../builders.ts';
import { aContext } from '../a-context.ts';
import { aRule } from './a-rule.ts';
import { ruleMeans } from './rule-means.ts';

const NAMES = [
  ...Object.keys(OPERATIONS),
  // Newer than the table, with a verb we know and with one of its own.
  ...[
    'StartWormhole',
    'UpdateWormhole',
    'DescribeWormhole',
    'BendWormhole',
    'UpdateFlowOutputTwice',
    'StopFlows',
    'TakeoverRouterInput',
  ],
];
const READ_ONLY = [true, false, undefined, null, 'True', 'false', 'TRUE', 'maybe'];
const ENDINGS: readonly JsonObject[] = [
  {},
  { errorCode: null, errorMessage: null },
  { errorCode: '', errorMessage: '' },
  { errorCode: 'AccessDenied', errorMessage: 'x' },
  { errorCode: 'Client.UnauthorizedOperation' },
  { errorCode: 'ForbiddenException' },
  { errorCode: 'BadRequestException', errorMessage: 'no' },
  { errorMessage: 'only words' },
];

const without = (record: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const CALLS: readonly JsonObject[] = NAMES.flatMap((eventName) => [
  ...READ_ONLY.map((readOnly) => without({ eventName, readOnly })),
  ...ENDINGS.map((ending) => without({ eventName, readOnly: false, ...ending })),
]);
const PREPARED = CALLS.map((call) => {
  const detail = { eventSource: 'mediaconnect.amazonaws.com', ...call };
  const record = CloudTrailRecordSchema.parse(detail);
  return { event: { ...anEvent(), detail }, record, call: classifyCall(record) };
});

/** Calls for which the compiled pattern and the meaning of the rule differ. */
function differences(rule: RuleSettings): readonly JsonObject[] {
  const { pattern } = compileRule('x', rule);
  const compiled = compilePattern(JSON.stringify(pattern));
  checkServiceLimits(compiled, JSON.stringify(pattern));
  return PREPARED.filter(({ event, record, call }) => isMatch(compiled, event) !== ruleMeans(rule, call, record)).map(
    ({ event: { detail } }) => detail,
  );
}

const notified = (rule: CompiledRule, detail: JsonObject, envelope: JsonObject = {}): boolean =>
  isMatch(compilePattern(rule.pattern), anEvent({ detail, ...envelope }));

describe('a pattern matches exactly what its rule means', () => {
  const ACCESS = ['any', 'mutating', 'read-only'] as const;

  it.each(ACCESS)('for every operation and outcome, access %s', (access) => {
    expect(differences(aRule({ access }))).toEqual([]);
  });

  it.each(
    RESOURCE_KINDS.filter((kind) => kind !== 'unrecognized').flatMap((kind) =>
      ACCESS.map((access) => ({ kind, access })),
    ),
  )('for $kind, access $access', ({ kind, access }) => {
    const scope = { access, resources: [kind] };
    expect(differences(aRule(scope))).toEqual([]);
  });

  it.each([
    ['succeeded'],
    ['denied'],
    ['failed'],
    ['denied', 'failed'],
    ['succeeded', 'failed'],
    ['succeeded', 'denied'],
    ['succeeded', 'denied', 'failed'],
  ] as const)('for the outcomes %s %s %s', (...outcome) => {
    const known = outcome.filter((one) => one !== undefined);
    const records = (rule: RuleSettings) =>
      // `null` survives every "anything but", so a failed rule reports a record whose code is null as well.
      differences(rule).filter(({ errorCode }) => errorCode !== null);
    expect(records(aRule({ outcome: known }))).toEqual([]);
    expect(records(aRule({ outcome: known, access: 'mutating' }))).toEqual([]);
  });

  it.each([
    { operations: ['StopFlow'] },
    { operations: ['StopFlow', 'StartFlow'], access: 'mutating' },
    { operations: ['Stop*'], access: 'mutating' },
    { operations: ['Stop*'], access: 'any' },
    { operations: ['*Flow'], access: 'mutating' },
    { operations: ['*Flow'], access: 'read-only' },
    { operations: ['*Router*', 'StopFlow'], access: 'mutating' },
    { operations: ['Describe*', 'List*'], access: 'read-only' },
    { operations: ['*'], access: 'mutating' },
    { operations: ['*Flow*'], resources: ['output'], access: 'mutating' },
    { operations: ['*Flow*'], impact: ['on-air'] },
    { impact: ['on-air'] },
    { impact: ['on-air'], access: 'mutating' },
    { impact: ['off-air'] },
    { impact: ['off-air', 'change'] },
    { impact: ['signal-changed', 'put-on-air'] },
    { impact: ['deletion', 'purchase'], access: 'mutating' },
    { impact: ['change', 'deletion'], resources: ['flow', 'source'] },
    { impact: ['access'] },
    { impact: ['change'] },
    { impact: ['change', 'access'], access: 'mutating' },
    { impact: ['on-air', 'change', 'access'] },
    { impact: ['none'] },
    { impact: ['none', 'change'], access: 'read-only' },
    { impact: ['none', 'on-air'] },
    { impact: ['on-air', 'change', 'access', 'none'] },
    { impact: ['on-air'], resources: ['output', 'source'] },
    { resources: ['flow', 'source', 'output', 'entitlement'], access: 'mutating' },
    { resources: [...RESOURCE_KINDS], access: 'mutating' },
    { resources: ['unrecognized'] },
    { resources: RESOURCE_KINDS.filter((kind) => kind !== 'flow') },
  ] as const satisfies readonly Partial<RuleSettings>[])('for %j', (changes) => {
    expect(differences(aRule(changes))).toEqual([]);
  });
});

/** The words of a rule that mean an operation: those of its verb and of the table, and `on-air` for all of the signal. */
const expectedWords = (name: string): ReadonlySet<string> => {
  const words = [
    verbOf(name)?.impact ?? 'change',
    ...(Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name as OperationName].impacts : []),
  ];
  const touches = words.some((word) => ['off-air', 'signal-changed', 'put-on-air'].includes(word));
  return new Set([...words, ...(touches ? ['on-air'] : [])]);
};

it.each(NAMES)('reports %s to a rule for the impact that its card has, whatever the parameters', (eventName) => {
  const names = [
    'outputStatus',
    'entitlementStatus',
    'desiredState',
    'sourceFailoverConfig',
    'description',
    'subscribers',
  ];
  const values = [undefined, 'DISABLED', 'ENABLED', 'ACTIVE', []];
  const impacts = names.flatMap((name) =>
    values.map(
      (value) =>
        classifyCall(
          CloudTrailRecordSchema.parse({
            eventSource: 'mediaconnect.amazonaws.com',
            eventName,
            readOnly: false,
            requestParameters: { [name]: value },
          }),
        ).impact,
    ),
  );
  // A new operation is a change to rules, unless its verb says more; cards say that it is new.
  const words = new Set(
    impacts.map((impact) => (impact === 'unknown' ? (verbOf(eventName)?.impact ?? 'change') : impact)),
  );
  const rules = [...words].map((impact) => compileRule('x', aRule({ impact: [impact as RuleImpact] })));
  expect(
    rules.filter((rule) => !notified(rule, { eventName, readOnly: verbOf(eventName)?.access === 'read-only' })),
  ).toEqual([]);
});

it.each(Object.entries(OPERATIONS))(
  'reports %s to rules of its access, and to rules of its impact',
  (eventName, operation) => {
    const readOnly = operation.access === 'read-only';
    const notifies = (changes: Partial<RuleSettings>): boolean =>
      notified(compileRule('x', aRule(changes)), { eventName, readOnly });
    const other = readOnly ? 'mutating' : 'read-only';
    const impacts = RULE_IMPACTS.filter((impact) => notifies({ impact: [impact] }));
    const kinds = RESOURCE_KINDS.filter((kind) => notifies({ resources: [kind] }));
    expect({ own: notifies({ access: operation.access }), other: notifies({ access: other }), impacts, kinds }).toEqual(
      {
        own: true,
        other: false,
        impacts: RULE_IMPACTS.filter((word) => expectedWords(eventName).has(word)),
        kinds: [operation.resource],
      },
    );
  },
);

describe('operations with an impact', () => {
  const CALLS_OF = [
    'StopFlow',
    'StopWormhole',
    'UpdateFlowOutput',
    'UpdateFlowOutputTwice',
    'UpdateWormhole',
    'CreateFlow',
  ];

  it.each([
    { operations: ['Stop*'], impact: ['on-air'], names: ['StopFlow', 'StopWormhole'] },
    { operations: ['Update*'], impact: ['on-air'], names: ['UpdateFlowOutput'] },
    { operations: ['*Flow'], impact: ['on-air'], names: ['StopFlow'] },
    { operations: ['CreateFlow', 'StopFlow'], impact: ['on-air'], names: ['StopFlow'] },
  ] as const)('$operations and $impact report $names, the new ones too', ({ operations, impact, names }) => {
    const rule = compileRule('x', aRule({ operations, impact }));
    expect(CALLS_OF.filter((eventName) => notified(rule, { eventName }))).toEqual(names);
    expect(differences(aRule({ operations, impact }))).toEqual([]);
  });
});

describe('no call is lost', () => {
  it('between the rules of both accesses', () => {
    const rules = (['mutating', 'read-only'] as const).map((access) =>
      compilePattern(compileRule('x', aRule({ access })).pattern),
    );
    expect(PREPARED.filter(({ event }) => !rules.some((rule) => isMatch(rule, event)))).toEqual([]);
  });

  it('between the rules of all impacts', () => {
    const rules = RULE_IMPACTS.map((impact) => compilePattern(compileRule('x', aRule({ impact: [impact] })).pattern));
    expect(PREPARED.filter(({ event }) => !rules.some((rule) => isMatch(rule, event)))).toEqual([]);
  });

  it('between the rules of all outcomes', () => {
    const rules = (['succeeded', 'denied', 'failed'] as const).map((outcome) =>
      compilePattern(compileRule('x', aRule({ outcome: [outcome] })).pattern),
    );
    expect(PREPARED.filter(({ event }) => !rules.some((rule) => isMatch(rule, event)))).toEqual([]);
  });
});

describe('what machines say of themselves', () => {
  it.each(
    ['PollGateway', 'SubmitGatewayStateChange'].flatMap((eventName) =>
      READ_ONLY.map((readOnly) => ({ eventName, readOnly })),
    ),
  )('is for the digest by default: $eventName with readOnly $readOnly', (detail) => {
    const rules = Object.entries(DEFAULT_RULES).map(([name, rule]) => compileRule(name, rule));
    const tellers = rules.filter(({ pattern }) =>
      isMatch(
        compilePattern(JSON.stringify(pattern)),
        anEvent({ detail: without({ ...detail, errorCode: undefined }) }),
      ),
    );
    expect(tellers.map(({ name, delivery }) => ({ name, delivery }))).toEqual([{ name: 'reads', delivery: 'digest' }]);
  });
});

describe('the state', () => {
  it.each<{ changes: Partial<RuleSettings>; state: CompiledRule['state'] }>([
    { changes: {}, state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' },
    { changes: { access: 'read-only' }, state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' },
    { changes: { access: 'mutating' }, state: 'ENABLED' },
    { changes: { operations: ['StopFlow'] }, state: 'ENABLED' },
    { changes: { operations: ['Stop*'] }, state: 'ENABLED' },
    { changes: { operations: ['*Flow'] }, state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' },
    { changes: { operations: ['DescribeFlow'] }, state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' },
    { changes: { impact: ['on-air', 'change'] }, state: 'ENABLED' },
    { changes: { operations: ['SubmitGatewayStateChange'] }, state: 'ENABLED' },
    { changes: { impact: ['none'] }, state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' },
    { changes: { resources: ['mediaStream'] }, state: 'ENABLED' },
    { changes: { resources: ['entitlement'] }, state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' },
    { changes: { resources: ['unrecognized'] }, state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' },
    { changes: { access: 'read-only', enabled: false }, state: 'DISABLED' },
  ])('of $changes is $state', ({ changes, state }) => {
    expect(compileRule('x', aRule(changes)).state).toBe(state);
  });
});

describe('principals', () => {
  const issuer = (userName: string, session: string): JsonObject => ({
    userIdentity: {
      type: 'AssumedRole',
      principalId: `AROAEXAMPLE:${session}`,
      arn: `arn:aws:sts::111122223333:assumed-role/${userName}/${session}`,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          arn: `arn:aws:iam::111122223333:role/${pathOfRole(userName) || 'ops/'}${userName}`,
          userName,
        },
      },
    },
  });
  const PEOPLE: Readonly<Record<string, JsonObject>> = {
    terraform: issuer('TerraformDeploy', 'ci-17'),
    jane: issuer('AWSReservedSSO_Ops_0123456789abcdef', 'jane@example.org'),
    user: {
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDAEXAMPLE',
        arn: 'arn:aws:iam::111122223333:user/a/joe',
        userName: 'joe',
      },
    },
    service: { userIdentity: { type: 'AWSService', invokedBy: 'medialive.amazonaws.com' } },
    root: { userIdentity: { type: 'Root', arn: 'arn:aws:iam::111122223333:root', principalId: '111122223333' } },
    nobody: { userIdentity: null },
  };

  it.each<{ principals: NonNullable<RuleSettings['principals']>; notified: readonly string[] }>([
    { principals: { exclude: ['TerraformDeploy'] }, notified: ['jane', 'user', 'service', 'root', 'nobody'] },
    {
      principals: { exclude: ['TerraformDeploy', 'AWSReservedSSO_*', 'joe'] },
      notified: ['service', 'root', 'nobody'],
    },
    { principals: { exclude: ['ci-17'] }, notified: ['terraform', 'jane', 'user', 'service', 'root', 'nobody'] },
    { principals: { exclude: ['ci-*'] }, notified: ['terraform', 'jane', 'user', 'service', 'root', 'nobody'] },
    { principals: { exclude: ['TerraformDeploy/ci-*'] }, notified: ['jane', 'user', 'service', 'root', 'nobody'] },
    { principals: { exclude: ['*/ci-17'] }, notified: ['jane', 'user', 'service', 'root', 'nobody'] },
    { principals: { exclude: ['Ops', 'jo*'] }, notified: ['terraform', 'service', 'root', 'nobody'] },
    { principals: { include: ['Ops/jane@example.org'] }, notified: ['jane'] },
    { principals: { exclude: ['medialive.amazonaws.com', 'root'] }, notified: ['terraform', 'jane', 'user', 'nobody'] },
    { principals: { include: ['*@example.org'] }, notified: ['jane'] },
    { principals: { include: ['jane@example.org', 'TerraformDeploy'] }, notified: ['terraform', 'jane'] },
    { principals: { include: ['j*'] }, notified: ['jane', 'user'] },
    { principals: { include: ['Terraform*', '*.amazonaws.com'] }, notified: ['terraform', 'service'] },
    { principals: { include: ['root'] }, notified: ['root'] },
    { principals: { include: ['arn:aws:iam::111122223333:role/ops/TerraformDeploy'] }, notified: ['terraform'] },
    { principals: { include: ['arn:aws:iam::*:user/a/*'] }, notified: ['user'] },
  ])('$principals reports of $notified', ({ principals, notified: names }) => {
    const rule = aRule({ principals });
    const compiled = compileRule('x', rule);
    const meant = Object.entries(PEOPLE).filter(([, detail]) => {
      const record = CloudTrailRecordSchema.parse(aRecord(detail));
      return ruleMeans(rule, classifyCall(record), record);
    });
    expect(Object.entries(PEOPLE).flatMap(([name, detail]) => (notified(compiled, detail) ? [name] : []))).toEqual(
      names,
    );
    expect(meant.map(([name]) => name)).toEqual(names);
  });
});

describe('origins', () => {
  const SEEN: Readonly<Record<string, JsonObject>> = {
    console: { sessionCredentialFromConsole: 'true', userAgent: 'x' },
    browser: { userAgent: 'Mozilla/5.0 (X11)' },
    frontEnd: { userAgent: '[EC2ConsoleFrontend, aws-internal/3 aws-sdk-java/1.12]' },
    cli: { userAgent: 'aws-cli/2.31.0 md/command#mediaconnect.stop-flow' },
    terraform: {
      userAgent: 'APN/1.0 HashiCorp/1.0 Terraform/1.9.0 (+https://www.terraform.io) terraform-provider-aws/5.1',
    },
    tofu: { userAgent: '[aws-sdk-go/1.29.7 (go1.13.7) APN/1.0 OpenTofu/1.0 OpenTofu/1.8.0]' },
    stack: { userAgent: 'cloudformation.amazonaws.com', userIdentity: { invokedBy: 'cloudformation.amazonaws.com' } },
    medialive: { userAgent: 'x', userIdentity: { invokedBy: 'medialive.amazonaws.com' } },
    atWork: { userAgent: 'states.amazonaws.com', sourceIPAddress: 'states.amazonaws.com' },
    claimed: { userAgent: 'states.amazonaws.com' },
    person: { userAgent: 'x', userIdentity: { invokedBy: 'signin.amazonaws.com' } },
  };

  it.each<{ origins: NonNullable<RuleSettings['origins']>; names: readonly string[] }>([
    { origins: ['console'], names: ['console', 'browser', 'frontEnd', 'person'] },
    { origins: ['cli'], names: ['cli'] },
    { origins: ['terraform'], names: ['terraform', 'tofu'] },
    { origins: ['cloudformation'], names: ['stack'] },
    { origins: ['service'], names: ['stack', 'medialive', 'atWork'] },
    { origins: ['cli', 'terraform'], names: ['cli', 'terraform', 'tofu'] },
    { origins: ['console', 'cloudformation'], names: ['console', 'browser', 'frontEnd', 'stack', 'person'] },
  ])('$origins are notified of $names', ({ origins, names }) => {
    const compiled = compileRule('x', aRule({ origins, outcome: ['succeeded', 'denied'], access: 'mutating' }));
    expect(Object.entries(SEEN).flatMap(([name, detail]) => (notified(compiled, detail) ? [name] : []))).toEqual(names);
  });
});

describe('the pattern', () => {
  it('is short where the rule is simple', () => {
    expect(compileRule('x', aRule({ operations: ['StopFlow'] }))).toEqual({
      name: 'x',
      channel: 'default',
      delivery: 'immediate',
      state: 'ENABLED',
      pattern: {
        source: ['aws.mediaconnect'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventSource: ['mediaconnect.amazonaws.com'], eventName: ['StopFlow'] },
      },
    });
  });

  it('adds the accounts and what `match` says', () => {
    const rule = aRule({
      operations: ['StopFlow'],
      accounts: ['111122223333'],
      match: { requestParameters: { flowArn: [{ suffix: 'AwardsShow' }] }, $or: [{ x: [1] }, { y: [1] }] },
    });
    expect(compileRule('x', rule).pattern).toEqual({
      source: ['aws.mediaconnect'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['mediaconnect.amazonaws.com'],
        eventName: ['StopFlow'],
        requestParameters: { flowArn: [{ suffix: 'AwardsShow' }] },
        $or: [{ x: [1] }, { y: [1] }],
      },
      account: ['111122223333'],
    });
  });

  it('meets each branch of `match` with each branch of the rule', () => {
    const rule = compileRule('x', aRule({ access: 'mutating', match: { $or: [{ x: [1] }, { y: [1] }] } }));
    expect([{ x: 1 }, { y: 1 }, { z: 1 }].map((detail) => notified(rule, detail))).toEqual([true, true, false]);
    expect(notified(rule, { eventName: 'DescribeFlow', readOnly: true, x: 1 })).toBe(false);
  });

  it.each(['aws.medialive', undefined])('does not match the source %s', (source) => {
    expect(notified(compileRule('x', aRule()), {}, { source })).toBe(false);
  });

  it('does not match events of MediaConnect that are no API calls', () => {
    expect(notified(compileRule('x', aRule()), {}, { 'detail-type': 'MediaConnect Alert' })).toBe(false);
  });
});

it('gives one event to every rule that wants it, whatever their channels', () => {
  const rules = compileRules(
    aContext({
      rules: { all: aRule(), stops: aRule({ operations: ['StopFlow'] }), reads: aRule({ access: 'read-only' }) },
    }),
  );
  expect(
    rules.filter((rule) => notified(rule, { eventName: 'StopFlow' })).map(({ name, channel }) => [name, channel]),
  ).toEqual([
    ['all', 'default'],
    ['stops', 'default'],
  ]);
});
