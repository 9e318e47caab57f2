import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

interface Queue {
  readonly queueArn: string;
}

interface Table {
  readonly tableArn: string;
}

/**
 * The statements of the functions' roles, written out: CDK's grants allow more than is used (its read of a table
 * includes Scan, streams and Query).
 */
export const readSecret = (secretArn: string): PolicyStatement =>
  new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] });

/** Take records, hold them back, give them up, delete them. */
export const consume = (queue: Queue): PolicyStatement =>
  new PolicyStatement({
    actions: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    resources: [queue.queueArn],
  });

export const sendTo = (queue: Queue): PolicyStatement =>
  new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] });

export const measure = (queues: readonly Queue[]): PolicyStatement =>
  new PolicyStatement({ actions: ['sqs:GetQueueAttributes'], resources: queues.map(({ queueArn }) => queueArn) });

/** Look up and write marks and counters, each by its key. */
export const keepLedger = (table: Table): PolicyStatement =>
  new PolicyStatement({
    actions: [
      'dynamodb:GetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:UpdateItem',
    ],
    resources: [table.tableArn],
  });

export const readLedger = (table: Table): PolicyStatement =>
  new PolicyStatement({ actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'], resources: [table.tableArn] });
