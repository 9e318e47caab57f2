import { describe, expect, it } from 'vitest';
import { contextWarnings, readContext } from '../../../infra/settings/read-context.ts';
import type { JsonObject } from '../../../shared/call/json.ts';

const warnings = (values: JsonObject): readonly string[] => contextWarnings(readContext(values));
const excluding = (...exclude: string[]): JsonObject => ({ 'notifier:rules': { x: { principals: { exclude } } } });

const SESSION =
  'names sessions, and whoever may assume the role chooses the name of the session, so that they can keep their own calls from being reported; surer is the role alone';

describe('what most likely is not meant is said', () => {
  it.each<{ values: JsonObject; lines: readonly string[] }>([
    { values: { 'notifier:rules': {} }, lines: ['notifier:rules: there are none, so nothing is reported'] },
    {
      values: { 'notifier:rules': { a: { enabled: false }, b: { enabled: 'false' } } },
      lines: ['notifier:rules: none is enabled, so nothing is reported'],
    },
    ...[
      'Operators/ci-17',
      '*/ci-17',
      'federated-user/joe',
      'arn:aws:sts::*:assumed-role/Ops/ci-*',
      'arn:aws:*/Deploy',
    ].map((written) => ({
      values: excluding(written),
      lines: [`notifier:rules.x.principals.exclude[0]: ${JSON.stringify(written)} ${SESSION}`],
    })),
    {
      values: { 'notifier:showParameters': ['name', 'encryption.secretArn', 'outputs[].streamId'] },
      lines: [
        'notifier:showParameters[1]: "encryption.secretArn" is never shown, since "secretArn" may hold a secret',
        'notifier:showParameters[2]: "outputs[].streamId" is never shown, since "streamId" may hold a secret',
      ],
    },
    {
      values: { 'notifier:showParameters': ['requestParameters.name', 'responseElements.flow.name', 'outputs[].prot'] },
      lines: [
        'notifier:showParameters[0]: "requestParameters.name" is never found: paths begin within the request parameters; did you mean "name"?',
        'notifier:showParameters[1]: "responseElements.flow.name" is never found: only request parameters are shown, and paths begin within them',
      ],
    },
    {
      values: { 'notifier:showParameters': ['outputs[].protcol', 'flowARN', 'wormhole.ports'] },
      lines: [
        'notifier:showParameters[0]: "outputs[].protcol" has no parameter in it that this version knows; did you mean "protocol"?',
        'notifier:showParameters[1]: "flowARN" has no parameter in it that this version knows; did you mean "flowArn"?',
      ],
    },
    ...(['include', 'exclude'] as const).flatMap((list) =>
      (
        [
          ['Root', 'did you mean "root"?'],
          ['root user', 'did you mean "root"?'],
          ['1111-2222-3333', 'did you mean "111122223333"?'],
          ['11112222333', 'an account id has 12 digits'],
          ['jane (Ops)', 'no name of IAM has such signs; explain says of a call how rules name its caller'],
        ] as const
      ).map(([written, because]) => ({
        values: { 'notifier:rules': { x: { principals: { [list]: [written] } } } },
        lines: [
          `notifier:rules.x.principals.${list}[0]: "${written}" is looked for as the name of a role, permission set or user; ${because}`,
        ],
      })),
    ),
    {
      values: { 'notifier:rules': { x: { match: { wormhole: [1], $or: [{ bend: [1] }, { errorCode: ['x'] }] } } } },
      lines: ['wormhole', 'bend'].map(
        (member) =>
          `notifier:rules.x.match.${member}: is no member of CloudTrail records that this version knows; if there is none, the rule matches nothing`,
      ),
    },
    {
      values: {
        'notifier:rules': {
          x: {
            match: {
              requestParameters: {
                flowARN: ['x'],
                outputs: { protcol: ['rist'] },
                $or: [{ nmae: [1] }, { name: [1] }],
              },
            },
          },
        },
      },
      lines: [
        ['flowARN', 'flowArn'],
        ['outputs.protcol', 'protocol'],
      ].map(
        ([written, meant]) =>
          `notifier:rules.x.match.requestParameters.${written}: is no request parameter that this version knows; did you mean "${meant}"?`,
      ),
    },
    {
      values: { 'notifier:rules': { x: { operations: ['*Flow', 'Stop*'], impact: ['on-air'] } } },
      lines: [
        'notifier:rules.x.operations: "*Flow" with impact ["on-air"] means the operations that this version knows; newer ones are not reported by this rule',
      ],
    },
    {
      values: excluding('TerraformDeploy', 'jane@example.org'),
      lines: [
        'notifier:rules.x.principals.exclude[1]: "jane@example.org" is also looked for in source identities, which whoever may assume a role states for themselves where its trust policy allows sts:SetSourceIdentity without naming the value',
      ],
    },
    {
      values: excluding('ssm.amazonaws.com', 'medialive.amazonaws.com', '*.amazonaws.com'),
      lines: [
        [0, 'ssm.amazonaws.com'],
        [2, '*.amazonaws.com'],
      ].map(
        ([index, host]) =>
          `notifier:rules.x.principals.exclude[${index}]: "${host}" is also what stands beside people who have their calls made through it, so that they can keep these from being reported; surer is the role that it calls with`,
      ),
    },
    {
      values: { 'notifier:rules': { x: { origins: ['console', 'cloudformation', 'terraform'] } } },
      lines: [
        'notifier:rules.x.origins: "console", "terraform" is told by the user agent, which callers write themselves: whoever writes something else is not reported by this rule',
      ],
    },
    {
      values: {
        'notifier:rules': { x: { match: { $or: [{ userAgent: [{ 'anything-but': 'x' }] }, { errorCode: ['x'] }] } } },
      },
      lines: [
        'notifier:rules.x.match.userAgent: asks for a text, which callers write themselves: whoever writes something else is not reported by this rule',
      ],
    },
    ...[[{ suffix: ':AwardsShow' }], ['arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-a-b:AwardsShow']].map(
      (flowArn) => ({
        values: { 'notifier:rules': { x: { match: { requestParameters: { flowArn } } } } },
        lines: [
          'notifier:rules.x.match.requestParameters: asks for an ARN, which callers may percent-encode in their own way: the usual spellings are reported by this rule',
        ],
      }),
    ),
    {
      values: excluding('arn:aws:sts::*:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/jane'),
      lines: [
        `notifier:rules.x.principals.exclude[0]: "arn:aws:sts::*:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/jane" ${SESSION}`,
      ],
    },
  ])('$values', ({ values, lines }) => {
    expect(warnings(values)).toEqual(lines);
  });
});

describe('nothing is said', () => {
  it.each<{ values: JsonObject }>([
    { values: {} },
    { values: { 'notifier:rules': { a: { enabled: false }, b: {} } } },
    { values: excluding('Rooter', 'root-cause', '2026', 'jane_doe+x=y,z.a-b') },
    { values: { 'notifier:showParameters': ['name', 'outputs[].port', 'wormhole.detail'] } },
    { values: excluding('TerraformDeploy', 'root', 'medialive.amazonaws.com', '777788889999') },
    { values: excluding('arn:aws:iam::*:role/TerraformDeploy', 'AWSReservedSSO_Ops_0123456789abcdef/jane') },
    { values: excluding('arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Ops_0123456789abcdef/jane') },
    {
      values: {
        'notifier:rules': {
          x: {
            match: {
              requestParameters: { flowArn: ['x'], FlowArn: ['x'], wormhole: { ports: [1] }, maxResults: [20] },
            },
          },
        },
      },
    },
    { values: { 'notifier:rules': { x: { origins: ['cloudformation', 'service'] } } } },
    {
      values: {
        'notifier:rules': {
          x: { match: { requestParameters: { flowArn: [{ 'anything-but': { suffix: ':Test' } }] } } },
        },
      },
    },
    { values: { 'notifier:rules': { x: { principals: { include: ['Operators/ci-17', 'jane@example.org'] } } } } },
  ])('$values', ({ values }) => {
    expect(warnings(values)).toEqual([]);
  });
});
