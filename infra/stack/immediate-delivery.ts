import { Duration } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  MAX_RECEIVE_COUNT,
  NOTIFIER_CONCURRENCY,
  NOTIFIER_TIMEOUT,
  NOTIFYING_MEMORY_MEGABYTES,
  visibilityTimeout,
} from './function-settings.ts';
import {
  type DeliveryProps,
  drainQueue,
  giveUp,
  keepLedger,
  NotifierFunction,
  pollByLambda,
  readSecret,
  sendAgain,
} from './notifier-function.ts';
import { StandardQueue } from './standard-queue.ts';

export interface ImmediateDeliveryProps extends DeliveryProps {
  readonly batchingWindowSeconds: number;
}

/** A queue, and the function that reports at once what comes in. */
export class ImmediateDelivery extends Construct {
  readonly queue: Queue;
  readonly notifier: NotifierFunction;
  readonly eventSourceMapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: ImmediateDeliveryProps) {
    super(scope, id);
    const { batchingWindowSeconds, deadLetterQueue, ledger, secret } = props;
    this.queue = new StandardQueue(this, 'Queue', {
      visibilityTimeout: visibilityTimeout(NOTIFIER_TIMEOUT, batchingWindowSeconds),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    this.notifier = new NotifierFunction(this, 'Notifier', {
      description: 'Reports MediaConnect calls in Slack as they come',
      code: props.code,
      timeout: NOTIFIER_TIMEOUT,
      memoryMegabytes: NOTIFYING_MEMORY_MEGABYTES,
      logRetentionDays: props.logRetentionDays,
      environment: { ...props.environment, QUEUE_URL: this.queue.queueUrl },
      statements: [
        pollByLambda(this.queue.queueArn),
        drainQueue(this.queue.queueArn),
        sendAgain(this.queue.queueArn),
        giveUp(deadLetterQueue.queueArn),
        ...keepLedger(ledger.tableArn),
        readSecret(secret.grantArn),
      ],
    });
    this.eventSourceMapping = new EventSourceMapping(this, 'EventSourceMapping', {
      target: this.notifier.lambda,
      eventSourceArn: this.queue.queueArn,
      // Lambda refuses batches of more than 10 that nobody waited for.
      batchSize: batchingWindowSeconds === 0 ? 10 : 500,
      maxBatchingWindow: Duration.seconds(batchingWindowSeconds),
      reportBatchItemFailures: true,
      maxConcurrency: NOTIFIER_CONCURRENCY,
    });
  }
}
