import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { digestTimeout, visibilityTimeout } from './function-settings.ts';
import type { MonitoredParts } from './monitored-parts.ts';
import { serviceMetric } from './service-metric.ts';

/** One thing that a person should be woken for. */
export interface AlarmSettings {
  readonly id: string;
  readonly metric: IMetric;
  /** The alarm goes off at this value or above it. */
  readonly threshold: number;
  /**
   * Periods in a row.
   * @default 1
   */
  readonly periods?: number;
  /** The alarm's description: what happened, then what to type. */
  readonly happened: string;
  readonly type: string;
}

const FIVE_MINUTES = Duration.minutes(5);

const queueAlarms = (parts: MonitoredParts): AlarmSettings[] => {
  const { deadLetterQueue, digestMinutes, digestQueue, immediateQueue, region, targetDeadLetterQueue } = parts;
  const filled = { statistic: 'Maximum', period: FIVE_MINUTES };
  const redrive = `npx notifier redrive --region ${region} --dry-run`;
  const doctor = `npx notifier doctor --region ${region}`;
  return [
    {
      id: 'DeadLetters',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible(filled),
      threshold: 1,
      happened: 'MediaConnect calls were given up and lie in the dead-letter queue, each with its reason.',
      type: redrive,
    },
    {
      id: 'TargetDeadLetters',
      metric: targetDeadLetterQueue.metricApproximateNumberOfMessagesVisible(filled),
      threshold: 1,
      happened:
        'EventBridge could not put MediaConnect calls into their queue; they lie in the dead-letter queue of the rules.',
      type: redrive,
    },
    {
      id: 'ImmediateRecordsOld',
      metric: immediateQueue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: FIVE_MINUTES }),
      threshold: Duration.minutes(10).toSeconds(),
      happened: 'MediaConnect calls have waited more than 10 minutes to be told.',
      type: doctor,
    },
    {
      id: 'DigestRecordsOld',
      metric: digestQueue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: FIVE_MINUTES }),
      // Two digests missed, and the time that a failed one keeps its records hidden.
      threshold:
        Duration.minutes(2 * digestMinutes).toSeconds() + visibilityTimeout(digestTimeout(digestMinutes)).toSeconds(),
      happened: 'MediaConnect calls have waited through more than two digests.',
      type: doctor,
    },
  ];
};

const functionAlarms = ({ functions, region }: MonitoredParts): AlarmSettings[] =>
  Object.entries(functions).flatMap(([name, { lambda, logGroup }]) => [
    {
      id: `${name}Errors`,
      metric: lambda.metricErrors({ period: FIVE_MINUTES }),
      threshold: 1,
      happened: `The ${name.toLowerCase()} function failed as a whole. Its records are still in the queue.`,
      type: `aws logs tail ${logGroup.logGroupName} --since 1h --filter-pattern ERROR --region ${region}`,
    },
    {
      id: `${name}Throttles`,
      metric: lambda.metricThrottles({ period: FIVE_MINUTES }),
      threshold: 1,
      happened: `Lambda would not start the ${name.toLowerCase()} function: the account's concurrency is used up. Calls wait.`,
      type: `aws lambda get-account-settings --region ${region}`,
    },
  ]);

const slackAlarms = ({ region }: MonitoredParts): AlarmSettings[] => {
  const doctor = `npx notifier doctor --region ${region}`;
  return [
    {
      id: 'SlackRefuses',
      metric: serviceMetric('SlackPermanent'),
      threshold: 1,
      happened:
        'Slack refused a message for good: the webhook or its channel is gone, or a message was not valid. See decisions in the log for which.',
      type: doctor,
    },
    {
      id: 'SlackNotSetUp',
      metric: serviceMetric('SlackMisconfigured'),
      threshold: 1,
      happened: 'The secret has no usable webhook URL for a channel. Calls wait in the queue until it has.',
      type: doctor,
    },
    {
      id: 'SlackAway',
      // A record is tried again at least every 15 minutes.
      metric: serviceMetric('SlackTransient', { period: Duration.minutes(15) }),
      threshold: 1,
      periods: 3,
      happened:
        'For 45 minutes Slack has not taken every message. Calls wait in the queue, up to 14 days; see https://slack-status.com.',
      type: doctor,
    },
    {
      id: 'LedgerUnavailable',
      metric: serviceMetric('LedgerUnavailable'),
      threshold: 1,
      happened: 'The table of what was told could not be reached. Calls are told all the same, but may be told twice.',
      type: doctor,
    },
    {
      id: 'SlowDelivery',
      metric: serviceMetric('BusToPostedMs', { statistic: 'p99' }),
      threshold: Duration.minutes(1).toMilliseconds(),
      periods: 3,
      happened: 'For 15 minutes one call in a hundred has taken more than a minute from EventBridge to Slack.',
      type: doctor,
    },
  ];
};

const ruleAlarms = ({ region, ruleNames }: MonitoredParts): AlarmSettings[] =>
  ruleNames.map((ruleName) => ({
    id: `FailedInvocations-${ruleName}`,
    metric: new Metric({
      namespace: 'AWS/Events',
      metricName: 'FailedInvocations',
      dimensionsMap: { RuleName: ruleName },
      statistic: 'Sum',
      period: FIVE_MINUTES,
    }),
    threshold: 1,
    happened: `EventBridge gave up calls that the rule ${ruleName} matched.`,
    type: `npx notifier redrive --region ${region} --dry-run`,
  }));

/** Every alarm of a region. */
export const listAlarms = (parts: MonitoredParts): readonly AlarmSettings[] => [
  ...queueAlarms(parts),
  ...functionAlarms(parts),
  ...slackAlarms(parts),
  ...ruleAlarms(parts),
];
