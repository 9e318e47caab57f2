import { Annotations, CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import type { NotifierContext } from '../settings/context-schema.ts';
import { functionSettingsText } from '../settings/function-settings-text.ts';
import { contextWarnings } from '../settings/read-context.ts';
import { warningOfRegion } from '../settings/regions.ts';
import { Alarms } from './alarms.ts';
import { CallArchive } from './call-archive.ts';
import { DailySummary } from './daily-summary.ts';
import { OverviewDashboard } from './dashboard.ts';
import { DigestDelivery } from './digest-delivery.ts';
import { CallRoutes } from './event-rules.ts';
import type { FunctionName } from './function-settings.ts';
import { ImmediateDelivery } from './immediate-delivery.ts';
import { Ledger } from './ledger.ts';
import type { MonitoredParts } from './metrics.ts';
import type { NotifierFunction } from './notifier-function.ts';
import { SlackSecret } from './slack-secret.ts';
import { StandardQueue } from './standard-queue.ts';

export interface NotifierStackProps extends StackProps {
  readonly context: NotifierContext;
  readonly rules: readonly CompiledRule[];
  /** Bundles a function and says where; not asked when the CDK CLI or a test wants no bundles. */
  readonly bundle: (name: FunctionName) => string;
}

const NOT_BUNDLED = Code.fromInline("throw new Error('this template was synthesized without bundling');");

const functionOutputs = (name: string, { lambda, logGroup, role }: NotifierFunction): Record<string, string> => ({
  [`${name}FunctionName`]: lambda.functionName,
  [`${name}LogGroupName`]: logGroup.logGroupName,
  [`${name}RoleArn`]: role.roleArn,
});

/** Everything that one region needs to report its MediaConnect calls. */
export class NotifierStack extends Stack {
  constructor(scope: Construct, id: string, props: NotifierStackProps) {
    super(scope, id, {
      description: 'Reports MediaConnect API calls in Slack',
      // CloudFormation counts white space too.
      suppressTemplateIndentation: true,
      ...props,
    });
    const { context, rules } = props;
    this.#warn(context);
    const codeOf = (name: FunctionName): Code =>
      this.bundlingRequired ? Code.fromAsset(props.bundle(name)) : NOT_BUNDLED;

    const deadLetterQueue = new StandardQueue(this, 'DeadLetterQueue');
    const ledger = new Ledger(this, 'Ledger');
    const secret = new SlackSecret(this, 'SlackSecret', { existingName: context.slackSecretName });
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
      rules,
      queues: { immediate: immediate.queue, digest: digest.queue },
    });
    const archive =
      context.archiveDays === 0 ? undefined : new CallArchive(this, 'Archive', { retentionDays: context.archiveDays });
    const dashboard = this.#watch(context.alarmEmail, {
      region: this.region,
      immediateQueue: immediate.queue,
      digestQueue: digest.queue,
      deadLetterQueue,
      targetDeadLetterQueue: routes.deadLetterQueue,
      functions: { Notifier: immediate.notifier, Digest: digest.digest, Summary: daily.summary },
      digestMinutes: context.digestMinutes,
      batchingWindowSeconds: context.batchingWindowSeconds,
      ruleNames: routes.ruleNames,
    });

    this.#write({
      ImmediateQueueUrl: immediate.queue.queueUrl,
      DigestQueueUrl: digest.queue.queueUrl,
      DeadLetterQueueUrl: deadLetterQueue.queueUrl,
      TargetDeadLetterQueueUrl: routes.deadLetterQueue.queueUrl,
      LedgerTableName: ledger.tableName,
      SlackSecretArn: secret.secretId,
      RuleNames: routes.ruleNames.join(','),
      ...(archive && { ArchiveName: archive.archiveName }),
      DashboardName: dashboard.dashboardName,
      ...functionOutputs('Notifier', immediate.notifier),
      ...functionOutputs('Digest', digest.digest),
      ...functionOutputs('Summary', daily.summary),
      EventSourceMappingId: immediate.eventSourceMapping.eventSourceMappingId,
      DigestScheduleRuleName: digest.schedule.ruleName,
      SummaryScheduleRuleName: daily.schedule.ruleName,
    });
  }

  /** What is deployed all the same, and most likely not meant. */
  #warn(context: NotifierContext): void {
    const warning = warningOfRegion(this.region);
    if (warning !== undefined) Annotations.of(this).addWarningV2('mediaconnect-notifier:region', warning);
    for (const [index, line] of contextWarnings(context).entries()) {
      Annotations.of(this).addWarningV2(`mediaconnect-notifier:context-${index}`, line);
    }
  }

  #watch(email: string | undefined, parts: MonitoredParts): OverviewDashboard {
    const { alarms } = new Alarms(this, 'Alarms', { parts, email });
    return new OverviewDashboard(this, 'Dashboard', { parts, alarms, dashboardName: this.stackName });
  }

  /** What a person or `notifier doctor` needs to find the parts: CloudFormation lists no more than 100 resources. */
  #write(outputs: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
