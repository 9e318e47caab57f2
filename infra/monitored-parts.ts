import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { NotifierFunction } from './notifier-function.ts';

/** What the alarms and the dashboard look at. */
export interface MonitoredParts {
  readonly region: string;
  readonly immediateQueue: Queue;
  readonly digestQueue: Queue;
  readonly deadLetterQueue: Queue;
  readonly targetDeadLetterQueue: Queue;
  readonly functions: Readonly<Record<'Notifier' | 'Digest' | 'Summary', NotifierFunction>>;
  readonly digestMinutes: number;
  readonly batchingWindowSeconds: number;
  /** As EventBridge knows them. */
  readonly ruleNames: readonly string[];
}
