import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import {
  digestTimeout,
  MAX_RECEIVE_COUNT,
  NOTIFYING_MEMORY_MEGABYTES,
  visibilityTimeout,
} from './function-settings.ts';
import {
  type DeliveryProps,
  drainQueue,
  giveUp,
  keepLedger,
  NotifierFunction,
  readSecret,
  sendAgain,
} from './notifier-function.ts';
import { StandardQueue } from './standard-queue.ts';

export interface DigestDeliveryProps extends DeliveryProps {
  /** Minutes from one digest to the next. */
  readonly digestMinutes: number;
}

/** A queue where calls gather, and the function that drains it on a schedule into one message a channel. */
export class DigestDelivery extends Construct {
  readonly queue: Queue;
  readonly digest: NotifierFunction;
  readonly schedule: Rule;

  constructor(scope: Construct, id: string, props: DigestDeliveryProps) {
    super(scope, id);
    const { deadLetterQueue, digestMinutes, ledger, secret } = props;
    const timeout = digestTimeout(digestMinutes);
    this.queue = new StandardQueue(this, 'Queue', {
      visibilityTimeout: visibilityTimeout(timeout),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
    });
    this.digest = new NotifierFunction(this, 'Digest', {
      description: 'Reports the gathered MediaConnect calls in one message a channel',
      code: props.code,
      timeout,
      memoryMegabytes: NOTIFYING_MEMORY_MEGABYTES,
      logRetentionDays: props.logRetentionDays,
      environment: { ...props.environment, QUEUE_URL: this.queue.queueUrl, DIGEST_MINUTES: String(digestMinutes) },
      statements: [
        drainQueue(this.queue.queueArn),
        sendAgain(this.queue.queueArn),
        giveUp(deadLetterQueue.queueArn),
        ...keepLedger(ledger.tableArn),
        readSecret(secret.grantArn),
      ],
    });
    // The next run is the retry; what this one did not report is still in the queue.
    this.digest.lambda.configureAsyncInvoke({ retryAttempts: 0 });
    this.schedule = new Rule(this, 'Schedule', {
      description: 'Starts the digest of MediaConnect calls',
      schedule: Schedule.rate(Duration.minutes(digestMinutes)),
      targets: [new LambdaFunction(this.digest.lambda, { retryAttempts: 0 })],
    });
  }
}
