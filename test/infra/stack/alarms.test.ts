import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../shared/delivery/metrics.ts';
import { synthesize } from '../synthesize.ts';

interface Joined {
  readonly 'Fn::Join': readonly [separator: string, parts: readonly unknown[]];
}

interface Widget {
  readonly type: string;
  readonly properties: { readonly metrics?: readonly unknown[][]; readonly alarms?: readonly unknown[] };
}

const { properties, resources } = synthesize({ 'notifier:alarmEmail': 'noc@example.org' });

const alarms = Object.entries(resources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => ({
  id: id.replace(/^Alarms/, '').replace(/[0-9A-F]{8}$/, ''),
  metric: Properties.MetricName,
  threshold: Properties.Threshold,
  periods: Properties.EvaluationPeriods,
  breaching: Properties.DatapointsToAlarm,
  statistic: Properties.Statistic,
  description: JSON.stringify(Properties.AlarmDescription),
  actions: [Properties.AlarmActions, Properties.OKActions],
  others: [Properties.ComparisonOperator, Properties.TreatMissingData],
}));
const [topicId] = Object.keys(resources('AWS::SNS::Topic'));

it('watches what can go wrong', () => {
  const rows = alarms.map(({ id, metric, threshold, breaching, periods }) => [
    id,
    metric,
    threshold,
    `${breaching} of ${periods}`,
  ]);
  expect(rows).toEqual([
    ['CallsWait', 'WaitingAgeMs', 600_000, '1 of 4'],
    ['DigestCallsWait', 'DigestWaitingAgeMs', 600_000, '1 of 7'],
    ['DeadLetters', 'ApproximateNumberOfMessagesVisible', 1, '1 of 1'],
    ['TargetDeadLetters', 'ApproximateNumberOfMessagesVisible', 1, '1 of 1'],
    ['ImmediateRecordsOld', 'ApproximateAgeOfOldestMessage', 600, '1 of 1'],
    ['DigestRecordsOld', 'ApproximateAgeOfOldestMessage', 3600, '1 of 1'],
    ['NotifierErrors', 'Errors', 1, '1 of 4'],
    ['NotifierThrottles', 'Throttles', 1, '1 of 4'],
    ['DigestErrors', 'Errors', 1, '1 of 7'],
    ['DigestThrottles', 'Throttles', 1, '1 of 7'],
    ['SummaryErrors', 'Errors', 1, '1 of 4'],
    ['SummaryThrottles', 'Throttles', 1, '1 of 4'],
    ['SlackRefuses', 'SlackPermanent', 1, '1 of 7'],
    ['SlackNotSetUp', 'SlackMisconfigured', 1, '1 of 7'],
    ['SlackAway', 'SlackTransient', 1, '2 of 2'],
    ['LedgerUnavailable', 'LedgerUnavailable', 1, '1 of 7'],
    ['SlowDelivery', 'BusToPostedMs', 60_000, '3 of 3'],
    ['FailedInvocationsMediaConnectNotifierchanges', 'FailedInvocations', 1, '1 of 4'],
    ['FailedInvocationsMediaConnectNotifierdeniedreads', 'FailedInvocations', 1, '1 of 4'],
    ['FailedInvocationsMediaConnectNotifierreads', 'FailedInvocations', 1, '1 of 4'],
    ['FailedInvocationsMediaConnectNotifiersignal', 'FailedInvocations', 1, '1 of 4'],
  ]);
});

it('hears of the greatest wait, not of an average that hides it', () => {
  const statistics = alarms.filter(({ metric }) => /Age/.test(String(metric))).map(({ statistic }) => statistic);
  expect(statistics).toEqual(['Maximum', 'Maximum', 'Maximum', 'Maximum']);
});

describe('an alarm on what is tried again', () => {
  /** Whether a record that fails at every try lets the alarm end between two of them. */
  const endsBetweenTries = (periods: number, minutesBetween: number): boolean => (periods - 1) * 5 < minutesBetween;

  const periodsIn = (values: Record<string, unknown>): Readonly<Record<string, number>> =>
    Object.fromEntries(
      Object.entries(synthesize(values).resources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) => [
        id.replace(/^Alarms/, '').replace(/[0-9A-F]{8}$/, ''),
        Number(Properties.EvaluationPeriods),
      ]),
    );

  it.each([
    // A killed notifier's records come back after 12 minutes, a killed digest's after half an hour.
    { name: 'by default', values: {}, immediate: 12, digest: 30 },
    { name: 'with a long window', values: { 'notifier:batchingWindowSeconds': 300 }, immediate: 17, digest: 30 },
    { name: 'with a digest an hour', values: { 'notifier:digestMinutes': 60 }, immediate: 12, digest: 60 },
    { name: 'with 23 hours between digests', values: { 'notifier:digestMinutes': 1380 }, immediate: 12, digest: 1380 },
  ])('does not mail its end and its beginning at each try $name', ({ values, immediate, digest }) => {
    const periods = periodsIn(values);
    const ending = (names: readonly string[], minutes: number): readonly string[] =>
      names.filter((name) => endsBetweenTries(periods[name] ?? 0, minutes));
    expect(ending(['CallsWait', 'NotifierErrors', 'NotifierThrottles'], immediate)).toEqual([]);
    expect(
      ending(['DigestCallsWait', 'DigestErrors', 'SlackNotSetUp', 'SlackRefuses', 'LedgerUnavailable'], digest),
    ).toEqual([]);
  });

  it('looks back no further than the day that CloudWatch allows, even with one digest a day', () => {
    const periods = Object.values(periodsIn({ 'notifier:digestMinutes': 1440 }));
    expect(Math.max(...periods) * 300).toBe(86_400);
  });
});

describe.each(alarms)('the alarm $id', ({ description, actions, others }) => {
  it('says what happened and what to type', () => {
    expect(description).toMatch(/\. Type: (npx notifier|aws) /);
    expect(description.length).toBeLessThanOrEqual(1024);
  });

  it('tells of its beginning and its end, and not of silence', () => {
    expect(actions).toEqual([[{ Ref: topicId }], [{ Ref: topicId }]]);
    expect(others).toEqual(['GreaterThanOrEqualToThreshold', 'notBreaching']);
  });
});

it('writes to the address of the context', () => {
  expect(properties('AWS::SNS::Subscription')).toEqual([
    { Protocol: 'email', Endpoint: 'noc@example.org', TopicArn: { Ref: topicId } },
  ]);
});

it('lets our alarms publish, and nobody without TLS', () => {
  const [policy] = properties('AWS::SNS::TopicPolicy');
  expect(policy?.PolicyDocument).toMatchObject({
    Statement: [
      { Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: { Ref: topicId },
        Condition: {
          ArnLike: {
            'aws:SourceArn': {
              'Fn::Join': [
                '',
                ['arn:aws:cloudwatch:eu-west-1:', { Ref: 'AWS::AccountId' }, ':alarm:MediaConnectNotifier-eu-west-1-*'],
              ],
            },
          },
        },
      },
    ],
  });
});

/** The dashboard as CloudWatch gets it, each reference as the text that stands in its place. */
const widgets = (): readonly Widget[] => {
  const bodies = properties('AWS::CloudWatch::Dashboard').map(({ DashboardBody }) => DashboardBody as Joined);
  return bodies.flatMap(({ 'Fn::Join': [, parts] }) => {
    const text = parts.map((part) => (typeof part === 'string' ? part : 'reference')).join('');
    return JSON.parse(text).widgets;
  });
};

const metricsOf = ({ properties: { metrics = [] } }: Widget): readonly string[] =>
  metrics.map(([namespace, name]) =>
    typeof namespace === 'string' ? `${namespace} ${name}` : JSON.stringify(namespace),
  );

it('shows every metric of the functions on one dashboard', () => {
  const [dashboard] = properties('AWS::CloudWatch::Dashboard');
  expect(dashboard?.DashboardName).toBe('MediaConnectNotifier-eu-west-1');
  const shown = new Set(widgets().flatMap(metricsOf));
  const searched = [...shown].filter((metric) => metric.includes('MediaConnectNotifier,service,reason'));
  expect(searched).toEqual([expect.stringContaining('MetricName=\\"DeadLettered\\"')]);
  const { DeadLettered: _, ...listed } = METRICS;
  expect(Object.keys(listed).filter((name) => !shown.has(`MediaConnectNotifier ${name}`))).toEqual([]);
});

it('shows the state of every alarm', () => {
  const states = widgets().filter(({ type }) => type === 'alarm');
  expect(states.flatMap(({ properties: { alarms: shown = [] } }) => shown)).toHaveLength(alarms.length);
});
