import { Validations } from 'aws-cdk-lib';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { CompiledRule } from './notifier-context.ts';
import { receiveOnlyFromRules } from './receive-only-from-rules.ts';
import { RouteRule } from './route-rule.ts';
import { ruleNameInBus } from './rule-name-in-bus.ts';
import { StandardQueue } from './standard-queue.ts';

export interface CallRoutesProps {
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

  constructor(scope: Construct, id: string, { rules, queues }: CallRoutesProps) {
    super(scope, id);
    this.deadLetterQueue = new StandardQueue(this, 'DeadLetterQueue');
    Validations.of(this.deadLetterQueue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'This is the dead-letter queue of rules; the check knows only those of queues',
    });
    const permissions = [queues.immediate, queues.digest, this.deadLetterQueue].map(receiveOnlyFromRules);
    for (const rule of rules) {
      const queue = queues[rule.delivery];
      const route = new RouteRule(this, constructIdOf(rule.name), {
        rule,
        queue,
        deadLetterQueue: this.deadLetterQueue,
      });
      route.node.addDependency(...permissions);
    }
    this.ruleNames = rules.map(({ name }) => ruleNameInBus(name));
  }
}
