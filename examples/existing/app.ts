import { App, Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { MediaConnectNotifier } from 'mediaconnect-notifier';

const app = new App();
const stack = new Stack(app, 'Broadcast', { env: { account: '111122223333', region: 'eu-west-1' } });

// The topic's policy has to let cloudwatch.amazonaws.com publish; it is left as it is.
const alarmTopic = Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:eu-west-1:111122223333:broadcast-on-call');
const slackSecret = Secret.fromSecretNameV2(stack, 'Webhooks', 'broadcast/slack-webhooks');

const notifier = new MediaConnectNotifier(stack, 'Notifier', { slackSecret, alarmTopic, dashboard: false });

// What it makes is there to build on.
notifier.deadLetterQueue.metricApproximateNumberOfMessagesVisible();
