import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { DependencyGroup, type IDependable } from 'constructs';

/**
 * Lets these rules, and nothing else, send to the queue. One statement for all of them: a queue's policy holds at
 * most 20 statements, and the one that CDK's own target adds for each rule would end at 19 rules.
 *
 * Gives back what the rules must be made after: an event that EventBridge may not send goes to the dead-letter
 * queue without a second try, or nowhere if that is closed too.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 */
export function receiveOnlyFromRules(queue: Queue, ruleArns: readonly string[]): IDependable {
  if (ruleArns.length === 0) return new DependencyGroup();
  const { policyDependable } = queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OnlyTheRules',
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions: {
        ArnEquals: { 'aws:SourceArn': [...ruleArns] },
        StringEquals: { 'aws:SourceAccount': Stack.of(queue).account },
      },
    }),
  );
  return policyDependable ?? new DependencyGroup();
}
