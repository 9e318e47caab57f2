import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../../local/aws/gateway.ts';
import { createMetricService, type MetricService } from '../../../local/aws/metric-service.ts';
import { clientSettings } from './sdk-clients.ts';

const NOW_MS = Date.parse('2026-11-22T20:10:30Z');
const MINUTE_MS = 60_000;

let door: Gateway;
let client: CloudWatchClient;
let service: MetricService;

beforeAll(async () => {
  door = await startGateway({ port: 0 });
  client = new CloudWatchClient(clientSettings(door.url));
});
beforeEach(() => {
  service = createMetricService({
    oldestMessageMs: (name) => (name === 'Old' ? 61_500 : undefined),
    nowMs: () => NOW_MS,
  });
  door.serve(service);
});
afterAll(() => door.close());

/** A function says at so many minutes before now how long the oldest record has waited. */
const say = (minutesAgo: number, value: number, name = 'WaitingAgeMs'): void =>
  service.lineWritten(
    JSON.stringify({
      _aws: {
        Timestamp: NOW_MS - minutesAgo * MINUTE_MS,
        CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [['service']], Metrics: [{ Name: name }] }],
      },
      service: 's',
      [name]: value,
    }),
  );

const own = (Stat = 'Maximum', service = 's'): MetricDataQuery => ({
  Id: 'own',
  MetricStat: {
    Metric: { Namespace: 'N', MetricName: 'WaitingAgeMs', Dimensions: [{ Name: 'service', Value: service }] },
    Period: 60,
    Stat,
  },
});

async function ask(
  query: MetricDataQuery,
  ScanBy: 'TimestampAscending' | 'TimestampDescending' = 'TimestampAscending',
) {
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: [query],
      StartTime: new Date(NOW_MS - 10 * MINUTE_MS),
      EndTime: new Date(NOW_MS),
      ScanBy,
    }),
  );
  const [{ Timestamps = [], Values = [] } = {}] = MetricDataResults;
  return Timestamps.map((at, index) => [at.toISOString().slice(11, 16), Values[index]]);
}

describe('metrics by the SDK', () => {
  it('say how many events a rule matched, by minute', async () => {
    const Metric = { Namespace: 'AWS/Events', MetricName: 'MatchedEvents' };
    const ofRule = (Value: string): MetricDataQuery => ({
      Id: 'own',
      MetricStat: { Metric: { ...Metric, Dimensions: [{ Name: 'RuleName', Value }] }, Period: 60, Stat: 'Sum' },
    });
    service.ruleMatched('Ours');
    service.ruleMatched('Ours');
    expect([await ask(ofRule('Ours')), await ask(ofRule('Other'))]).toEqual([[['20:10', 2]], []]);
  });

  it('are what the functions wrote, by period', async () => {
    for (const [minutes, value] of [
      [11, 1],
      [5, 300],
      [5, 700],
      [2, 0],
    ] as const) {
      say(minutes, value);
    }
    say(1, 9, 'Other');
    expect({
      maximum: await ask(own()),
      sum: await ask(own('Sum')),
      count: await ask(own('SampleCount')),
      latestFirst: await ask(own(), 'TimestampDescending'),
      ofAnotherService: await ask(own('Maximum', 'other')),
    }).toEqual({
      maximum: [
        ['20:05', 700],
        ['20:08', 0],
      ],
      sum: [
        ['20:05', 1000],
        ['20:08', 0],
      ],
      count: [
        ['20:05', 2],
        ['20:08', 1],
      ],
      latestFirst: [
        ['20:08', 0],
        ['20:05', 700],
      ],
      ofAnotherService: [],
    });
  });

  it.each([
    ['Old', [['20:09', 61]]],
    ['Empty', []],
  ])('have the age of what is in the queue %s, in seconds', async (Value, expected) => {
    const Metric = {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateAgeOfOldestMessage',
      Dimensions: [{ Name: 'QueueName', Value }],
    };
    expect(await ask({ Id: 'age', MetricStat: { Metric, Period: 60, Stat: 'Maximum' } })).toEqual(expected);
  });

  it.each<[what: string, queries: MetricDataQuery[]]>([
    ['nothing', []],
    ['an Id that begins with a capital', [{ ...own(), Id: 'Own' }]],
    ['an Id with a space', [{ ...own(), Id: 'o n' }]],
    ['two queries of one Id', [own(), own()]],
    ['no value at all', [{ ...own(), ReturnData: false }]],
  ])('are not asked for by %s', async (_, MetricDataQueries) => {
    const period = { StartTime: new Date(NOW_MS - MINUTE_MS), EndTime: new Date(NOW_MS) };
    const asked = client.send(new GetMetricDataCommand({ MetricDataQueries, ...period }));
    await expect(asked).rejects.toMatchObject({ message: expect.stringContaining("at 'MetricDataQueries") });
  });

  it.each<[what: string, query: MetricDataQuery]>([
    ['an expression', { Id: 'sum', Expression: 'SUM(METRICS())' }],
    ['a percentile', own('p99')],
  ])('refuse %s, which is not imitated', async (_what, query) => {
    await expect(ask(query)).rejects.toMatchObject({ message: expect.stringContaining('not imitated') });
  });
});
