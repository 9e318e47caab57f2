import { expect, it } from 'vitest';
import { policyFaults } from '../../../cli/doctor/check-queues.ts';

const RULES = ['MediaConnectNotifier-changes', 'MediaConnectNotifier-reads'];
const RULE_ARN = 'arn:aws:events:eu-west-1:111122223333:rule/';
const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:111122223333:immediate';
const PLAIN_HTTP = { Bool: { 'aws:SecureTransport': 'false' } };
const SHUT_OUT =
  'its policy does not let EventBridge send for MediaConnectNotifier-changes, MediaConnectNotifier-reads';

const statement = (changes: object = {}) => ({
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Condition: { ArnLike: { 'aws:SourceArn': `${RULE_ARN}MediaConnectNotifier-*` } },
  ...changes,
});
const from = (...arns: readonly string[]) => ({ Condition: { ArnEquals: { 'aws:SourceArn': arns } } });

it.each<[what: string, statements: unknown, faults: readonly string[]]>([
  ['as the stack makes it', [statement()], []],
  ['of one statement', statement(), []],
  ['that names each rule', [statement(from(...RULES.map((name) => RULE_ARN + name)))], []],
  [
    'that denies plain HTTP',
    [statement(), { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Condition: PLAIN_HTTP }],
    [],
  ],
  ['that names the queue', [statement({ Resource: QUEUE_ARN })], []],
  ['that writes names and actions in another case', [statement({ Action: 'SQS:sendmessage' })], []],
  [
    'that lets others receive',
    [statement(), { Effect: 'Allow', Principal: { AWS: '1' }, Action: 'sqs:ReceiveMessage' }],
    ['its policy lets others use the queue'],
  ],
  [
    'that leaves a rule out',
    [statement(from(`${RULE_ARN}MediaConnectNotifier-ch*es`))],
    ['its policy does not let EventBridge send for MediaConnectNotifier-reads'],
  ],
  ['for rules of another name', [statement(from(`${RULE_ARN}MediaConnectNotifier-changes2`))], [SHUT_OUT]],
  ['for any rule', [statement(), statement({ Condition: undefined })], ['its policy lets every EventBridge rule send']],
  ['for anybody', [statement(), statement({ Principal: '*' })], ['its policy lets others than our rules send']],
  [
    'for an account',
    [statement(), statement({ Principal: { AWS: ['1', '2'] } })],
    ['its policy lets others than our rules send'],
  ],
  ...(
    [
      ['any action that begins so', { Principal: '*', Action: 'sqs:S*' }],
      ['any action with more of the name', { Principal: '*', Action: 'sqs:SendMess*' }],
      ['an action with one letter open', { Principal: '*', Action: 'sqs:SendMessag?' }],
      ['all but one action', { Principal: '*', Action: undefined, NotAction: 'sqs:DeleteQueue' }],
      ['all but one account', { Principal: undefined, NotPrincipal: { AWS: '1' } }],
      ['EventBridge and another service', { Principal: { Service: ['events.amazonaws.com', 'sns.amazonaws.com'] } }],
      ['a user who is called like EventBridge', { Principal: { AWS: 'events.amazonaws.com' } }],
      ['nobody who is named', { Principal: {} }],
    ] as const
  ).map(([who, changes]): [string, unknown, readonly string[]] => [
    `that also lets in ${who}`,
    [statement(), statement(changes)],
    ['its policy lets others than our rules send'],
  ]),
  [
    'that lets EventBridge do more',
    [statement(), statement({ Action: ['sqs:SendMessage', 'sqs:PurgeQueue'] })],
    ['its policy lets EventBridge do more than send'],
  ],
  ...[
    '*',
    'arn:aws:events:*:*:rule/*',
    'arn:aws:events:eu-west-1:1111*:rule/MediaConnectNotifier-*',
    `${RULE_ARN}*`,
  ].map((arn): [string, unknown, readonly string[]] => [
    `for ${arn}`,
    [statement(from(arn))],
    [`its policy lets rules send that are not this stack's: ${arn}`],
  ]),
  ...[
    'arn:aws:events:eu-west-1:999999999999:rule/MediaConnectNotifier-*',
    'arn:aws:events:us-east-1:111122223333:rule/MediaConnectNotifier-*',
    'arn:aws-cn:events:eu-west-1:111122223333:rule/MediaConnectNotifier-*',
    'arn:aws:events:eu-west-1:111122223333:rule/other-bus/MediaConnectNotifier-*',
  ].map((arn): [string, unknown, readonly string[]] => [
    `for ${arn} alone`,
    [statement({ Condition: { ArnLike: { 'aws:SourceArn': arn } } })],
    [SHUT_OUT, `its policy lets rules send that are not this stack's: ${arn}`],
  ]),
  [
    'that denies sending',
    [statement(), { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage' }],
    ['its policy denies sending, which may shut our rules out'],
  ],
  [
    'that denies all but receiving',
    [statement(), { Effect: 'Deny', Principal: '*', NotAction: 'sqs:ReceiveMessage' }],
    ['its policy denies sending, which may shut our rules out'],
  ],
  [
    'that denies secure transport',
    [
      statement(),
      { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
    ],
    ['its policy denies sending, which may shut our rules out'],
  ],
  [
    'that asks for one more thing',
    [statement({ Condition: { ...statement().Condition, StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })],
    [SHUT_OUT, 'its policy asks our rules for what the stack does not: aws:principalorgid'],
  ],
  [
    'that holds only where the caller says who it is',
    [statement({ Condition: { ArnLikeIfExists: { 'aws:SourceArn': `${RULE_ARN}MediaConnectNotifier-*` } } })],
    [SHUT_OUT, 'its policy lets every EventBridge rule send'],
  ],
  ['for another queue', [statement({ Resource: `${QUEUE_ARN}2` })], [SHUT_OUT]],
  [
    'that takes a wildcard for a letter',
    [statement({ Condition: { StringEquals: { 'aws:SourceArn': `${RULE_ARN}MediaConnectNotifier-*` } } })],
    [SHUT_OUT],
  ],
  [
    'that names each rule, without wildcards',
    [statement({ Condition: { StringEquals: { 'aws:SourceArn': RULES.map((name) => RULE_ARN + name) } } })],
    [],
  ],
])('judges a policy %s', (_what, Statement, faults) => {
  expect(policyFaults(JSON.stringify({ Statement }), RULES, QUEUE_ARN)).toEqual(faults);
});

it.each<[what: string, statements: unknown, faults: readonly string[]]>([
  ['that denies plain HTTP', [{ Effect: 'Deny', Principal: '*', Action: 'sqs:*', Condition: PLAIN_HTTP }], []],
  ['that lets our rules send', [statement()], ['its policy lets others than our rules send']],
])('judges a policy %s, of a queue that no rule sends to', (_what, Statement, faults) => {
  expect(policyFaults(JSON.stringify({ Statement }), [], QUEUE_ARN)).toEqual(faults);
});

it.each(['', '{}', 'no JSON', '{"Statement":"x"}', '{"Statement":[{"Effect":"Maybe"}]}'])(
  'does not trust the policy %j',
  (text) => {
    expect(policyFaults(text, RULES, QUEUE_ARN)).toEqual(['its policy is not one that we can read']);
  },
);
