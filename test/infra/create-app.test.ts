import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { ContextError } from '../../infra/context-error.ts';
import { createApp } from '../../infra/create-app.ts';
import { NotifierStack } from '../../infra/notifier-stack.ts';
import { WITHOUT_BUNDLES } from './synthesize.ts';

const app = createApp({
  ...WITHOUT_BUNDLES,
  'notifier:regions': ['eu-west-1', 'us-east-1'],
  'notifier:createTrail': true,
  'notifier:alarmEmail': 'noc@example.org',
});
const stacks = app.node.children.filter((child) => child instanceof NotifierStack);

const resourcesOf = (stack: unknown, type: string): readonly unknown[] =>
  stack instanceof NotifierStack ? Object.values(Template.fromStack(stack).findResources(type)) : [];

it('makes one complete stack a region, in any account, and one trail for all', () => {
  expect(
    stacks.map((stack) => [stack.stackName, stack.environment, resourcesOf(stack, 'AWS::CloudTrail::Trail').length]),
  ).toEqual([
    ['MediaConnectNotifier-eu-west-1', 'aws://unknown-account/eu-west-1', 1],
    ['MediaConnectNotifier-us-east-1', 'aws://unknown-account/us-east-1', 0],
  ]);
});

it('logs management calls of all regions, with proof that no log was changed', () => {
  expect(resourcesOf(stacks[0], 'AWS::CloudTrail::Trail')).toMatchObject([
    {
      Properties: {
        IsLogging: true,
        IsMultiRegionTrail: true,
        IncludeGlobalServiceEvents: true,
        EnableLogFileValidation: true,
        EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }],
      },
    },
  ]);
  expect(resourcesOf(stacks[0], 'AWS::S3::Bucket')).toMatchObject([
    {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    },
  ]);
});

describe('best practice', () => {
  const checks = (node: App) => new AwsSolutionsChecks(node);

  it('is kept, or the breach is explained', () => {
    expect(checks(app).validateScope(app)).toEqual({ success: true, violations: [] });
  });

  it('is broken in these places and no other', () => {
    const strict = checks(app);
    Reflect.set(strict, 'isAcknowledged', () => false);
    const found = strict
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath?.replace(/^[^/]+\//, '')}`),
      );
    expect([...new Set(found)]).toEqual([
      'AwsSolutions-SMG4 SlackSecret/Resource',
      'AwsSolutions-IAM5[Resource::*] Immediate/Notifier/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::*] Digest/Digest/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::*] Daily/Summary/Role/DefaultPolicy/Resource',
      'AwsSolutions-SQS3 Routes/DeadLetterQueue/Resource',
      'AwsSolutions-S1 Trail/Bucket/Resource',
    ]);
  });

  it('is not waived without a reason', () => {
    const reasons = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.values<string>(data));
    expect(reasons.filter((reason) => reason.length < 40)).toEqual([]);
  });
});

it('reads a secret that is there already by its name, and makes none', () => {
  const [stack] = createApp({ ...WITHOUT_BUNDLES, 'notifier:slackSecretName': 'ops/slack' }).node.children;
  expect(resourcesOf(stack, 'AWS::SecretsManager::Secret')).toEqual([]);
  expect(JSON.stringify(resourcesOf(stack, 'AWS::IAM::Policy'))).toContain(':secret:ops/slack-??????');
  expect(
    JSON.stringify(resourcesOf(stack, 'AWS::Lambda::Function')).match(/"SLACK_SECRET_ID":"ops\/slack"/g),
  ).toHaveLength(3);
});

it('asks for small batches where the admin wants no batching window, as Lambda demands', () => {
  const [stack] = createApp({ ...WITHOUT_BUNDLES, 'notifier:batchingWindowSeconds': 0 }).node.children;
  expect(resourcesOf(stack, 'AWS::Lambda::EventSourceMapping')).toMatchObject([
    { Properties: { BatchSize: 10, MaximumBatchingWindowInSeconds: 0 } },
  ]);
});

it('does not let two digests run at once, however often the admin wants one', () => {
  const [stack] = createApp({ ...WITHOUT_BUNDLES, 'notifier:digestMinutes': 1 }).node.children;
  const digest = resourcesOf(stack, 'AWS::Lambda::Function').find((resource) =>
    JSON.stringify(resource).includes('"DigestRole'),
  );
  expect(digest).toMatchObject({ Properties: { Timeout: 60 } });
});

it('refuses context values that hold a mistake, and says all of them', () => {
  expect(() => createApp({ 'notifier:digestMinuts': 5, 'notifier:archiveDays': -1 })).toThrow(ContextError);
});

it('fails the synthesis with one line a mistake and no stack trace', () => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, '../../infra/app.ts')], {
    encoding: 'utf8',
    env: { CDK_CONTEXT_JSON: JSON.stringify({ 'notifier:digestMinuts': '5', 'notifier:archiveDays': 'long' }) },
  });
  expect({ status, stdout, lines: stderr.trim().split('\n').length }).toEqual({ status: 1, stdout: '', lines: 2 });
  expect(stderr).toContain('notifier:digestMinuts');
  expect(stderr).toContain('notifier:archiveDays');
});
