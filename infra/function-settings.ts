import { Duration } from 'aws-cdk-lib';

export type FunctionName = 'notifier' | 'digest' | 'summary';

/** The dimension `service` of every metric, and the name in traces and logs. One for all: they are one service. */
export const SERVICE = 'mediaconnect-notifier';

export const METRICS_NAMESPACE = 'MediaConnectNotifier';

/** Two minutes hold the posts of a full batch, one a second and channel, and a slow Slack. */
export const NOTIFIER_TIMEOUT = Duration.minutes(2);
export const SUMMARY_TIMEOUT = Duration.minutes(2);

/** Never longer than from one digest to the next, so that only one runs at a time. */
export const digestTimeout = (digestMinutes: number): Duration => Duration.minutes(Math.min(5, digestMinutes));

/**
 * Receives before SQS gives a record up. Slack being away must not use them up: a record that waits up to 15 minutes
 * between two tries is received about 400 times in four days.
 */
export const MAX_RECEIVE_COUNT = 1000;

/**
 * How long a record stays hidden from other readers: time for the poller's own retries of a throttled function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const visibilityTimeout = (functionTimeout: Duration, batchingWindowSeconds = 0): Duration =>
  Duration.seconds(6 * functionTimeout.toSeconds() + batchingWindowSeconds);
