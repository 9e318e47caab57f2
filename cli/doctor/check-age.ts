import { queueNameOf } from '../aws/queue-name-of.ts';
import { type Check, failed, look, ok } from './check.ts';
import type { Examined } from './examined.ts';

const MINUTE = 60;
/** A digest that failed keeps its records hidden for six times its own timeout. */
const hiddenSeconds = (digestMinutes: number): number => 6 * Math.min(5, digestMinutes) * MINUTE;

const spanText = (seconds: number): string =>
  seconds < 2 * MINUTE ? `${Math.round(seconds)} s` : `${Math.round(seconds / MINUTE)} min`;

/** As the alarms have it: ten minutes at once, two digests that did not come. */
const queuesOf = ({ stack: { outputs }, context: { digestMinutes } }: Examined) => [
  { role: 'immediate', url: outputs.ImmediateQueueUrl, limitSeconds: 10 * MINUTE },
  {
    role: 'digest',
    url: outputs.DigestQueueUrl,
    limitSeconds: 2 * digestMinutes * MINUTE + hiddenSeconds(digestMinutes),
  },
];

const LOOK_BACK_MS = 15 * MINUTE * 1000;

/** How long the oldest record has waited. Only CloudWatch knows: SQS itself has no such attribute. */
export async function checkAges(examined: Examined, nowMs: number): Promise<readonly Check[]> {
  const checks = queuesOf(examined).map(({ role, url, limitSeconds }) => {
    const check = `queue ${role}, oldest record`;
    return look(check, async () => {
      const { sdk, client } = await examined.clients.cloudWatch();
      const { Datapoints = [] } = await client.send(
        new sdk.GetMetricStatisticsCommand({
          Namespace: 'AWS/SQS',
          MetricName: 'ApproximateAgeOfOldestMessage',
          Dimensions: [{ Name: 'QueueName', Value: queueNameOf(url) }],
          StartTime: new Date(nowMs - LOOK_BACK_MS),
          EndTime: new Date(nowMs),
          Period: 5 * MINUTE,
          Statistics: ['Maximum'],
        }),
      );
      const latest = Datapoints.toSorted((a, b) => Number(a.Timestamp) - Number(b.Timestamp)).at(-1)?.Maximum;
      if (latest === undefined) return [ok(check, 'nothing has waited in the last 15 minutes')];
      if (latest < limitSeconds) return [ok(check, `${spanText(latest)} old`)];
      return [
        failed(
          check,
          `has waited for ${spanText(latest)}`,
          'see in the log why: filter the notifier’s log group for "result":"waiting"',
        ),
      ];
    });
  });
  return (await Promise.all(checks)).flat();
}
