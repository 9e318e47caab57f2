import { readFileSync } from 'node:fs';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../../infra/create-app.ts';
import { ContextSchema } from '../../../infra/settings/context-schema.ts';
import { MAX_RULES } from '../../../infra/settings/rule-checks.ts';
import { beyondLimits, PROPERTY_LIMITS } from '../../../infra/template-checks/property-limits.ts';
import { readForChecks, type TemplateCheck } from '../../../infra/template-checks/template.ts';
import {
  TEMPLATE_CHECKS,
  type TemplateCheckName,
  templateRefusals,
} from '../../../infra/template-checks/template-refusals.ts';
import { nulls } from '../../../infra/template-checks/whole-template.ts';
import { WITHOUT_BUNDLES } from '../synthesize.ts';

type Values = Readonly<Record<string, unknown>>;

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const byName = (count: number, name: (index: number) => string, value: (index: number) => unknown): Values =>
  Object.fromEntries(upTo(count).map((index) => [name(index), value(index)]));

const TWENTY_CHANNELS = byName(
  20,
  (index) => `channel-${index}`,
  () => ({ mention: { 'on-air': 'here' } }),
);
const LONG_CHANNEL = 'c'.repeat(80);

/** Close to the longest pattern there can be, most of it quotes, which the template has to write as two characters. */
const LONGEST_MATCH = { requestParameters: { flowName: upTo(370).map((index) => `${index % 90}`.padStart(2, 'x')) } };

const CONTEXTS: Readonly<Record<string, Values>> = {
  'by default': {},
  'with every setting set': {
    'notifier:regions': ['eu-west-1'],
    'notifier:slackSecretName': 'ops/slack',
    'notifier:channels': { ops: { mention: { 'on-air': 'here', denied: '@S0123ABCD' } } },
    'notifier:accountNames': { '111122223333': 'Übertragung' },
    'notifier:names': { 'user/jane': 'Jane' },
    'notifier:outcomes': 'trouble',
    'notifier:health': { say: 'all', channel: 'ops' },
    'notifier:digestMinutes': 60,
    'notifier:batchingWindowSeconds': 300,
    'notifier:logRetentionDays': 365,
    'notifier:archiveDays': 365,
    'notifier:alarmEmail': 'noc@example.org',
    'notifier:createTrail': true,
    'notifier:showParameters': ['outputs[].port'],
    'notifier:rules': {
      all: { channel: 'ops', outcome: ['failed'], principals: { exclude: ['Deploy*'] }, accounts: ['111122223333'] },
      off: { enabled: false, delivery: 'digest', match: { requestParameters: { name: [null, 'AwardsShow'] } } },
    },
  },
  'with 20 channels and 40 rules': {
    'notifier:channels': TWENTY_CHANNELS,
    'notifier:rules': byName(
      40,
      (index) => `rule-${index}`,
      (index) => ({
        channel: `channel-${index % 20}`,
        delivery: index % 3 === 0 ? 'digest' : 'immediate',
        outcome: ['succeeded'],
      }),
    ),
  },
  'in several regions': { 'notifier:regions': ['eu-west-1', 'us-east-1', 'ap-southeast-2'] },
  'with trails': { 'notifier:regions': ['eu-west-1', 'us-east-1'], 'notifier:createTrail': true },
  'without an archive': { 'notifier:archiveDays': 0 },
  'with a secret that is there already': { 'notifier:slackSecretName': 'ops/slack' },
  'with one digest a day': { 'notifier:digestMinutes': 1440 },
  'without a rule': { 'notifier:rules': {} },
  'with as many rules as are allowed, each at its longest': {
    'notifier:channels': { [LONG_CHANNEL]: {} },
    'notifier:rules': byName(
      MAX_RULES,
      (index) => `r${String(index).padStart(3, '0')}`.padEnd(43, 'x'),
      () => ({ channel: LONG_CHANNEL, match: LONGEST_MATCH }),
    ),
  },
};

it('covers every setting', () => {
  const set = Object.keys(CONTEXTS['with every setting set'] ?? {}).map((key) => key.replace('notifier:', ''));
  expect(set.toSorted()).toEqual(Object.keys(ContextSchema.shape).toSorted());
});

describe.each(Object.entries(CONTEXTS))('the templates %s', (_, values) => {
  const stacks = createApp({ ...WITHOUT_BUNDLES, ...values }).synth().stacks;
  const texts = stacks.map(({ templateFullPath }) => readFileSync(templateFullPath, 'utf8'));

  it('hold nothing that CloudFormation or the services refuse', () => {
    expect(texts.flatMap((text) => templateRefusals(JSON.parse(text)))).toEqual([]);
  });

  it('hold no null and are at most a megabyte, as they lie in the cloud assembly', () => {
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.flatMap((text) => nulls(JSON.parse(text)))).toEqual([]);
    expect(texts.map((text) => Buffer.byteLength(text)).filter((bytes) => bytes > 1_000_000)).toEqual([]);
  });
});

interface MutableResource {
  Type: string;
  Properties: Record<string, unknown>;
  [attribute: string]: unknown;
}
interface MutableTemplate {
  Resources: Record<string, MutableResource>;
  Outputs: Record<string, unknown>;
  [section: string]: unknown;
}

const [WHOLE] = createApp(WITHOUT_BUNDLES)
  .synth()
  .stacks.map(({ template }) => template as MutableTemplate);

const resourcesOf = (template: MutableTemplate, type: string): readonly MutableResource[] =>
  Object.values(template.Resources).filter(({ Type }) => Type === type);

function firstOf(template: MutableTemplate, type: string): MutableResource {
  const [first] = resourcesOf(template, type);
  if (first === undefined) throw new Error(`the template has no ${type}`);
  return first;
}

const propertiesOf = (template: MutableTemplate, type: string): Record<string, unknown> =>
  firstOf(template, type).Properties;

const patternRule = (template: MutableTemplate): Record<string, unknown> =>
  resourcesOf(template, 'AWS::Events::Rule').find(({ Properties }) => Properties.EventPattern !== undefined)
    ?.Properties ?? {};

const statementsOf = (template: MutableTemplate, type: string): Record<string, unknown>[] =>
  (propertiesOf(template, type).PolicyDocument as { Statement: Record<string, unknown>[] }).Statement;

const variablesOf = (template: MutableTemplate): Record<string, unknown> =>
  (propertiesOf(template, 'AWS::Lambda::Function').Environment as { Variables: Record<string, unknown> }).Variables;

function withWidgets(template: MutableTemplate, widgets: readonly unknown[]): void {
  propertiesOf(template, 'AWS::CloudWatch::Dashboard').DashboardBody = JSON.stringify({ widgets });
}

const A_QUEUE: MutableResource = { Type: 'AWS::SQS::Queue', Properties: {} };

/** Of each check the breaches that it must find, each put into a template that is fine. */
const PLANTED: Readonly<Record<TemplateCheckName, Readonly<Record<string, (template: MutableTemplate) => void>>>> = {
  nulls: {
    'in an event pattern that is an object': (template) => {
      patternRule(template).EventPattern = { detail: { errorCode: [{ exists: false }, null] } };
    },
    'in a property': (template) => {
      propertiesOf(template, 'AWS::SQS::Queue').QueueName = null;
    },
    'in an output': (template) => {
      template.Outputs.Nothing = { Value: null };
    },
  },
  counts: {
    'of resources': (template) => {
      Object.assign(
        template.Resources,
        byName(
          500,
          (index) => `Queue${index}`,
          () => A_QUEUE,
        ),
      );
    },
    'of outputs': (template) => {
      Object.assign(
        template.Outputs,
        byName(
          200,
          (index) => `Output${index}`,
          () => ({ Value: '' }),
        ),
      );
    },
    'of parameters': (template) => {
      template.Parameters = byName(
        201,
        (index) => `Parameter${index}`,
        () => ({ Type: 'String' }),
      );
    },
    'of mappings': (template) => {
      template.Mappings = byName(
        201,
        (index) => `Mapping${index}`,
        () => ({}),
      );
    },
  },
  size: {
    'of a description': (template) => {
      template.Metadata = { text: 'x'.repeat(1_000_000) };
    },
  },
  sections: {
    'of the template': (template) => {
      template.Resource = {};
    },
    'of a resource': (template) => {
      firstOf(template, 'AWS::SQS::Queue').DependOn = [];
    },
  },
  names: {
    'with a hyphen': (template) => {
      template.Resources['Queue-1'] = A_QUEUE;
    },
    'of 256 characters': (template) => {
      template.Outputs['x'.repeat(256)] = { Value: '' };
    },
  },
  descriptions: {
    'of the template': (template) => {
      template.Description = 'ü'.repeat(513);
    },
    'of an output': (template) => {
      template.Outputs.Long = { Value: '', Description: 'x'.repeat(1025) };
    },
  },
  outputs: {
    'that is a list': (template) => {
      template.Outputs.Rules = { Value: ['changes', 'reads'] };
    },
  },
  references: {
    'by Ref': (template) => {
      propertiesOf(template, 'AWS::SQS::QueuePolicy').Queues = [{ Ref: 'Nowhere' }];
    },
    'by Fn::GetAtt, within a text': (template) => {
      template.Outputs.Lost = { Value: { 'Fn::Join': ['', ['x', { 'Fn::GetAtt': ['Nowhere', 'Arn'] }]] } };
    },
    'by DependsOn': (template) => {
      firstOf(template, 'AWS::SQS::Queue').DependsOn = 'Nowhere';
    },
  },
  circles: {
    'of two': (template) => {
      template.Resources.One = { ...A_QUEUE, DependsOn: ['Other'] };
      template.Resources.Other = { ...A_QUEUE, Properties: { QueueName: { 'Fn::GetAtt': ['One', 'QueueName'] } } };
    },
  },
  'same-names': {
    'of two rules': (template) => {
      for (const { Properties } of resourcesOf(template, 'AWS::Events::Rule')) Properties.Name = 'changes';
    },
  },
  limits: {
    'of a description': (template) => {
      propertiesOf(template, 'AWS::Lambda::Function').Description = 'x'.repeat(257);
    },
  },
  patterns: {
    'of 2,049 characters': (template) => {
      const text = JSON.stringify({ source: [''] });
      patternRule(template).EventPattern = JSON.stringify({ source: ['x'.repeat(2049 - text.length)] });
    },
    'that is no JSON': (template) => {
      patternRule(template).EventPattern = '{';
    },
    'that EventBridge cannot read': (template) => {
      patternRule(template).EventPattern = JSON.stringify({ source: 'aws.mediaconnect' });
    },
  },
  'archive-patterns': {
    'as JSON': (template) => {
      propertiesOf(template, 'AWS::Events::Archive').EventPattern = '{"source":["aws.mediaconnect"]}';
    },
  },
  'rule-causes': {
    'left out': (template) => {
      delete patternRule(template).EventPattern;
    },
  },
  statements: {
    'without resource in a role': (template) => {
      delete statementsOf(template, 'AWS::IAM::Policy')[0]?.Resource;
    },
    'with no resource in its list': (template) => {
      Object.assign(statementsOf(template, 'AWS::IAM::Policy')[0] ?? {}, { Resource: [] });
    },
    'without action': (template) => {
      delete statementsOf(template, 'AWS::IAM::Policy')[0]?.Action;
    },
    'without effect': (template) => {
      delete statementsOf(template, 'AWS::IAM::Policy')[0]?.Effect;
    },
    'with a principal in a role': (template) => {
      Object.assign(statementsOf(template, 'AWS::IAM::Policy')[0] ?? {}, { Principal: '*' });
    },
    'in a policy within a role': (template) => {
      propertiesOf(template, 'AWS::IAM::Role').Policies = [{ PolicyDocument: { Statement: { Effect: 'Allow' } } }];
    },
    'with a resource in a trust policy': (template) => {
      const { AssumeRolePolicyDocument } = propertiesOf(template, 'AWS::IAM::Role');
      Object.assign((AssumeRolePolicyDocument as { Statement: object[] }).Statement[0] ?? {}, { Resource: '*' });
    },
    'without principal in the policy of a queue': (template) => {
      delete statementsOf(template, 'AWS::SQS::QueuePolicy')[0]?.Principal;
    },
    'none at all': (template) => {
      propertiesOf(template, 'AWS::SNS::TopicPolicy').PolicyDocument = { Statement: [] };
    },
  },
  'statement-ids': {
    'with a space': (template) => {
      Object.assign(statementsOf(template, 'AWS::IAM::Policy')[0] ?? {}, { Sid: 'Write the log' });
    },
    'twice in a policy': (template) => {
      for (const statement of statementsOf(template, 'AWS::IAM::Policy')) statement.Sid = 'Same';
    },
  },
  'policy-characters': {
    'in a resource': (template) => {
      Object.assign(statementsOf(template, 'AWS::IAM::Policy')[0] ?? {}, { Resource: 'arn:aws:s3:::中文' });
    },
  },
  'policy-sizes': {
    'of a role, of two policies together': (template) => {
      const { Roles } = propertiesOf(template, 'AWS::IAM::Policy');
      const Statement = [{ Effect: 'Allow', Action: 'x', Resource: 'x'.repeat(9000) }];
      template.Resources.More = { Type: 'AWS::IAM::Policy', Properties: { Roles, PolicyDocument: { Statement } } };
    },
    'of a trust policy': (template) => {
      const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'x'.repeat(2000) } }];
      propertiesOf(template, 'AWS::IAM::Role').AssumeRolePolicyDocument = { Statement };
    },
    'of a queue': (template) => {
      Object.assign(statementsOf(template, 'AWS::SQS::QueuePolicy')[0] ?? {}, { Resource: 'x'.repeat(8192) });
    },
  },
  'queue-policies': {
    'of 21 statements': (template) => {
      const statements = statementsOf(template, 'AWS::SQS::QueuePolicy');
      statements.push(...upTo(20).map(() => ({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'x' })));
    },
    'of 8 actions': (template) => {
      Object.assign(statementsOf(template, 'AWS::SQS::QueuePolicy')[0] ?? {}, { Action: upTo(8).map(String) });
    },
    'of 51 principals': (template) => {
      Object.assign(statementsOf(template, 'AWS::SQS::QueuePolicy')[0] ?? {}, { Principal: { AWS: upTo(51) } });
    },
    'of 11 conditions': (template) => {
      const Condition = { StringEquals: byName(11, (index) => `aws:${index}`, String) };
      Object.assign(statementsOf(template, 'AWS::SQS::QueuePolicy')[0] ?? {}, { Condition });
    },
  },
  environments: {
    'of a long value': (template) => {
      variablesOf(template).DISPLAY_SETTINGS = 'ü'.repeat(2000);
    },
  },
  variables: {
    'that Lambda sets itself': (template) => {
      variablesOf(template).AWS_REGION = 'eu-west-1';
    },
    'that begins with a digit': (template) => {
      variablesOf(template)['1ST'] = '';
    },
  },
  batches: {
    'of 500 at once': (template) => {
      Object.assign(propertiesOf(template, 'AWS::Lambda::EventSourceMapping'), {
        BatchSize: 500,
        MaximumBatchingWindowInSeconds: 0,
      });
    },
  },
  visibility: {
    'of a queue by default': (template) => {
      for (const { Properties } of resourcesOf(template, 'AWS::SQS::Queue')) delete Properties.VisibilityTimeout;
    },
  },
  alarms: {
    'over more than a day': (template) => {
      Object.assign(propertiesOf(template, 'AWS::CloudWatch::Alarm'), { Period: 300, EvaluationPeriods: 289 });
    },
    'over more than a week': (template) => {
      Object.assign(propertiesOf(template, 'AWS::CloudWatch::Alarm'), { Period: 3600, EvaluationPeriods: 169 });
    },
    'in periods of 90 s': (template) => {
      propertiesOf(template, 'AWS::CloudWatch::Alarm').Period = 90;
    },
    'with more datapoints than periods': (template) => {
      Object.assign(propertiesOf(template, 'AWS::CloudWatch::Alarm'), { EvaluationPeriods: 2, DatapointsToAlarm: 3 });
    },
  },
  dashboards: {
    'with 101 alarms in a widget': (template) => {
      withWidgets(template, [{ type: 'alarm', properties: { alarms: upTo(101).map(String) } }]);
    },
    'with a widget of no alarm': (template) => {
      withWidgets(template, [{ type: 'alarm', properties: { alarms: [] } }]);
    },
    'with 501 metrics in a graph': (template) => {
      withWidgets(template, [{ type: 'metric', properties: { metrics: upTo(501).map(() => ['A', 'b']) } }]);
    },
    'with 2,501 metrics in all': (template) => {
      withWidgets(
        template,
        upTo(6).map(() => ({ type: 'metric', properties: { metrics: upTo(417).map(() => ['A', 'b']) } })),
      );
    },
    'with a graph of nothing': (template) => {
      withWidgets(template, [{ type: 'metric', properties: { title: 'Rules' } }]);
    },
    'with 501 widgets': (template) => {
      withWidgets(
        template,
        upTo(501).map(() => ({ type: 'text' })),
      );
    },
    'wider than the grid': (template) => {
      withWidgets(template, [{ type: 'text', width: 25, height: 1 }]);
    },
    'that is no JSON': (template) => {
      propertiesOf(template, 'AWS::CloudWatch::Dashboard').DashboardBody = '{"widgets":';
    },
  },
};

describe.each(Object.entries<TemplateCheck>(TEMPLATE_CHECKS))(
  'of what is refused, %s',
  (name, { find, refuses, source }) => {
    it('says what for, and by which document', () => {
      expect(refuses).not.toBe('');
      expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/|PROPERTY_LIMITS/);
    });

    it('is not in the default template', () => {
      expect(find(readForChecks(WHOLE))).toEqual([]);
    });

    it.each(Object.keys(PLANTED[name as TemplateCheckName]))('is found: %s', (breach) => {
      const template = structuredClone(WHOLE) as MutableTemplate;
      PLANTED[name as TemplateCheckName][breach]?.(template);
      expect(find(readForChecks(template))).not.toEqual([]);
      expect(templateRefusals(template)).toEqual(expect.arrayContaining([...find(readForChecks(template))]));
    });
  },
);

it('says of a breach where it is', () => {
  const template = structuredClone(WHOLE) as MutableTemplate;
  template.Resources = { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'x'.repeat(81), Tags: [null] } } };
  template.Outputs = {};
  expect(templateRefusals(template)).toEqual([
    'Resources.Queue.Properties.Tags[0]: null, which CloudFormation takes nowhere',
    'Resources.Queue.Properties.QueueName: 81 characters, of which 80 are allowed',
  ]);
});

it('refuses what is no template', () => {
  expect(templateRefusals(null)).toEqual(['the template: is no object']);
});

/** `Targets[].Id` → `{ Targets: [{ Id: value }] }` */
const at = (path: string, value: unknown): Values =>
  path.split('.').reduceRight<unknown>((inner, step) => {
    const name = step.replace('[]', '');
    return { [name]: name === step ? inner : [inner] };
  }, value) as Values;

const ROWS = Object.entries(PROPERTY_LIMITS).flatMap(([type, { limits, source }]) =>
  Object.entries(limits).map(([path, limit]) => ({ type, path, limit, source })),
);

const breachesOf = (type: string, path: string, value: unknown): readonly string[] =>
  beyondLimits(readForChecks({ Resources: { X: { Type: type, Properties: at(path, value) } } }));

it.each(ROWS)('takes of $type, $path, what is allowed, and nothing beyond', ({ type, path, limit, source }) => {
  expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  const [fine, beyond] =
    'most' in limit
      ? ['x'.repeat(limit.most), 'x'.repeat(limit.most + 1)]
      : 'items' in limit
        ? [upTo(limit.items), upTo(limit.items + 1)]
        : [limit.to, limit.to + 1];
  expect(breachesOf(type, path, fine)).toEqual([]);
  expect(breachesOf(type, path, beyond)).toHaveLength(1);
  if ('from' in limit) expect(breachesOf(type, path, limit.from - 1)).toHaveLength(1);
  if ('of' in limit) expect(breachesOf(type, path, 'a “b')).toHaveLength(1);
});

/**
 * CDK brings AWS's own validator with the schemas of all resource types, and the synthesis fails where it finds a fault.
 * It takes null, and of the services' limits only those that the schemas state.
 *
 * @see https://github.com/aws-cloudformation/cloudformation-validate
 */
describe("CloudFormation's schemas", () => {
  const act = (property: string, value: unknown) => (): void => {
    const app = createApp(WITHOUT_BUNDLES);
    const [queue] = app.node.findAll().filter((construct) => construct instanceof CfnQueue);
    queue?.addPropertyOverride(property, value);
    app.synth();
  };

  it.each([
    {
      property: 'Visibility',
      value: 30,
      says: /Additional properties are not allowed \('Visibility' was unexpected\)/,
    },
    { property: 'VisibilityTimeout', value: { seconds: 30 }, says: /is not of type 'integer'/ },
  ])('let no synthesis pass with $property $value', ({ property, value, says }) => {
    expect(act(property, value)).toThrow(says);
  });

  it('let null pass, which is why we look ourselves', () => {
    expect(act('RedriveAllowPolicy', { redrivePermission: null })).not.toThrow();
  });
});
