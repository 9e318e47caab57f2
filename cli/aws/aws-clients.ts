import process from 'node:process';
import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { clientSettings } from '../../functions/aws/client-settings.ts';
import { lazily } from '../../functions/aws/lazily.ts';
import type { AwsSettings } from './aws-settings.ts';
import { isThisMachine } from './is-this-machine.ts';

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
