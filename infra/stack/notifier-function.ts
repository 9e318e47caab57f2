import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../../shared/delivery/metrics.ts';
import { acknowledge } from './acknowledge.ts';
import type { Ledger } from './ledger.ts';
import type { SlackSecret } from './slack-secret.ts';

/** What each way of reporting (at once, in a digest, the day's summary) shares with the others. */
export interface DeliveryProps {
  readonly code: Code;
  readonly deadLetterQueue: Queue;
  readonly ledger: Ledger;
  readonly secret: SlackSecret;
  readonly logRetentionDays: RetentionDays;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The statements of the functions' roles, written out: CDK's grants allow more than is used, such as to scan the
 * ledger. Each is one use of a resource and is named after it, so that whoever reads a role sees what for; named
 * statements are not merged.
 */
const allow =
  (sid: string, ...actions: readonly string[]) =>
  (...resources: readonly string[]): PolicyStatement =>
    new PolicyStatement({ sid, actions: [...actions], resources: [...resources] });

export const readSecret = allow('ReadTheWebhooks', 'secretsmanager:GetSecretValue');

const writeLog = allow('WriteTheLog', 'logs:CreateLogStream', 'logs:PutLogEvents');

/**
 * Lambda's poller asks with the function's role.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const pollByLambda = allow(
  'LambdaPollsTheQueue',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
);

/** The function receives by itself too; what has to wait for less than a minute is hidden. */
export const drainQueue = allow(
  'DrainTheQueue',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:ChangeMessageVisibility',
);

/** What has to wait longer goes into the same queue again, with a delay. */
export const sendAgain = allow('SendAgainLater', 'sqs:SendMessage');

export const giveUp = allow('GiveUp', 'sqs:SendMessage');

export const measureQueue = allow('MeasureTheQueue', 'sqs:GetQueueAttributes');

/** Whoever reports claims a call, gives a claim back, marks what was reported, counts it, and keeps each webhook's pace. */
const USES_OF_LEDGER = [
  allow('LookUpCallsAndDays', 'dynamodb:GetItem', 'dynamodb:BatchGetItem'),
  allow('ClaimAndRelease', 'dynamodb:PutItem', 'dynamodb:DeleteItem'),
  allow('MarkAsNotified', 'dynamodb:BatchWriteItem'),
  allow('CountAndKeepPace', 'dynamodb:UpdateItem'),
];

export const keepLedger = (tableArn: string): readonly PolicyStatement[] => USES_OF_LEDGER.map((use) => use(tableArn));

export interface NotifierFunctionProps {
  readonly description: string;
  readonly code: Code;
  readonly timeout: Duration;
  readonly memoryMegabytes: number;
  readonly logRetentionDays: RetentionDays;
  readonly environment: Readonly<Record<string, string>>;
  /** What it may do beyond writing its log and its traces. */
  readonly statements: readonly PolicyStatement[];
}

/** One of our functions: its log group, a role of its own that may do what is listed and no more, tracing. */
export class NotifierFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly logGroup: LogGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: NotifierFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'LogGroup', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = this.#createRole(props.statements);
    this.lambda = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: props.code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memoryMegabytes,
      role: this.role,
      logGroup: this.logGroup,
      tracing: Tracing.ACTIVE,
      environment: {
        ...props.environment,
        POWERTOOLS_METRICS_NAMESPACE: METRICS_NAMESPACE,
        POWERTOOLS_LOG_LEVEL: 'INFO',
      },
    });
  }

  #createRole(statements: readonly PolicyStatement[]): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    for (const statement of [writeLog(this.logGroup.logGroupArn), ...statements]) role.addToPolicy(statement);
    acknowledge(role.node.findChild('DefaultPolicy'), {
      rule: 'AwsSolutions-IAM5',
      finding: 'Resource::*',
      reason: 'X-Ray has no resources: xray:PutTraceSegments and xray:PutTelemetryRecords can only be allowed on *',
    });
    return role;
  }
}
