import { expect, it } from 'vitest';
import { policyFaults } from '../../../cli/doctor/queue-policy.ts';

const RULES = ['MediaConnectNotifier-changes', 'MediaConnectNotifier-reads'];
const RULE_ARN = 'arn:aws:events:eu-west-1:111122223333:rule/';

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
  ['that denies plain HTTP', [statement(), { Effect: 'Deny', Principal: '*', Action: 'sqs:*' }], []],
  [
    'that lets others receive',
    [statement(), { Effect: 'Allow', Principal: { AWS: '1' }, Action: 'sqs:ReceiveMessage' }],
    [],
  ],
  [
    'that leaves a rule out',
    [statement(from(`${RULE_ARN}MediaConnectNotifier-ch*es`))],
    ['its policy does not let EventBridge send for MediaConnectNotifier-reads'],
  ],
  [
    'for rules of another name',
    [statement(from(`${RULE_ARN}MediaConnectNotifier-changes2`))],
    ['its policy does not let EventBridge send for MediaConnectNotifier-changes, MediaConnectNotifier-reads'],
  ],
  ['for any rule', [statement(), statement({ Condition: undefined })], ['its policy lets every EventBridge rule send']],
  ['for anybody', [statement(), statement({ Principal: '*' })], ['its policy lets others than our rules send']],
  [
    'for an account',
    [statement(), statement({ Principal: { AWS: ['1', '2'] } })],
    ['its policy lets others than our rules send'],
  ],
])('judges a policy %s', (_what, Statement, faults) => {
  expect(policyFaults(JSON.stringify({ Statement }), RULES)).toEqual(faults);
});

it.each(['', '{}', 'no JSON', '{"Statement":"x"}'])('does not trust the policy %j', (text) => {
  expect(policyFaults(text, RULES)).toEqual(['its policy is not one that we can read']);
});
