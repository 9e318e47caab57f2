import { describe, expect, it } from 'vitest';
import { routeEnvelopeTemplate } from '../../../shared/call/api-call-event.ts';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { matchPattern } from '../../../shared/eventbridge/match-pattern.ts';
import { ACCOUNT, anEvent } from '../../builders.ts';
import { type Resource, synthesize } from '../synthesize.ts';

const { resources, text } = synthesize();

const byType = (type: string) => Object.entries(resources(type));
const [immediateQueue, digestQueue, targetDeadLetterQueue] = ['Immediate', 'Digest', 'Routes'].map(
  (part) => byType('AWS::SQS::Queue').find(([id]) => id.startsWith(part))?.[0],
);
const arnOf = (logicalId: string | undefined) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const rules = byType('AWS::Events::Rule').filter(([, { Properties }]) => 'EventPattern' in Properties);

it.each([
  { name: 'changes', state: 'ENABLED', queue: immediateQueue },
  { name: 'denied-reads', state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', queue: immediateQueue },
  { name: '_signal', state: 'ENABLED', queue: immediateQueue },
  { name: 'reads', state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS', queue: digestQueue },
])('routes the rule $name in state $state to its queue, with the route around the event', ({ name, state, queue }) => {
  const rule = rules.find(([, { Properties }]) => Properties.Name === `MediaConnectNotifier-${name}`)?.[1];
  expect(rule?.Properties).toMatchObject({
    State: state,
    Targets: [
      {
        Id: 'Queue',
        Arn: arnOf(queue),
        InputTransformer: { InputTemplate: routeEnvelopeTemplate(name, 'default') },
        DeadLetterConfig: { Arn: arnOf(targetDeadLetterQueue) },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
    ],
  });
  expect(rule?.Properties).not.toHaveProperty('EventBusName');
});

it('asks for an error code that is null, as a call that succeeded may have it', () => {
  expect(rules.map(([, rule]) => patternTextOf(rule)).filter((pattern) => pattern.includes('null'))).toHaveLength(1);
});

it('makes no rule but the default ones, and the one for MediaConnect’s own events', () => {
  expect(rules).toHaveLength(4);
});

/** What CloudFormation hands on to EventBridge. */
const patternTextOf = ({ Properties }: Resource): string => String(Properties.EventPattern);

const ofCalls = rules.filter(([, { Properties }]) => Properties.Name !== 'MediaConnectNotifier-_signal');

describe.each(ofCalls.map(([, rule]) => ({ name: rule.Properties.Name, pattern: patternTextOf(rule) })))(
  'the pattern of $name',
  ({ pattern }) => {
    it('is JSON in a string, so that it may hold a null', () => {
      expect(pattern).toBe(JSON.stringify(JSON.parse(pattern)));
    });

    it('is one that EventBridge takes, pinned to API calls of MediaConnect', () => {
      expect(JSON.parse(pattern)).toMatchObject({
        source: ['aws.mediaconnect'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventSource: ['mediaconnect.amazonaws.com'] },
      });
      expect(pattern.length).toBeLessThanOrEqual(2048);
    });

    it.each([
      ['a call of another service', { source: 'aws.medialive', detail: { eventSource: 'medialive.amazonaws.com' } }],
      ['an event of MediaConnect that is no call', { 'detail-type': 'MediaConnect Source Health' }],
      ['a call of another service under the same source', { detail: { eventSource: 'sts.amazonaws.com' } }],
    ])('does not match %s', (_, changes) => {
      expect(matchPattern(compilePattern(pattern), anEvent(changes)).matched).toBe(false);
    });
  },
);

it.each([
  ['a change', { eventName: 'StopFlow', readOnly: false }, ['MediaConnectNotifier-changes']],
  [
    'a denied change',
    { eventName: 'StopFlow', readOnly: false, errorCode: 'AccessDeniedException' },
    ['MediaConnectNotifier-changes'],
  ],
  [
    'an operation that nobody knows',
    { eventName: 'CreateWormhole', readOnly: false },
    ['MediaConnectNotifier-changes'],
  ],
  ['a read', { eventName: 'DescribeFlow', readOnly: true }, ['MediaConnectNotifier-reads']],
  [
    'a read that failed',
    { eventName: 'DescribeFlow', readOnly: true, errorCode: 'NotFoundException' },
    ['MediaConnectNotifier-reads'],
  ],
  [
    'a denied read',
    { eventName: 'DescribeFlow', readOnly: true, errorCode: 'AccessDeniedException' },
    ['MediaConnectNotifier-denied-reads'],
  ],
])('matches %s by exactly one rule', (_, detail, names) => {
  const matching = rules.filter(
    ([, rule]) => matchPattern(compilePattern(patternTextOf(rule)), anEvent({ detail })).matched,
  );
  expect(matching.map(([, { Properties }]) => Properties.Name)).toEqual(names);
});

describe('the queues that rules send to', () => {
  const ourRules = {
    'Fn::Join': ['', ['arn:aws:events:eu-west-1:', { Ref: 'AWS::AccountId' }, ':rule/MediaConnectNotifier-*']],
  };
  const policyOf = (queue: string | undefined) =>
    byType('AWS::SQS::QueuePolicy').find(
      ([, { Properties }]) => JSON.stringify(Properties.Queues) === JSON.stringify([{ Ref: queue }]),
    );

  it.each([
    { part: 'immediate', queue: immediateQueue },
    { part: 'digest', queue: digestQueue },
    { part: 'target dead-letter', queue: targetDeadLetterQueue },
  ])('the $part queue takes records from our rules alone, over TLS', ({ queue }) => {
    expect(policyOf(queue)?.[1].Properties.PolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'sqs:*',
          Resource: arnOf(queue),
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        {
          Sid: 'OnlyTheRules',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: arnOf(queue),
          Condition: { ArnLike: { 'aws:SourceArn': ourRules } },
        },
      ],
    });
  });

  it('is open to a rule before the rule is there', () => {
    const policies = [immediateQueue, digestQueue, targetDeadLetterQueue].map((queue) => policyOf(queue)?.[0]);
    for (const [, { DependsOn }] of rules) expect([...(DependsOn ?? [])].sort()).toEqual([...policies].sort());
  });
});

it('names no account', () => {
  expect(text).not.toContain(ACCOUNT);
});

it('deploys rules whose names JavaScript or the stack has for something else', () => {
  const names = ['constructor', 'toString', 'hasOwnProperty', 'DeadLetterQueue'];
  const stack = synthesize({ 'notifier:rules': Object.fromEntries(names.map((name) => [name, {}])) });
  const found = stack.properties('AWS::Events::Rule').filter(({ EventPattern }) => EventPattern !== undefined);
  expect(found.map(({ Name }) => Name)).toEqual([...names, '_signal'].map((name) => `MediaConnectNotifier-${name}`));
});
