import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Code, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { DEFAULT_NOTIFIER } from '../../shared/eventbridge/rule.ts';
import { compileRules } from '../rules/compile-rule.ts';
import type { NotifierContext } from '../settings/context-schema.ts';
import { functionSettingsText } from '../settings/function-settings-text.ts';
import { Alarms } from './alarms.ts';
import { CallArchive } from './call-archive.ts';
import { DailySummary } from './daily-summary.ts';
import { OverviewDashboard } from './dashboard.ts';
import { DigestDelivery } from './digest-delivery.ts';
import { CallRoutes } from './event-rules.ts';
import { type FunctionName, serviceOf } from './function-settings.ts';
import { ImmediateDelivery } from './immediate-delivery.ts';
import { Ledger } from './ledger.ts';
import type { NotifierFunction } from './notifier-function.ts';
import { SlackSecret } from './slack-secret.ts';
import { StandardQueue } from './standard-queue.ts';

/** @internal what is public are the props of `MediaConnectNotifier` */
export interface NotifierProps {
  readonly context: NotifierContext;
  /** What the names of the rules begin with: EventBridge has one list of them in an account and region. */
  readonly notifier: string;
  /** Says where the bundle of a function is; not asked when the CDK CLI or a test wants no bundles. */
  readonly bundle: (name: FunctionName) => string;
  readonly slackSecret: ISecret | undefined;
  readonly alarmTopic: ITopic | undefined;
  /** `undefined` for none: each costs 3 USD a month. */
  readonly dashboardName: string | undefined;
}

const NOT_BUNDLED = Code.fromInline("throw new Error('this template was synthesized without bundling');");

const functionOutputs = (name: string, { lambda, logGroup, role }: NotifierFunction): Record<string, string> => ({
  [`${name}FunctionName`]: lambda.functionName,
  [`${name}LogGroupName`]: logGroup.logGroupName,
  [`${name}RoleArn`]: role.roleArn,
});

/**
 * The ids from the stack down to a construct, as logical ids have them: `Default` is left out, so that a construct of that
 * id leaves everything in it where it would be without.
 */
function idInStack(construct: Construct): string {
  const { scopes } = construct.node;
  const inner = scopes.slice(scopes.indexOf(Stack.of(construct)) + 1);
  return inner
    .map(({ node }) => node.id)
    .filter((id) => id !== 'Default')
    .join('')
    .replace(/[^A-Za-z0-9]/g, '');
}

/** Everything that one region needs to report its MediaConnect calls, in whatever stack. */
export class Notifier extends Construct {
  /** What the names of its EventBridge rules begin with. */
  readonly notifierName: string;
  /** Calls that are reported at once. */
  readonly immediateQueue: Queue;
  /** Calls that gather for the next digest. */
  readonly digestQueue: Queue;
  /** What the functions gave up, each record with its reason. */
  readonly deadLetterQueue: Queue;
  /** What EventBridge could not put into a queue. */
  readonly targetDeadLetterQueue: Queue;
  /** Which event was reported in which channel. */
  readonly ledger: ITable;
  /** Reports the immediate queue. */
  readonly notifierFunction: LambdaFunction;
  /** Reports the digest queue on its schedule. */
  readonly digestFunction: LambdaFunction;
  /** Says once a day what was reported. */
  readonly summaryFunction: LambdaFunction;
  /** Where the alarms go: the topic that was given, else one of its own. */
  readonly alarmTopic: ITopic;
  readonly alarms: readonly Alarm[];
  /** `undefined` where none is wanted. */
  readonly dashboard: Dashboard | undefined;
  /** As EventBridge knows them. */
  readonly ruleNames: readonly string[];
  /** The secret with the webhook URLs: an ARN, or the name of one that was there already. */
  readonly slackSecretId: string;

  /** @internal */
  constructor(scope: Construct, id: string, props: NotifierProps) {
    super(scope, id);
    const { context, notifier, bundle } = props;
    const codeOf = (name: FunctionName): Code =>
      Stack.of(this).bundlingRequired ? Code.fromAsset(bundle(name)) : NOT_BUNDLED;
    const rules = compileRules(context);
    const service = serviceOf(notifier);

    const deadLetterQueue = new StandardQueue(this, 'DeadLetterQueue');
    const ledger = new Ledger(this, 'Ledger');
    const secret = new SlackSecret(this, 'SlackSecret', {
      existingName: context.slackSecretName,
      existing: props.slackSecret,
    });
    const settings = functionSettingsText(context, rules);
    const delivery = {
      deadLetterQueue,
      ledger,
      secret,
      logRetentionDays: context.logRetentionDays,
      environment: {
        SLACK_SECRET_ID: secret.secretId,
        LEDGER_TABLE_NAME: ledger.tableName,
        DEAD_LETTER_QUEUE_URL: deadLetterQueue.queueUrl,
        DISPLAY_SETTINGS: settings.display,
        POWERTOOLS_SERVICE_NAME: service,
      },
    };
    const immediate = new ImmediateDelivery(this, 'Immediate', {
      ...delivery,
      code: codeOf('notifier'),
      batchingWindowSeconds: context.batchingWindowSeconds,
    });
    const digest = new DigestDelivery(this, 'Digest', {
      ...delivery,
      code: codeOf('digest'),
      digestMinutes: context.digestMinutes,
    });
    const daily = new DailySummary(this, 'Daily', {
      ...delivery,
      code: codeOf('summary'),
      immediateQueue: immediate.queue,
      channels: settings.channels,
    });
    const routes = new CallRoutes(this, 'Routes', {
      notifier,
      rules,
      queues: { immediate: immediate.queue, digest: digest.queue },
    });
    const archive =
      context.archiveDays === 0 ? undefined : new CallArchive(this, 'Archive', { retentionDays: context.archiveDays });
    const parts = {
      region: Stack.of(this).region,
      service,
      immediateQueue: immediate.queue,
      digestQueue: digest.queue,
      deadLetterQueue,
      targetDeadLetterQueue: routes.deadLetterQueue,
      functions: { Notifier: immediate.notifier, Digest: digest.digest, Summary: daily.summary },
      digestMinutes: context.digestMinutes,
      batchingWindowSeconds: context.batchingWindowSeconds,
      ruleNames: routes.ruleNames,
    };
    const { alarms, topic } = new Alarms(this, 'Alarms', {
      parts,
      email: context.alarmEmail,
      topic: props.alarmTopic,
    });
    const { dashboardName } = props;
    this.dashboard =
      dashboardName === undefined
        ? undefined
        : new OverviewDashboard(this, 'Dashboard', { parts, alarms, dashboardName }).dashboard;

    for (const { role } of Object.values(parts.functions)) props.slackSecret?.encryptionKey?.grantDecrypt(role);
    this.notifierName = notifier;
    this.immediateQueue = immediate.queue;
    this.digestQueue = digest.queue;
    this.deadLetterQueue = deadLetterQueue;
    this.targetDeadLetterQueue = routes.deadLetterQueue;
    // CDK's own types do not hold under exactOptionalPropertyTypes.
    this.ledger = ledger as ITable;
    this.notifierFunction = immediate.notifier.lambda;
    this.digestFunction = digest.digest.lambda;
    this.summaryFunction = daily.summary.lambda;
    this.alarmTopic = topic;
    this.alarms = alarms;
    this.ruleNames = routes.ruleNames;
    this.slackSecretId = secret.secretId;

    this.#write({
      // The outputs of a notifier without a name of its own are as they always were.
      ...(notifier !== DEFAULT_NOTIFIER && { NotifierName: notifier }),
      ImmediateQueueUrl: immediate.queue.queueUrl,
      DigestQueueUrl: digest.queue.queueUrl,
      DeadLetterQueueUrl: deadLetterQueue.queueUrl,
      TargetDeadLetterQueueUrl: routes.deadLetterQueue.queueUrl,
      LedgerTableName: ledger.tableName,
      SlackSecretArn: secret.secretId,
      RuleNames: routes.ruleNames.join(','),
      ...(archive && { ArchiveName: archive.archiveName }),
      ...(dashboardName !== undefined && { DashboardName: dashboardName }),
      ...functionOutputs('Notifier', immediate.notifier),
      ...functionOutputs('Digest', digest.digest),
      ...functionOutputs('Summary', daily.summary),
      EventSourceMappingId: immediate.eventSourceMapping.eventSourceMappingId,
      DigestScheduleRuleName: digest.schedule.ruleName,
      SummaryScheduleRuleName: daily.schedule.ruleName,
    });
  }

  /**
   * What a person or `notifier doctor` needs to find the parts: CloudFormation lists no more than 100 resources. Their
   * names begin with the construct's id, so that several find room in one stack, and each is found by its own.
   */
  #write(outputs: Readonly<Record<string, string>>): void {
    const id = idInStack(this);
    for (const [name, value] of Object.entries(outputs)) {
      new CfnOutput(this, name, { value }).overrideLogicalId(`${id}${name}`);
    }
  }
}
