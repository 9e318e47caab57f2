/**
 * The metrics that the functions write, by name, with their unit. Dashboard and alarms are built on these.
 *
 * The four of waiting are written by every invocation of the notifier or the digest, and are 0 when nothing waits: SQS
 * leaves out of its own ages what was received three times, and counts anew what was sent again.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export const METRICS = {
  Notified: 'Count',
  Folded: 'Count',
  Digested: 'Count',
  DeadLettered: 'Count',
  RepeatsSuppressed: 'Count',
  SlackAccepted: 'Count',
  SlackTransient: 'Count',
  SlackPermanent: 'Count',
  SlackMisconfigured: 'Count',
  UnrecognizedOperations: 'Count',
  LedgerUnavailable: 'Count',
  CallToPostedMs: 'Milliseconds',
  BusToPostedMs: 'Milliseconds',
  /** Records that a notifier left waiting, whatever the reason. */
  WaitingRecords: 'Count',
  /** Since EventBridge took the oldest of them in. */
  WaitingAgeMs: 'Milliseconds',
  /** Records that a digest left waiting. */
  DigestWaitingRecords: 'Count',
  /** Since the digest of the oldest of them was due. */
  DigestWaitingAgeMs: 'Milliseconds',
} as const;

export type MetricName = keyof typeof METRICS;
