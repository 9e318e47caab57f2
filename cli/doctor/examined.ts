import type { CompiledRule, NotifierContext } from '../../infra/notifier-context.ts';
import type { AwsClients } from '../aws/aws-clients.ts';
import type { AwsSettings } from '../aws/aws-settings.ts';
import type { DeployedStack } from '../aws/deployed-stack.ts';

/** The deployed stack, and what it should be like. */
export interface Examined {
  readonly clients: AwsClients;
  readonly settings: AwsSettings;
  readonly stack: DeployedStack;
  readonly context: NotifierContext;
  readonly rules: readonly CompiledRule[];
}

/** How a difference between the context and what is deployed is repaired. */
export const deployAgain = ({ stack }: Examined): string => `deploy it: npx cdk deploy ${stack.name}`;
