import { Duration } from 'aws-cdk-lib';
import { type DeadLetterQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

export interface StandardQueueProps {
  /** @default SQS's own 30 seconds */
  readonly visibilityTimeout?: Duration;
  /** @default none: this is where records end */
  readonly deadLetterQueue?: DeadLetterQueue;
}

/** A queue that keeps records as long as SQS can, encrypted, and only over TLS. */
export class StandardQueue extends Queue {
  constructor(scope: Construct, id: string, props: StandardQueueProps = {}) {
    super(scope, id, {
      ...props,
      // SSE-SQS: EventBridge cannot send to a queue under the key `aws/sqs`.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
  }
}
