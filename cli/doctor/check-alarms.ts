import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type Check, failed, look, ok, warning } from './check.ts';
import { deployAgain, type Examined } from './examined.ts';

const CHECK = 'alarms';

async function listAlarms({ clients, stack }: Examined): Promise<readonly MetricAlarm[]> {
  const { sdk, client } = await clients.cloudWatch();
  const alarms: MetricAlarm[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new sdk.DescribeAlarmsCommand({ AlarmNamePrefix: `${stack.name}-`, ...(NextToken && { NextToken }) }),
    );
    alarms.push(...(page.MetricAlarms ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return alarms;
}

/** The description of each of our alarms ends in what to type. */
function splitDescription(description = ''): { readonly happened: string; readonly type: string } {
  const [happened = '', type = 'look at it in the CloudWatch console'] = description.split(' Type: ');
  return { happened: happened.replace(/\.$/, ''), type };
}

/** The alarms that ring. */
export async function checkAlarms(examined: Examined): Promise<readonly Check[]> {
  return look(CHECK, async () => {
    const alarms = await listAlarms(examined);
    if (alarms.length === 0) return [warning(CHECK, 'the stack has none', deployAgain(examined))];
    const ringing = alarms.filter(({ StateValue }) => StateValue === 'ALARM');
    if (ringing.length === 0) return [ok(CHECK, `none of ${alarms.length} rings`)];
    return ringing.map(({ AlarmName, AlarmDescription }) => {
      const { happened, type } = splitDescription(AlarmDescription);
      return failed(`alarm ${AlarmName}`, happened, `type: ${type}`);
    });
  });
}
