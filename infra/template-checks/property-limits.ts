import { numberText } from '../../shared/slack/mrkdwn.ts';
import { type Found, ofType, type Template, valuesAt } from './template.ts';

/** How long a text may be, and of what characters. */
interface TextLimit {
  readonly most: number;
  /** @default any */
  readonly of?: RegExp;
}

interface NumberLimit {
  readonly from: number;
  readonly to: number;
}

interface ListLimit {
  readonly items: number;
}

type Limit = TextLimit | NumberLimit | ListLimit;

interface TypeLimits {
  readonly source: string;
  /** By the path of the property, `[]` standing for each item of a list. */
  readonly limits: Readonly<Record<string, Limit>>;
}

const NAME = /^[\w.-]*$/;
/** What IAM takes in policies and descriptions. */
const LATIN = /^[\t\n\r\x20-\x7e\xa1-\xff]*$/;

/** What services take in the properties of the resources that we make. A template can be synthesized with anything. */
export const PROPERTY_LIMITS: Readonly<Record<string, TypeLimits>> = {
  'AWS::CloudTrail::Trail': {
    source: 'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html',
    limits: { TrailName: { most: 128, of: NAME } },
  },
  'AWS::CloudWatch::Alarm': {
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html',
    limits: {
      AlarmName: { most: 255 },
      AlarmDescription: { most: 1024 },
      MetricName: { most: 255 },
      Dimensions: { items: 30 },
      'Dimensions[].Value': { most: 1024 },
      AlarmActions: { items: 5 },
      OKActions: { items: 5 },
    },
  },
  'AWS::CloudWatch::Dashboard': {
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html',
    limits: { DashboardName: { most: 255, of: /^[\w-]*$/ } },
  },
  'AWS::DynamoDB::Table': {
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html',
    limits: { TableName: { most: 255, of: NAME } },
  },
  'AWS::Events::Archive': {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html',
    limits: { ArchiveName: { most: 48, of: NAME }, Description: { most: 512 } },
  },
  'AWS::Events::Rule': {
    source: 'https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html',
    limits: {
      Name: { most: 64, of: NAME },
      Description: { most: 512 },
      ScheduleExpression: { most: 256 },
      Targets: { items: 5 },
      'Targets[].Id': { most: 64, of: NAME },
      'Targets[].InputTransformer.InputTemplate': { most: 8192 },
      'Targets[].RetryPolicy.MaximumEventAgeInSeconds': { from: 60, to: 86_400 },
      'Targets[].RetryPolicy.MaximumRetryAttempts': { from: 0, to: 185 },
    },
  },
  'AWS::IAM::Policy': {
    source: 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html',
    limits: { PolicyName: { most: 128, of: /^[\w+=,.@-]*$/ } },
  },
  'AWS::IAM::Role': {
    source: 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html',
    limits: { RoleName: { most: 64, of: /^[\w+=,.@-]*$/ }, Description: { most: 1000, of: LATIN } },
  },
  'AWS::Lambda::EventInvokeConfig': {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html',
    limits: { MaximumRetryAttempts: { from: 0, to: 2 } },
  },
  'AWS::Lambda::EventSourceMapping': {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html',
    limits: {
      BatchSize: { from: 1, to: 10_000 },
      MaximumBatchingWindowInSeconds: { from: 0, to: 300 },
      'ScalingConfig.MaximumConcurrency': { from: 2, to: 1000 },
    },
  },
  'AWS::Lambda::Function': {
    source: 'https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html',
    limits: {
      FunctionName: { most: 64, of: /^[\w-]*$/ },
      Description: { most: 256 },
      Handler: { most: 128, of: /^\S*$/ },
      Timeout: { from: 1, to: 900 },
      MemorySize: { from: 128, to: 10_240 },
    },
  },
  'AWS::Logs::LogGroup': {
    source: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html',
    limits: { LogGroupName: { most: 512, of: /^[\w./#-]*$/ } },
  },
  'AWS::S3::Bucket': {
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
    limits: { BucketName: { most: 63, of: /^[a-z0-9.-]*$/ } },
  },
  'AWS::SNS::Topic': {
    source: 'https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html',
    limits: { TopicName: { most: 256, of: NAME }, DisplayName: { most: 100 } },
  },
  'AWS::SQS::Queue': {
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html',
    limits: {
      QueueName: { most: 80, of: NAME },
      DelaySeconds: { from: 0, to: 900 },
      MessageRetentionPeriod: { from: 60, to: 1_209_600 },
      VisibilityTimeout: { from: 0, to: 43_200 },
      'RedrivePolicy.maxReceiveCount': { from: 1, to: 1000 },
    },
  },
  'AWS::SecretsManager::Secret': {
    source: 'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html',
    limits: { Name: { most: 512, of: /^[\w/+=.@-]*$/ }, Description: { most: 2048 } },
  },
};

function textBreach(text: string, { most, of }: TextLimit): string | undefined {
  if (text.length > most) return `${numberText(text.length)} characters, of which ${numberText(most)} are allowed`;
  return of === undefined || of.test(text) ? undefined : 'has a character that is not allowed';
}

function breachOf({ value }: Found, limit: Limit): string | undefined {
  if ('most' in limit) return textBreach(String(value), limit);
  if ('items' in limit) {
    const count = Array.isArray(value) ? value.length : 1;
    return count > limit.items ? `${count}, of which ${limit.items} are allowed` : undefined;
  }
  const fits = Number(value) >= limit.from && Number(value) <= limit.to;
  return fits ? undefined : `${value}, where ${limit.from} to ${numberText(limit.to)} is allowed`;
}

export const beyondLimits = (template: Template): readonly string[] =>
  Object.entries(PROPERTY_LIMITS).flatMap(([type, { limits }]) =>
    ofType(template, type).flatMap((resource) =>
      Object.entries(limits).flatMap(([path, limit]) =>
        valuesAt(resource, path).flatMap((found) => {
          const breach = breachOf(found, limit);
          return breach === undefined ? [] : [`${found.place}: ${breach}`];
        }),
      ),
    ),
  );
