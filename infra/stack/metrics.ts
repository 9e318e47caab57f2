import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { METRICS_NAMESPACE, type MetricName } from '../../shared/delivery/metrics.ts';
import type { NotifierFunction } from './notifier-function.ts';

/** What the alarms and the dashboard look at. */
export interface MonitoredParts {
  readonly region: string;
  /** The dimension of the functions' own metrics. */
  readonly service: string;
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

/** `DeadLettered` has a dimension more, so that it can only be searched for. */
export type ServiceMetricName = Exclude<MetricName, 'DeadLettered'>;

export interface ServiceMetricOptions {
  /** @default Sum */
  readonly statistic?: string;
  /** @default 5 minutes */
  readonly period?: Duration;
  /** @default the metric's name */
  readonly label?: string;
}

/** One of the functions' own metrics, under the dimension `service`. */
export const serviceMetric = (
  { service }: Pick<MonitoredParts, 'service'>,
  name: ServiceMetricName,
  { statistic = 'Sum', period = Duration.minutes(5), label }: ServiceMetricOptions = {},
): Metric =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: name,
    dimensionsMap: { service },
    statistic,
    period,
    ...(label !== undefined && { label }),
  });
