import * as z from 'zod';
import { type StackEnvironment, type TemplateResource, UnsupportedTemplateError } from './template.ts';

/** What `Ref` and `Fn::GetAtt` of a resource give. */
export interface ResourceIdentity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Identify = (name: string, place: StackEnvironment) => ResourceIdentity;

const arn = ({ partition, region, account }: StackEnvironment, service: string, resource: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;

/** A resource whose `Ref` is its name and whose ARN is `service` with `prefix` and the name. */
const named =
  (service: string, prefix: string): Identify =>
  (name, place) => ({ ref: name, attributes: { Arn: arn(place, service, `${prefix}${name}`) } });

const queue: Identify = (name, place) => ({
  ref: `${place.endpoint}/${place.account}/${name}`,
  attributes: { Arn: arn(place, 'sqs', name), QueueName: name, QueueUrl: `${place.endpoint}/${place.account}/${name}` },
});

const secret: Identify = (name, place) => {
  const secretArn = arn(place, 'secretsmanager', `secret:${name}-LoCaL1`);
  return { ref: secretArn, attributes: { Id: secretArn, Arn: secretArn } };
};

const topic: Identify = (name, place) => ({
  ref: arn(place, 'sns', name),
  attributes: { TopicName: name, TopicArn: arn(place, 'sns', name) },
});

const role: Identify = (name, { partition, account }) => ({
  ref: name,
  attributes: { Arn: `arn:${partition}:iam::${account}:role/${name}` },
});

const mapping: Identify = (name, place) => ({
  ref: name,
  attributes: { Id: name, EventSourceMappingArn: arn(place, 'lambda', `event-source-mapping:${name}`) },
});

const IDENTITIES: Readonly<Record<string, { readonly nameProperty: string; readonly identify: Identify }>> = {
  'AWS::CloudWatch::Alarm': { nameProperty: 'AlarmName', identify: named('cloudwatch', 'alarm:') },
  'AWS::CloudWatch::Dashboard': { nameProperty: 'DashboardName', identify: named('cloudwatch', 'dashboard/') },
  'AWS::DynamoDB::GlobalTable': { nameProperty: 'TableName', identify: named('dynamodb', 'table/') },
  'AWS::DynamoDB::Table': { nameProperty: 'TableName', identify: named('dynamodb', 'table/') },
  'AWS::Events::Archive': { nameProperty: 'ArchiveName', identify: named('events', 'archive/') },
  'AWS::Events::Rule': { nameProperty: 'Name', identify: named('events', 'rule/') },
  'AWS::IAM::Role': { nameProperty: 'RoleName', identify: role },
  'AWS::Lambda::EventSourceMapping': { nameProperty: 'none', identify: mapping },
  'AWS::Lambda::Function': { nameProperty: 'FunctionName', identify: named('lambda', 'function:') },
  'AWS::Logs::LogGroup': { nameProperty: 'LogGroupName', identify: named('logs', 'log-group:') },
  'AWS::SNS::Topic': { nameProperty: 'TopicName', identify: topic },
  'AWS::SQS::Queue': { nameProperty: 'QueueName', identify: queue },
  'AWS::SecretsManager::Secret': { nameProperty: 'Name', identify: secret },
};

/** The name and ARN that a resource of the template has on this machine. */
export function identifyResource(logicalId: string, { Type, Properties }: TemplateResource, place: StackEnvironment) {
  const kind = Object.hasOwn(IDENTITIES, Type) ? IDENTITIES[Type] : undefined;
  if (kind === undefined) throw new UnsupportedTemplateError(`${logicalId}: a reference to ${Type} is not imitated`);
  const given = Properties[kind.nameProperty];
  return kind.identify(typeof given === 'string' ? given : `${place.stackName}-${logicalId}`, place);
}

/**
 * The properties of the resources that run on one machine. Strict: a property that is not listed is one whose effect
 * is not imitated, and fails the start. `z.unknown()` marks those that change nothing that a single machine could show
 * (permissions, encryption, tags, log groups).
 */
const noEffect = z.unknown().optional();
const whole = z.coerce.number().int();

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const QueueSchema = z.strictObject({
  QueueName: z.string().optional(),
  VisibilityTimeout: whole.min(0).max(43_200).default(30),
  DelaySeconds: whole.min(0).max(900).default(0),
  MaximumMessageSize: whole.min(1_024).max(1_048_576).default(1_048_576),
  MessageRetentionPeriod: whole.min(60).max(1_209_600).default(345_600),
  ReceiveMessageWaitTimeSeconds: whole.min(0).max(20).default(0),
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: whole.min(1).max(1_000) })
    .optional(),
  RedriveAllowPolicy: noEffect,
  SqsManagedSseEnabled: noEffect,
  KmsMasterKeyId: noEffect,
  KmsDataKeyReusePeriodSeconds: noEffect,
  Tags: noEffect,
});

const patternObject = z.record(z.string(), z.unknown());

/**
 * A rule's event pattern, made text. CloudFormation takes it as an object or as JSON text; only text can hold a null,
 * which is not allowed anywhere in a template.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns-null-values.html
 */
const patternText = z.union([z.string(), patternObject.transform((pattern) => JSON.stringify(pattern))]);

const TargetSchema = z.strictObject({
  Id: z.string(),
  Arn: z.string(),
  InputTransformer: z
    .strictObject({ InputTemplate: z.string(), InputPathsMap: z.strictObject({}).optional() })
    .optional(),
  Input: z.string().optional(),
  DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
  RetryPolicy: z.record(z.string(), z.unknown()).optional(),
});

export const RuleSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS']).default('ENABLED'),
  EventBusName: z.literal('default').optional(),
  EventPattern: patternText.optional(),
  ScheduleExpression: z.string().optional(),
  Targets: z.array(TargetSchema).default([]),
  Tags: noEffect,
});

export const FunctionSchema = z.strictObject({
  FunctionName: z.string().optional(),
  Code: z.strictObject({ S3Key: z.string(), S3Bucket: noEffect }),
  Handler: z.string(),
  Runtime: z.literal('nodejs24.x'),
  PackageType: z.literal('Zip').optional(),
  Timeout: whole.default(3),
  MemorySize: whole.default(128),
  Environment: z
    .strictObject({ Variables: z.record(z.string(), z.coerce.string()).default({}) })
    .default({ Variables: {} }),
  Architectures: noEffect,
  Description: noEffect,
  LoggingConfig: noEffect,
  Role: noEffect,
  Tags: noEffect,
  TracingConfig: noEffect,
});

export const MappingSchema = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: whole.default(10),
  MaximumBatchingWindowInSeconds: whole.default(0),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  /** Lambda starts with five pollers where nothing limits it. */
  ScalingConfig: z.strictObject({ MaximumConcurrency: whole }).default({ MaximumConcurrency: 5 }),
  Tags: noEffect,
});

export const TableSchema = z.strictObject({
  TableName: z.string().optional(),
  KeySchema: z.array(z.unknown()),
  AttributeDefinitions: z.array(z.unknown()),
  BillingMode: z.literal('PAY_PER_REQUEST'),
  // Items that have expired stay: DynamoDB itself promises only days, so no reader may rely on their leaving.
  TimeToLiveSpecification: noEffect,
  DeletionProtectionEnabled: noEffect,
  PointInTimeRecoverySpecification: noEffect,
  SSESpecification: noEffect,
  Tags: noEffect,
});

export const ArchiveSchema = z.strictObject({
  ArchiveName: z.string().optional(),
  Description: noEffect,
  // An object only: CloudFormation takes no text here.
  EventPattern: patternObject,
  RetentionDays: whole.default(0),
  SourceArn: z.string().endsWith(':event-bus/default'),
  KmsKeyIdentifier: noEffect,
});

/** Resources that deploy, watch or permit, and do nothing to an event on its way. */
export const RESOURCES_WITHOUT_PART: ReadonlySet<string> = new Set([
  'AWS::CDK::Metadata',
  'AWS::CloudTrail::Trail',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::MetricFilter',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
  'AWS::SecretsManager::Secret',
]);
