import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { SUMMARY_TIMEOUT } from './function-settings.ts';
import { type DeliveryProps, keepLedger, measureQueue, NotifierFunction, readSecret } from './notifier-function.ts';

export interface DailySummaryProps extends DeliveryProps {
  readonly immediateQueue: Queue;
  /** JSON list of the channels that get a summary. */
  readonly channels: string;
}

/** The sign of life: once a day each channel hears what was reported, even when that is nothing. */
export class DailySummary extends Construct {
  readonly summary: NotifierFunction;
  readonly schedule: Rule;

  constructor(scope: Construct, id: string, props: DailySummaryProps) {
    super(scope, id);
    const { immediateQueue, ledger, secret } = props;
    this.summary = new NotifierFunction(this, 'Summary', {
      description: 'Tells each channel once a day what was reported there',
      code: props.code,
      timeout: SUMMARY_TIMEOUT,
      memoryMegabytes: 512,
      logRetentionDays: props.logRetentionDays,
      environment: {
        ...props.environment,
        IMMEDIATE_QUEUE_URL: immediateQueue.queueUrl,
        CHANNELS: props.channels,
      },
      statements: [measureQueue(immediateQueue.queueArn), ...keepLedger(ledger.tableArn), readSecret(secret.grantArn)],
    });
    this.schedule = new Rule(this, 'Schedule', {
      description: 'Starts the daily summary of MediaConnect calls',
      // After the UTC day that it counts has ended.
      schedule: Schedule.cron({ hour: '0', minute: '10' }),
      targets: [new LambdaFunction(this.summary.lambda)],
    });
  }
}
