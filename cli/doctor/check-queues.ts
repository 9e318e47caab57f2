import { ruleNameInBus } from '../../infra/rule-name-in-bus.ts';
import { parseJson } from '../../local/input/parse-json.ts';
import { queueNameOf } from '../aws/queue-name-of.ts';
import { type Check, failed, faultsOr, look, ok, warning } from './check.ts';
import { deployAgain, type Examined } from './examined.ts';
import { policyFaults } from './queue-policy.ts';

type QueueRole = 'immediate' | 'digest' | 'dead letters' | 'dead letters of rules';

interface QueueToCheck {
  readonly role: QueueRole;
  readonly url: string;
}

const queuesOf = ({ stack: { outputs } }: Examined): readonly QueueToCheck[] => [
  { role: 'immediate', url: outputs.ImmediateQueueUrl },
  { role: 'digest', url: outputs.DigestQueueUrl },
  { role: 'dead letters', url: outputs.DeadLetterQueueUrl },
  { role: 'dead letters of rules', url: outputs.TargetDeadLetterQueueUrl },
];

const isDeadLetters = (role: QueueRole): boolean => role.startsWith('dead');

type Attributes = Readonly<Partial<Record<string, string>>>;

function checkPolicy(examined: Examined, { role }: QueueToCheck, { Policy, QueueArn }: Attributes): readonly Check[] {
  // Nobody but our functions, by their roles, sends there; a policy may refuse plain HTTP and nothing else.
  const isForRules = role !== 'dead letters';
  if (!isForRules && Policy === undefined) return [];
  const check = `queue ${role}, policy`;
  if (Policy === undefined && examined.settings.endpointUrl !== undefined) {
    return [warning(check, 'could not be checked: this endpoint keeps no policies of queues')];
  }
  const names = isForRules ? examined.rules.map(({ name }) => ruleNameInBus(name)) : [];
  const faults =
    Policy === undefined
      ? ['it has no policy, so EventBridge may not send to it']
      : policyFaults(Policy, names, QueueArn);
  const fine = isForRules ? 'lets our rules send, and nobody else' : 'lets nobody in but our functions';
  return [faultsOr(check, faults, fine, deployAgain(examined))];
}

function checkRedrive(
  examined: Examined,
  { role }: QueueToCheck,
  { RedrivePolicy = '' }: Attributes,
): readonly Check[] {
  if (isDeadLetters(role)) return [];
  const policy = parseJson(RedrivePolicy);
  const deadLetters = queueNameOf(examined.stack.outputs.DeadLetterQueueUrl);
  const leadsThere = policy.ok && JSON.stringify(policy.value).includes(`:${deadLetters}"`);
  const faults = leadsThere ? [] : ['what is given up does not go to our dead-letter queue'];
  return [faultsOr(`queue ${role}, redrive`, faults, `what is given up goes to ${deadLetters}`, deployAgain(examined))];
}

function checkDepth({ settings, stack }: Examined, { role }: QueueToCheck, attributes: Attributes): Check {
  const check = `queue ${role}, depth`;
  const visible = Number(attributes.ApproximateNumberOfMessages ?? 0);
  // A record that waits for Slack is hidden, or was sent again for later.
  const hidden =
    Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0) +
    Number(attributes.ApproximateNumberOfMessagesDelayed ?? 0);
  if (visible + hidden === 0) return ok(check, 'is empty');
  if (!isDeadLetters(role)) {
    return ok(check, `about ${visible} records wait, ${hidden} are being told or wait for another try`);
  }
  const stackOption = stack.name === `MediaConnectNotifier-${settings.region}` ? '' : ` --stack ${stack.name}`;
  return failed(
    check,
    `about ${visible + hidden} records were given up`,
    `look at them: npx notifier redrive --dry-run --region ${settings.region}${stackOption}`,
  );
}

async function checkQueue(examined: Examined, queue: QueueToCheck): Promise<readonly Check[]> {
  return look(`queue ${queue.role}`, async () => {
    const { sdk, client } = await examined.clients.sqs();
    const { Attributes = {} } = await client.send(
      new sdk.GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ['All'] }),
    );
    return [
      ...checkPolicy(examined, queue, Attributes),
      ...checkRedrive(examined, queue, Attributes),
      checkDepth(examined, queue, Attributes),
    ];
  });
}

/** Who may send to the queues, where what is given up goes, and what lies in them. */
export async function checkQueues(examined: Examined): Promise<readonly Check[]> {
  return (await Promise.all(queuesOf(examined).map((queue) => checkQueue(examined, queue)))).flat();
}
