import * as z from 'zod';
import { type MetricSample, readSamples } from '../lambda/read-samples.ts';
import { AwsError, type AwsService, createJsonService, type Operation, validationError } from './service.ts';

export interface MetricServiceOptions {
  /**
   * The age of the oldest message of a queue as SQS measures it, by the queue's name; `undefined` for a queue that is
   * empty or that there is not.
   */
  readonly oldestMessageMs: (queueName: string) => number | undefined;
  readonly nowMs: () => number;
}

/** CloudWatch, as far as it knows what the functions and the queues say of themselves. */
export interface MetricService extends AwsService {
  /** Called with every line that a function wrote. */
  lineWritten(line: string): void;
  /** Called when a rule has matched an event. */
  ruleMatched(ruleName: string): void;
}

/** Of the functions' samples so many are remembered: hours of a busy day. */
const REMEMBERED = 20_000;

const MINUTE_MS = 60_000;
const REMEMBERED_MINUTES = 24 * 60;

type Statistic = (values: readonly number[]) => number;

const sum: Statistic = (values) => values.reduce((total, value) => total + value, 0);

const STATISTICS: Readonly<Record<string, Statistic>> = {
  Average: (values) => sum(values) / values.length,
  Maximum: (values) => values.reduce((most, value) => Math.max(most, value)),
  Minimum: (values) => values.reduce((least, value) => Math.min(least, value)),
  SampleCount: (values) => values.length,
  Sum: sum,
};

const seconds = z.number().transform((value) => value * 1000);

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html */
const QuerySchema = z.object({
  Id: z.string().regex(/^[a-z][a-zA-Z0-9_]{0,254}$/),
  MetricStat: z.object({
    Metric: z.object({
      Namespace: z.string(),
      MetricName: z.string(),
      Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
    }),
    Period: z.number().int().multipleOf(60).positive(),
    Stat: z.enum(['Average', 'Maximum', 'Minimum', 'SampleCount', 'Sum']),
  }),
  ReturnData: z.boolean().default(true),
});
type Query = z.output<typeof QuerySchema>;

const InputSchema = z.object({
  MetricDataQueries: z
    .array(QuerySchema)
    .min(1)
    .max(500)
    .refine((queries) => new Set(queries.map(({ Id }) => Id)).size === queries.length)
    .refine((queries) => queries.some(({ ReturnData }) => ReturnData)),
  StartTime: seconds,
  EndTime: seconds,
  ScanBy: z.enum(['TimestampAscending', 'TimestampDescending']).default('TimestampDescending'),
});
type Input = z.output<typeof InputSchema>;

const isOf =
  ({ Namespace, MetricName, Dimensions }: Query['MetricStat']['Metric']) =>
  ({ namespace, name, dimensions }: MetricSample): boolean =>
    namespace === Namespace &&
    name === MetricName &&
    Object.keys(dimensions).length === Dimensions.length &&
    Dimensions.every(({ Name, Value }) => dimensions[Name] === Value);

/** The values of each period that has any. */
function resultOf({ Id, MetricStat }: Query, samples: readonly MetricSample[], { ScanBy }: Input) {
  const { Metric, Period, Stat } = MetricStat;
  const periodMs = Period * 1000;
  const periods = Map.groupBy(samples, ({ atMs }) => Math.floor(atMs / periodMs) * periodMs);
  const points = [...periods].toSorted(([left], [right]) => left - right);
  if (ScanBy === 'TimestampDescending') points.reverse();
  return {
    Id,
    Label: Metric.MetricName,
    StatusCode: 'Complete',
    Timestamps: points.map(([startMs]) => startMs / 1000),
    Values: points.map(([, ofPeriod]) => STATISTICS[Stat]?.(ofPeriod.map(({ value }) => value))),
  };
}

/**
 * Makes CloudWatch's stand-in: `GetMetricData` of the metrics that the functions wrote, of how many events a rule matched, and of the age of the queues'
 * oldest messages, as it is now. Metrics that nobody writes here have no values, as on AWS.
 */
export function createMetricService({ oldestMessageMs, nowMs }: MetricServiceOptions): MetricService {
  const written: MetricSample[] = [];
  /** By rule: how many events it matched in each minute that had any, the latest last. */
  const matched = new Map<string, MetricSample[]>();

  function ruleMatched(ruleName: string): void {
    const minutes = matched.get(ruleName) ?? [];
    const atMs = Math.floor(nowMs() / MINUTE_MS) * MINUTE_MS;
    const last = minutes.at(-1);
    const sample = { namespace: 'AWS/Events', name: 'MatchedEvents', dimensions: { RuleName: ruleName }, atMs };
    if (last?.atMs === atMs) minutes[minutes.length - 1] = { ...sample, value: last.value + 1 };
    else minutes.push({ ...sample, value: 1 });
    matched.set(ruleName, minutes.slice(-REMEMBERED_MINUTES));
  }

  /** AWS/SQS has a value of each minute that has passed; here the last one's is measured when it is asked for. */
  function measured({ Namespace, MetricName, Dimensions }: Query['MetricStat']['Metric']): readonly MetricSample[] {
    const [{ Name, Value } = { Name: '', Value: '' }] = Dimensions;
    if (Namespace !== 'AWS/SQS' || MetricName !== 'ApproximateAgeOfOldestMessage' || Name !== 'QueueName') return [];
    const ageMs = oldestMessageMs(Value);
    if (ageMs === undefined) return [];
    const value = Math.floor(ageMs / 1000);
    const atMs = nowMs() - MINUTE_MS;
    return [{ namespace: Namespace, name: MetricName, dimensions: { QueueName: Value }, atMs, value }];
  }

  const getMetricData: Operation = async (value) => {
    const parsed = InputSchema.safeParse(value);
    if (!parsed.success) {
      throw validationError('of the request', String(parsed.error.issues[0]?.path.join('.')), 'Member is not imitated');
    }
    const input = parsed.data;
    if (input.EndTime <= input.StartTime) {
      throw new AwsError('ValidationError', 'The parameter StartTime must be less than the parameter EndTime.');
    }
    const MetricDataResults = input.MetricDataQueries.filter(({ ReturnData }) => ReturnData).map((query) => {
      const { Metric } = query.MetricStat;
      const ofRule = matched.get(Metric.Dimensions[0]?.Value ?? '') ?? [];
      const samples = [...[...written, ...ofRule].filter(isOf(Metric)), ...measured(Metric)];
      const within = samples.filter(({ atMs }) => atMs >= input.StartTime && atMs <= input.EndTime);
      return resultOf(query, within, input);
    });
    return { MetricDataResults, Messages: [] };
  };

  return {
    ...createJsonService('GraniteServiceVersion20100801', new Map([['GetMetricData', getMetricData]])),
    ruleMatched,
    lineWritten(line) {
      written.push(...readSamples(line));
      if (written.length > REMEMBERED) written.splice(0, written.length - REMEMBERED);
    },
  };
}
