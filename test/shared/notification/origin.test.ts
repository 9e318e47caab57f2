import { describe, expect, it } from 'vitest';
import { phraseText } from '../../../shared/notification/notification.ts';
import { detectOrigin } from '../../../shared/notification/origin.ts';
import { anApiCallEvent } from '../../builders.ts';

const originOf = (detail: Record<string, unknown>) => {
  const { kind, label } = detectOrigin(anApiCallEvent({ detail }).detail);
  return `${kind}: ${phraseText(label)}`;
};

const ROLE = { type: 'AssumedRole', arn: 'arn:aws:sts::111122223333:assumed-role/Ops/jane' };
const SAFARI = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Safari/537.36';
const TERRAFORM =
  'APN/1.0 HashiCorp/1.0 Terraform/1.1.2 (+https://www.terraform.io) terraform-provider-aws/3.76.1 aws-sdk-go/1.44.157 (go1.19.3; linux; amd64)';
const CLI_2 = 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux md/prompt#off md/command#mediaconnect.start-flow';

describe('user agents', () => {
  it.each([
    [SAFARI, 'console: console'],
    [`[${SAFARI}]`, 'console: console'],
    ['console.amazonaws.com', 'console: console'],
    ['console.ec2.amazonaws.com', 'console: console'],
    ['console.aws.amazon.com', 'console: console'],
    ['eu-west-1.console.aws.amazon.com', 'console: console'],
    ['signin.amazonaws.com', 'console: console'],
    ['[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.1030 Linux/4.9]', 'console: console'],
    ['AWSConsole', 'console: console'],
    ['AWS Console/1.0', 'console: console'],
    ['console.amazonaws.com.example.org', 'other: console.amazonaws.com.example.org'],
    ['MozillaLike', 'other: MozillaLike'],
    ['ConsoleApplication1/1.0', 'other: ConsoleApplication1/1.0'],
    [CLI_2, 'cli: AWS CLI 2.31.0'],
    [`[${CLI_2}]`, 'cli: AWS CLI 2.31.0'],
    ['aws-cli/2.13.5 Python/3.11.4 prompt/off command/mediaconnect.stop-flow', 'cli: AWS CLI 2.13.5'],
    ['aws-cli/1.15.40 Python/3.6.5 Darwin/16.7.0 botocore/1.10.40', 'cli: AWS CLI 1.15.40'],
    ['Boto3/1.26.2 Python/3.10.8 Linux/4.14 exec-env/AWS_ECS_FARGATE Botocore/1.29.2', 'sdk: Boto3 1.26.2'],
    ['Botocore/1.29.2 ua/2.0', 'sdk: botocore 1.29.2'],
    ['aws-sdk-go-v2/1.14.0 os/macos lang/go/1.17.6 api/mediaconnect/1.17.0', 'sdk: AWS SDK for Go v2 1.14.0'],
    ['aws-sdk-go/1.15.12 (go1.12.6; linux; amd64)', 'sdk: AWS SDK for Go 1.15.12'],
    ['aws-sdk-js/3.654.0 ua/2.0 os/linux', 'sdk: AWS SDK for JavaScript 3.654.0'],
    ['aws-sdk-nodejs/2.1693.0 linux/v20', 'sdk: AWS SDK for JavaScript 2.1693.0'],
    ['aws-sdk-java/2.20.0 Linux', 'sdk: AWS SDK for Java 2.20.0'],
    ['aws-sdk-ruby3/3.1 ua/2.0', 'sdk: AWS SDK for Ruby 3.1'],
    ['aws-sdk-cobol/0.1', 'sdk: AWS SDK 0.1'],
    ['AWSPowerShell/4.1.1 .NET', 'sdk: AWS Tools for PowerShell 4.1.1'],
    ['AWSPowerShell.Common/4.1.501 .NET_Runtime/8', 'sdk: AWS Tools for PowerShell 4.1.501'],
    ['AWSPowerShell.NetCore/4.1.501', 'sdk: AWS Tools for PowerShell 4.1.501'],
    [TERRAFORM, 'terraform: Terraform 1.1.2'],
    [
      'aws-sdk-go/1.29.7 (go1.13.7; darwin) APN/1.0 HashiCorp/1.0 Terraform/0.12.24 (+https://www.terraform.io)',
      'terraform: Terraform 0.12.24',
    ],
    ['APN/1.0 HashiCorp/1.0 OpenTofu/1.8.0', 'terraform: OpenTofu 1.8.0'],
    ['APN/1.0 Pulumi/1.0 PulumiAws/6.0 (+https://www.pulumi.com) aws-sdk-go-v2/1.30', 'pulumi: Pulumi 1.0'],
    ['aws-cdk/2.1148.1 aws-sdk-js/3.654.0', 'cdk: CDK 2.1148.1'],
    ['Pulumi', 'pulumi: Pulumi'],
    // A rule could not ask for these words, and a service's name in the agent is no evidence of one.
    ['my-tool/1 terraform/', 'other: my-tool/1 terraform/'],
    ['cloudformation.amazonaws.com', 'other: cloudformation.amazonaws.com'],
    ['medialive.amazonaws.com', 'other: medialive.amazonaws.com'],
    ['[EC2ConsoleFrontend, aws-internal/3 aws-sdk-java/1.12.582 Linux/5.10]', 'console: console'],
    ['RDS Console, aws-internal/3 aws-sdk-java/1.11.975 Linux/5.10', 'console: console'],
    [`[${TERRAFORM}]`, 'terraform: Terraform 1.1.2'],
    ['AWS Internal', 'aws internal: AWS Internal'],
    ['aws-internal/3 aws-sdk-java/1.12.124 Linux/4.9', 'aws internal: AWS Internal 3'],
    ['my-terraform/1.0', 'other: my-terraform/1.0'],
    ['<!channel> hello', 'other: <!channel> hello'],
    ['constructor', 'other: constructor'],
  ])('%s', (userAgent, expected) => {
    expect(originOf({ userAgent, userIdentity: ROLE })).toBe(expected);
  });
});

describe('evidence in order', () => {
  it.each([
    ['CloudTrail’s own mark', { sessionCredentialFromConsole: 'true', userAgent: 'AWS Internal' }, 'console: console'],
    ['the mark as a boolean', { sessionCredentialFromConsole: true, userAgent: SAFARI }, 'console: console'],
    [
      'the mark with a program',
      { sessionCredentialFromConsole: 'true', userAgent: CLI_2 },
      'console: console session, AWS CLI 2.31.0',
    ],
    [
      'the mark before the service',
      { sessionCredentialFromConsole: 'true', userIdentity: { ...ROLE, invokedBy: 'cloudformation.amazonaws.com' } },
      'console: console session, AWS CLI 2.31.0',
    ],
    ['a mark that says no', { sessionCredentialFromConsole: 'false', userAgent: 'Boto3/1.26.0' }, 'sdk: Boto3 1.26.0'],
    [
      'CloudFormation before the agent',
      { userIdentity: { ...ROLE, invokedBy: 'cloudformation.amazonaws.com' } },
      'cloudformation: CloudFormation',
    ],
    [
      'a service before the agent',
      { userIdentity: { ...ROLE, invokedBy: 'medialive.amazonaws.com' } },
      'service: AWS service MediaLive',
    ],
    [
      'sign-in, which is a person',
      { userIdentity: { ...ROLE, invokedBy: 'signin.amazonaws.com' } },
      'console: console',
    ],
    ['AWS itself', { userIdentity: { accountId: '1', invokedBy: 'AWS Internal' } }, 'aws internal: AWS Internal'],
    ['a service that is oddly written', { userIdentity: { invokedBy: '<!here>' } }, 'service: AWS service <!here>'],
    [
      'the source address without an agent',
      { userAgent: undefined, sourceIPAddress: 'medialive.amazonaws.com' },
      'service: AWS service MediaLive',
    ],
    [
      'the source address before the agent, which is a claim',
      { userAgent: CLI_2, sourceIPAddress: 'medialive.amazonaws.com' },
      'service: AWS service MediaLive',
    ],
    [
      'an internal address without an agent',
      { userAgent: null, sourceIPAddress: 'AWS Internal/3' },
      'aws internal: AWS Internal',
    ],
    ['an IP address without an agent', { userAgent: '' }, 'unknown: unknown'],
    ['odd types', { userAgent: 12, sourceIPAddress: {}, userIdentity: 'x' }, 'unknown: unknown'],
  ])('takes %s', (_, detail, expected) => {
    expect(originOf({ userAgent: CLI_2, userIdentity: ROLE, ...detail })).toBe(expected);
  });
});

it('marks the agent’s own text as untrusted', () => {
  const { label } = detectOrigin(anApiCallEvent({ detail: { userAgent: '<!channel>' } }).detail);
  expect(label).toEqual([{ kind: 'name', text: '<!channel>' }]);
});
