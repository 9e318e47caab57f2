import { expect, it } from 'vitest';
import { type AwsFlags, awsSettings } from '../../../cli/aws/clients.ts';

type Environment = Readonly<Record<string, string>>;
const LOCAL = 'http://127.0.0.1:4566';

it.each<[flags: AwsFlags, environment: Environment, regions: readonly string[], expected: readonly unknown[]]>([
  [{}, {}, ['eu-west-1'], ['eu-west-1', undefined, 'MediaConnectNotifier-eu-west-1']],
  [{}, { AWS_REGION: 'us-east-1' }, ['eu-west-1'], ['us-east-1', undefined, 'MediaConnectNotifier-us-east-1']],
  [
    {},
    { AWS_DEFAULT_REGION: 'us-east-1', AWS_REGION: '' },
    ['eu-west-1'],
    ['us-east-1', undefined, 'MediaConnectNotifier-us-east-1'],
  ],
  [
    { region: 'us-west-2' },
    { AWS_REGION: 'us-east-1' },
    [],
    ['us-west-2', undefined, 'MediaConnectNotifier-us-west-2'],
  ],
  [{ stack: 'Mine' }, {}, ['eu-west-1'], ['eu-west-1', undefined, 'Mine']],
  [{}, { AWS_ENDPOINT_URL: LOCAL }, ['eu-west-1', 'us-east-1'], ['eu-west-1', LOCAL, 'MediaConnectNotifier-eu-west-1']],
  [
    { endpointUrl: 'https://x.test' },
    { AWS_ENDPOINT_URL: LOCAL },
    ['eu-west-1'],
    ['eu-west-1', 'https://x.test', 'MediaConnectNotifier-eu-west-1'],
  ],
])('%j with %j and the regions %j works in %j', (flags, environment, regions, expected) => {
  const { region, endpointUrl, stackName } = awsSettings(flags, regions, environment);
  expect([region, endpointUrl, stackName]).toEqual(expected);
});

it.each<[flags: AwsFlags, regions: readonly string[], message: string]>([
  [{}, ['eu-west-1', 'us-east-1'], 'which region? Give --region with one of eu-west-1, us-east-1'],
  [{ region: 'Ireland' }, ['eu-west-1'], 'Ireland: is no AWS region'],
])('%j with the regions %j is not clear', (flags, regions, message) => {
  expect(() => awsSettings(flags, regions, {})).toThrow(message);
});
