import { describe, expect, it } from 'vitest';
import { readContext } from '../../../infra/settings/read-context.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { OPERATIONS } from '../../../shared/call/operations.ts';
import { mistakesIn } from '../a-context.ts';

const withRule = (rule: unknown, more: JsonObject = {}): JsonObject => ({ 'notifier:rules': { x: rule }, ...more });

describe('settings that are fine', () => {
  it('are not needed at all', () => {
    const notified = { channel: 'default', enabled: true };
    expect(readContext({ '@aws-cdk/core:newStyleStackSynthesis': true })).toEqual({
      regions: ['eu-west-1'],
      slackSecretName: undefined,
      channels: { default: {} },
      accountNames: {},
      names: {},
      outcomes: { say: 'trouble' },
      health: { say: 'off' },
      digestMinutes: 15,
      batchingWindowSeconds: 0,
      logRetentionDays: 30,
      archiveDays: 30,
      alarmEmail: undefined,
      createTrail: false,
      showParameters: [],
      rules: {
        changes: { ...notified, access: 'mutating', delivery: 'immediate' },
        'denied-reads': { ...notified, access: 'read-only', outcome: ['denied'], delivery: 'immediate' },
        reads: { ...notified, access: 'read-only', outcome: ['succeeded', 'failed'], delivery: 'digest' },
      },
    });
  });

  it.each<{ key: string; text: string; value: unknown }>([
    { key: 'regions', text: 'eu-west-1, us-east-1', value: ['eu-west-1', 'us-east-1'] },
    { key: 'regions', text: '["eu-west-1","eu-west-1"]', value: ['eu-west-1'] },
    { key: 'regions', text: 'ap-southeast-7', value: ['ap-southeast-7'] },
    { key: 'slackSecretName', text: 'slack/webhook', value: 'slack/webhook' },
    { key: 'names', text: '{"out123":"CDN North"}', value: { out123: 'CDN North' } },
    { key: 'accountNames', text: '{"111122223333":"Sports"}', value: { '111122223333': 'Sports' } },
    { key: 'digestMinutes', text: '30', value: 30 },
    { key: 'batchingWindowSeconds', text: '0', value: 0 },
    { key: 'logRetentionDays', text: '365', value: 365 },
    { key: 'archiveDays', text: '0', value: 0 },
    { key: 'alarmEmail', text: 'ops@example.org', value: 'ops@example.org' },
    { key: 'createTrail', text: 'TRUE', value: true },
    { key: 'createTrail', text: 'false', value: false },
    { key: 'showParameters', text: 'name,outputs[].port', value: ['name', 'outputs[].port'] },
    { key: 'showParameters', text: '[]', value: [] },
  ])('are taken from the text $text of -c notifier:$key', ({ key, text, value }) => {
    expect(readContext({ [`notifier:${key}`]: text })).toMatchObject({ [key]: value });
  });

  it('are channels with mentions, beside the default one', () => {
    const ops = { mention: { 'on-air': 'here', denied: '@S0123ABCD' } };
    expect(readContext({ 'notifier:channels': JSON.stringify({ ops }) }).channels).toEqual({ default: {}, ops });
  });

  it('are rules, which replace the default ones', () => {
    const rules = { stops: { operations: 'Stop*,StartFlow', accounts: ['111122223333'], enabled: 'false' } };
    expect(readContext({ 'notifier:rules': JSON.stringify(rules) }).rules).toEqual({
      stops: {
        access: 'any',
        operations: ['Stop*', 'StartFlow'],
        accounts: ['111122223333'],
        channel: 'default',
        delivery: 'immediate',
        enabled: false,
      },
    });
  });
});

const KEYS =
  'regions, slackSecretName, channels, accountNames, names, rules, outcomes, health, digestMinutes, batchingWindowSeconds, logRetentionDays, archiveDays, alarmEmail, createTrail, showParameters';
const PRINCIPALS =
  'a role, permission set or user, ROLE/SESSION, a service (…amazonaws.com), an ARN, an account id or root; * stands for any text, but not alone';
const RULE_KEYS =
  'access, resources, operations, impact, outcome, principals, origins, accounts, match, channel, delivery, enabled';

describe('one mistake is one line', () => {
  it.each<{ line: string; values: JsonObject }>([
    {
      values: { 'notifier:digestMinuts': 5 },
      line: `notifier:digestMinuts: is no key; allowed: ${KEYS}; did you mean "digestMinutes"?`,
    },
    { values: { 'notifer:rules': {} }, line: 'notifer:rules: is no key; did you mean "notifier:rules"?' },
    { values: { 'notifier.rules': {} }, line: 'notifier.rules: is no key; did you mean "notifier:rules"?' },
    {
      values: { 'notifier:regions': 'eu-wst-1' },
      line: 'notifier:regions[0]: "eu-wst-1" is not allowed; allowed: the name of an AWS region, such as eu-west-1; did you mean "eu-west-1"?',
    },
    {
      values: { 'notifier:regions': ['us-east-9'] },
      line: 'notifier:regions[0]: "us-east-9" is not allowed; allowed: the name of an AWS region, such as eu-west-1; did you mean "us-east-1"?',
    },
    { values: { 'notifier:regions': [] }, line: 'notifier:regions: [] is not allowed; allowed: a list of AWS regions' },
    {
      values: { 'notifier:slackSecretName': '' },
      line: 'notifier:slackSecretName: "" is not allowed; allowed: the name of a secret in Secrets Manager',
    },
    {
      values: { 'notifier:names': { 'arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-a:Main': 'Main' } },
      line: 'notifier:names.arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-a:Main: this name is not allowed; allowed: an id without spaces, or the ARN of a router input, output or network interface',
    },
    {
      values: { 'notifier:names': { out123: ' ' } },
      line: 'notifier:names.out123: " " is not allowed; allowed: a name of 1 to 80 characters',
    },
    {
      values: { 'notifier:accountNames': { '1234': 'Sports' } },
      line: 'notifier:accountNames.1234: this name is not allowed; allowed: an account id: 12 digits',
    },
    {
      values: { 'notifier:channels': { ops: { mention: { 'on-air': 'heer' } } } },
      line: 'notifier:channels.ops.mention.on-air: "heer" is not allowed; allowed: here, channel, or @ and the id of a Slack user group, such as @S0123ABCD; did you mean "here"?',
    },
    {
      values: { 'notifier:channels': { ops: { mention: { denied: '@ops' } } } },
      line: 'notifier:channels.ops.mention.denied: "@ops" is not allowed; allowed: here, channel, or @ and the id of a Slack user group, such as @S0123ABCD',
    },
    {
      values: { 'notifier:channels': { '#ops': {} } },
      line: 'notifier:channels.#ops: this name is not allowed; allowed: a channel name of letters, digits, _ . and -; did you mean "ops"?',
    },
    {
      values: { 'notifier:digestMinutes': 0 },
      line: 'notifier:digestMinutes: 0 is not allowed; allowed: a whole number of minutes from 1 to 1440',
    },
    {
      values: { 'notifier:digestMinutes': '1.5' },
      line: 'notifier:digestMinutes: 1.5 is not allowed; allowed: a whole number of minutes from 1 to 1440',
    },
    {
      values: { 'notifier:batchingWindowSeconds': 301 },
      line: 'notifier:batchingWindowSeconds: 301 is not allowed; allowed: a whole number of seconds from 0 to 300',
    },
    {
      values: { 'notifier:archiveDays': 'long' },
      line: 'notifier:archiveDays: "long" is not allowed; allowed: a whole number of days from 0 (no archive) to 365',
    },
    {
      values: { 'notifier:logRetentionDays': 31 },
      line: 'notifier:logRetentionDays: 31 is not allowed; allowed: one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653',
    },
    {
      values: { 'notifier:alarmEmail': 'ops' },
      line: 'notifier:alarmEmail: "ops" is not allowed; allowed: an e-mail address',
    },
    {
      values: { 'notifier:createTrail': 'yes' },
      line: 'notifier:createTrail: "yes" is not allowed; allowed: true or false',
    },
    {
      values: { 'notifier:showParameters': ['outputs[0].port'] },
      line: 'notifier:showParameters[0]: "outputs[0].port" is not allowed; allowed: a path in the request parameters, such as outputs[].port',
    },
    {
      values: { 'notifier:rules': 'x' },
      line: 'notifier:rules: "x" is not allowed; allowed: an object: rule name → rule',
    },
    {
      values: { 'notifier:rules': { 'on air': {} } },
      line: 'notifier:rules.on air: this name is not allowed; allowed: a rule name of up to 43 letters, digits, _ . and -, the first a letter; did you mean "on-air"?',
    },
    {
      values: { 'notifier:rules': { 'on-air': {}, On_Air: {} } },
      line: 'notifier:rules.On_Air: is the same name as "on-air"; allowed: names that differ in more than case and punctuation',
    },
  ])('$line', ({ values, line }) => {
    expect(mistakesIn(values)).toEqual([line]);
  });

  it('of text that begins like JSON and is none', () => {
    expect(mistakesIn({ 'notifier:rules': '{"x":' })[0]).toContain(
      'notifier:rules: "{\\"x\\":" is not allowed; allowed: an object: rule name → rule (it is not JSON: ',
    );
  });
});

describe('a mistake in a rule is one line', () => {
  it.each<{ rule: unknown; line: string }>([
    {
      rule: { operations: ['StopFlwo'], channel: 'default' },
      line: 'notifier:rules.x.operations[0]: "StopFlwo" is not allowed; allowed: the name of a MediaConnect operation, or a name with * that one has; did you mean "StopFlow"?',
    },
    {
      rule: { operations: 'Halt*' },
      line: 'notifier:rules.x.operations[0]: "Halt*" is not allowed; allowed: the name of a MediaConnect operation, or a name with * that one has',
    },
    {
      rule: { chanel: 'default' },
      line: `notifier:rules.x.chanel: is no key; allowed: ${RULE_KEYS}; did you mean "channel"?`,
    },
    {
      rule: { channel: 'defualt' },
      line: 'notifier:rules.x.channel: "defualt" is no channel; allowed: default (further ones are declared in notifier:channels); did you mean "default"?',
    },
    {
      rule: { access: 'readonly' },
      line: 'notifier:rules.x.access: "readonly" is not allowed; allowed: mutating, read-only, any; did you mean "read-only"?',
    },
    {
      rule: { resources: ['outputs'] },
      line: 'notifier:rules.x.resources[0]: "outputs" is not allowed; allowed: flow, source, output, entitlement, mediaStream, vpcInterface, bridge, bridgeSource, bridgeOutput, gateway, gatewayInstance, routerInput, routerOutput, routerNetworkInterface, offering, reservation, tag, unrecognized; did you mean "output"?',
    },
    {
      rule: { impact: ['onair'] },
      line: 'notifier:rules.x.impact[0]: "onair" is not allowed; allowed: on-air, off-air, signal-changed, put-on-air, access, purchase, deletion, change, none; did you mean "on-air"?',
    },
    { rule: { outcome: [] }, line: 'notifier:rules.x.outcome: [] is not allowed; allowed: a list of outcomes' },
    {
      rule: { origins: ['sdk'] },
      line: 'notifier:rules.x.origins[0]: "sdk" is not allowed; allowed: console, cli, terraform, cloudformation, service',
    },
    {
      rule: { accounts: [111122223333] },
      line: 'notifier:rules.x.accounts[0]: 111122223333 is not allowed; allowed: an account id: 12 digits, written as text',
    },
    {
      rule: { delivery: 'later' },
      line: 'notifier:rules.x.delivery: "later" is not allowed; allowed: immediate, digest; did you mean "digest"?',
    },
    ...['*', '*/*', '', '/'].map((written) => ({
      rule: { principals: { include: [written] } },
      line: `notifier:rules.x.principals.include[0]: ${JSON.stringify(written)} is not allowed; allowed: ${PRINCIPALS}`,
    })),
    {
      rule: { principals: { include: [12] } },
      line: `notifier:rules.x.principals.include[0]: 12 is not allowed; allowed: ${PRINCIPALS}`,
    },
    {
      rule: { principals: { exclude: ['session:ci-17'] } },
      line: `notifier:rules.x.principals.exclude[0]: "session:ci-17" is not allowed; allowed: ${PRINCIPALS} (a session of any role is */SESSION)`,
    },
    {
      rule: { principals: { exclude: ['nobody named (Unknown)'] } },
      line: 'notifier:rules.x.principals.exclude[0]: "nobody named (Unknown)" is shown of callers whom the record does not name, so there is nothing that a rule could look for',
    },
    {
      rule: { principals: { exclude: ['AKIAIOSFODNN7EXAMPLE'] } },
      line: 'notifier:rules.x.principals.exclude[0]: "AKIAIOSFODNN7EXAMPLE" is an access key id, which is no caller; allowed: the name of the user or role whose key it is',
    },
    ...['ops/team/joe', 'Ops/', '/Ops'].map((written) => ({
      rule: { principals: { include: [written] } },
      line: `notifier:rules.x.principals.include[0]: ${JSON.stringify(written)} is no ROLE/SESSION; a user is written without its path`,
    })),
    {
      rule: { principals: {} },
      line: 'notifier:rules.x.principals: {} names nobody; allowed: a list as include or as exclude, or leave it out',
    },
    {
      rule: { principals: { include: ['a*'], exclude: ['ab'] } },
      line: 'notifier:rules.x.principals: {"include":["a*"],"exclude":["ab"]} has both include and exclude; allowed: one of them, since an event pattern holds one list for a field',
    },
    {
      rule: { access: 'read-only', operations: ['StopFlow'] },
      line: 'notifier:rules.x: can match nothing: no operation has access "read-only" and operations ["StopFlow"]; change one of them or leave it out',
    },
    {
      rule: { access: 'read-only', impact: ['on-air'] },
      line: 'notifier:rules.x: can match nothing: no operation has access "read-only" and impact ["on-air"]; change one of them or leave it out',
    },
    {
      rule: { resources: ['entitlement'], operations: ['StopFlow'] },
      line: 'notifier:rules.x: can match nothing: no operation has resources ["entitlement"] and operations ["StopFlow"]; change one of them or leave it out',
    },
    {
      rule: { access: 'mutating', resources: ['reservation'] },
      line: 'notifier:rules.x: can match nothing: no operation has access "mutating" and resources ["reservation"]; change one of them or leave it out',
    },
    {
      rule: { access: 'mutating', resources: ['unrecognized'] },
      line: 'notifier:rules.x.resources: ["unrecognized"] has "unrecognized", the operations that are newer than the table; allowed: with access "any" and without operations and impact',
    },
    {
      rule: { match: { eventName: [] } },
      line: 'notifier:rules.x.match: is no event pattern: Empty arrays are not allowed at detail.eventName',
    },
    {
      rule: { match: { userAgent: 'aws-cli' } },
      line: 'notifier:rules.x.match: is no event pattern: "userAgent" must be an object or an array at detail.userAgent; what matches stands in a list: "userAgent":[…]',
    },
    {
      rule: { match: { userAgent: [{ wildcard: '*:*:*:*:*:*:*' }] } },
      line: 'notifier:rules.x.match: is no event pattern: Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character at detail.userAgent',
    },
    {
      rule: { operations: ['StopFlow'], match: { $or: [{ eventName: ['StartFlow'] }, { awsRegion: ['eu-west-1'] }] } },
      line: 'notifier:rules.x.match: decides detail.eventName, which access, resources, operations or impact decides already; allowed: one of them, since an event pattern holds one list for a field',
    },
    {
      rule: { principals: { include: ['jane'] }, match: { userIdentity: [null] } },
      line: 'notifier:rules.x.match: decides detail.userIdentity, which principals decides already; allowed: one of them, since an event pattern holds one list for a field',
    },
    {
      rule: { match: { eventSource: ['x'] } },
      line: 'notifier:rules.x.match: decides detail.eventSource, which every rule decides already; allowed: one of them, since an event pattern holds one list for a field',
    },
    {
      rule: { access: 'any', operations: Object.keys(OPERATIONS), match: { x: ['y'.repeat(100)] } },
      line: 'notifier:rules.x: makes an event pattern of 2138 characters; allowed: 2048; list fewer names, use * or make two rules',
    },
  ])('$line', ({ rule, line }) => {
    expect(mistakesIn(withRule(rule))).toEqual([line]);
  });

  it('of a rule that is written as text', () => {
    expect(mistakesIn(withRule('x'))).toEqual([
      'notifier:rules.x: "x" is not allowed; allowed: an object with the settings of a rule',
    ]);
  });
});

it('counts the rules that need a wildcard', () => {
  const rules = Object.fromEntries(
    Array.from({ length: 31 }, (_, index) => [`rule${index}`, { operations: ['S*Flow'] }]),
  );
  expect(mistakesIn({ 'notifier:rules': rules })).toEqual([
    'notifier:rules: 31 rules need wildcards; allowed: 30 on a bus (a * in the midst of a name needs one, and so do principals named without *, and an outcome "failed" without "denied")',
  ]);
});

describe('many rules', () => {
  const withRules = (count: number, region: string): JsonObject => ({
    'notifier:regions': [region],
    'notifier:rules': Object.fromEntries(Array.from({ length: count }, (_, index) => [`rule${index}`, {}])),
  });

  it.each([
    ['eu-west-1', 140],
    // EventBridge takes 100 rules on a bus there, and the stack has four of its own.
    ['af-south-1', 96],
    ['eu-south-1', 96],
  ])('are taken in %s up to %i', (region, most) => {
    expect(mistakesIn(withRules(most, region))).toEqual([]);
    expect(mistakesIn(withRules(most + 1, region))).toHaveLength(1);
  });

  it('are refused with what is allowed', () => {
    expect([...mistakesIn(withRules(141, 'eu-west-1')), ...mistakesIn(withRules(97, 'af-south-1'))]).toEqual([
      'notifier:rules: 141 rules; allowed: 140, which one CloudFormation template can hold; make fewer that name more',
      'notifier:rules: 97 rules; allowed in af-south-1: 96, since EventBridge takes 100 on a bus there and the notifier needs 4 more',
    ]);
  });
});

it('says all mistakes at once', () => {
  const values = {
    'notifier:regions': 'mars-1',
    'notifier:archiveDays': -1,
    'notifier:rules': {
      a: { operations: ['StopFlwo'], acess: 'any' },
      b: { channel: 'nowhere' },
      c: { access: 'read-only', impact: ['access'] },
    },
  };
  const keys = mistakesIn(values).map((line) => line.split(': ')[0]);
  expect(keys).toEqual([
    'notifier:regions[0]',
    'notifier:rules.a.operations[0]',
    'notifier:rules.a.acess',
    'notifier:archiveDays',
    'notifier:rules.b.channel',
    'notifier:rules.c',
  ]);
});
