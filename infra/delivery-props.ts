import type { Code } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Ledger } from './ledger.ts';
import type { SlackSecret } from './slack-secret.ts';

/** What each way of telling (at once, in a digest, the day's summary) shares with the others. */
export interface DeliveryProps {
  readonly code: Code;
  readonly deadLetterQueue: Queue;
  readonly ledger: Ledger;
  readonly secret: SlackSecret;
  readonly logRetentionDays: RetentionDays;
  readonly environment: Readonly<Record<string, string>>;
}
