import type { AwsClients } from '../aws/aws-clients.ts';
import { AwsCallError, ask } from '../aws/aws-failure.ts';
import type { DeployedStack } from '../aws/deployed-stack.ts';

export interface ReplayPeriod {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Starts a replay of the stack's archive to the stack's own rules, and to no other rule of the bus.
 *
 * @throws AwsCallError when there is no archive, or EventBridge refuses.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
 */
export async function startReplay(
  clients: AwsClients,
  { name, outputs }: DeployedStack,
  { fromMs, toMs }: ReplayPeriod,
  replayName: string,
): Promise<void> {
  const { ArchiveName, RuleNames } = outputs;
  if (ArchiveName === undefined) {
    throw new AwsCallError(
      `the stack ${name} has no archive: set notifier:archiveDays and deploy; what was called before then is in CloudTrail’s log files, see notifier audit --tell`,
      'other',
    );
  }
  await ask(`a replay of the archive ${ArchiveName}`, async () => {
    const { sdk, client } = await clients.eventBridge();
    const archive = await client.send(new sdk.DescribeArchiveCommand({ ArchiveName }));
    const found = RuleNames.split(',').map((Name) => client.send(new sdk.DescribeRuleCommand({ Name })));
    const FilterArns = (await Promise.all(found)).flatMap(({ Arn }) => Arn ?? []);
    await client.send(
      new sdk.StartReplayCommand({
        ReplayName: replayName,
        Description: 'notifier replay',
        EventSourceArn: archive.ArchiveArn,
        EventStartTime: new Date(fromMs),
        EventEndTime: new Date(toMs),
        Destination: { Arn: archive.EventSourceArn, FilterArns },
      }),
    );
  });
}
