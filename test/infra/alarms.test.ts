import { describe, expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

const { properties, resources, text } = synthesize({ 'notifier:alarmEmail': 'noc@example.org' });

const alarms = Object.entries(resources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => ({
  id: id.replace(/^Alarms/, '').replace(/[0-9A-F]{8}$/, ''),
  metric: Properties.MetricName,
  threshold: Properties.Threshold,
  periods: Properties.EvaluationPeriods,
  description: JSON.stringify(Properties.AlarmDescription),
  actions: [Properties.AlarmActions, Properties.OKActions],
  others: [Properties.ComparisonOperator, Properties.TreatMissingData],
}));
const [topicId] = Object.keys(resources('AWS::SNS::Topic'));

it('watches what can go wrong', () => {
  const rows = alarms.map(({ id, metric, threshold, periods }) => [id, metric, threshold, periods]);
  expect(rows).toEqual([
    ['DeadLetters', 'ApproximateNumberOfMessagesVisible', 1, 1],
    ['TargetDeadLetters', 'ApproximateNumberOfMessagesVisible', 1, 1],
    ['ImmediateRecordsOld', 'ApproximateAgeOfOldestMessage', 600, 1],
    ['DigestRecordsOld', 'ApproximateAgeOfOldestMessage', 3600, 1],
    ['NotifierErrors', 'Errors', 1, 1],
    ['NotifierThrottles', 'Throttles', 1, 1],
    ['DigestErrors', 'Errors', 1, 1],
    ['DigestThrottles', 'Throttles', 1, 1],
    ['SummaryErrors', 'Errors', 1, 1],
    ['SummaryThrottles', 'Throttles', 1, 1],
    ['SlackRefuses', 'SlackPermanent', 1, 1],
    ['SlackNotSetUp', 'SlackMisconfigured', 1, 1],
    ['SlackAway', 'SlackTransient', 1, 3],
    ['LedgerUnavailable', 'LedgerUnavailable', 1, 1],
    ['SlowDelivery', 'BusToPostedMs', 60_000, 3],
    ['FailedInvocationsMediaConnectNotifierchanges', 'FailedInvocations', 1, 1],
    ['FailedInvocationsMediaConnectNotifierdeniedreads', 'FailedInvocations', 1, 1],
    ['FailedInvocationsMediaConnectNotifierreads', 'FailedInvocations', 1, 1],
  ]);
});

describe.each(alarms)('the alarm $id', ({ description, actions, others }) => {
  it('says what happened and what to type', () => {
    expect(description).toMatch(/\. Type: (npx notifier|aws) /);
    expect(description.length).toBeLessThanOrEqual(1024);
  });

  it('tells of its beginning and its end, and not of silence', () => {
    expect(actions).toEqual([[{ Ref: topicId }], [{ Ref: topicId }]]);
    expect(others).toEqual(['GreaterThanOrEqualToThreshold', 'notBreaching']);
  });
});

it('writes to the address of the context', () => {
  expect(properties('AWS::SNS::Subscription')).toEqual([
    { Protocol: 'email', Endpoint: 'noc@example.org', TopicArn: { Ref: topicId } },
  ]);
});

it('lets our alarms publish, and nobody without TLS', () => {
  const [policy] = properties('AWS::SNS::TopicPolicy');
  expect(policy?.PolicyDocument).toMatchObject({
    Statement: [
      { Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: { Ref: topicId },
        Condition: {
          ArnLike: {
            'aws:SourceArn': {
              'Fn::Join': [
                '',
                ['arn:aws:cloudwatch:eu-west-1:', { Ref: 'AWS::AccountId' }, ':alarm:MediaConnectNotifier-eu-west-1-*'],
              ],
            },
          },
        },
      },
    ],
  });
});

it('shows every metric of the functions on one dashboard', () => {
  const [dashboard] = properties('AWS::CloudWatch::Dashboard');
  expect(dashboard?.DashboardName).toBe('MediaConnectNotifier-eu-west-1');
  for (const metric of [
    'Told',
    'Folded',
    'Digested',
    'DeadLettered',
    'RepeatsSuppressed',
    'SlackAccepted',
    'SlackTransient',
    'SlackPermanent',
    'SlackMisconfigured',
    'CallToPostedMs',
    'BusToPostedMs',
    'UnrecognizedOperations',
  ]) {
    expect(JSON.stringify(dashboard)).toContain(metric);
  }
  expect(text).toContain('MediaConnectNotifier,service,reason');
});
