import { SIGNAL_RULE_NAME } from '../../infra/rules/signal-rule.ts';
import { wantsSignals } from '../../infra/settings/signal-settings.ts';
import { ruleNameInBus } from '../../shared/eventbridge/rule.ts';
import { type Check, look, ok, type Subject } from './check.ts';

const CHECK = 'MediaConnect’s own events';

const HOUR_MS = 3_600_000;
const LOOK_BACK_HOURS = 24;

/**
 * How many events the rule has matched, hour by hour, the latest first. CloudWatch has no value of an hour without any.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
async function matchedByHour({ clients, stack }: Subject, nowMs: number): Promise<readonly number[]> {
  const { sdk, client } = await clients.cloudWatch();
  const Dimensions = [{ Name: 'RuleName', Value: ruleNameInBus(SIGNAL_RULE_NAME, stack.outputs.NotifierName) }];
  const Metric = { Namespace: 'AWS/Events', MetricName: 'MatchedEvents', Dimensions };
  const { MetricDataResults = [] } = await client.send(
    new sdk.GetMetricDataCommand({
      MetricDataQueries: [{ Id: 'matched', MetricStat: { Metric, Period: HOUR_MS / 1000, Stat: 'Sum' } }],
      StartTime: new Date(nowMs - LOOK_BACK_HOURS * HOUR_MS),
      EndTime: new Date(nowMs),
      ScanBy: 'TimestampDescending',
    }),
  );
  return MetricDataResults.find(({ Id }) => Id === 'matched')?.Values ?? [];
}

async function checkArrival(subject: Subject, nowMs: number): Promise<readonly Check[]> {
  const matched = (await matchedByHour(subject, nowMs)).reduce((sum, ofHour) => sum + ofHour, 0);
  return [
    matched > 0
      ? ok(CHECK, `${matched} came in the last ${LOOK_BACK_HOURS} hours`)
      : ok(
          CHECK,
          `none came in the last ${LOOK_BACK_HOURS} hours, as is usual where nothing is started or stopped and no source drops; to be sure, start or stop a flow and ask again after five minutes`,
        ),
  ];
}

/** Whether what MediaConnect says by itself comes in. Its rule is looked at among the rules. */
export const checkSignals = async (subject: Subject, nowMs: number): Promise<readonly Check[]> =>
  wantsSignals(subject.context)
    ? look(CHECK, () => checkArrival(subject, nowMs))
    : [ok(CHECK, 'not taken: notifier:outcomes and notifier:health are off')];
