import { readFileSync } from 'node:fs';
import { App, CfnParameter, Fn, Lazy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { createApp } from '../../infra/create-app.ts';
import { MediaConnectNotifier, type MediaConnectNotifierProps } from '../../infra/media-connect-notifier.ts';
import { PROP_KEYS } from '../../infra/settings/read-props.ts';
import { type NotifierRule, RULE_SHAPE, type RuleSettings } from '../../infra/settings/rule-schema.ts';
import { CONTEXT_KEYS } from '../../infra/settings/settings-table.ts';
import { ContextError } from '../../infra/settings/user-error.ts';
import { stacksOf, WITHOUT_BUNDLES } from './synthesize.ts';

const anApp = (): App => new App({ context: WITHOUT_BUNDLES });
const aStack = (app = anApp(), id = 'Broadcast', region = 'eu-west-1'): Stack =>
  new Stack(app, id, { env: { region, account: '111122223333' } });
const templateOf = (stack: Stack) => Template.fromStack(stack).toJSON();

const warningsOf = (stack: Stack): readonly unknown[] =>
  stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === 'aws:cdk:warning')
    .map(({ data }) => data);

/** The lines of the refusal. */
function refusalOf(props: unknown, stack = aStack()): readonly string[] {
  try {
    new MediaConnectNotifier(stack, 'Notifier', props as MediaConnectNotifierProps);
  } catch (error) {
    if (error instanceof ContextError) return error.lines;
    throw error;
  }
  return [];
}

describe('in the stack of this project', () => {
  it('leaves the logical ids where they were before there was a construct', () => {
    const [stack] = stacksOf(createApp(WITHOUT_BUNDLES));
    const resources = Object.keys(stack === undefined ? {} : templateOf(stack).Resources);
    // As version 0.1.0 made them. Under another id CloudFormation would replace a queue, with what waits in it.
    const kept = [
      'DeadLetterQueue9F481546',
      'LedgerB7379752',
      'SlackSecretEA96F13F',
      'ImmediateQueue10947678',
      'DigestQueueE16C928B',
      'RoutesDeadLetterQueueDCE461E8',
      'ArchiveDA4CB258',
      'AlarmsTopic3A2DFEBA',
    ];
    expect(kept.filter((id) => !resources.includes(id))).toEqual([]);
    expect(resources.filter((id) => /Default(?!Policy)/.test(id))).toEqual([]);
  });
});

describe('in the stack of somebody', () => {
  it('makes what this project deploys, and nothing else', () => {
    const [ours] = stacksOf(createApp(WITHOUT_BUNDLES));
    const stack = aStack();
    new MediaConnectNotifier(stack, 'Notifier');
    const typesOf = (of: Stack | undefined): readonly string[] =>
      Object.values<{ readonly Type: string }>(of === undefined ? {} : templateOf(of).Resources)
        .map(({ Type }) => Type)
        .sort();
    expect(typesOf(stack)).toEqual(typesOf(ours));
  });

  it('has outputs that begin with its id', () => {
    const stack = aStack();
    new MediaConnectNotifier(stack, 'Notifier');
    const outputs = Object.keys(templateOf(stack).Outputs);
    expect(outputs).toHaveLength(21);
    expect(outputs.filter((name) => !name.startsWith('Notifier'))).toEqual([]);
    expect(outputs).toContain('NotifierSlackSecretArn');
  });

  it('shows what others build on', () => {
    const stack = aStack();
    const notifier = new MediaConnectNotifier(stack, 'Notifier');
    const { immediateQueue, digestQueue, deadLetterQueue, targetDeadLetterQueue, ledger, alarmTopic } = notifier;
    const ids = [immediateQueue, digestQueue, deadLetterQueue, targetDeadLetterQueue, ledger, alarmTopic].map(
      ({ node }) => node.path,
    );
    expect(ids).toEqual([
      'Broadcast/Notifier/Immediate/Queue',
      'Broadcast/Notifier/Digest/Queue',
      'Broadcast/Notifier/DeadLetterQueue',
      'Broadcast/Notifier/Routes/DeadLetterQueue',
      'Broadcast/Notifier/Ledger',
      'Broadcast/Notifier/Alarms/Topic',
    ]);
    expect(notifier.alarms.length).toBeGreaterThan(15);
    expect(notifier.ruleNames).toEqual([
      'MediaConnectNotifier-changes',
      'MediaConnectNotifier-denied-reads',
      'MediaConnectNotifier-reads',
      'MediaConnectNotifier-_signal',
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', {
      DashboardName: 'Broadcast-Notifier-eu-west-1',
    });
  });

  it('has a dashboard that takes widgets of others', () => {
    const stack = aStack();
    const { dashboard } = new MediaConnectNotifier(stack, 'Notifier');
    dashboard?.addWidgets(new TextWidget({ markdown: 'Call the playout desk' }));
    const dashboards = Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard');
    expect(JSON.stringify(dashboards)).toContain('Call the playout desk');
  });

  it('makes no dashboard where none is wanted', () => {
    const stack = aStack();
    const { dashboard } = new MediaConnectNotifier(stack, 'Notifier', { dashboard: false });
    expect(dashboard).toBeUndefined();
    Template.fromStack(stack).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
  });

  it('uses a topic and a secret that are there, and lets its functions use the key of the secret', () => {
    const stack = aStack();
    const key = new Key(stack, 'Key');
    const secret = new Secret(stack, 'Webhooks', { encryptionKey: key });
    const topic = Topic.fromTopicArn(stack, 'Alarms', 'arn:aws:sns:eu-west-1:111122223333:on-call');
    new MediaConnectNotifier(stack, 'Notifier', { slackSecret: secret as ISecret, alarmTopic: topic as ITopic });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SNS::Topic', 0);
    template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    const actions = Object.values(template.findResources('AWS::CloudWatch::Alarm')).flatMap(
      ({ Properties }) => Properties.AlarmActions,
    );
    expect(new Set(actions)).toEqual(new Set(['arn:aws:sns:eu-west-1:111122223333:on-call']));
    const policies = Object.values(template.findResources('AWS::IAM::Policy')).map((policy) => JSON.stringify(policy));
    const ofSecret = JSON.stringify({ Ref: Object.keys(template.findResources('AWS::SecretsManager::Secret'))[0] });
    expect(
      policies.filter((text) => text.includes('secretsmanager:GetSecretValue') && text.includes(ofSecret)),
    ).toHaveLength(3);
    const keyPolicy = JSON.stringify(template.findResources('AWS::KMS::Key'));
    const decrypts = policies.filter((text) => text.includes('kms:Decrypt')).length;
    expect(decrypts + (keyPolicy.match(/"Action":"kms:Decrypt"/g) ?? []).length).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['a new secret and topic', {}],
    ['an existing secret', { slackSecretName: 'ops/slack' }],
  ])('keeps best practice, or explains the breach, with %s', (_, props) => {
    const app = anApp();
    new MediaConnectNotifier(aStack(app), 'Notifier', props);
    expect(new AwsSolutionsChecks(app).validateScope(app)).toEqual({ success: true, violations: [] });
  });
});

it('explains its breaches where cdk-nag 2 looks for that, too', () => {
  const stack = aStack();
  new MediaConnectNotifier(stack, 'Notifier');
  const resources = Object.values<{ readonly Type: string; readonly Metadata?: Record<string, unknown> }>(
    templateOf(stack).Resources,
  );
  const explained = resources.flatMap(({ Type, Metadata }) =>
    Metadata?.cdk_nag === undefined ? [] : [[Type, Metadata.cdk_nag]],
  );
  const rule = (id: string, more = {}) => ({ rules_to_suppress: [{ id, reason: expect.any(String), ...more }] });
  const ofPolicy = ['AWS::IAM::Policy', rule('AwsSolutions-IAM5', { applies_to: ['Resource::*'] })];
  expect(explained).toEqual([
    ['AWS::SecretsManager::Secret', rule('AwsSolutions-SMG4')],
    ofPolicy,
    ofPolicy,
    ofPolicy,
    ['AWS::SQS::Queue', rule('AwsSolutions-SQS3')],
  ]);
});

describe('several in one app', () => {
  it('are told apart by their names: in rules, metrics, queue policies and outputs', () => {
    const stack = aStack();
    new MediaConnectNotifier(stack, 'Notifier');
    new MediaConnectNotifier(stack, 'Sports', { name: 'Sports' });
    const template = Template.fromStack(stack);
    const named = Object.values(template.findResources('AWS::Events::Rule'))
      .map(({ Properties }) => Properties.Name)
      .filter((name) => name !== undefined);
    expect(named.sort()).toEqual([
      'MediaConnectNotifier-_signal',
      'MediaConnectNotifier-changes',
      'MediaConnectNotifier-denied-reads',
      'MediaConnectNotifier-reads',
      'Sports-_signal',
      'Sports-changes',
      'Sports-denied-reads',
      'Sports-reads',
    ]);
    const text = (type: string): string => JSON.stringify(template.findResources(type));
    expect(text('AWS::SQS::QueuePolicy').match(/rule\/Sports-\*/g)).toHaveLength(3);
    expect(text('AWS::Lambda::Function').match(/"POWERTOOLS_SERVICE_NAME":"Sports"/g)).toHaveLength(3);
    const services = Object.values(template.findResources('AWS::CloudWatch::Alarm')).flatMap(({ Properties }) =>
      (Properties.Dimensions ?? [])
        .filter(({ Name }: { readonly Name: string }) => Name === 'service')
        .map(({ Value }: { readonly Value: string }) => Value),
    );
    expect(services.filter((service) => service === 'Sports')).toHaveLength(services.length / 2);
    expect(template.toJSON().Outputs.SportsNotifierName.Value).toBe('Sports');
  });

  it('may have one name in different regions', () => {
    const app = anApp();
    for (const region of ['eu-west-1', 'us-east-1']) {
      new MediaConnectNotifier(aStack(app, `Broadcast-${region}`, region), 'Notifier');
    }
    expect(stacksOf(app)).toHaveLength(2);
  });

  it('are refused with one name in one region', () => {
    const app = anApp();
    new MediaConnectNotifier(aStack(app, 'One'), 'Notifier');
    expect(refusalOf({}, aStack(app, 'Other'))).toEqual([
      'MediaConnectNotifier Other/Notifier: name: "MediaConnectNotifier" is that of One/Notifier in the same account and region; allowed: another name',
    ]);
  });

  it('are warned of with one name where the account is not known', () => {
    const app = anApp();
    new MediaConnectNotifier(new Stack(app, 'One'), 'Notifier');
    const other = new Stack(app, 'Other');
    new MediaConnectNotifier(other, 'Notifier');
    expect(warningsOf(other)).toEqual([
      expect.stringMatching(
        /^name: "MediaConnectNotifier" is that of One\/Notifier, too; where both are in the same account and region, one needs another name/,
      ),
    ]);
  });
});

describe('mistakes', () => {
  it('are said all at once, each by its prop, with what is allowed', () => {
    const lines = refusalOf({
      digestMinutes: 0,
      digestMinuts: 5,
      regions: ['eu-west-1'],
      name: 'My-Notifier',
      rules: { stops: { operations: ['StopFlw'], channel: 'ops' } },
      slackSecretName: 'ops/slack',
      slackSecret: {},
    });
    expect(lines[0]).toBe('MediaConnectNotifier Broadcast/Notifier: these props cannot be used.');
    expect(
      lines
        .slice(1)
        .map((line) => line.split(':')[0])
        .sort(),
    ).toEqual([
      'digestMinutes',
      'digestMinuts',
      'name',
      'regions',
      'rules.stops.operations[0]',
      'slackSecret',
      'slackSecret, slackSecretName',
    ]);
    expect(lines.find((line) => line.startsWith('digestMinuts'))).toMatch(
      /^digestMinuts: is no key; allowed: slackSecretName, .*, alarmTopic, dashboard, dashboardName; did you mean "digestMinutes"\?$/,
    );
    expect(lines.join('\n')).not.toContain('notifier:');
  });

  it('are said of what is no setting, too', () => {
    const stack = aStack();
    const others = { slackSecret: 'ops/slack', alarmTopic: new Bucket(stack, 'Bucket'), dashboard: 'no' };
    expect(refusalOf({ ...others, dashboardName: 'my dash' }, stack)).toEqual([
      'MediaConnectNotifier Broadcast/Notifier: these props cannot be used.',
      'slackSecret: "ops/slack" is not allowed; allowed: a secret of aws-cdk-lib/aws-secretsmanager; a name is given as slackSecretName',
      'alarmTopic: Broadcast/Bucket is not allowed; allowed: a topic of aws-cdk-lib/aws-sns, such as Topic.fromTopicArn gives',
      'dashboard: "no" is not allowed; allowed: true or false',
      'dashboardName: "my dash" is not allowed; allowed: a name of letters, digits, _ and -',
    ]);
  });

  it.each([[null], ['ops/slack'], [['ops/slack']]])('are said of props that are %j', (props) => {
    expect(refusalOf(props)).toEqual([
      'MediaConnectNotifier Broadcast/Notifier: these props cannot be used.',
      `props: ${JSON.stringify(props)} is not allowed; allowed: an object`,
    ]);
  });

  it('are values that CDK knows only at deployment, each said once, by its prop', () => {
    const stack = aStack();
    const flow = Fn.importValue('flow');
    const lines = refusalOf(
      {
        slackSecretName: new Secret(stack, 'Webhooks').secretName,
        alarmEmail: Lazy.string({ produce: () => 'ops@example.org' }),
        digestMinutes: new CfnParameter(stack, 'Minutes', { type: 'Number' }).valueAsNumber,
        batchingWindowSeconds: -0.5,
        rules: {
          ours: { accounts: [Fn.ref('AWS::AccountId')], principals: { exclude: [flow] } },
          // Calls name a flow by its ARN in two spellings, and only one of them would stand in the pattern.
          'this-flow': { match: { requestParameters: { flowArn: ['arn', flow] } } },
        },
        accountNames: { [Fn.ref('AWS::AccountId')]: 'playout' },
      },
      stack,
    );
    const unknown = 'is known only at deployment (a token of CDK); allowed: what is known at synthesis';
    expect(
      lines
        .slice(1)
        .map((line) => line.replace(/\$\{.*?\}/, 'TOKEN'))
        .sort(),
    ).toEqual(
      [
        `accountNames.TOKEN: ${unknown}`,
        `alarmEmail: ${unknown}`,
        'batchingWindowSeconds: -0.5 is not allowed; allowed: a whole number of seconds from 0 to 300',
        `digestMinutes: ${unknown}`,
        `rules.ours.accounts[0]: ${unknown}`,
        `rules.ours.principals.exclude[0]: ${unknown}`,
        `rules.this-flow.match.requestParameters.flowArn[1]: ${unknown}`,
        `slackSecretName: ${unknown}; a secret of an app is given as slackSecret`,
      ].sort(),
    );
  });

  it('are said once, also of a number that is too great and none of a list', () => {
    const lines = refusalOf({ logRetentionDays: 4000 });
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^logRetentionDays: 4000 is not allowed; allowed: one of 1, /),
    ]);
  });

  it('are not the values that CDK knows only at deployment where it can bring them there', () => {
    const app = anApp();
    const elsewhere = new Stack(app, 'Elsewhere');
    const stack = new Stack(app, 'Broadcast');
    const slackSecret = new Secret(elsewhere, 'Webhooks') as ISecret;
    const alarmTopic = new Topic(elsewhere, 'OnCall') as ITopic;
    const props = { slackSecret, alarmTopic, dashboardName: `live-${stack.region}` };
    expect(refusalOf(props, stack)).toEqual([]);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudWatch::Dashboard', {
      DashboardName: { 'Fn::Join': ['', ['live-', { Ref: 'AWS::Region' }]] },
    });
  });

  it('that only several settings make are said by their props, too', () => {
    expect(refusalOf({ rules: { stops: { channel: 'ops' } } })).toEqual([
      'MediaConnectNotifier Broadcast/Notifier: these props cannot be used.',
      'rules.stops.channel: "ops" is no channel; allowed: default (further ones are declared in channels)',
    ]);
  });

  it('that may be meant are warnings, by their props', () => {
    const stack = aStack();
    new MediaConnectNotifier(stack, 'Notifier', { rules: {} });
    expect(warningsOf(stack)).toEqual([expect.stringMatching(/^rules: there are none, so nothing is reported/)]);
  });
});

describe('settings in cdk.json', () => {
  it('are the props, and say which regions there are', () => {
    const app = new App({
      context: { ...WITHOUT_BUNDLES, 'notifier:regions': 'eu-west-1,us-east-1', 'notifier:digestMinutes': '5' },
    });
    const { regions, createTrail, props } = MediaConnectNotifier.settings(app);
    expect({ regions, createTrail, digestMinutes: props.digestMinutes }).toEqual({
      regions: ['eu-west-1', 'us-east-1'],
      createTrail: false,
      digestMinutes: 5,
    });
    expect(() => new MediaConnectNotifier(aStack(app), 'Default', props)).not.toThrow();
  });
});

it('takes in a rule what the schema takes', () => {
  // Written out, so that the types of the package name no library of ours; the compiler compares them.
  type Given<Rule> = { readonly [Key in Exclude<keyof Rule, 'principals'>]-?: Exclude<Rule[Key], undefined> };
  type Takes<One, Other> = One extends Other ? true : false;
  expectTypeOf<Takes<Given<NotifierRule>, Given<RuleSettings>>>().toEqualTypeOf<true>();
  expectTypeOf<Takes<Given<RuleSettings>, Given<NotifierRule>>>().toEqualTypeOf<true>();
});

describe('the declared props', () => {
  const FILES = ['media-connect-notifier', 'settings/context-schema', 'settings/rule-schema'];
  const text = FILES.map((name) => readFileSync(new URL(`../../infra/${name}.ts`, import.meta.url), 'utf8')).join('');
  const documented = (of: string): readonly string[] => {
    const [, body = ''] =
      new RegExp(`export interface ${of}(?: extends \\w+)? \\{\\n(.*?)\\n\\}`, 's').exec(text) ?? [];
    return [...body.matchAll(/\*\/\n {2}readonly (\w+)\?:/g)].map(([, name = '']) => name);
  };

  it('are the settings of the schema, each with a comment', () => {
    const props = [...documented('MediaConnectNotifierProps'), ...documented('SettingProps')];
    expect(props.sort()).toEqual([...PROP_KEYS].sort());
    expect([...documented('NotifierRule')].sort()).toEqual(Object.keys(RULE_SHAPE).sort());
  });

  it.each(CONTEXT_KEYS.filter(({ key, standard }) => /^\d+$/.test(standard ?? '') && key !== 'regions'))(
    'say the default of $key, $standard',
    ({ key, standard }) => {
      const [, said] = new RegExp(`@default ([^\\n:]*)[^*]*\\n {3}\\*/\\n {2}readonly ${key}\\?`).exec(text) ?? [];
      expect(said).toBe(standard);
    },
  );
});
