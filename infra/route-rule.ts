import { Duration } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { CompiledRule } from './notifier-context.ts';
import { routeEnvelopeTemplate } from './route-envelope-template.ts';
import { ruleNameInBus } from './rule-name-in-bus.ts';
import { patternText } from './rules/pattern-text.ts';

const DESCRIPTIONS = {
  immediate: (channel: string) => `MediaConnect calls told at once in the channel ${channel}`,
  digest: (channel: string) => `MediaConnect calls told in the digest of the channel ${channel}`,
} as const satisfies Record<CompiledRule['delivery'], (channel: string) => string>;

export interface RouteRuleProps {
  readonly rule: CompiledRule;
  readonly queue: Queue;
  /** Takes what EventBridge could not put into `queue`. */
  readonly deadLetterQueue: Queue;
}

/**
 * One rule of the admin's context as an EventBridge rule on the default bus. It is the L1 construct because CDK's
 * `Rule` has no state but on and off, and a rule gets Describe, Get and List calls only in a third one.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export class RouteRule extends Construct {
  constructor(scope: Construct, id: string, { rule, queue, deadLetterQueue }: RouteRuleProps) {
    super(scope, id);
    const resource = new CfnRule(this, 'Resource', {
      name: ruleNameInBus(rule.name),
      description: DESCRIPTIONS[rule.delivery](rule.channel),
      state: rule.state,
      targets: [
        {
          id: 'Queue',
          arn: queue.queueArn,
          inputTransformer: { inputTemplate: routeEnvelopeTemplate(rule.name, rule.channel) },
          deadLetterConfig: { arn: deadLetterQueue.queueArn },
          // EventBridge's own greatest patience.
          retryPolicy: { maximumEventAgeInSeconds: Duration.hours(24).toSeconds(), maximumRetryAttempts: 185 },
        },
      ],
    });
    // CDK's own property takes an object alone; CloudFormation takes a string too.
    resource.addPropertyOverride('EventPattern', patternText(rule.pattern));
  }
}
