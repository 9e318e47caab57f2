import type { DescribeReplayResponse, ReplayState } from '@aws-sdk/client-eventbridge';
import type { AwsClients } from '../aws/clients.ts';
import type { DeployedStack } from '../aws/deployed-stack.ts';
import { AwsCallError, ask } from '../aws/failure.ts';

export interface FollowOptions {
  readonly name: string;
  readonly wait: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  /** Called with how far it is, from 0 to 1. */
  readonly onProgress: (done: number) => void;
}

export interface ReplayEnd {
  readonly state: ReplayState | 'STOPPED FOLLOWING';
  readonly reason: string | undefined;
}

const BETWEEN_LOOKS_MS = 5000;

const GOES_ON: ReadonlySet<ReplayState> = new Set(['STARTING', 'RUNNING', 'CANCELLING']);

/** EventBridge replays in slices of a minute, which are not in order, so this is about. */
function doneOf({ EventStartTime, EventEndTime, EventLastReplayedTime }: DescribeReplayResponse): number {
  if (!EventStartTime || !EventEndTime || !EventLastReplayedTime) return 0;
  const whole = EventEndTime.getTime() - EventStartTime.getTime();
  return Math.min(1, Math.max(0, (EventLastReplayedTime.getTime() - EventStartTime.getTime()) / whole));
}

/**
 * Looks at a replay until it ends, or until nobody wants to look any more; the replay itself then goes on.
 *
 * @throws AwsCallError
 */
export async function followReplay(
  clients: AwsClients,
  { name, wait, stop, onProgress }: FollowOptions,
): Promise<ReplayEnd> {
  for (;;) {
    const replay = await ask(`the replay ${name}`, async () => {
      const { sdk, client } = await clients.eventBridge();
      return client.send(new sdk.DescribeReplayCommand({ ReplayName: name }));
    });
    onProgress(doneOf(replay));
    if (replay.State !== undefined && !GOES_ON.has(replay.State)) {
      return { state: replay.State, reason: replay.StateReason };
    }
    if (stop.aborted) return { state: 'STOPPED FOLLOWING', reason: undefined };
    await wait(BETWEEN_LOOKS_MS);
  }
}

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
      `the stack ${name} has no archive: set notifier:archiveDays and deploy; what was called before then is in CloudTrail’s log files, see notifier audit --notify`,
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
