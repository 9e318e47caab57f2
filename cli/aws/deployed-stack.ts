import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as z from 'zod';
import { routeEnvelopeText } from '../../shared/call/api-call-event.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import { UsageError } from '../io.ts';
import { type AwsClients, type AwsSettings, deployWords } from './clients.ts';
import { AwsCallError, ask } from './failure.ts';

/** The name of a queue: what its URL and its ARN end with. */
export const queueNameOf = (urlOrArn: string): string =>
  urlOrArn.slice(Math.max(urlOrArn.lastIndexOf('/'), urlOrArn.lastIndexOf(':')) + 1);

/** The queue that a rule leads to. */
const queueUrlOf = ({ delivery }: CompiledRule, outputs: StackOutputs): string =>
  delivery === 'digest' ? outputs.DigestQueueUrl : outputs.ImmediateQueueUrl;

/**
 * Puts an event into the deployed queue of a rule, past the bus.
 *
 * @throws AwsCallError when the queue did not accept it.
 */
export async function routeToQueue(
  clients: AwsClients,
  outputs: StackOutputs,
  { rule, event, nowMs }: { readonly rule: CompiledRule; readonly event: unknown; readonly nowMs: number },
): Promise<void> {
  await ask(`the queue of the rule ${rule.name}`, async () => {
    const { sdk, client } = await clients.sqs();
    await client.send(
      new sdk.SendMessageCommand({
        QueueUrl: queueUrlOf(rule, outputs),
        MessageBody: routeEnvelopeText({ rule: rule.name, channel: rule.channel, ingestedAtMs: nowMs }, event),
      }),
    );
  });
}

/** The outputs of the stack, as `infra/stack/notifier-stack.ts` writes them. */
const OutputsSchema = z.object({
  /** What the names of its rules begin with; left out for the usual one. */
  NotifierName: z.string().optional(),
  ImmediateQueueUrl: z.string(),
  DigestQueueUrl: z.string(),
  DeadLetterQueueUrl: z.string(),
  TargetDeadLetterQueueUrl: z.string(),
  LedgerTableName: z.string(),
  SlackSecretArn: z.string(),
  RuleNames: z.string(),
  ArchiveName: z.string().optional(),
  NotifierFunctionName: z.string(),
  DigestFunctionName: z.string(),
  SummaryFunctionName: z.string(),
  EventSourceMappingId: z.string(),
  // For doctor alone; a stack of an earlier version can be repaired without.
  NotifierLogGroupName: z.string().optional(),
  DigestLogGroupName: z.string().optional(),
  DigestScheduleRuleName: z.string().optional(),
  SummaryScheduleRuleName: z.string().optional(),
});

export type StackOutputs = z.output<typeof OutputsSchema>;

/** A stack as it is deployed. */
export interface DeployedStack {
  readonly name: string;
  /** CloudFormation's word for how the last update ended; `undefined` if only a file of outputs is known. */
  readonly status: string | undefined;
  readonly createdAtMs: number | undefined;
  readonly outputs: StackOutputs;
  /** What the ids of its parts begin with; nothing where the stack is ours alone. */
  readonly notifierId?: string;
}

const noSuchStack = (settings: AwsSettings): AwsCallError =>
  new AwsCallError(
    `no stack ${settings.stackName} in ${settings.region}: ${deployWords(settings)} (--stack names another one)`,
    'not-found',
  );

/** An output that every notifier has. */
const ALWAYS = 'ImmediateQueueUrl';

/** What the outputs' names begin with: the id of the construct, in the stack of somebody's own. */
function idAmong(names: readonly string[], { stackName, notifierId }: AwsSettings): string {
  if (notifierId !== undefined) return notifierId;
  const ids = names.filter((name) => name.endsWith(ALWAYS)).map((name) => name.slice(0, -ALWAYS.length));
  const [id = '', ...others] = ids;
  if (others.length === 0) return id;
  throw new UsageError(
    `the stack ${stackName} has several notifiers: --notifier with one of ${ids.join(', ')} says which`,
  );
}

interface ParsedOutputs {
  readonly outputs: StackOutputs;
  readonly notifierId: string;
}

function parseOutputs(settings: AwsSettings, values: Readonly<Record<string, unknown>>): ParsedOutputs {
  const { stackName } = settings;
  const notifierId = idAmong(Object.keys(values), settings);
  const named = Object.entries(values).filter(([name]) => name.startsWith(notifierId));
  const parsed = OutputsSchema.safeParse(
    Object.fromEntries(named.map(([name, value]) => [name.slice(notifierId.length), value])),
  );
  if (parsed.success) return { outputs: parsed.data, notifierId };
  const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new AwsCallError(
    `the stack ${stackName} has no output ${missing}: it is not this notifier's, or of another version; deploy it again`,
    'other',
  );
}

function readOutputsFile(path: string, stackName: string): Readonly<Record<string, string>> {
  let file: unknown;
  try {
    file = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${path}: cannot be read as the JSON that cdk deploy --outputs-file writes`, { cause });
  }
  const stacks = z.record(z.string(), z.record(z.string(), z.string())).safeParse(file);
  if (stacks.success && stacks.data[stackName] !== undefined) return stacks.data[stackName];
  throw new UsageError(`${path}: holds no outputs of the stack ${stackName}`);
}

/** CloudFormation has no error of its own for this, only a message. */
const isNoSuchStack = (error: unknown): boolean =>
  error instanceof Error && /^Stack with id .* does not exist$/.test(error.message);

async function describeStack(clients: AwsClients, settings: AwsSettings): Promise<DeployedStack> {
  const { stackName } = settings;
  const { sdk, client } = await clients.cloudFormation();
  try {
    const { Stacks = [] } = await client.send(new sdk.DescribeStacksCommand({ StackName: stackName }));
    const [stack] = Stacks;
    if (stack === undefined || stack.StackStatus === 'DELETE_COMPLETE') throw noSuchStack(settings);
    const outputs = Object.fromEntries(
      (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    );
    return {
      name: stackName,
      status: stack.StackStatus,
      createdAtMs: stack.CreationTime?.getTime(),
      ...parseOutputs(settings, outputs),
    };
  } catch (error) {
    if (isNoSuchStack(error)) throw noSuchStack(settings);
    throw error;
  }
}

/**
 * Finds the stack's parts by its outputs: from CloudFormation, or from a file where an endpoint has none.
 *
 * @throws AwsCallError when there is no such stack, or CloudFormation may not be asked.
 */
export async function readDeployedStack(
  clients: AwsClients,
  settings: AwsSettings,
  { outputs, cwd }: { readonly outputs?: string | undefined; readonly cwd: string },
): Promise<DeployedStack> {
  const name = settings.stackName;
  if (outputs !== undefined) {
    const read = parseOutputs(settings, readOutputsFile(resolve(cwd, outputs), name));
    return { name, status: undefined, createdAtMs: undefined, ...read };
  }
  return ask(`the stack ${name}`, () => describeStack(clients, settings));
}
