import { Duration, Stack } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct, DependencyGroup, type IDependable } from 'constructs';
import { routeEnvelopeTemplate } from '../../shared/call/api-call-event.ts';
import { type CompiledRule, ruleNameInBus } from '../../shared/eventbridge/rule.ts';
import { patternText } from '../rules/clause.ts';
import { acknowledge } from './acknowledge.ts';
import { StandardQueue } from './standard-queue.ts';

/**
 * Lets our rules, and nothing else, send to the queue, and returns what the rules must be made after: an event that
 * EventBridge may not send goes to the dead-letter queue without a second try, or nowhere if that is closed too.
 *
 * The rules are named by what their names begin with. A list of them would shut out a rule that is renamed for as long
 * as the update takes, and a statement for each, as CDK's own target adds them, ends at the 20 that a policy may hold.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
function receiveOnlyFromRules(queue: Queue, notifier: string): IDependable {
  const ourRules = Stack.of(queue).formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: ruleNameInBus('*', notifier),
  });
  const { policyDependable } = queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OnlyTheRules',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: { ArnLike: { 'aws:SourceArn': ourRules } },
    }),
  );
  return policyDependable ?? new DependencyGroup();
}

const DESCRIPTIONS = {
  immediate: (channel: string) => `MediaConnect calls reported at once in the channel ${channel}`,
  digest: (channel: string) => `MediaConnect calls reported in the digest of the channel ${channel}`,
} as const satisfies Record<CompiledRule['delivery'], (channel: string) => string>;

export interface RouteRuleProps {
  /** The name of the notifier, which the rule's begins with. */
  readonly notifier: string;
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
class RouteRule extends Construct {
  constructor(scope: Construct, id: string, { notifier, rule, queue, deadLetterQueue }: RouteRuleProps) {
    super(scope, id);
    const resource = new CfnRule(this, 'Resource', {
      name: ruleNameInBus(rule.name, notifier),
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

export interface CallRoutesProps {
  readonly notifier: string;
  readonly rules: readonly CompiledRule[];
  readonly queues: Readonly<Record<CompiledRule['delivery'], Queue>>;
}

/**
 * The rule's own name, but where constructs takes it for a child that is there already: it looks with `in`, which finds
 * what every object inherits, and the dead-letter queue is one. No name of a rule has a colon.
 */
const constructIdOf = (name: string): string =>
  name === 'DeadLetterQueue' || name in Object.prototype ? `Rule:${name}` : name;

/** The admin's rules on the bus, each leading to the queue of its delivery. */
export class CallRoutes extends Construct {
  /** As EventBridge knows them. */
  readonly ruleNames: readonly string[];
  /** Takes what EventBridge could not put into a queue. */
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { notifier, rules, queues }: CallRoutesProps) {
    super(scope, id);
    this.deadLetterQueue = new StandardQueue(this, 'DeadLetterQueue');
    acknowledge(this.deadLetterQueue, {
      rule: 'AwsSolutions-SQS3',
      reason: 'This is the dead-letter queue of rules; the check knows only those of queues',
    });
    const permissions = [queues.immediate, queues.digest, this.deadLetterQueue].map((queue) =>
      receiveOnlyFromRules(queue, notifier),
    );
    for (const rule of rules) {
      const queue = queues[rule.delivery];
      const route = new RouteRule(this, constructIdOf(rule.name), {
        notifier,
        rule,
        queue,
        deadLetterQueue: this.deadLetterQueue,
      });
      route.node.addDependency(...permissions);
    }
    this.ruleNames = rules.map(({ name }) => ruleNameInBus(name, notifier));
  }
}
