import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnSecret, type ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface SlackSecretProps {
  /**
   * Name of a secret that is there already.
   * @default a new secret without a value, to be put by hand
   */
  readonly existingName: string | undefined;
  /** The same, as a construct. */
  readonly existing?: ISecret | undefined;
}

/**
 * Where the webhook URLs are kept. A new one is empty, not filled with a generated string as CDK's `Secret` would
 * be: a function then says "no value" instead of trying to post to a random word. No URL is ever in a template.
 *
 * A secret that the stack made stays when the stack is removed, when the resource is replaced, and when
 * `notifier:slackSecretName` names another one later: CloudFormation would delete it without the days in which
 * Secrets Manager can restore one, and the URLs in it are nowhere else. It costs 0.40 USD a month until it is deleted.
 *
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1999
 */
export class SlackSecret extends Construct {
  /** What the functions ask Secrets Manager for. */
  readonly secretId: string;
  /** The resource of their permission to read it. */
  readonly grantArn: string;

  constructor(scope: Construct, id: string, { existingName, existing }: SlackSecretProps) {
    super(scope, id);
    if (existing !== undefined) {
      this.secretId = existing.secretArn;
      this.grantArn = existing.secretFullArn ?? `${existing.secretArn}-??????`;
      return;
    }
    if (existingName !== undefined) {
      this.secretId = existingName;
      // Secrets Manager ends each ARN in a hyphen and six characters of its own.
      this.grantArn = Stack.of(this).formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: `${existingName}-??????`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
      return;
    }
    const secret = new CfnSecret(this, 'Resource', {
      description: 'Slack incoming webhook URL of the MediaConnect notifier, or a JSON object of channel and URL',
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.secretId = secret.ref;
    this.grantArn = secret.ref;
    acknowledge(secret, {
      rule: 'AwsSolutions-SMG4',
      reason: 'Slack has no API that makes a new incoming webhook; the README says how to rotate by hand',
    });
  }
}
