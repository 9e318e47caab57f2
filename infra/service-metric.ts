import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS_NAMESPACE, SERVICE } from './function-settings.ts';

/** The metrics that the functions write, under the dimension `service`. */
export type ServiceMetricName =
  | 'Told'
  | 'Folded'
  | 'Digested'
  | 'RepeatsSuppressed'
  | 'SlackAccepted'
  | 'SlackTransient'
  | 'SlackPermanent'
  | 'SlackMisconfigured'
  | 'CallToPostedMs'
  | 'BusToPostedMs'
  | 'UnrecognizedOperations'
  | 'LedgerUnavailable';

export interface ServiceMetricOptions {
  /** @default Sum */
  readonly statistic?: string;
  /** @default 5 minutes */
  readonly period?: Duration;
  /** @default the metric's name */
  readonly label?: string;
}

/** One of the functions' own metrics. */
export const serviceMetric = (
  name: ServiceMetricName,
  { statistic = 'Sum', period = Duration.minutes(5), label }: ServiceMetricOptions = {},
): Metric =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: name,
    dimensionsMap: { service: SERVICE },
    statistic,
    period,
    ...(label !== undefined && { label }),
  });
