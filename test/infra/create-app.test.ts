import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type App, Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CfnArchive } from 'aws-cdk-lib/aws-events';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { createApp, synthesizeApp } from '../../infra/create-app.ts';
import { ContextError } from '../../infra/settings/user-error.ts';
import { TrailStack } from '../../infra/stack/trail-stack.ts';
import { type Resource, stacksOf, WITHOUT_BUNDLES } from './synthesize.ts';

const app = createApp({
  ...WITHOUT_BUNDLES,
  'notifier:regions': ['eu-west-1', 'us-east-1'],
  'notifier:createTrail': true,
  'notifier:alarmEmail': 'noc@example.org',
});
const stacks = stacksOf(app);
const trailStacks = stacks.filter((stack) => stack instanceof TrailStack);

const resourcesOf = (stack: unknown, type: string): readonly unknown[] =>
  stack instanceof Stack ? Object.values(Template.fromStack(stack).findResources(type)) : [];

it('makes one complete stack a region, in any account, and a stack for the trail of each', () => {
  expect(
    stacks.map((stack) => [stack.stackName, stack.environment, resourcesOf(stack, 'AWS::CloudTrail::Trail').length]),
  ).toEqual([
    ['MediaConnectNotifier-eu-west-1', 'aws://unknown-account/eu-west-1', 0],
    ['MediaConnectNotifier-us-east-1', 'aws://unknown-account/us-east-1', 0],
    ['MediaConnectNotifier-trail-eu-west-1', 'aws://unknown-account/eu-west-1', 1],
    ['MediaConnectNotifier-trail-us-east-1', 'aws://unknown-account/us-east-1', 1],
  ]);
});

describe('the stacks', () => {
  const templatesOf = (regions: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(
      stacksOf(createApp({ ...WITHOUT_BUNDLES, 'notifier:regions': regions, 'notifier:createTrail': true })).map(
        (stack) => [stack.stackName, Template.fromStack(stack).toJSON()],
      ),
    );

  it('do not change when a region is removed from the list or moved in it', () => {
    const both = templatesOf(['eu-west-1', 'us-east-1']);
    expect(templatesOf(['us-east-1', 'eu-west-1'])).toEqual(both);
    const { 'MediaConnectNotifier-us-east-1': notifier, 'MediaConnectNotifier-trail-us-east-1': trail } = both;
    expect(templatesOf(['us-east-1'])).toEqual({
      'MediaConnectNotifier-us-east-1': notifier,
      'MediaConnectNotifier-trail-us-east-1': trail,
    });
  });

  it('need none of the others', () => {
    expect(stacks.flatMap(({ dependencies }) => dependencies)).toEqual([]);
    expect(JSON.stringify(templatesOf(['eu-west-1', 'us-east-1']))).not.toContain('Fn::ImportValue');
  });
});

it('logs management calls of the region, with proof that no log was changed', () => {
  expect(resourcesOf(trailStacks[0], 'AWS::CloudTrail::Trail')).toMatchObject([
    {
      Properties: {
        IsLogging: true,
        IsMultiRegionTrail: false,
        IncludeGlobalServiceEvents: false,
        EnableLogFileValidation: true,
        EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'All' }],
      },
    },
  ]);
  expect(resourcesOf(trailStacks[0], 'AWS::S3::Bucket')).toMatchObject([
    {
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

it('leaves trail, bucket and the right to write to it where they are when the stack is removed or changed', () => {
  const kept = trailStacks.flatMap((stack) =>
    Object.values(Template.fromStack(stack).toJSON().Resources as Readonly<Record<string, Resource>>).map(
      ({ Type, DeletionPolicy, UpdateReplacePolicy }) => [Type, DeletionPolicy, UpdateReplacePolicy],
    ),
  );
  expect(kept).toEqual(
    trailStacks.flatMap(() => [
      ['AWS::S3::Bucket', 'Retain', 'Retain'],
      ['AWS::S3::BucketPolicy', 'Retain', 'Retain'],
      ['AWS::CloudTrail::Trail', 'Retain', 'Retain'],
    ]),
  );
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
      'AwsSolutions-SMG4 Default/SlackSecret/Resource',
      'AwsSolutions-IAM5[Resource::*] Default/Immediate/Notifier/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::*] Default/Digest/Digest/Role/DefaultPolicy/Resource',
      'AwsSolutions-IAM5[Resource::*] Default/Daily/Summary/Role/DefaultPolicy/Resource',
      'AwsSolutions-SQS3 Default/Routes/DeadLetterQueue/Resource',
      'AwsSolutions-S1 Bucket/Resource',
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

it('refuses a template that CloudFormation would refuse, before anything is deployed', () => {
  const refused = createApp(WITHOUT_BUNDLES);
  const [archive] = refused.node.findAll().filter((construct) => construct instanceof CfnArchive);
  archive?.addPropertyOverride('EventPattern.detail.errorCode', [null]);
  const act = () => synthesizeApp(refused);
  expect(act).toThrow(ContextError);
  expect(act).toThrow(
    /^This could not be deployed\.\nMediaConnectNotifier-eu-west-1: Resources\.\w+\.Properties\.EventPattern\.detail\.errorCode\[0\]: null, which CloudFormation takes nowhere$/,
  );
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
