import { type Check, deployAgain, failed, look, ok, type Subject, warning } from './check.ts';

const schedulesOf = ({ stack: { outputs } }: Subject) => [
  { role: 'digest', name: outputs.DigestScheduleRuleName, silent: 'no digest is reported, reads wait in the queue' },
  { role: 'summary', name: outputs.SummaryScheduleRuleName, silent: 'no channel gets its daily sign of life' },
];

/** Whether the clock starts what is reported by the clock: somebody may have held it, and forgotten. */
export async function checkSchedules(subject: Subject): Promise<readonly Check[]> {
  const checks = schedulesOf(subject).map(({ role, name, silent }) => {
    const check = `schedule ${role}`;
    return look(check, async () => {
      if (name === undefined) return [warning(check, 'is in no output of this stack', deployAgain(subject))];
      const { sdk, client } = await subject.clients.eventBridge();
      const { State, ScheduleExpression } = await client.send(new sdk.DescribeRuleCommand({ Name: name }));
      if (State === 'ENABLED') return [ok(check, `${ScheduleExpression}, enabled`)];
      const enable = `aws events enable-rule --name ${name} --region ${subject.settings.region}`;
      return [failed(check, `its state is ${State}: ${silent}`, enable)];
    });
  });
  return (await Promise.all(checks)).flat();
}
