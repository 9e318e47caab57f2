import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Pipeline } from '../../local/pipeline.ts';
import { METRICS_NAMESPACE, type MetricName, SERVICE } from '../../shared/delivery/metrics.ts';

/** A metric that every invocation of the notifier has one value of. */
const METRIC: MetricName = 'WaitingRecords';

/** How often the notifier was invoked since the pipeline started. */
export async function countInvocations({ urls, model: { region } }: Pipeline): Promise<number> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new CloudWatchClient({ endpoint: urls.aws, region, credentials });
  try {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(0),
        EndTime: new Date(Date.now() + 60_000),
        MetricDataQueries: [
          {
            Id: 'invocations',
            MetricStat: {
              Metric: {
                Namespace: METRICS_NAMESPACE,
                MetricName: METRIC,
                Dimensions: [{ Name: 'service', Value: SERVICE }],
              },
              Period: 60,
              Stat: 'SampleCount',
            },
          },
        ],
      }),
    );
    return MetricDataResults.flatMap(({ Values = [] }) => Values).reduce((sum, value) => sum + value, 0);
  } finally {
    client.destroy();
  }
}
