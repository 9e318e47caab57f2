import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

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

export const writeLog = allow('WriteTheLog', 'logs:CreateLogStream', 'logs:PutLogEvents');

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

/** Whoever tells claims a call, gives a claim back, marks what was told, counts it, and keeps each webhook's pace. */
const USES_OF_LEDGER = [
  allow('LookUpCallsAndDays', 'dynamodb:GetItem', 'dynamodb:BatchGetItem'),
  allow('ClaimAndRelease', 'dynamodb:PutItem', 'dynamodb:DeleteItem'),
  allow('MarkAsTold', 'dynamodb:BatchWriteItem'),
  allow('CountAndKeepPace', 'dynamodb:UpdateItem'),
];

export const keepLedger = (tableArn: string): readonly PolicyStatement[] => USES_OF_LEDGER.map((use) => use(tableArn));
