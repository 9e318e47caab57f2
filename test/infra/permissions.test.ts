import { expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
}

/** The most that can be asked for, so that every statement there can be is here. */
const { properties, resources } = synthesize({
  'notifier:createTrail': true,
  'notifier:alarmEmail': 'noc@example.org',
});

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const withoutHash = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

/** `ImmediateQueue`, `arn:<Partition>:s3:::x`, `*`: how a person would say what is meant. */
function nameOf(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = resource as Record<string, unknown>;
  if (typeof Ref === 'string') return Ref.startsWith('AWS::') ? `<${Ref.slice(5)}>` : withoutHash(Ref);
  if (Array.isArray(attribute)) return withoutHash(String(attribute[0]));
  return (asList(join)[1] as unknown[]).map(nameOf).join('');
}

const statementsOf = (document: unknown): readonly Statement[] => (document as { Statement: Statement[] }).Statement;

const line = (owner: string, { Effect, Action, Resource }: Statement): string =>
  `${owner}: ${Effect === 'Deny' ? 'not ' : ''}${asList(Action).join(' ')} on ${asList(Resource).map(nameOf).join(' ')}`;

const linesOf = (type: string, owner: (properties: Record<string, unknown>) => string): readonly string[] =>
  properties(type).flatMap((policy) =>
    statementsOf(policy.PolicyDocument).map((statement) => line(owner(policy), statement)),
  );

it('lets each function do what it does and nothing else', () => {
  expect(linesOf('AWS::IAM::Policy', ({ Roles }) => nameOf(asList(Roles)[0]))).toEqual([
    'ImmediateNotifierRole: logs:CreateLogStream logs:PutLogEvents on ImmediateNotifierLogGroup',
    'ImmediateNotifierRole: sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage on ImmediateQueue',
    'ImmediateNotifierRole: sqs:SendMessage on DeadLetterQueue',
    'ImmediateNotifierRole: dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:PutItem dynamodb:UpdateItem on Ledger',
    'ImmediateNotifierRole: secretsmanager:GetSecretValue on SlackSecret',
    'ImmediateNotifierRole: xray:PutTelemetryRecords xray:PutTraceSegments on *',
    'DigestRole: logs:CreateLogStream logs:PutLogEvents on DigestLogGroup',
    'DigestRole: sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:ReceiveMessage on DigestQueue',
    'DigestRole: sqs:SendMessage on DeadLetterQueue',
    'DigestRole: dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:UpdateItem on Ledger',
    'DigestRole: secretsmanager:GetSecretValue on SlackSecret',
    'DigestRole: xray:PutTelemetryRecords xray:PutTraceSegments on *',
    'DailySummaryRole: logs:CreateLogStream logs:PutLogEvents on DailySummaryLogGroup',
    'DailySummaryRole: sqs:GetQueueAttributes on DigestQueue ImmediateQueue',
    'DailySummaryRole: dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:GetItem dynamodb:UpdateItem on Ledger',
    'DailySummaryRole: secretsmanager:GetSecretValue on SlackSecret',
    'DailySummaryRole: xray:PutTelemetryRecords xray:PutTraceSegments on *',
  ]);
});

it('gives roles to functions alone, without policies of AWS or policies inside', () => {
  const roles = properties('AWS::IAM::Role').map((role) => ({
    who: statementsOf(role.AssumeRolePolicyDocument).map(({ Principal }) => Principal),
    rest: Object.keys(role).filter((key) => key !== 'AssumeRolePolicyDocument'),
  }));
  expect(roles).toEqual(Array.from({ length: 3 }, () => ({ who: [{ Service: 'lambda.amazonaws.com' }], rest: [] })));
  expect(resources('AWS::IAM::ManagedPolicy')).toEqual({});
});

it.each([
  {
    type: 'AWS::SQS::QueuePolicy',
    owner: 'Queues',
    lines: [
      'DeadLetterQueue: not sqs:* on DeadLetterQueue',
      'ImmediateQueue: not sqs:* on ImmediateQueue',
      'ImmediateQueue: sqs:SendMessage on ImmediateQueue',
      'DigestQueue: not sqs:* on DigestQueue',
      'DigestQueue: sqs:SendMessage on DigestQueue',
      'RoutesDeadLetterQueue: not sqs:* on RoutesDeadLetterQueue',
      'RoutesDeadLetterQueue: sqs:SendMessage on RoutesDeadLetterQueue',
    ],
  },
  {
    type: 'AWS::SNS::TopicPolicy',
    owner: 'Topics',
    lines: ['AlarmsTopic: not sns:Publish on AlarmsTopic', 'AlarmsTopic: sns:Publish on AlarmsTopic'],
  },
  {
    type: 'AWS::S3::BucketPolicy',
    owner: 'Bucket',
    lines: [
      'TrailBucket: not s3:* on TrailBucket TrailBucket/*',
      'TrailBucket: s3:GetBucketAcl on TrailBucket',
      'TrailBucket: s3:PutObject on TrailBucket/AWSLogs/<AccountId>/*',
    ],
  },
])('opens $type to nothing unlisted', ({ type, owner, lines }) => {
  expect(linesOf(type, (policy) => nameOf(asList(policy[owner])[0]))).toEqual(lines);
});

it('lets the schedules alone start a function', () => {
  expect(
    properties('AWS::Lambda::Permission').map(({ Principal, SourceArn }) => [Principal, nameOf(SourceArn)]),
  ).toEqual([
    ['events.amazonaws.com', 'DigestSchedule'],
    ['events.amazonaws.com', 'DailySchedule'],
  ]);
});
