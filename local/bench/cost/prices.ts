/**
 * AWS's list prices in USD for us-east-1, without free tiers, as they were published in 2025. Ireland (eu-west-1) has the
 * same for Lambda, SQS, alarms and secrets, and takes about 13 % more for DynamoDB and logs.
 *
 * @see https://aws.amazon.com/lambda/pricing/
 * @see https://aws.amazon.com/sqs/pricing/
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 * @see https://aws.amazon.com/cloudwatch/pricing/
 * @see https://aws.amazon.com/secrets-manager/pricing/
 * @see https://aws.amazon.com/xray/pricing/
 * @see https://aws.amazon.com/eventbridge/pricing/
 */
export const PRICES = {
  invocation: 0.2 / 1e6,
  /** On arm64. */
  gbSecond: 0.000_013_333_4,
  sqsRequest: 0.4 / 1e6,
  tableWrite: 0.625 / 1e6,
  tableRead: 0.125 / 1e6,
  tableGbMonth: 0.25,
  logGb: 0.5,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  metricMonth: 0.3,
  secretMonth: 0.4,
  secretRead: 0.05 / 1e4,
  trace: 5 / 1e6,
  archiveGb: 0.1,
} as const;

export const PRICES_OF = 'us-east-1, as published in 2025';
