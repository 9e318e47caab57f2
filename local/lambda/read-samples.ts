import * as z from 'zod';
import { parseJson } from '../../shared/call/parse-json.ts';

/** One value of a metric that a function wrote into its log. */
export interface MetricSample {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly atMs: number;
  readonly value: number;
}

const DirectiveSchema = z.object({
  Namespace: z.string(),
  Dimensions: z.array(z.array(z.string())),
  Metrics: z.array(z.object({ Name: z.string() })),
});

const LineSchema = z.looseObject({
  _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(DirectiveSchema) }),
});

type Line = z.output<typeof LineSchema>;

const valuesOf = (value: unknown): readonly number[] =>
  (Array.isArray(value) ? value : [value]).filter((each) => typeof each === 'number');

const dimensionsOf = (line: Line, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, String(line[name])]));

/**
 * The samples in a line of a function's log, in CloudWatch's embedded metric format; none in any other line.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function readSamples(line: string): readonly MetricSample[] {
  // Most lines are not, and parsing them twice would be felt in a burst.
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const json = parseJson(line);
  const parsed = LineSchema.safeParse(json.ok ? json.value : undefined);
  if (!parsed.success) return [];
  const { Timestamp: atMs, CloudWatchMetrics } = parsed.data._aws;
  return CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = dimensionsOf(parsed.data, names);
      return Metrics.flatMap(({ Name: name }) =>
        valuesOf(parsed.data[name]).map((value) => ({ namespace, name, dimensions, atMs, value })),
      );
    }),
  );
}
