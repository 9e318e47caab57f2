import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

/**
 * The statements of the functions' roles, written out: CDK's grants allow more than is used, such as to scan the
 * ledger.
 */
const allow =
  (...actions: readonly string[]) =>
  (...resources: readonly string[]): PolicyStatement =>
    new PolicyStatement({ actions: [...actions], resources: [...resources] });

export const readSecret = allow('secretsmanager:GetSecretValue');

export const writeLog = allow('logs:CreateLogStream', 'logs:PutLogEvents');

/** Lambda's poller does the rest with the same role: it receives, deletes, and measures the queue. */
export const consumeByPoller = allow(
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ChangeMessageVisibility',
);

export const consume = allow('sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility');

export const sendTo = allow('sqs:SendMessage');

export const measure = allow('sqs:GetQueueAttributes');

/** Claim a call, mark it as told or give it back, count it, keep the pace. Deleting is a batch write. */
export const claimCalls = allow(
  'dynamodb:PutItem',
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:UpdateItem',
);

/** Look up which calls were told, mark and count the others, keep the pace. */
export const markCalls = allow('dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem', 'dynamodb:UpdateItem');

/** Read a day's counters; look up and mark its summary; keep the pace. */
export const readDays = allow(
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:UpdateItem',
);
