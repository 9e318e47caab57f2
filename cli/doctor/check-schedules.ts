import { type Check, deployAgain, type Examined, failed, look, ok, warning } from './check.ts';

const schedulesOf = ({ stack: { outputs } }: Examined) => [
  { role: 'digest', name: outputs.DigestScheduleRuleName, silent: 'no digest is told, reads wait in the queue' },
  { role: 'summary', name: outputs.SummaryScheduleRuleName, silent: 'no channel gets its daily sign of life' },
];

/** Whether the clock starts what is told by the clock: somebody may have held it, and forgotten. */
export async function checkSchedules(examined: Examined): Promise<readonly Check[]> {
  const checks = schedulesOf(examined).map(({ role, name, silent }) => {
    const check = `schedule ${role}`;
    return look(check, async () => {
      if (name === undefined) return [warning(check, 'is in no output of this stack', deployAgain(examined))];
      const { sdk, client } = await examined.clients.eventBridge();
      const { State, ScheduleExpression } = await client.send(new sdk.DescribeRuleCommand({ Name: name }));
      if (State === 'ENABLED') return [ok(check, `${ScheduleExpression}, enabled`)];
      const enable = `aws events enable-rule --name ${name} --region ${examined.settings.region}`;
      return [failed(check, `its state is ${State}: ${silent}`, enable)];
    });
  });
  return (await Promise.all(checks)).flat();
}
