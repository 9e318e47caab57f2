import { describe, expect, it } from 'vitest';
import { readContext } from '../../../infra/settings/read-context.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { mistakesIn } from '../a-context.ts';

const inRule = (rule: unknown): JsonObject => ({ 'notifier:rules': { x: rule } });

const OPERATION = 'is not allowed; allowed: the name of a MediaConnect operation, or a name with * that one has';
const RULE_KEYS =
  'access, resources, operations, impact, outcome, principals, origins, accounts, match, channel, delivery, enabled';
const KEYS =
  'regions, slackSecretName, channels, accountNames, names, rules, outcomes, health, digestMinutes, batchingWindowSeconds, logRetentionDays, archiveDays, alarmEmail, createTrail, showParameters';
const MENTION = 'here, channel, or @ and the id of a Slack user group, such as @S0123ABCD';
const WEBHOOK = 'https://hooks.slack.com/services/T00000000/B00000000/MARKED';
const PLACE = 'a webhook goes into the secret: notifier slack says how';
const inMention = (denied: string): JsonObject => ({ 'notifier:channels': { default: { mention: { denied } } } });
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
    ...[
      ['#on-air', 'on-air'],
      ['On Air', 'On-Air'],
      ['@ops', 'ops'],
    ].map(([written, meant]) => ({
      values: { 'notifier:channels': { [`${written}`]: {} } },
      line: `notifier:channels.${written}: this name is not allowed; allowed: a channel name of letters, digits, _ . and -; did you mean "${meant}"?`,
    })),
    {
      values: { 'notifier:rules': { 'stops & starts': {} } },
      line: 'notifier:rules.stops & starts: this name is not allowed; allowed: a rule name of up to 43 letters, digits, _ . and -, the first a letter; did you mean "stops-starts"?',
    },
    {
      values: { 'notifier:rules': { ['x'.repeat(44)]: {} } },
      line: `notifier:rules.${'x'.repeat(44)}: this name is not allowed; allowed: a rule name of up to 43 letters, digits, _ . and -, the first a letter`,
    },
    {
      values: { 'notifier:accountNames': { '1111-2222-3333': 'Production' } },
      line: 'notifier:accountNames.1111-2222-3333: this name is not allowed; allowed: an account id: 12 digits; did you mean "111122223333"?',
    },
    {
      values: { 'notifier:accountNames': { Production: '111122223333' } },
      line: 'notifier:accountNames.Production: this name is not allowed; allowed: an account id: 12 digits',
    },
    ...[
      ['@here', 'here'],
      ['<!channel>', 'channel'],
      ['S0123ABCD', '@S0123ABCD'],
      ['<!subteam^S0123ABCD|@ops>', '@S0123ABCD'],
      ['<@U0123ABCD>', '@U0123ABCD'],
    ].map(([written = '', meant]) => ({
      values: inMention(written),
      line: `notifier:channels.default.mention.denied: "${written}" is not allowed; allowed: ${MENTION}; did you mean "${meant}"?`,
    })),
    ...['@support', '#ops', '@oncall'].map((written) => ({
      values: inMention(written),
      line: `notifier:channels.default.mention.denied: "${written}" is not allowed; allowed: ${MENTION}`,
    })),
    {
      values: { 'notifier:slackSecretName': 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack/hook-AbCdEf' },
      line: 'notifier:slackSecretName: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:slack/hook-AbCdEf" is not allowed; allowed: the name of a secret in Secrets Manager; did you mean "slack/hook"?',
    },
    {
      values: { 'notifier:slackSecretName': WEBHOOK },
      line: `notifier:slackSecretName: "(a webhook, not shown)" is not allowed; allowed: the name of a secret in Secrets Manager; ${PLACE}`,
    },
    {
      values: { 'notifier:channels': { default: { webhook: WEBHOOK } } },
      line: `notifier:channels.default.webhook: is no key; allowed: mention; ${PLACE}`,
    },
    {
      values: { 'notifier:slackWebhookUrl': WEBHOOK },
      line: `notifier:slackWebhookUrl: is no key; allowed: ${KEYS}; ${PLACE}`,
    },
    ...['mailto:ops@example.org', 'Ops <ops@example.org>', 'ops@example.org,it@example.org'].map((written) => ({
      values: { 'notifier:alarmEmail': written },
      line: `notifier:alarmEmail: "${written}" is not allowed; allowed: an e-mail address; did you mean "ops@example.org"?`,
    })),
    {
      values: { 'notifier:health': { channel: 'default' } },
      line: 'notifier:health.say: is missing; allowed: off, trouble, all',
    },
    ...[
      ['disabled', 'enabled'],
      ['events', 'operations'],
      ['eventName', 'operations'],
      ['severity', 'impact'],
      ['users', 'principals'],
      ['tools', 'origins'],
      ['pattern', 'match'],
      ['operation', 'operations'],
    ].map(([written = '', meant]) => ({
      values: inRule({ [written]: ['x'] }),
      line: `notifier:rules.x.${written}: is no key; allowed: ${RULE_KEYS}; did you mean "${meant}"?`,
    })),
    ...['notifier.rules', 'notifier/rules', 'notifier_rules', 'notifier-rules', 'NOTIFIER:RULES', 'notifer: rules']
      .concat('mediaconnect-notifier:rules')
      .map((key) => ({ values: { [key]: {} }, line: `${key}: is no key; did you mean "notifier:rules"?` })),
    {
      values: { notifier: { rules: {}, channels: {} } },
      line: 'notifier: is no key; each setting is a key of its own: did you mean "notifier:rules"?',
    },
    {
      values: inRule({ match: { eventName: 'StopFlow' } }),
      line: 'notifier:rules.x.match: is no event pattern: "eventName" must be an object or an array at detail.eventName; what matches stands in a list: "eventName":[…]',
    },
    {
      values: inRule({ match: { userAgent: { prefix: 'aws-cli' } } }),
      line: 'notifier:rules.x.match: is no event pattern: "prefix" must be an object or an array at detail.userAgent.prefix; an operator stands in a list: [{"prefix":…}]',
    },
    {
      values: inRule({ match: { userAgent: [{ anythingBut: 'x' }] } }),
      line: 'notifier:rules.x.match: is no event pattern: Unrecognized match type anythingBut at detail.userAgent; did you mean "anything-but"?',
    },
    {
      values: inRule({ match: { userAgent: [{ regex: 'x' }] } }),
      line: 'notifier:rules.x.match: is no event pattern: Unrecognized match type regex at detail.userAgent',
    },
    {
      values: inRule({ match: { $or: { userAgent: ['x'] } } }),
      line: 'notifier:rules.x.match: is no event pattern: It must be an Array followed with $or. at detail.$or; did you mean "$or":[{…},{…}]?',
    },
    {
      values: inRule({ match: { 'userIdentity.type': ['IAMUser'] } }),
      line: 'notifier:rules.x.match.userIdentity.type: can never match: a pattern has no paths: write {"userIdentity":{"type":…}}',
    },
    {
      values: inRule({ match: { userIdentity: { type: ['iam-user'] } } }),
      line: 'notifier:rules.x.match.userIdentity.type: can never match: no caller has that type; did you mean "IAMUser"?',
    },
    {
      values: inRule({ match: { userIdentity: { sessionContext: { attributes: { mfaAuthenticated: [false] } } } } }),
      line: 'notifier:rules.x.match.userIdentity.sessionContext.attributes.mfaAuthenticated: can never match: CloudTrail has text there: write it in quotes, such as "false"',
    },
    {
      values: inRule({ match: { userIdentity: { sessionContext: { sessionIssuer: { username: ['Ops'] } } } } }),
      line: 'notifier:rules.x.match.userIdentity.sessionContext.sessionIssuer.username: can never match: is no member of CloudTrail records; did you mean "userName"?',
    },
    {
      values: inRule({ match: { userIdentity: { sessionContext: ['x'] } } }),
      line: `notifier:rules.x.match.userIdentity.sessionContext: can never match: ${OBJECT}`,
    },
    {
      values: inRule({ match: { recipientAccountId: [111122223333] } }),
      line: 'notifier:rules.x.match.recipientAccountId: can never match: CloudTrail has text there: write it in quotes, such as "111122223333"',
    },
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
  { match: { userIdentity: { type: ['IAMUser', { prefix: 'Root' }], onBehalfOf: [{ exists: false }] } } },
  {
    match: { userIdentity: { type: ['NewerThanThis'], sessionContext: { sessionIssuer: { arn: [{ prefix: 'x' }] } } } },
  },
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

it.each([
  'my-notifier:rules',
  'slack-notifier:channels',
  'notifiers:thing',
  'notifier-of-others',
  '@aws-cdk/aws-codestarnotifications:rules',
])('leaves %s to whoever reads it', (key) => {
  expect(mistakesIn({ [key]: 'x' })).toEqual([]);
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
