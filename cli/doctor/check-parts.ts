import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { functionSettingsText } from '../../infra/settings/function-settings-text.ts';
import { parseWebhookUrls, WebhookSecretError, type WebhookUrls, webhookUrlOf } from '../../shared/slack/webhook.ts';
import { type DeployedStack, queueNameOf } from '../aws/deployed-stack.ts';
import { awsFailure } from '../aws/failure.ts';
import { type Check, deployAgain, failed, faultsOr, look, ok, type Subject, warning } from './check.ts';

const ALARMS_CHECK = 'alarms';

async function listAlarms({ clients, stack }: Subject): Promise<readonly MetricAlarm[]> {
  const { sdk, client } = await clients.cloudWatch();
  const alarms: MetricAlarm[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new sdk.DescribeAlarmsCommand({
        AlarmNamePrefix: `${stack.name}-${stack.notifierId ?? ''}`,
        ...(NextToken && { NextToken }),
      }),
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
export async function checkAlarms(subject: Subject): Promise<readonly Check[]> {
  return look(ALARMS_CHECK, async () => {
    const alarms = await listAlarms(subject);
    if (alarms.length === 0) return [warning(ALARMS_CHECK, 'the stack has none', deployAgain(subject))];
    const ringing = alarms.filter(({ StateValue }) => StateValue === 'ALARM');
    if (ringing.length === 0) return [ok(ALARMS_CHECK, `none of ${alarms.length} rings`)];
    return ringing.map(({ AlarmName, AlarmDescription }) => {
      const { happened, type } = splitDescription(AlarmDescription);
      return failed(`alarm ${AlarmName}`, happened, `type: ${type}`);
    });
  });
}

/** The table that remembers what was reported. */
export async function checkLedger(subject: Subject): Promise<readonly Check[]> {
  const check = 'ledger';
  return look(check, async () => {
    const { sdk, client } = await subject.clients.dynamoDb();
    const TableName = subject.stack.outputs.LedgerTableName;
    const { Table } = await client.send(new sdk.DescribeTableCommand({ TableName }));
    if (Table?.TableStatus === 'ACTIVE') return [ok(check, 'the table is active')];
    return [failed(check, `the table is ${Table?.TableStatus}: calls may be reported twice`, deployAgain(subject))];
  });
}

const SECRET_CHECK = 'slack secret';

/** How the secret gets its value. */
export const putIt = ({ settings, stack }: Subject): string =>
  `put it: aws secretsmanager put-secret-value --secret-id ${stack.outputs.SlackSecretArn} --secret-string file://webhooks.json --region ${settings.region}`;

/** What is in the secret; `undefined` if nothing is. */
export async function readSecret({ clients, stack }: Subject): Promise<string | undefined> {
  const { sdk, client } = await clients.secretsManager();
  try {
    const SecretId = stack.outputs.SlackSecretArn;
    return (await client.send(new sdk.GetSecretValueCommand({ SecretId }))).SecretString;
  } catch (error) {
    if (awsFailure(error).kind === 'not-found') return undefined;
    throw error;
  }
}

function checkChannels(subject: Subject, webhooks: WebhookUrls): readonly Check[] {
  if (webhooks.kind === 'one') return [ok(SECRET_CHECK, 'one well-formed webhook URL serves every channel')];
  const asked = new Set(subject.rules.filter(({ state }) => state !== 'DISABLED').map(({ channel }) => channel));
  const without = [...asked].filter((channel) => webhookUrlOf(webhooks, channel) === undefined);
  if (without.length > 0) {
    return [failed(SECRET_CHECK, `no well-formed webhook URL for ${without.join(', ')}`, putIt(subject))];
  }
  const unasked = [...webhooks.urls.keys()].filter((name) => !Object.hasOwn(subject.context.channels, name));
  if (unasked.length > 0) {
    return [
      warning(
        SECRET_CHECK,
        `has webhook URLs for names that are no channels: ${unasked.join(', ')}`,
        'is one misspelled?',
      ),
    ];
  }
  return [ok(SECRET_CHECK, `well-formed webhook URLs for ${[...asked].join(', ')}`)];
}

/** Whether the secret is filled for every channel. What is in it is never said. */
export async function checkSecret(subject: Subject): Promise<readonly Check[]> {
  return look(SECRET_CHECK, async () => {
    const text = await readSecret(subject);
    if (text === undefined) return [failed(SECRET_CHECK, 'has no value', putIt(subject))];
    try {
      return checkChannels(subject, parseWebhookUrls(text));
    } catch (error) {
      if (!(error instanceof WebhookSecretError)) throw error;
      return [failed(SECRET_CHECK, error.message, putIt(subject))];
    }
  });
}

/** How the last deployment ended. */
export function checkStack({ name, status }: DeployedStack): Check {
  const check = `stack ${name}`;
  if (status === undefined)
    return warning(check, 'its state could not be checked: only a file of its outputs is known');
  if (status.endsWith('_IN_PROGRESS')) return warning(check, `is being changed: ${status}`, 'wait, then ask again');
  if (status === 'CREATE_COMPLETE' || status === 'UPDATE_COMPLETE') return ok(check, status);
  return failed(
    check,
    `its last update did not succeed: ${status}`,
    `look at: aws cloudformation describe-stack-events --stack-name ${name}`,
  );
}

const functionsOf = ({ stack: { outputs } }: Subject) => [
  { role: 'notifier', name: outputs.NotifierFunctionName },
  { role: 'digest', name: outputs.DigestFunctionName },
  { role: 'summary', name: outputs.SummaryFunctionName },
];

async function checkFunction(subject: Subject, role: string, name: string): Promise<readonly Check[]> {
  const check = `function ${role}`;
  return look(check, async () => {
    const { sdk, client } = await subject.clients.lambda();
    const found = await client.send(new sdk.GetFunctionConfigurationCommand({ FunctionName: name }));
    const { display } = functionSettingsText(subject.context, subject.rules);
    const shown = found.Environment?.Variables?.DISPLAY_SETTINGS;
    const faults = [
      // Lambda puts a function to sleep that was not called for weeks, and wakes it by itself.
      ...(found.State === 'Active' || found.State === 'Inactive' ? [] : [`its state is ${found.State}`]),
      ...(found.LastUpdateStatus === 'Failed' ? [`its last update failed: ${found.LastUpdateStatusReason ?? ''}`] : []),
      ...(shown === undefined || shown === display
        ? []
        : ['its channels, account names or shown parameters are not those of the context']),
    ];
    return [faultsOr(check, faults, 'is active', deployAgain(subject))];
  });
}

/** Whether Lambda reads the queue for the notifier, and in the way that keeps what was not reported. */
async function checkMapping(subject: Subject): Promise<readonly Check[]> {
  const check = 'event source mapping';
  const { EventSourceMappingId, ImmediateQueueUrl } = subject.stack.outputs;
  return look(check, async () => {
    const { sdk, client } = await subject.clients.lambda();
    const mapping = await client.send(new sdk.GetEventSourceMappingCommand({ UUID: EventSourceMappingId }));
    const { State = 'unknown', EventSourceArn, FunctionResponseTypes = [] } = mapping;
    if (State !== 'Enabled') {
      const enable = `aws lambda update-event-source-mapping --uuid ${EventSourceMappingId} --enabled --region ${subject.settings.region}`;
      return [failed(check, `its state is ${State}: nothing is reported, calls wait in the queue`, enable)];
    }
    const faults = [
      ...(EventSourceArn?.endsWith(`:${queueNameOf(ImmediateQueueUrl)}`) ? [] : ['it reads another queue']),
      ...(FunctionResponseTypes.includes('ReportBatchItemFailures')
        ? []
        : ['it does not report single records: one that cannot be reported would bring its whole batch back']),
    ];
    return [faultsOr(check, faults, 'enabled, reads the immediate queue', deployAgain(subject))];
  });
}

/** The functions, and how the notifier gets its records. */
export async function checkFunctions(subject: Subject): Promise<readonly Check[]> {
  const functions = functionsOf(subject).map(({ role, name }) => checkFunction(subject, role, name));
  return (await Promise.all([checkMapping(subject), ...functions])).flat();
}
