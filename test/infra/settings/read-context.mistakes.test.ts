import { describe, expect, it } from 'vitest';
import { readContext } from '../../../infra/settings/read-context.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { mistakesIn } from '../a-context.ts';

const inRule = (rule: unknown): JsonObject => ({ 'notifier:rules': { x: rule } });

const OPERATION = 'is not allowed; allowed: the name of a MediaConnect operation, or a name with * that one has';
const OBJECT = 'CloudTrail has an object there, and a pattern looks only at what is inside: write its members';

describe('what people write and mean otherwise is one good line', () => {
  it.each<{ values: JsonObject; line: string }>([
    {
      values: inRule({ outcome: 'success' }),
      line: 'notifier:rules.x.outcome[0]: "success" is not allowed; allowed: succeeded, denied, failed; did you mean "succeeded"?',
    },
    {
      values: inRule({ outcome: ['AccessDenied'] }),
      line: 'notifier:rules.x.outcome[0]: "AccessDenied" is not allowed; allowed: succeeded, denied, failed; did you mean "denied"?',
    },
    {
      values: inRule({ operations: ['stop*'] }),
      line: `notifier:rules.x.operations[0]: "stop*" ${OPERATION}; did you mean "Stop*"?`,
    },
    {
      values: inRule({ operations: ['*flow'] }),
      line: `notifier:rules.x.operations[0]: "*flow" ${OPERATION}; did you mean "*Flow"?`,
    },
    {
      values: inRule({ operations: ['mediaconnect:StopFlow'] }),
      line: `notifier:rules.x.operations[0]: "mediaconnect:StopFlow" ${OPERATION}; did you mean "StopFlow"?`,
    },
    {
      values: inRule({ operations: ['mediaconnect:stop*'] }),
      line: `notifier:rules.x.operations[0]: "mediaconnect:stop*" ${OPERATION}; did you mean "Stop*"?`,
    },
    {
      values: inRule({ access: 'write' }),
      line: 'notifier:rules.x.access: "write" is not allowed; allowed: mutating, read-only, any; did you mean "mutating"?',
    },
    {
      values: inRule({ origins: ['OpenTofu'] }),
      line: 'notifier:rules.x.origins[0]: "OpenTofu" is not allowed; allowed: console, cli, terraform, cloudformation, service; did you mean "terraform"?',
    },
    {
      values: { 'notifier:channels': { default: { mention: 'here' } } },
      line: 'notifier:channels.default.mention: "here" is not allowed; allowed: an object with off-air, signal-changed, put-on-air, on-air or denied; did you mean {"on-air":"here","denied":"here"}?',
    },
    { values: { rules: {} }, line: 'rules: is no key; did you mean "notifier:rules"?' },
    {
      values: inRule({ match: { detail: { eventName: ['StopFlow'] } } }),
      line: 'notifier:rules.x.match.detail: can never match: match is on the detail already: write what is inside',
    },
    {
      values: inRule({ match: { source: ['aws.mediaconnect'] } }),
      line: 'notifier:rules.x.match.source: can never match: every rule asks for the source aws.mediaconnect already: leave it out',
    },
    {
      values: inRule({ match: { account: ['111122223333'] } }),
      line: 'notifier:rules.x.match.account: can never match: it stands outside of the detail: use accounts',
    },
    {
      values: inRule({ match: { $or: [{ region: ['eu-west-1'] }, { awsRegion: ['eu-west-1'] }] } }),
      line: 'notifier:rules.x.match.region: can never match: it stands outside of the detail: each of notifier:regions has its own stack',
    },
    {
      values: inRule({ match: { useragent: [{ prefix: 'aws-cli' }] } }),
      line: 'notifier:rules.x.match.useragent: can never match: is no member of CloudTrail records; did you mean "userAgent"?',
    },
    {
      values: inRule({ match: { userIdentity: { accountID: ['111122223333'] } } }),
      line: 'notifier:rules.x.match.userIdentity.accountID: can never match: is no member of CloudTrail records; did you mean "accountId"?',
    },
    {
      values: inRule({ match: { readOnly: ['false'] } }),
      line: 'notifier:rules.x.match.readOnly: can never match: CloudTrail has a boolean there: write true or false without quotes',
    },
    {
      values: inRule({ match: { sessionCredentialFromConsole: [true] } }),
      line: 'notifier:rules.x.match.sessionCredentialFromConsole: can never match: CloudTrail has text there: write it in quotes, such as "true"',
    },
    {
      values: inRule({ match: { eventName: ['StopFlwo'] } }),
      line: 'notifier:rules.x.match.eventName: can never match: no operation of MediaConnect has that name; did you mean "StopFlow"?',
    },
    {
      values: inRule({ match: { managementEvent: [false] } }),
      line: 'notifier:rules.x.match.managementEvent: can never match: every call of MediaConnect is a management event: leave it out',
    },
    {
      values: inRule({ match: { eventType: ['AwsServiceEvent'] } }),
      line: 'notifier:rules.x.match.eventType: can never match: every call that reaches a rule is an AwsApiCall: leave it out',
    },
    {
      values: inRule({ match: { awsRegion: ['us-east-1'] } }),
      line: 'notifier:rules.x.match.awsRegion: can never match: no stack is in us-east-1, by notifier:regions',
    },
    {
      values: inRule({ match: { responseElements: [{ exists: true }] } }),
      line: `notifier:rules.x.match.responseElements: can never match: ${OBJECT}`,
    },
    ...(
      [
        [
          inRule({ principals: {} }),
          'notifier:rules.x.principals: {} names nobody; allowed: a list as include or as exclude, or leave it out',
        ],
        [
          inRule({ principals: { include: ['a'], exclude: ['b'] } }),
          'notifier:rules.x.principals: {"include":["a"],"exclude":["b"]} has both include and exclude; allowed: one of them, since an event pattern holds one list for a field',
        ],
        [
          inRule({ principals: { exclude: ['*'] } }),
          'notifier:rules.x.principals.exclude[0]: "*" is not allowed; allowed: a role, permission set or user, ROLE/SESSION, a service (…amazonaws.com), an ARN, an account id or root; * stands for any text, but not alone',
        ],
        [
          inRule({ principals: { exclude: ['AKIAIOSFODNN7EXAMPLE'] } }),
          'notifier:rules.x.principals.exclude[0]: "AKIAIOSFODNN7EXAMPLE" is an access key id, which is no caller; allowed: the name of the user or role whose key it is',
        ],
        [
          inRule({ principals: { exclude: ['session:ci-17'] } }),
          'notifier:rules.x.principals.exclude[0]: "session:ci-17" is not allowed; allowed: a role, permission set or user, ROLE/SESSION, a service (…amazonaws.com), an ARN, an account id or root; * stands for any text, but not alone (a session of any role is */SESSION)',
        ],
        [
          inRule({ principals: { exclude: ['AROAEXAMPLE17ABCDEF:ci-17'] } }),
          'notifier:rules.x.principals.exclude[0]: "AROAEXAMPLE17ABCDEF:ci-17" is an id, which is not looked for; allowed: the name of the user or role, ROLE/SESSION or an ARN',
        ],
        [
          inRule({ principals: { exclude: ['nobody named'] } }),
          'notifier:rules.x.principals.exclude[0]: "nobody named" is shown of callers whom the record does not name, so there is nothing that a rule could look for',
        ],
        [
          inRule({ channel: 'on-air' }),
          'notifier:rules.x.channel: "on-air" is no channel; allowed: default (further ones are declared in notifier:channels)',
        ],
        [
          inRule({ chanel: 'default' }),
          'notifier:rules.x.chanel: is no key; allowed: access, resources, operations, impact, outcome, principals, origins, accounts, match, channel, delivery, enabled; did you mean "channel"?',
        ],
        [
          inRule({ access: 'read-only', operations: ['StopFlow'] }),
          'notifier:rules.x: can match nothing: no operation has access "read-only" and operations ["StopFlow"]; change one of them or leave it out',
        ],
        [
          { 'notifier:digestMinutes': '0' },
          'notifier:digestMinutes: 0 is not allowed; allowed: a whole number of minutes from 1 to 1440',
        ],
        [
          { 'notifier:digestMinutez': 15 },
          'notifier:digestMinutez: is no key; allowed: regions, slackSecretName, channels, accountNames, names, rules, outcomes, health, digestMinutes, batchingWindowSeconds, logRetentionDays, archiveDays, alarmEmail, createTrail, showParameters; did you mean "digestMinutes"?',
        ],
        [
          { 'notifier:regions': 'eu-west' },
          'notifier:regions[0]: "eu-west" is not allowed; allowed: the name of an AWS region, such as eu-west-1; did you mean "eu-west-1"?',
        ],
        [{ 'notifer:rules': {} }, 'notifer:rules: is no key; did you mean "notifier:rules"?'],
        [
          { 'notifier:rules': '{"x": }' },
          'notifier:rules: "{\\"x\\": }" is not allowed; allowed: an object: rule name → rule (it is not JSON: Unexpected token \'}\')',
        ],
      ] as const
    ).map(([values, line]) => ({ values, line })),
    {
      values: JSON.parse('{"notifier:rules":{"__proto__":{}}}'),
      line: 'notifier:rules.__proto__: this name is not allowed; allowed: another name',
    },
    {
      values: JSON.parse('{"notifier:rules":{"__proto__":{"channel":"default"},"x":{}}}'),
      line: 'notifier:rules.__proto__: this name is not allowed; allowed: another name',
    },
    {
      values: JSON.parse('{"notifier:channels":{"__proto__":{}}}'),
      line: 'notifier:channels.__proto__: this name is not allowed; allowed: another name',
    },
    {
      values: {
        'notifier:accountNames': Object.fromEntries(
          Array.from({ length: 100 }, (_, index) => [String(111_122_220_000 + index), 'A name that is rather long']),
        ),
      },
      line: "notifier:accountNames, notifier:names, notifier:channels, notifier:showParameters: 4539 bytes of JSON together with the rules' channels; a function's environment has room for 3000: give fewer or shorter names",
    },
  ])('$line', ({ values, line }) => {
    expect(mistakesIn(values)).toEqual([line]);
  });
});

it.each<{ match: JsonObject }>([
  { match: { readOnly: [false], managementEvent: [true], awsRegion: ['eu-west-1'] } },
  { match: { responseElements: [null] } },
  { match: { requestParameters: { flowArn: [{ suffix: 'AwardsShow' }] } } },
  { match: { userIdentity: { type: ['IAMUser'], sessionContext: { attributes: { mfaAuthenticated: ['false'] } } } } },
  { match: { eventName: [{ prefix: 'Bend' }], tlsDetails: { tlsVersion: ['TLSv1.2'] } } },
  { match: { $or: [{ errorCode: [{ exists: false }] }, { userAgent: [{ 'anything-but': 'x' }] }] } },
])('takes the pattern $match', ({ match }) => {
  expect(mistakesIn(inRule({ match }))).toEqual([]);
});

describe('a webhook that stands in the wrong place is not repeated', () => {
  const HOOKS = [
    'https://hooks.slack.com/services/T00000000/B00000000/MARKEDMARKEDMARKED',
    'hooks.slack.com/services/T00000000/B00000000/MARKEDMARKEDMARKED',
    'https://hooks.slack-gov.com/services/T00000000/B00000000/MARKEDMARKEDMARKED',
    'https://proxy.example.org/services/T00000000/B00000000/MARKEDMARKEDMARKED',
    'https://hooks.slack.com/workflows/T00000000/A00000000/1/MARKEDMARKEDMARKED',
    'T00000000/B00000000/MARKEDMARKEDMARKED',
    'xoxb-MARKEDMARKED-MARKEDMARKED:x',
  ];
  const PLACES: Readonly<Record<string, (hook: string) => JsonObject>> = {
    'as the name of the secret': (hook) => ({ 'notifier:slackSecretName': hook }),
    'as a channel': (hook) => ({ 'notifier:channels': { [hook]: {} } }),
    'under a channel': (hook) => ({ 'notifier:channels': { default: hook } }),
    'as a mention': (hook) => ({ 'notifier:channels': { default: { mention: { denied: hook } } } }),
    'as the channel of a rule': (hook) => inRule({ channel: hook }),
    'as a rule': (hook) => ({ 'notifier:rules': hook }),
    'as the name of a rule': (hook) => ({ 'notifier:rules': { [hook]: {} } }),
    'as a key of a rule': (hook) => inRule({ [hook]: 1 }),
    'in text that is no JSON': (hook) => ({ 'notifier:channels': `{"default": ${hook}}` }),
    'at the place where JSON breaks': (hook) => ({ 'notifier:channels': `{"default": "${hook}"x}` }),
    'as a setting': (hook) => ({ [`notifier:${hook}`]: 1 }),
    'as an address of alarms': (hook) => ({ 'notifier:alarmEmail': hook }),
    'in a pattern': (hook) => inRule({ match: { x: hook } }),
  };

  it.each(Object.keys(PLACES))('%s', (place) => {
    const lines = HOOKS.map((hook) => mistakesIn(PLACES[place]?.(hook) ?? {}).join('\n'));
    expect(lines.filter((line) => line === '')).toEqual([]);
    expect(lines.join('\n')).not.toMatch(/MARKED/);
  });
});

it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
  'takes %s as the name of a rule and a channel',
  (name) => {
    const { rules, channels } = readContext({
      'notifier:rules': { [name]: { channel: name } },
      'notifier:channels': { [name]: { mention: { denied: 'here' } } },
    });
    expect([Object.keys(rules), Object.keys(channels)]).toEqual([[name], ['default', name]]);
  },
);

it.each(['constructor', 'toString'])('refuses %s as a channel that is not declared', (name) => {
  expect(mistakesIn(inRule({ channel: name }))).toEqual([
    `notifier:rules.x.channel: "${name}" is no channel; allowed: default (further ones are declared in notifier:channels)`,
  ]);
});
