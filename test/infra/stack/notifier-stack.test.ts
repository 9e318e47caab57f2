import { describe, expect, it } from 'vitest';
import { synthesize } from '../synthesize.ts';

const { outputs, properties, resources, text } = synthesize({
  'notifier:batchingWindowSeconds': '3',
  'notifier:digestMinutes': '20',
  'notifier:logRetentionDays': '90',
  'notifier:archiveDays': '7',
});

const idOf = (type: string, start: string): string | undefined =>
  Object.keys(resources(type)).find((id) => id.startsWith(start));
const functionOf = (part: string) =>
  Object.entries(resources('AWS::Lambda::Function')).find(([id]) => id.startsWith(part))?.[1].Properties;
const queueOf = (part: string) => {
  const id = idOf('AWS::SQS::Queue', part);
  return { id, ...resources('AWS::SQS::Queue')[id ?? '']?.Properties };
};
const deadLetterArn = { 'Fn::GetAtt': [queueOf('DeadLetterQueue').id, 'Arn'] };

describe('queues', () => {
  it.each([
    // 6 × the function's 120 s, and the window
    { part: 'Immediate', VisibilityTimeout: 723 },
    { part: 'Digest', VisibilityTimeout: 1800 },
  ])('the $part queue hides a record for six timeouts and gives it up late', ({ part, VisibilityTimeout }) => {
    expect(queueOf(part)).toEqual({
      id: queueOf(part).id,
      VisibilityTimeout,
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
      RedrivePolicy: { deadLetterTargetArn: deadLetterArn, maxReceiveCount: 1000 },
    });
  });

  it.each(['DeadLetterQueue', 'RoutesDeadLetterQueue'])('%s keeps its records as long as SQS can', (part) => {
    expect(queueOf(part)).toEqual({
      id: queueOf(part).id,
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    });
  });

  it('are all closed to plain HTTP', () => {
    const closed = properties('AWS::SQS::QueuePolicy').filter((policy) =>
      JSON.stringify(policy).includes('"aws:SecureTransport":"false"'),
    );
    expect(closed).toHaveLength(Object.keys(resources('AWS::SQS::Queue')).length);
  });
});

it('maps the immediate queue to the notifier in batches whose records fail one by one', () => {
  expect(properties('AWS::Lambda::EventSourceMapping')).toEqual([
    {
      EventSourceArn: { 'Fn::GetAtt': [queueOf('Immediate').id, 'Arn'] },
      FunctionName: { Ref: idOf('AWS::Lambda::Function', 'Immediate') },
      BatchSize: 500,
      MaximumBatchingWindowInSeconds: 3,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 4 },
    },
  ]);
});

describe('functions', () => {
  const common = [
    'DEAD_LETTER_QUEUE_URL',
    'DISPLAY_SETTINGS',
    'LEDGER_TABLE_NAME',
    'POWERTOOLS_LOG_LEVEL',
    'POWERTOOLS_METRICS_NAMESPACE',
    'POWERTOOLS_SERVICE_NAME',
    'SLACK_SECRET_ID',
  ];

  it.each([
    { part: 'Immediate', Timeout: 120, names: ['QUEUE_URL'] },
    { part: 'Digest', Timeout: 300, names: ['DIGEST_MINUTES', 'QUEUE_URL'] },
    { part: 'Daily', Timeout: 120, names: ['CHANNELS', 'IMMEDIATE_QUEUE_URL'] },
  ])('the $part function runs on Node 24 and arm64, traced, with a log of its own', ({ part, Timeout, names }) => {
    const { Environment, ...settings } = functionOf(part) ?? {};
    expect(settings).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout,
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: { Ref: idOf('AWS::Logs::LogGroup', part) } },
    });
    const { Variables } = Environment as { Variables: Record<string, unknown> };
    expect(Object.keys(Variables).sort()).toEqual([...common, ...names].sort());
  });

  it('keep their logs as long as the admin says', () => {
    expect(properties('AWS::Logs::LogGroup')).toEqual([90, 90, 90].map((RetentionInDays) => ({ RetentionInDays })));
  });

  it.each([
    { part: 'Digest', expression: 'rate(20 minutes)' },
    { part: 'Daily', expression: 'cron(10 0 * * ? *)' },
  ])('the $part function starts at $expression', ({ part, expression }) => {
    const rule = properties('AWS::Events::Rule').find(({ ScheduleExpression }) => ScheduleExpression === expression);
    expect(rule?.State).toBe('ENABLED');
    expect(rule?.Targets).toMatchObject([{ Arn: { 'Fn::GetAtt': [idOf('AWS::Lambda::Function', part), 'Arn'] } }]);
  });
});

it('keeps a ledger by key, paid by use, that forgets by itself and can be restored', () => {
  expect(properties('AWS::DynamoDB::Table')).toEqual([
    {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  ]);
});

it('makes a secret without any value', () => {
  expect(properties('AWS::SecretsManager::Secret')).toEqual([{ Description: expect.stringContaining('webhook URL') }]);
  expect(text).not.toMatch(/hooks\.slack\.com|SecretString/);
});

it('leaves the secret where it is when it is removed or replaced, since CloudFormation deletes one for good', () => {
  const policies = Object.values(resources('AWS::SecretsManager::Secret')).map(
    ({ DeletionPolicy, UpdateReplacePolicy }) => ({ DeletionPolicy, UpdateReplacePolicy }),
  );
  expect(policies).toEqual([{ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }]);
});

it('archives the calls of MediaConnect and nothing else', () => {
  expect(properties('AWS::Events::Archive')).toMatchObject([
    {
      RetentionDays: 7,
      EventPattern: {
        source: ['aws.mediaconnect'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventSource: ['mediaconnect.amazonaws.com'] },
      },
    },
  ]);
});

it('tells where its parts are', () => {
  expect(Object.keys(outputs).sort()).toEqual([
    'ArchiveName',
    'DashboardName',
    'DeadLetterQueueUrl',
    'DigestFunctionName',
    'DigestLogGroupName',
    'DigestQueueUrl',
    'DigestRoleArn',
    'DigestScheduleRuleName',
    'EventSourceMappingId',
    'ImmediateQueueUrl',
    'LedgerTableName',
    'NotifierFunctionName',
    'NotifierLogGroupName',
    'NotifierRoleArn',
    'RuleNames',
    'SlackSecretArn',
    'SummaryFunctionName',
    'SummaryLogGroupName',
    'SummaryRoleArn',
    'SummaryScheduleRuleName',
    'TargetDeadLetterQueueUrl',
  ]);
  const ruleOf = (expression: string): string | undefined =>
    Object.entries(resources('AWS::Events::Rule')).find(
      ([, { Properties }]) => Properties.ScheduleExpression === expression,
    )?.[0];
  expect({
    DigestLogGroupName: outputs.DigestLogGroupName?.Value,
    DigestRoleArn: outputs.DigestRoleArn?.Value,
    DigestScheduleRuleName: outputs.DigestScheduleRuleName?.Value,
    SummaryScheduleRuleName: outputs.SummaryScheduleRuleName?.Value,
  }).toEqual({
    DigestLogGroupName: { Ref: idOf('AWS::Logs::LogGroup', 'Digest') },
    DigestRoleArn: { 'Fn::GetAtt': [idOf('AWS::IAM::Role', 'Digest'), 'Arn'] },
    DigestScheduleRuleName: { Ref: ruleOf('rate(20 minutes)') },
    SummaryScheduleRuleName: { Ref: ruleOf('cron(10 0 * * ? *)') },
  });
  expect(outputs.RuleNames?.Value).toBe(
    'MediaConnectNotifier-changes,MediaConnectNotifier-denied-reads,MediaConnectNotifier-reads,MediaConnectNotifier-_signal',
  );
});

it('does not have Lambda repeat a digest that broke off: the next one is the retry, and two at once would report twice', () => {
  const digest = idOf('AWS::Lambda::Function', 'Digest');
  const asynchronous = properties('AWS::Lambda::EventInvokeConfig').filter(
    ({ FunctionName }) => JSON.stringify(FunctionName) === JSON.stringify({ Ref: digest }),
  );
  expect(asynchronous).toEqual([{ FunctionName: { Ref: digest }, Qualifier: '$LATEST', MaximumRetryAttempts: 0 }]);

  const targets = properties('AWS::Events::Rule').flatMap(
    ({ Targets }) => Targets as readonly Record<string, unknown>[],
  );
  const ofDigest = targets.filter(
    ({ Arn }) => JSON.stringify(Arn) === JSON.stringify({ 'Fn::GetAtt': [digest, 'Arn'] }),
  );
  expect(ofDigest.map(({ RetryPolicy }) => RetryPolicy)).toEqual([{ MaximumRetryAttempts: 0 }]);
});
