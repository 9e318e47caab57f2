import { type Command, InvalidArgumentError } from 'commander';

/** Where in AWS a command works. Credentials come from the environment, a profile or a role, as for every AWS tool. */
export interface AwsFlags {
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly stack?: string;
  /** A file that `cdk deploy --outputs-file` wrote. */
  readonly outputs?: string;
}

function parseEndpoint(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new InvalidArgumentError('an endpoint is http://… or https://….');
  }
  return text.replace(/\/+$/, '');
}

/** Gives a command the options that say which deployed stack it works with. */
export const withAwsOptions = (command: Command): Command =>
  command
    .option('--region <region>', 'AWS region (default: AWS_REGION, else the one region of the context)')
    .option('--endpoint-url <url>', 'another endpoint than AWS, such as that of npm start', parseEndpoint)
    .option('--stack <name>', 'name of the stack (default: MediaConnectNotifier-REGION)')
    .option('--outputs <file>', 'the stack’s outputs, as cdk deploy --outputs-file writes them');
