import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { DependencyGroup, type IDependable } from 'constructs';
import { ruleNameInBus } from './rule-name-in-bus.ts';

/**
 * Lets our rules, and nothing else, send to the queue, and gives back what the rules must be made after: an event that
 * EventBridge may not send goes to the dead-letter queue without a second try, or nowhere if that is closed too.
 *
 * The rules are named by what their names begin with. A list of them would shut out a rule that is renamed for as long
 * as the update takes, and a statement for each, as CDK's own target adds them, ends at the 20 that a policy may hold.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
export function receiveOnlyFromRules(queue: Queue): IDependable {
  const ourRules = Stack.of(queue).formatArn({ service: 'events', resource: 'rule', resourceName: ruleNameInBus('*') });
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
