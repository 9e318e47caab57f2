import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  LogQueryWidget,
  MathExpression,
  Metric,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRICS_NAMESPACE } from '../../shared/delivery/metrics.ts';
import { DECISION_MESSAGE } from '../../shared/delivery/settle.ts';
import { type MonitoredParts, serviceMetric } from './metrics.ts';

export interface OverviewDashboardProps {
  readonly parts: MonitoredParts;
  readonly alarms: readonly Alarm[];
  readonly dashboardName: string;
}

const graph = (title: string, left: IMetric[], unit?: string): GraphWidget =>
  new GraphWidget({ title, left, width: 8, height: 6, ...(unit && { leftYAxis: { label: unit, min: 0 } }) });

const ofRule = (ruleName: string, metricName: string): Metric =>
  new Metric({
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap: { RuleName: ruleName },
    statistic: 'Sum',
    label: `${ruleName} ${metricName}`,
  });

/** Each reason is a metric of its own, and reasons are not known beforehand. */
const deadLettered = ({ service }: MonitoredParts): MathExpression =>
  new MathExpression({
    expression: `SEARCH('{${METRICS_NAMESPACE},service,reason} MetricName="DeadLettered" service="${service}"', 'Sum')`,
    usingMetrics: {},
    label: 'DeadLettered',
    period: Duration.minutes(5),
  });

const notifyingGraphs = (parts: MonitoredParts): GraphWidget[] => [
  graph('Calls', [
    serviceMetric(parts, 'Notified'),
    serviceMetric(parts, 'Folded'),
    serviceMetric(parts, 'Digested'),
    serviceMetric(parts, 'RepeatsSuppressed'),
    serviceMetric(parts, 'UnrecognizedOperations'),
    serviceMetric(parts, 'SignalsNotified'),
    serviceMetric(parts, 'SignalsDropped'),
    serviceMetric(parts, 'LedgerUnavailable'),
    deadLettered(parts),
  ]),
  graph("Slack's answers", [
    serviceMetric(parts, 'SlackAccepted'),
    serviceMetric(parts, 'SlackTransient'),
    serviceMetric(parts, 'SlackPermanent'),
    serviceMetric(parts, 'SlackMisconfigured'),
  ]),
  graph(
    'Until Slack accepted',
    [
      serviceMetric(parts, 'CallToPostedMs', { statistic: 'p50', label: 'from the call, p50' }),
      serviceMetric(parts, 'CallToPostedMs', { statistic: 'p99', label: 'from the call, p99' }),
      serviceMetric(parts, 'BusToPostedMs', { statistic: 'p50', label: 'from EventBridge, p50' }),
      serviceMetric(parts, 'BusToPostedMs', { statistic: 'p99', label: 'from EventBridge, p99' }),
    ],
    'ms',
  ),
];

/** None without a rule: CloudWatch refuses a graph that shows nothing. */
const ruleGraphs = (ruleNames: readonly string[]): GraphWidget[] =>
  ruleNames.length === 0
    ? []
    : [
        graph(
          'Rules',
          ruleNames.flatMap((name) => [ofRule(name, 'MatchedEvents'), ofRule(name, 'FailedInvocations')]),
        ),
      ];

const queueGraphs = (parts: MonitoredParts): GraphWidget[] => {
  const { deadLetterQueue, digestQueue, immediateQueue, ruleNames, targetDeadLetterQueue } = parts;
  return [
    graph('Records that were left waiting', [
      serviceMetric(parts, 'WaitingRecords', { statistic: 'Maximum', label: 'at once' }),
      serviceMetric(parts, 'DigestWaitingRecords', { statistic: 'Maximum', label: 'digest' }),
    ]),
    graph(
      'The longest of these waits',
      [
        serviceMetric(parts, 'WaitingAgeMs', { statistic: 'Maximum', label: 'at once, since EventBridge had it' }),
        serviceMetric(parts, 'DigestWaitingAgeMs', { statistic: 'Maximum', label: 'digest, since it was due' }),
      ],
      'ms',
    ),
    ...ruleGraphs(ruleNames),
    graph('Records in the queues', [
      immediateQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', label: 'immediate' }),
      immediateQueue.metricApproximateNumberOfMessagesNotVisible({ statistic: 'Maximum', label: 'immediate, hidden' }),
      immediateQueue.metricApproximateNumberOfMessagesDelayed({ statistic: 'Maximum', label: 'immediate, sent again' }),
      digestQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', label: 'digest' }),
      digestQueue.metricApproximateNumberOfMessagesDelayed({ statistic: 'Maximum', label: 'digest, sent again' }),
    ]),
    graph(
      'Oldest record, as SQS counts it',
      [
        immediateQueue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', label: 'immediate' }),
        digestQueue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', label: 'digest' }),
      ],
      's',
    ),
    graph('Dead letters', [
      deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', label: 'given up' }),
      targetDeadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', label: 'of rules' }),
    ]),
  ];
};

const functionGraphs = ({ functions }: MonitoredParts): GraphWidget[] => {
  const named = Object.entries(functions);
  return [
    graph(
      'Starts',
      named.map(([label, { lambda }]) => lambda.metricInvocations({ label })),
    ),
    graph(
      'Errors and throttles',
      named.flatMap(([label, { lambda }]) => [
        lambda.metricErrors({ label: `${label} errors` }),
        lambda.metricThrottles({ label: `${label} throttles` }),
      ]),
    ),
    graph(
      'Duration, p99',
      named.map(([label, { lambda }]) => lambda.metricDuration({ label, statistic: 'p99' })),
      'ms',
    ),
  ];
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html */
const MOST_ALARMS_IN_WIDGET = 100;

/** Whether any alarm rings, with as many widgets as the alarms of many rules need. */
const alarmStates = (alarms: readonly Alarm[]): AlarmStatusWidget[] =>
  Array.from({ length: Math.ceil(alarms.length / MOST_ALARMS_IN_WIDGET) }, (_, page) => {
    const first = page * MOST_ALARMS_IN_WIDGET;
    return new AlarmStatusWidget({
      title: page === 0 ? 'Alarms' : `Alarms from the ${first + 1}st on`,
      alarms: alarms.slice(first, first + MOST_ALARMS_IN_WIDGET),
      width: 24,
      height: 4,
    });
  });

/** The answer to "why was I not notified?", without a query to write. */
const lastResults = ({ functions }: MonitoredParts): LogQueryWidget =>
  new LogQueryWidget({
    title: 'Calls that were not simply reported',
    logGroupNames: Object.values(functions).map(({ logGroup }) => logGroup.logGroupName),
    queryLines: [
      'fields @timestamp, eventId, rule, channel, call.operation, result, reason',
      `filter message = '${DECISION_MESSAGE}' and result in ['dead-lettered', 'repeated', 'waiting']`,
      'sort @timestamp desc',
      'limit 50',
    ],
    width: 24,
    height: 8,
  });

/** One page that says whether the notifier is alive, how soon it reports, and what waits. */
export class OverviewDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { parts, alarms, dashboardName }: OverviewDashboardProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Resource', {
      dashboardName,
      periodOverride: PeriodOverride.AUTO,
      defaultInterval: Duration.days(1),
    });
    this.dashboard.addWidgets(...alarmStates(alarms));
    this.dashboard.addWidgets(...notifyingGraphs(parts));
    this.dashboard.addWidgets(...queueGraphs(parts));
    this.dashboard.addWidgets(...functionGraphs(parts));
    this.dashboard.addWidgets(lastResults(parts));
  }
}
