import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type AlarmSettings, listAlarms } from './alarm-list.ts';
import type { MonitoredParts } from './metrics.ts';

export interface AlarmsProps {
  readonly parts: MonitoredParts;
  /**
   * Who is written to.
   * @default nobody until somebody subscribes to the topic
   */
  readonly email: string | undefined;
  /**
   * A topic that is there already, with its own policy and subscriptions.
   * @default a new one, to which the alarms of this stack may publish and nobody else
   */
  readonly topic?: ITopic | undefined;
}

/** Every alarm, and the topic that notifies of it and of its end. Not over Slack: most of them mean that Slack is mute. */
export class Alarms extends Construct {
  readonly topic: ITopic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { parts, email, topic }: AlarmsProps) {
    super(scope, id);
    this.topic = topic ?? this.#createTopic();
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
    const action = new SnsAction(this.topic);
    this.alarms = listAlarms(parts).map((settings) => {
      const alarm = this.#createAlarm(settings);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
  }

  #createTopic(): ITopic {
    const topic = new Topic(this, 'Topic', { displayName: 'MediaConnect notifier', enforceSSL: true });
    const stack = Stack.of(this);
    const ourAlarms = stack.formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: `${stack.stackName}-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    // A topic with a policy of its own loses the default one, which let the account's alarms publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyOurAlarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { ArnLike: { 'aws:SourceArn': ourAlarms } },
      }),
    );
    return topic;
  }

  #createAlarm({ id, metric, threshold, periods = 1, breaching = periods, happened, type }: AlarmSettings): Alarm {
    return new Alarm(this, id, {
      alarmDescription: `${happened} Type: ${type}`,
      metric,
      threshold,
      evaluationPeriods: periods,
      datapointsToAlarm: breaching,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
