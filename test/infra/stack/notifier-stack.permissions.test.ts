import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { synthesizeAll } from '../synthesize.ts';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
}

/** The most that can be asked for, so that every statement there can be is here. */
const { notifier, trail } = synthesizeAll({
  'notifier:createTrail': true,
  'notifier:alarmEmail': 'noc@example.org',
});
const { resources } = notifier;
const properties = (type: string) => [...notifier.properties(type), ...trail().properties(type)];

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

const line = (owner: string, { Sid, Effect, Action, Resource }: Statement): string => {
  const names = asList(Resource).map(nameOf).join(' ');
  const named = Sid === undefined ? '' : `${Sid}: `;
  return `${owner}: ${named}${Effect === 'Deny' ? 'not ' : ''}${asList(Action).join(' ')} on ${names}`;
};

const linesOf = (type: string, owner: (properties: Record<string, unknown>) => string): readonly string[] =>
  properties(type).flatMap((policy) =>
    statementsOf(policy.PolicyDocument).map((statement) => line(owner(policy), statement)),
  );

it('lets each function do what it does and nothing else, and says what for', () => {
  const uses = (role: string, ...own: readonly string[]): readonly string[] =>
    [
      ...own,
      'LookUpCallsAndDays: dynamodb:BatchGetItem dynamodb:GetItem on Ledger',
      'ClaimAndRelease: dynamodb:DeleteItem dynamodb:PutItem on Ledger',
      'MarkAsNotified: dynamodb:BatchWriteItem on Ledger',
      'CountAndKeepPace: dynamodb:UpdateItem on Ledger',
      'ReadTheWebhooks: secretsmanager:GetSecretValue on SlackSecret',
      'xray:PutTelemetryRecords xray:PutTraceSegments on *',
    ].map((use) => `${role}: ${use}`);
  expect(linesOf('AWS::IAM::Policy', ({ Roles }) => nameOf(asList(Roles)[0]))).toEqual([
    ...uses(
      'ImmediateNotifierRole',
      'WriteTheLog: logs:CreateLogStream logs:PutLogEvents on ImmediateNotifierLogGroup',
      'LambdaPollsTheQueue: sqs:DeleteMessage sqs:GetQueueAttributes sqs:ReceiveMessage on ImmediateQueue',
      'DrainTheQueue: sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:ReceiveMessage on ImmediateQueue',
      'SendAgainLater: sqs:SendMessage on ImmediateQueue',
      'GiveUp: sqs:SendMessage on DeadLetterQueue',
    ),
    ...uses(
      'DigestRole',
      'WriteTheLog: logs:CreateLogStream logs:PutLogEvents on DigestLogGroup',
      'DrainTheQueue: sqs:ChangeMessageVisibility sqs:DeleteMessage sqs:ReceiveMessage on DigestQueue',
      'SendAgainLater: sqs:SendMessage on DigestQueue',
      'GiveUp: sqs:SendMessage on DeadLetterQueue',
    ),
    ...uses(
      'DailySummaryRole',
      'WriteTheLog: logs:CreateLogStream logs:PutLogEvents on DailySummaryLogGroup',
      'MeasureTheQueue: sqs:GetQueueAttributes on ImmediateQueue',
    ),
  ]);
});

it('lets a function send to its queue again, since the account allows it and no queue forbids it over TLS', () => {
  const denied = properties('AWS::SQS::QueuePolicy')
    .flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument))
    .filter(({ Effect }) => Effect === 'Deny');
  expect(denied.length).toBe(4);
  expect(denied.map(({ Condition }) => Condition)).toEqual(
    denied.map(() => ({ Bool: { 'aws:SecureTransport': 'false' } })),
  );
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
      'ImmediateQueue: OnlyTheRules: sqs:SendMessage on ImmediateQueue',
      'DigestQueue: not sqs:* on DigestQueue',
      'DigestQueue: OnlyTheRules: sqs:SendMessage on DigestQueue',
      'RoutesDeadLetterQueue: not sqs:* on RoutesDeadLetterQueue',
      'RoutesDeadLetterQueue: OnlyTheRules: sqs:SendMessage on RoutesDeadLetterQueue',
    ],
  },
  {
    type: 'AWS::SNS::TopicPolicy',
    owner: 'Topics',
    lines: [
      'AlarmsTopic: AllowPublishThroughSSLOnly: not sns:Publish on AlarmsTopic',
      'AlarmsTopic: OnlyOurAlarms: sns:Publish on AlarmsTopic',
    ],
  },
  {
    type: 'AWS::S3::BucketPolicy',
    owner: 'Bucket',
    lines: [
      'Bucket: not s3:* on Bucket Bucket/*',
      'Bucket: s3:GetBucketAcl on Bucket',
      'Bucket: s3:PutObject on Bucket/AWSLogs/<AccountId>/*',
    ],
  },
])('opens $type to nothing unlisted', ({ type, owner, lines }) => {
  expect(linesOf(type, (policy) => nameOf(asList(policy[owner])[0]))).toEqual(lines);
});

/**
 * A question would stop every deployment without a terminal, and with `--all` the stacks after the first; each permission
 * is listed above, and `npx cdk diff` shows those that change.
 */
it('is deployed without a question', () => {
  const settings = JSON.parse(readFileSync(new URL('../../../cdk.json', import.meta.url), 'utf8'));
  expect(settings.requireApproval).toBe('never');
});

it('lets the schedules alone start a function', () => {
  expect(
    properties('AWS::Lambda::Permission').map(({ Principal, SourceArn }) => [Principal, nameOf(SourceArn)]),
  ).toEqual([
    ['events.amazonaws.com', 'DigestSchedule'],
    ['events.amazonaws.com', 'DailySchedule'],
  ]);
});
