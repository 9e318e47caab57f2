import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricName } from '../../shared/metrics.ts';
import { countRecords } from '../aws/count-records.ts';
import type { StackOutputs } from '../aws/deployed-stack.ts';
import { queueNameOf } from '../aws/queue-name-of.ts';
import { type Check, failed, look, ok, warning } from './check.ts';
import type { Examined } from './examined.ts';

const MINUTE_MS = 60_000;

/** Where the functions write their metrics. It stands here again because `infra/function-settings.ts` loads CDK. */
export const OWN_METRICS = { namespace: 'MediaConnectNotifier', service: 'mediaconnect-notifier' } as const;

/** One of the queues that functions read, and how old its records may get. */
interface Waiting {
  readonly role: 'immediate' | 'digest';
  readonly url: string;
  readonly logGroup: string | undefined;
  /** Metrics of its function: the age of the oldest record that an invocation left waiting, and how many it left. */
  readonly metrics: { readonly age: MetricName; readonly records: MetricName };
  /** Within such a time a function that works has looked at every record that waits. */
  readonly lookBackMs: number;
  /** Of a function's latest words: several notifiers run at a time, and each knows only what it left itself. */
  readonly latestOnly: boolean;
  /** Of the queue's own age, which counts also what just gathers. */
  readonly queueLimitMs: number;
}

/** Any wait of ten minutes is one too many, whatever its reason; that of a digest begins when the digest is due. */
const LIMIT_MS = 10 * MINUTE_MS;
/** CloudWatch has a value some minutes after it was written. */
const DELAY_MS = 5 * MINUTE_MS;

function waitingOf(outputs: StackOutputs, digestMinutes: number): readonly Waiting[] {
  const betweenDigestsMs = digestMinutes * MINUTE_MS;
  return [
    {
      role: 'immediate',
      url: outputs.ImmediateQueueUrl,
      logGroup: outputs.NotifierLogGroupName,
      metrics: { age: 'WaitingAgeMs', records: 'WaitingRecords' },
      // A record that waits is looked at every five minutes.
      lookBackMs: 5 * MINUTE_MS + DELAY_MS,
      latestOnly: false,
      queueLimitMs: LIMIT_MS,
    },
    {
      role: 'digest',
      url: outputs.DigestQueueUrl,
      logGroup: outputs.DigestLogGroupName,
      metrics: { age: 'DigestWaitingAgeMs', records: 'DigestWaitingRecords' },
      lookBackMs: betweenDigestsMs + DELAY_MS,
      latestOnly: true,
      queueLimitMs: 2 * betweenDigestsMs + LIMIT_MS,
    },
  ];
}

const spanText = (ms: number): string =>
  ms < 2 * MINUTE_MS ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / MINUTE_MS)} min`;

const query = (Id: string, Namespace: string, MetricName: string, Name: string, Value: string): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace, MetricName, Dimensions: [{ Name, Value }] }, Period: 60, Stat: 'Maximum' },
});

const queriesFor = ({ url, metrics }: Waiting): MetricDataQuery[] => [
  query('age', OWN_METRICS.namespace, metrics.age, 'service', OWN_METRICS.service),
  query('records', OWN_METRICS.namespace, metrics.records, 'service', OWN_METRICS.service),
  query('queueAge', 'AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', queueNameOf(url)),
];

interface Measured {
  /** By what the function left waiting; `undefined` if it has said nothing. */
  readonly ageMs: number | undefined;
  readonly records: number;
  /** By the queue; `undefined` if CloudWatch has no value of it. */
  readonly queueAgeMs: number | undefined;
}

async function measure({ clients }: Examined, waiting: Waiting, nowMs: number): Promise<Measured> {
  const { sdk, client } = await clients.cloudWatch();
  const { MetricDataResults = [] } = await client.send(
    new sdk.GetMetricDataCommand({
      MetricDataQueries: queriesFor(waiting),
      StartTime: new Date(nowMs - waiting.lookBackMs),
      EndTime: new Date(nowMs),
      ScanBy: 'TimestampDescending',
    }),
  );
  const valuesOf = (id: string): readonly number[] => MetricDataResults.find(({ Id }) => Id === id)?.Values ?? [];
  const said = (id: string): readonly number[] => valuesOf(id).slice(0, waiting.latestOnly ? 1 : undefined);
  const ages = said('age');
  const [queueAge] = valuesOf('queueAge');
  return {
    ageMs: ages.length === 0 ? undefined : Math.max(...ages),
    records: Math.max(0, ...said('records')),
    queueAgeMs: queueAge === undefined ? undefined : queueAge * 1000,
  };
}

function whyOf({ role, logGroup }: Waiting, { settings: { region } }: Examined): string {
  const group = logGroup ?? `THE-LOG-GROUP-OF-THE-${role === 'digest' ? 'DIGEST' : 'NOTIFIER'}`;
  return `see why: aws logs filter-log-events --log-group-name ${group} --filter-pattern '{ $.result = "waiting" }' --region ${region}`;
}

function judge(check: string, waiting: Waiting, { ageMs, records, queueAgeMs }: Measured, examined: Examined): Check {
  const { role, lookBackMs, queueLimitMs } = waiting;
  if (ageMs !== undefined && ageMs >= LIMIT_MS) {
    const age = `${spanText(ageMs)}${role === 'digest' ? ' since its digest was due' : ''}`;
    const says = `has waited for ${age} (${records} were left waiting within the last ${spanText(lookBackMs)})`;
    return failed(check, says, whyOf(waiting, examined));
  }
  if (queueAgeMs !== undefined && queueAgeMs >= queueLimitMs) {
    const says = `has been in the queue for ${spanText(queueAgeMs)}, and nobody takes it`;
    return failed(check, says, 'see what the checks of its function and of the event source mapping say');
  }
  const known = [ageMs, queueAgeMs].filter((each) => each !== undefined);
  if (known.length > 0) return ok(check, `${spanText(Math.max(...known))} old`);
  return warning(check, 'records are there, and CloudWatch has no age of them yet', 'ask again in some minutes');
}

/**
 * How long the oldest record has waited. The functions say it of what they leave waiting; the queue's own age tells
 * of what nobody takes, and of nothing else: it leaves out what was received three times, and a record that is sent
 * again begins anew.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export async function checkAges(examined: Examined, nowMs: number): Promise<readonly Check[]> {
  const checks = waitingOf(examined.stack.outputs, examined.context.digestMinutes).map((waiting) => {
    const check = `queue ${waiting.role}, oldest record`;
    return look(check, async () => {
      if ((await countRecords(examined.clients, waiting.url)) === 0) return [ok(check, 'nothing waits')];
      return [judge(check, waiting, await measure(examined, waiting, nowMs), examined)];
    });
  });
  return (await Promise.all(checks)).flat();
}
