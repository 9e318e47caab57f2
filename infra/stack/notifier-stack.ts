import { Annotations, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { DEFAULT_NOTIFIER } from '../../shared/eventbridge/rule.ts';
import type { NotifierContext } from '../settings/context-schema.ts';
import { contextWarnings } from '../settings/read-context.ts';
import { warningOfRegion } from '../settings/regions.ts';
import type { FunctionName } from './function-settings.ts';
import { Notifier } from './notifier.ts';

export interface NotifierStackProps extends StackProps {
  readonly context: NotifierContext;
  /** Bundles a function and says where. */
  readonly bundle: (name: FunctionName) => string;
}

/** A stack with a notifier and nothing else, set up by context values. */
export class NotifierStack extends Stack {
  readonly notifier: Notifier;

  constructor(scope: Construct, id: string, { context, bundle, ...props }: NotifierStackProps) {
    super(scope, id, {
      description: 'Reports MediaConnect API calls in Slack',
      // CloudFormation counts white space too.
      suppressTemplateIndentation: true,
      ...props,
    });
    this.#warn(context);
    // The id that logical ids leave out: a stack that was deployed before there was such a construct keeps its resources.
    this.notifier = new Notifier(this, 'Default', {
      context,
      notifier: DEFAULT_NOTIFIER,
      bundle,
      slackSecret: undefined,
      alarmTopic: undefined,
      dashboardName: this.stackName,
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
}
