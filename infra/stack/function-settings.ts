import { Duration } from 'aws-cdk-lib';
import { SERVICE } from '../../shared/delivery/metrics.ts';
import { DEFAULT_NOTIFIER } from '../../shared/eventbridge/rule.ts';

export type FunctionName = 'notifier' | 'digest' | 'summary';

/** A second notifier in one account and region must not be measured together with the first. */
export const serviceOf = (notifier: string): string => (notifier === DEFAULT_NOTIFIER ? SERVICE : notifier);

/** Two minutes hold the posts of a full batch, one a second and channel, and a slow Slack. */
export const NOTIFIER_TIMEOUT = Duration.minutes(2);
/**
 * Notifiers that run at once. Slack takes one message a second from a webhook, so that more of them would only wait for
 * each other there; with fewer, two webhooks that answer nothing would hold back every other channel.
 */
export const NOTIFIER_CONCURRENCY = 4;

/**
 * Of the functions that report calls. The least in which a drain of 10,000 calls fits at ease. More would only buy
 * processor time: a few hundredths of a second of the first message after a cold start, at twice the price. The figures
 * are in docs/performance.md.
 */
export const NOTIFYING_MEMORY_MEGABYTES = 512;

export const SUMMARY_TIMEOUT = Duration.minutes(2);

/** Never longer than from one digest to the next, so that only one runs at a time. */
export const digestTimeout = (digestMinutes: number): Duration => Duration.minutes(Math.min(5, digestMinutes));

/**
 * Receives before SQS gives a record up: all that it allows. A wait must not use them up, so a record that has to wait
 * for a minute or more is sent again, which begins its count anew; a record that reaches the end was hidden for seconds
 * a thousand times, or broke a function each time.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
 */
export const MAX_RECEIVE_COUNT = 1000;

/**
 * How long a record stays hidden from other readers: time for the poller's own retries of a throttled function. A
 * record comes back after it only when its function was killed; one that has to wait is given its own time.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export const visibilityTimeout = (functionTimeout: Duration, batchingWindowSeconds = 0): Duration =>
  Duration.seconds(6 * functionTimeout.toSeconds() + batchingWindowSeconds);
