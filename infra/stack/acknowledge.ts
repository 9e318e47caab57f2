import { CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

export interface Acknowledgement {
  /** The check's id, such as `AwsSolutions-IAM5`. */
  readonly rule: string;
  /**
   * What of it is meant, such as `Resource::*`.
   * @default all that the check finds
   */
  readonly finding?: string;
  readonly reason: string;
}

/**
 * States why a check of best practice does not hold for a construct's own resource, wherever checks look: CDK's own way is
 * that of cdk-nag 3, and cdk-nag 2 reads the resource's metadata.
 *
 * @see https://github.com/cdklabs/cdk-nag#suppressing-a-rule
 */
export function acknowledge(construct: IConstruct, { rule, finding, reason }: Acknowledgement): void {
  Validations.of(construct).acknowledge({ id: finding === undefined ? rule : `${rule}[${finding}]`, reason });
  const suppression = { id: rule, reason, ...(finding !== undefined && { applies_to: [finding] }) };
  const resource = construct.node.defaultChild ?? construct;
  if (CfnResource.isCfnResource(resource)) resource.addMetadata('cdk_nag', { rules_to_suppress: [suppression] });
}
