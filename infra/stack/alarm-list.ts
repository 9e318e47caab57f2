import { Duration } from 'aws-cdk-lib';
import { type IMetric, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { digestTimeout, NOTIFIER_TIMEOUT, visibilityTimeout } from './function-settings.ts';
import { type MonitoredParts, serviceMetric } from './metrics.ts';

/** One thing that a person should be woken for. */
export interface AlarmSettings {
  readonly id: string;
  readonly metric: IMetric;
  /** The alarm goes off at this value or above it. */
  readonly threshold: number;
  /**
   * Periods that are looked at.
   * @default 1
   */
  readonly periods?: number;
  /**
   * How many of them must reach the threshold.
   * @default all
   */
  readonly breaching?: number;
  /** The alarm's description: what happened, then what to type. */
  readonly happened: string;
  readonly type: string;
}

const FIVE_MINUTES = Duration.minutes(5);

/** No wait is longer without a word to a person, whatever its reason. */
const LONGEST_SILENT_WAIT = Duration.minutes(10);

/** A day of five minutes each: CloudWatch looks no further back. */
const MOST_PERIODS = 288;

/**
 * Once is enough, and the alarm ends only after so long without another that every record that waits has had its next
 * try: it would mail its end and its beginning at each try otherwise.
 */
const onceWithin = (longestWait: Duration): Required<Pick<AlarmSettings, 'periods' | 'breaching'>> => ({
  periods: Math.min(MOST_PERIODS, Math.ceil(longestWait.toSeconds() / FIVE_MINUTES.toSeconds()) + 1),
  breaching: 1,
});

interface Waits {
  readonly immediate: Duration;
  readonly digest: Duration;
  /** Of metrics that both functions write. */
  readonly both: Duration;
}

const longer = (one: Duration, other: Duration): Duration => (one.toSeconds() < other.toSeconds() ? other : one);

/**
 * The longest from one try of a record to its next: for the one the time until a record comes back whose function was
 * killed, since no wait for Slack is as long; for the other the next digest too.
 */
function longestWaits({ batchingWindowSeconds, digestMinutes }: MonitoredParts): Waits {
  const immediate = visibilityTimeout(NOTIFIER_TIMEOUT, batchingWindowSeconds);
  const digest = longer(visibilityTimeout(digestTimeout(digestMinutes)), Duration.minutes(digestMinutes));
  return { immediate, digest, both: longer(immediate, digest) };
}

const waitingAlarms = (parts: MonitoredParts, waits: Waits): AlarmSettings[] => {
  const type = `npx notifier doctor --region ${parts.region}`;
  const threshold = LONGEST_SILENT_WAIT.toMilliseconds();
  return [
    {
      id: 'CallsWait',
      metric: serviceMetric(parts, 'WaitingAgeMs', { statistic: 'Maximum' }),
      threshold,
      ...onceWithin(waits.immediate),
      happened:
        'MediaConnect calls have waited more than 10 minutes to be reported. Each is tried again after at most 5 minutes; the log says why it waits.',
      type,
    },
    {
      id: 'DigestCallsWait',
      metric: serviceMetric(parts, 'DigestWaitingAgeMs', { statistic: 'Maximum' }),
      threshold,
      ...onceWithin(waits.digest),
      happened:
        'MediaConnect calls were due in a digest more than 10 minutes ago and still wait. The next digest tries again; the log says why they wait.',
      type,
    },
  ];
};

const queueAlarms = (parts: MonitoredParts): AlarmSettings[] => {
  const { deadLetterQueue, digestMinutes, digestQueue, immediateQueue, region, targetDeadLetterQueue } = parts;
  const most = { statistic: 'Maximum', period: FIVE_MINUTES };
  const redrive = `npx notifier redrive --region ${region} --dry-run`;
  const doctor = `npx notifier doctor --region ${region}`;
  return [
    {
      id: 'DeadLetters',
      metric: deadLetterQueue.metricApproximateNumberOfMessagesVisible(most),
      threshold: 1,
      happened: 'MediaConnect calls were given up and lie in the dead-letter queue, each with its reason.',
      type: redrive,
    },
    {
      id: 'TargetDeadLetters',
      metric: targetDeadLetterQueue.metricApproximateNumberOfMessagesVisible(most),
      threshold: 1,
      happened:
        'EventBridge could not put MediaConnect calls into their queue; they lie in the dead-letter queue of the rules.',
      type: redrive,
    },
    {
      id: 'ImmediateRecordsOld',
      metric: immediateQueue.metricApproximateAgeOfOldestMessage(most),
      threshold: LONGEST_SILENT_WAIT.toSeconds(),
      happened:
        'MediaConnect calls have lain in their queue for more than 10 minutes: nobody receives them, or a notifier was killed with them.',
      type: doctor,
    },
    {
      id: 'DigestRecordsOld',
      metric: digestQueue.metricApproximateAgeOfOldestMessage(most),
      // Two digests missed, and the time that a failed one keeps its records hidden.
      threshold:
        Duration.minutes(2 * digestMinutes).toSeconds() + visibilityTimeout(digestTimeout(digestMinutes)).toSeconds(),
      happened:
        'MediaConnect calls have lain in the queue of the digests through more than two of them: no digest receives them.',
      type: doctor,
    },
  ];
};

type FunctionKind = keyof MonitoredParts['functions'];

const KINDS: Readonly<Record<FunctionKind, { readonly afterwards: string; readonly wait: keyof Waits }>> = {
  Notifier: { afterwards: 'Its records are still in the queue and are tried again.', wait: 'immediate' },
  Digest: { afterwards: 'Its records are still in the queue for the next digest.', wait: 'digest' },
  Summary: { afterwards: 'Lambda starts it again, twice at most.', wait: 'immediate' },
};

/** Errors of ours, timeouts, and exits: the last two are lines of Lambda's own. */
const TROUBLE = `'?ERROR ?"timed out" ?"Runtime exited"'`;

const alarmsOfFunction = (name: FunctionKind, { functions, region }: MonitoredParts, waits: Waits): AlarmSettings[] => {
  const { lambda, logGroup } = functions[name];
  const { afterwards, wait } = KINDS[name];
  const spoken = name.toLowerCase();
  return [
    {
      id: `${name}Errors`,
      metric: lambda.metricErrors({ period: FIVE_MINUTES }),
      threshold: 1,
      ...onceWithin(waits[wait]),
      happened: `The ${spoken} function failed as a whole. ${afterwards}`,
      type: `aws logs tail ${logGroup.logGroupName} --since 1h --filter-pattern ${TROUBLE} --region ${region}`,
    },
    {
      id: `${name}Throttles`,
      metric: lambda.metricThrottles({ period: FIVE_MINUTES }),
      threshold: 1,
      ...onceWithin(waits[wait]),
      happened: `Lambda would not start the ${spoken} function: the account's concurrency is used up. Calls wait.`,
      type: `aws lambda get-account-settings --region ${region}`,
    },
  ];
};

const functionAlarms = (parts: MonitoredParts, waits: Waits): AlarmSettings[] => [
  ...alarmsOfFunction('Notifier', parts, waits),
  ...alarmsOfFunction('Digest', parts, waits),
  ...alarmsOfFunction('Summary', parts, waits),
];

const slackAlarms = (parts: MonitoredParts, waits: Waits): AlarmSettings[] => {
  const doctor = `npx notifier doctor --region ${parts.region}`;
  return [
    {
      id: 'SlackRefuses',
      metric: serviceMetric(parts, 'SlackPermanent'),
      threshold: 1,
      ...onceWithin(waits.both),
      happened:
        'Slack refused a message for good: the webhook or its channel is gone, or a message was not valid. See decisions in the log for which.',
      type: doctor,
    },
    {
      id: 'SlackNotSetUp',
      metric: serviceMetric(parts, 'SlackMisconfigured'),
      threshold: 1,
      ...onceWithin(waits.both),
      happened: 'The secret has no usable webhook URL for a channel. Calls wait in the queue until it has.',
      type: doctor,
    },
    {
      id: 'SlackAway',
      // Each holds several tries: a webhook that fails is tried again after at most 5 minutes.
      metric: serviceMetric(parts, 'SlackTransient', { period: Duration.minutes(15) }),
      threshold: 1,
      periods: 2,
      happened:
        'For half an hour Slack has not taken every message. Calls wait in the queue, up to 14 days; see https://slack-status.com.',
      type: doctor,
    },
    {
      id: 'LedgerUnavailable',
      metric: serviceMetric(parts, 'LedgerUnavailable'),
      threshold: 1,
      ...onceWithin(waits.both),
      happened:
        'The table of what was reported could not be reached. Calls are reported all the same, but may be reported twice.',
      type: doctor,
    },
    {
      id: 'SlowDelivery',
      metric: serviceMetric(parts, 'BusToPostedMs', { statistic: 'p99' }),
      threshold: Duration.minutes(1).toMilliseconds(),
      periods: 3,
      happened: 'For 15 minutes one call in a hundred has taken more than a minute from EventBridge to Slack.',
      type: doctor,
    },
  ];
};

const ruleAlarms = ({ region, ruleNames }: MonitoredParts, waits: Waits): AlarmSettings[] =>
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
    ...onceWithin(waits.immediate),
    happened: `EventBridge gave up calls that the rule ${ruleName} matched.`,
    type: `npx notifier redrive --region ${region} --dry-run`,
  }));

/** Every alarm of a region. */
export function listAlarms(parts: MonitoredParts): readonly AlarmSettings[] {
  const waits = longestWaits(parts);
  return [
    ...waitingAlarms(parts, waits),
    ...queueAlarms(parts),
    ...functionAlarms(parts, waits),
    ...slackAlarms(parts, waits),
    ...ruleAlarms(parts, waits),
  ];
}
