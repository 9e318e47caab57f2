import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import * as z from 'zod';
import { parseJson } from '../../shared/call/parse-json.ts';
import { METRICS_NAMESPACE, type MetricName, SERVICE } from '../../shared/delivery/metrics.ts';
import { ruleNameInBus } from '../../shared/eventbridge/rule.ts';
import { countRecords } from '../aws/count-records.ts';
import { queueNameOf, type StackOutputs } from '../aws/deployed-stack.ts';
import { type Check, deployAgain, failed, faultsOr, look, ok, type Subject, warning } from './check.ts';

const MINUTE_MS = 60_000;

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

const queriesFor = ({ url, metrics }: Waiting, service: string): MetricDataQuery[] => [
  query('age', METRICS_NAMESPACE, metrics.age, 'service', service),
  query('records', METRICS_NAMESPACE, metrics.records, 'service', service),
  query('queueAge', 'AWS/SQS', 'ApproximateAgeOfOldestMessage', 'QueueName', queueNameOf(url)),
];

interface Measured {
  /** By what the function left waiting; `undefined` if it has said nothing. */
  readonly ageMs: number | undefined;
  readonly records: number;
  /** By the queue; `undefined` if CloudWatch has no value of it. */
  readonly queueAgeMs: number | undefined;
}

async function measure({ clients, stack }: Subject, waiting: Waiting, nowMs: number): Promise<Measured> {
  const { sdk, client } = await clients.cloudWatch();
  const { MetricDataResults = [] } = await client.send(
    new sdk.GetMetricDataCommand({
      MetricDataQueries: queriesFor(waiting, stack.outputs.NotifierName ?? SERVICE),
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

function whyOf({ role, logGroup }: Waiting, { settings: { region } }: Subject): string {
  const group = logGroup ?? `THE-LOG-GROUP-OF-THE-${role === 'digest' ? 'DIGEST' : 'NOTIFIER'}`;
  return `see why: aws logs filter-log-events --log-group-name ${group} --filter-pattern '{ $.result = "waiting" }' --region ${region}`;
}

function judge(check: string, waiting: Waiting, { ageMs, records, queueAgeMs }: Measured, subject: Subject): Check {
  const { role, lookBackMs, queueLimitMs } = waiting;
  if (ageMs !== undefined && ageMs >= LIMIT_MS) {
    const age = `${spanText(ageMs)}${role === 'digest' ? ' since its digest was due' : ''}`;
    const says = `has waited for ${age} (${records} were left waiting within the last ${spanText(lookBackMs)})`;
    return failed(check, says, whyOf(waiting, subject));
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
 * How long the oldest record has waited. The functions say it of what they leave waiting; the queue's own age reports
 * of what nobody takes, and of nothing else: it leaves out what was received three times, and a record that is sent
 * again begins anew.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export async function checkAges(subject: Subject, nowMs: number): Promise<readonly Check[]> {
  const checks = waitingOf(subject.stack.outputs, subject.context.digestMinutes).map((waiting) => {
    const check = `queue ${waiting.role}, oldest record`;
    return look(check, async () => {
      if ((await countRecords(subject.clients, waiting.url)) === 0) return [ok(check, 'nothing waits')];
      return [judge(check, waiting, await measure(subject, waiting, nowMs), subject)];
    });
  });
  return (await Promise.all(checks)).flat();
}

const oneOrMany = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const principal = z.union([z.string(), z.record(z.string(), oneOrMany)]);
const condition = z.union([z.string(), z.boolean()]).transform(String);

const StatementSchema = z.object({
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.optional(),
  NotPrincipal: principal.optional(),
  Action: oneOrMany.optional(),
  NotAction: oneOrMany.optional(),
  Resource: oneOrMany.optional(),
  NotResource: oneOrMany.optional(),
  Condition: z
    .record(z.string(), z.record(z.string(), z.union([condition.transform((one) => [one]), z.array(condition)])))
    .default({}),
});
type Statement = z.output<typeof StatementSchema>;

const PolicySchema = z.object({
  Statement: z.union([StatementSchema.transform((one) => [one]), z.array(StatementSchema)]),
});

const EVENT_BRIDGE = 'events.amazonaws.com';
const SEND = 'sqs:sendmessage';

/** IAM's wildcards: `*` for any text, `?` for one character. Steps back to the last `*` only, so it is never slow. */
function isLike(pattern: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let restart = 0;
  for (let index = 0; index < text.length; ) {
    if (pattern[at] === '*') {
      star = at++;
      restart = index;
    } else if (pattern[at] === '?' || pattern[at] === text[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      restart += 1;
      index = restart;
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}

const isAction = (pattern: string): boolean => isLike(pattern.toLowerCase(), SEND);

/** Whether a statement is about sending at all. */
const touchesSending = ({ Action, NotAction = [] }: Statement): boolean =>
  Action === undefined ? !NotAction.some(isAction) : Action.some(isAction);

const isSendingOnly = ({ Action = [] }: Statement): boolean =>
  Action.length > 0 && Action.every((action) => action.toLowerCase() === SEND);

/** EventBridge and nobody beside it. */
const isForEventBridge = ({ Principal, NotPrincipal }: Statement): boolean => {
  if (NotPrincipal !== undefined || typeof Principal !== 'object') return false;
  const all = Object.entries(Principal).flatMap(([kind, names]) => names.map((name) => `${kind} ${name}`));
  return all.length > 0 && all.every((each) => each === `Service ${EVENT_BRIDGE}`);
};

interface Wanted {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

const wantsOf = ({ Condition }: Statement): readonly Wanted[] =>
  Object.entries(Condition).flatMap(([operator, keys]) =>
    // Names of conditions are the same in any case.
    Object.entries(keys).map(([key, values]) => ({ operator, key: key.toLowerCase(), values })),
  );

const SOURCE_OPERATORS: ReadonlySet<string> = new Set(['ArnLike', 'ArnEquals', 'StringLike', 'StringEquals']);
const isSource = ({ operator, key }: Wanted): boolean => key === 'aws:sourcearn' && SOURCE_OPERATORS.has(operator);

/** The refusal of plain HTTP, which CDK adds to every queue. */
const isTransportOnly = (statement: Statement): boolean => {
  const [only, ...others] = wantsOf(statement);
  return (
    others.length === 0 &&
    only?.operator === 'Bool' &&
    only.key === 'aws:securetransport' &&
    only.values.join() === 'false'
  );
};

/** What all our rules' ARNs begin with, read off the queue's own. */
function rulesPrefix(queueArn: string): string {
  const [, partition, , region, account] = queueArn.split(':');
  return `arn:${partition}:events:${region}:${account}:rule/`;
}

/** Whose rules are ours: by the queue's own place, and by what their names begin with. */
interface Whose {
  readonly queueArn: string | undefined;
  readonly notifier: string | undefined;
}

/**
 * Whether only rules of this stack can be meant by a pattern. What stands before its first wildcard must settle place
 * and name; without a queue's ARN only that both are settled.
 */
function isOurs(pattern: string, { queueArn, notifier }: Whose): boolean {
  const settled = pattern.split(/[*?]/, 1)[0] ?? '';
  if (queueArn !== undefined) return settled.startsWith(rulesPrefix(queueArn) + ruleNameInBus('', notifier));
  return (
    /^arn:[^:]+:events:[^:]+:[^:]+:rule\//.test(settled) &&
    settled.split('/')[1]?.startsWith(ruleNameInBus('', notifier)) === true
  );
}

/** For which of our rules a statement does what the stack's own does. */
function letsIn(statement: Statement, ruleName: string, queueArn: string | undefined): boolean {
  const wants = wantsOf(statement);
  const { Resource, NotResource } = statement;
  const isHere =
    NotResource === undefined &&
    (queueArn === undefined || Resource === undefined || Resource.some((resource) => isLike(resource, queueArn)));
  const reaches = ({ operator, values }: Wanted): boolean => {
    // To StringEquals alone a wildcard is a character like any other.
    const matches = operator === 'StringEquals' ? (value: string, text: string) => value === text : isLike;
    return values.some((value) =>
      queueArn === undefined
        ? matches(value.slice(value.lastIndexOf('/') + 1), ruleName)
        : matches(value, rulesPrefix(queueArn) + ruleName),
    );
  };
  return (
    statement.Effect === 'Allow' &&
    touchesSending(statement) &&
    isForEventBridge(statement) &&
    isHere &&
    wants.every((want) => isSource(want) && reaches(want))
  );
}

function faultOfDeny(statement: Statement): string | undefined {
  if (isTransportOnly(statement)) return undefined;
  return touchesSending(statement)
    ? 'its policy denies sending, which may shut our rules out'
    : 'its policy denies what the stack does not';
}

function faultOfOpening(statement: Statement, whose: Whose): string | undefined {
  const wants = wantsOf(statement);
  if (!wants.some(isSource)) return 'its policy lets every EventBridge rule send';
  const foreign = wants.filter(isSource).flatMap(({ values }) => values.filter((value) => !isOurs(value, whose)));
  if (foreign.length > 0) return `its policy lets rules send that are not this stack's: ${foreign.join(', ')}`;
  const more = wants.filter((want) => !isSource(want)).map(({ key }) => key);
  return more.length > 0 ? `its policy asks our rules for what the stack does not: ${more.join(', ')}` : undefined;
}

/** How a statement differs from all that the stack makes. */
function faultOf(statement: Statement, isOpen: boolean, whose: Whose): string | undefined {
  if (statement.Effect === 'Deny') return faultOfDeny(statement);
  if (!touchesSending(statement)) return 'its policy lets others use the queue';
  if (!isForEventBridge(statement) || !isOpen) return 'its policy lets others than our rules send';
  if (!isSendingOnly(statement)) return 'its policy lets EventBridge do more than send';
  return faultOfOpening(statement, whose);
}

/**
 * What is wrong with a queue's policy, compared with the one that the stack makes: our rules may send, nobody else may
 * do anything, and plain HTTP is refused. Whatever else is in it is named, since a policy is an easy place to open a
 * queue or to shut rules out.
 *
 * @param ruleNames as EventBridge knows them; none for a queue that no rule sends to
 * @param queueArn tells ours from another account's or region's; without it only names are compared
 * @param notifier the name of the notifier, if it has one of its own
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function policyFaults(
  policyText: string,
  ruleNames: readonly string[],
  queueArn?: string,
  notifier?: string,
): readonly string[] {
  const parsed = parseJson(policyText);
  const policy = PolicySchema.safeParse(parsed.ok ? parsed.value : undefined);
  if (!policy.success) return ['its policy is not one that we can read'];
  const { Statement } = policy.data;
  const shutOut = ruleNames.filter((name) => !Statement.some((statement) => letsIn(statement, name, queueArn)));
  const faults = Statement.flatMap(
    (statement) => faultOf(statement, ruleNames.length > 0, { queueArn, notifier }) ?? [],
  );
  return [
    ...(shutOut.length > 0 ? [`its policy does not let EventBridge send for ${shutOut.join(', ')}`] : []),
    ...new Set(faults),
  ];
}

type QueueRole = 'immediate' | 'digest' | 'dead letters' | 'dead letters of rules';

interface QueueToCheck {
  readonly role: QueueRole;
  readonly url: string;
}

const queuesOf = ({ stack: { outputs } }: Subject): readonly QueueToCheck[] => [
  { role: 'immediate', url: outputs.ImmediateQueueUrl },
  { role: 'digest', url: outputs.DigestQueueUrl },
  { role: 'dead letters', url: outputs.DeadLetterQueueUrl },
  { role: 'dead letters of rules', url: outputs.TargetDeadLetterQueueUrl },
];

const isDeadLetters = (role: QueueRole): boolean => role.startsWith('dead');

type Attributes = Readonly<Partial<Record<string, string>>>;

function checkPolicy(subject: Subject, { role }: QueueToCheck, { Policy, QueueArn }: Attributes): readonly Check[] {
  // Nobody but our functions, by their roles, sends there; a policy may refuse plain HTTP and nothing else.
  const isForRules = role !== 'dead letters';
  if (!isForRules && Policy === undefined) return [];
  const check = `queue ${role}, policy`;
  if (Policy === undefined && subject.settings.endpointUrl !== undefined) {
    return [warning(check, 'could not be checked: this endpoint keeps no policies of queues')];
  }
  const names = isForRules
    ? subject.rules.map(({ name }) => ruleNameInBus(name, subject.stack.outputs.NotifierName))
    : [];
  const faults =
    Policy === undefined
      ? ['it has no policy, so EventBridge may not send to it']
      : policyFaults(Policy, names, QueueArn, subject.stack.outputs.NotifierName);
  const fine = isForRules ? 'lets our rules send, and nobody else' : 'lets nobody in but our functions';
  return [faultsOr(check, faults, fine, deployAgain(subject))];
}

function checkRedrive(subject: Subject, { role }: QueueToCheck, { RedrivePolicy = '' }: Attributes): readonly Check[] {
  if (isDeadLetters(role)) return [];
  const policy = parseJson(RedrivePolicy);
  const deadLetters = queueNameOf(subject.stack.outputs.DeadLetterQueueUrl);
  const leadsThere = policy.ok && JSON.stringify(policy.value).includes(`:${deadLetters}"`);
  const faults = leadsThere ? [] : ['what is given up does not go to our dead-letter queue'];
  return [faultsOr(`queue ${role}, redrive`, faults, `what is given up goes to ${deadLetters}`, deployAgain(subject))];
}

function checkDepth({ settings, stack }: Subject, { role }: QueueToCheck, attributes: Attributes): Check {
  const check = `queue ${role}, depth`;
  const visible = Number(attributes.ApproximateNumberOfMessages ?? 0);
  // A record that waits for Slack is hidden, or was sent again for later.
  const hidden =
    Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0) +
    Number(attributes.ApproximateNumberOfMessagesDelayed ?? 0);
  if (visible + hidden === 0) return ok(check, 'is empty');
  if (!isDeadLetters(role)) {
    return ok(check, `about ${visible} records wait, ${hidden} are being reported or wait for another try`);
  }
  const stackOption = stack.name === `MediaConnectNotifier-${settings.region}` ? '' : ` --stack ${stack.name}`;
  return failed(
    check,
    `about ${visible + hidden} records were given up`,
    `look at them: npx notifier redrive --dry-run --region ${settings.region}${stackOption}`,
  );
}

async function checkQueue(subject: Subject, queue: QueueToCheck): Promise<readonly Check[]> {
  return look(`queue ${queue.role}`, async () => {
    const { sdk, client } = await subject.clients.sqs();
    const { Attributes = {} } = await client.send(
      new sdk.GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ['All'] }),
    );
    return [
      ...checkPolicy(subject, queue, Attributes),
      ...checkRedrive(subject, queue, Attributes),
      checkDepth(subject, queue, Attributes),
    ];
  });
}

/** Who may send to the queues, where what is given up goes, and what lies in them. */
export async function checkQueues(subject: Subject): Promise<readonly Check[]> {
  return (await Promise.all(queuesOf(subject).map((queue) => checkQueue(subject, queue)))).flat();
}
