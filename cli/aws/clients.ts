import process from 'node:process';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { type Command, InvalidArgumentError } from 'commander';
import { clientSettings } from '../../functions/aws/client.ts';
import { lazily } from '../../shared/delivery/parallel.ts';
import { UsageError } from '../io.ts';

/** Where in AWS a command works. Credentials come from the environment, a profile or a role, as for every AWS tool. */
export interface AwsFlags {
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly stack?: string;
  readonly notifier?: string;
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
    .option('--notifier <id>', 'id of the construct, where a stack has several')
    .option('--outputs <file>', 'the stack’s outputs, as cdk deploy --outputs-file writes them');

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Endpoints on this machine check no signature, so nobody has to have credentials for them. */
const isThisMachine = (endpointUrl: string | undefined): boolean =>
  endpointUrl !== undefined && LOOPBACK_HOSTS.has(new URL(endpointUrl).hostname);

export interface AwsSettings {
  readonly region: string;
  /** `undefined`: AWS itself, or what `AWS_ENDPOINT_URL_…` says of one service. */
  readonly endpointUrl: string | undefined;
  readonly stackName: string;
  /** `undefined`: the only one of the stack. */
  readonly notifierId?: string | undefined;
  /** Those of the context. */
  readonly regions?: readonly string[];
}

const stackNameIn = (region: string): string => `MediaConnectNotifier-${region}`;

/**
 * How a stack gets deployed. Ours are made for the regions of the context alone, so that CDK knows none of another one;
 * what regions a stack of somebody's own is for is not known here.
 */
export function deployWords({ stackName, region, regions = [region] }: AwsSettings): string {
  const deploy = `deploy it: npx cdk deploy ${stackName}`;
  if (regions.includes(region) || stackName !== stackNameIn(region)) return deploy;
  return `${region} is not in notifier:regions (${regions.join(', ')}): name one of those with --region, or add it there and ${deploy}`;
}

type Environment = Readonly<Record<string, string | undefined>>;

const endpointOf = ({ endpointUrl }: AwsFlags, { AWS_ENDPOINT_URL }: Environment): string | undefined =>
  endpointUrl ?? (AWS_ENDPOINT_URL || undefined);

/** The region that was typed, that of the environment, or the only one of the context; `undefined`: it has to be said. */
function chosenRegion(
  flags: AwsFlags,
  regions: readonly string[],
  environment: Environment = process.env,
): string | undefined {
  // The pipeline on one machine has the stack of the first region only.
  const [only, ...others] = isThisMachine(endpointOf(flags, environment)) ? regions.slice(0, 1) : regions;
  const { AWS_REGION, AWS_DEFAULT_REGION } = environment;
  return flags.region ?? (AWS_REGION || AWS_DEFAULT_REGION || (others.length === 0 ? only : undefined));
}

/** The region among all that a command cannot begin without. */
export const neededRegion = (
  flags: AwsFlags,
  regions: readonly string[],
): Readonly<Record<string, string | undefined>> => ({
  [`--region (one of ${regions.join(', ')})`]: chosenRegion(flags, regions),
});

function regionOf(flags: AwsFlags, regions: readonly string[], environment: Environment): string {
  const chosen = chosenRegion(flags, regions, environment);
  if (chosen === undefined) throw new UsageError(`which region? Give --region with one of ${regions.join(', ')}`);
  if (!/^[a-z]{2,}(?:-[a-z]+)+-\d+$/.test(chosen)) throw new UsageError(`${chosen}: is no AWS region`);
  return chosen;
}

/**
 * Where a command works: what was typed, then AWS's standard environment variables, then the context.
 *
 * @param regions those of the context
 */
export function awsSettings(
  flags: AwsFlags,
  regions: readonly string[],
  environment: Environment = process.env,
): AwsSettings {
  const region = regionOf(flags, regions, environment);
  return {
    region,
    endpointUrl: endpointOf(flags, environment),
    stackName: flags.stack ?? stackNameIn(region),
    notifierId: flags.notifier,
    regions,
  };
}

const ANSWER_MS = 20_000;
const ATTEMPTS = 3;

const hasCredentials = ({ AWS_ACCESS_KEY_ID, AWS_PROFILE }: Readonly<Record<string, string | undefined>>): boolean =>
  Boolean(AWS_ACCESS_KEY_ID || AWS_PROFILE);

const credentialsFor = (endpointUrl: string | undefined) =>
  isThisMachine(endpointUrl) && !hasCredentials(process.env)
    ? { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }
    : {};

/** The SDK's clients, each loaded when a command first needs it. */
export function createAwsClients({ region, endpointUrl }: AwsSettings) {
  const settings = {
    ...clientSettings({ requestTimeoutMs: ANSWER_MS, maxAttempts: ATTEMPTS }),
    region,
    ...(endpointUrl !== undefined && { endpoint: endpointUrl }),
    ...credentialsFor(endpointUrl),
  };
  const trailClients = new Map<string, CloudTrailClient>();
  return {
    cloudFormation: lazily(async () => {
      const sdk = await import('@aws-sdk/client-cloudformation');
      return { sdk, client: new sdk.CloudFormationClient(settings) };
    }),
    /** A trail is asked for in its own region, which may be another one. */
    cloudTrail: async (homeRegion = region) => {
      const sdk = await import('@aws-sdk/client-cloudtrail');
      const client = trailClients.get(homeRegion) ?? new sdk.CloudTrailClient({ ...settings, region: homeRegion });
      trailClients.set(homeRegion, client);
      return { sdk, client };
    },
    cloudWatch: lazily(async () => {
      const sdk = await import('@aws-sdk/client-cloudwatch');
      return { sdk, client: new sdk.CloudWatchClient(settings) };
    }),
    dynamoDb: lazily(async () => {
      const sdk = await import('@aws-sdk/client-dynamodb');
      return { sdk, client: new sdk.DynamoDBClient(settings) };
    }),
    eventBridge: lazily(async () => {
      const sdk = await import('@aws-sdk/client-eventbridge');
      return { sdk, client: new sdk.EventBridgeClient(settings) };
    }),
    lambda: lazily(async () => {
      const sdk = await import('@aws-sdk/client-lambda');
      return { sdk, client: new sdk.LambdaClient(settings) };
    }),
    secretsManager: lazily(async () => {
      const sdk = await import('@aws-sdk/client-secrets-manager');
      return { sdk, client: new sdk.SecretsManagerClient(settings) };
    }),
    sqs: lazily(async () => {
      const sdk = await import('@aws-sdk/client-sqs');
      return { sdk, client: new sdk.SQSClient(settings) };
    }),
  };
}

export type AwsClients = ReturnType<typeof createAwsClients>;
