import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { explainEvent } from '../../cli/explain/explain-event.ts';
import { explanationJson, explanationText } from '../../cli/explain/text.ts';
import { createPowertools, createTelemetry, withPowertools } from '../../functions/create-dependencies.ts';
import { createHandler } from '../../functions/notifier/notify-batch.ts';
import { compileRules } from '../../infra/rules/compile-rule.ts';
import { readContext } from '../../infra/settings/read-context.ts';
import { toEventDetails } from '../../local/page/page-feed.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import type { JsonObject } from '../../shared/call/json.ts';
import { deployRule } from '../../shared/eventbridge/rule.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import { withoutSecrets } from '../../shared/notification/secret-shapes.ts';
import { anEvent, aRecord, aRoutedEvent, FLOW_ARN } from '../builders.ts';
import { aLambdaContext, aWorld } from '../functions/world.ts';
import { allMessages } from './all-messages.ts';
import { mutated } from './mutate.ts';
import { marksIn, PLANTED, type PlantedSecret } from './planted-secrets.ts';
import { REAL_EVENTS } from './real-events.ts';

const CONTEXT = readContext({
  'notifier:channels': { default: {}, ops: {} },
  'notifier:rules': {
    all: { access: 'any', channel: 'default', principals: { exclude: ['nobody'] } },
    none: { operations: ['DeleteFlow'], channel: 'ops' },
  },
  'notifier:showParameters': ['tags', 'outputs[]', 'description', 'name'],
});
const RULES = compileRules(CONTEXT).map(deployRule);

/** Everything that is said of an event where nothing is posted: on a terminal, as JSON, on the page. */
function saidElsewhere(event: unknown): readonly unknown[] {
  const explanation = explainEvent(event as JsonObject, { context: CONTEXT, rules: RULES });
  const page = RULES.map((rule) =>
    toEventDetails({ eventId: 'id', result: 'posted', reason: undefined, rule, call: undefined, event }),
  );
  return [
    explanationJson(explanation, { file: 'x.json', line: 1, record: undefined }),
    ...explanationText(explanation, CONTEXT),
    ...page.map(({ event: shown, conditions }) => [shown, conditions.map(({ found }) => found)]),
  ];
}

/** A role is what stands there by right. */
const callersArn = (secret: string): string => (secret.includes(':role/') ? 'arn:aws:iam::1:user/x' : secret);

const PLACES: readonly (readonly [string, (secret: string) => JsonObject])[] = [
  ['a flow', (flowArn) => ({ requestParameters: { flowArn }, responseElements: null })],
  ['a name', (name) => ({ eventName: 'CreateFlow', requestParameters: { name }, responseElements: null })],
  ['an ARN of a flow', (name) => ({ requestParameters: { flowArn: `${FLOW_ARN}-${name}` }, responseElements: null })],
  [
    'an output',
    (outputArn) => ({
      eventName: 'RemoveFlowOutput',
      requestParameters: { flowArn: FLOW_ARN, outputArn },
      responseElements: null,
    }),
  ],
  [
    'a tag',
    (value) => ({
      eventName: 'TagResource',
      requestParameters: { resourceArn: FLOW_ARN, tags: { [value]: value, note: value } },
    }),
  ],
  [
    'a description',
    (description) => ({
      eventName: 'UpdateFlowOutput',
      requestParameters: { flowArn: FLOW_ARN, outputArn: FLOW_ARN, description },
    }),
  ],
  ['a member', (member) => ({ eventName: 'UpdateFlow', requestParameters: { flowArn: FLOW_ARN, [member]: 1 } })],
  [
    'a destination',
    (destination) => ({
      eventName: 'AddFlowOutputs',
      requestParameters: { flowArn: FLOW_ARN, outputs: [{ name: 'a', destination, protocol: destination }] },
    }),
  ],
  ['an error', (errorMessage) => ({ errorCode: 'BadRequestException', errorMessage })],
  [
    'an error between quotes',
    (secret) => ({ errorCode: 'BadRequestException', errorMessage: `Value '${secret}' is not valid` }),
  ],
  [
    'an error of a request that is left out',
    (errorMessage) => ({ requestParameters: { omitted: true }, errorCode: 'x', errorMessage }),
  ],
  ['an error code', (errorCode) => ({ errorCode })],
  ['an answer', (error) => ({ responseElements: { error, message: error } })],
  ['an operation', (eventName) => ({ eventName })],
  ['an agent', (userAgent) => ({ userAgent })],
  ['an address', (sourceIPAddress) => ({ sourceIPAddress })],
  [
    'a session',
    (session) => ({
      userIdentity: {
        type: 'AssumedRole',
        principalId: `AROAEXAMPLE:${session}`,
        arn: `arn:aws:sts::111122223333:assumed-role/Ops/${session}`,
      },
    }),
  ],
  [
    'a source identity',
    (sourceIdentity) => ({
      userIdentity: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::111122223333:assumed-role/Ops/jane',
        sessionContext: { sourceIdentity },
      },
    }),
  ],
  [
    'a user',
    (userName) => ({ userIdentity: { type: 'IAMUser', userName, arn: `arn:aws:iam::111122223333:user/${userName}` } }),
  ],
  ['the ARN of a caller', (secret) => ({ userIdentity: { type: 'IAMUser', arn: callersArn(secret) } })],
  [
    'the ARN of whoever issued a session',
    (secret) => ({
      userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn: callersArn(secret) } } },
    }),
  ],
  ['a type', (type) => ({ userIdentity: { type } })],
  ['a service', (invokedBy) => ({ userIdentity: { type: 'AWSService', invokedBy } })],
  ['what it is in scope of', (sourceArn) => ({ userIdentity: { type: 'AssumedRole', inScopeOf: { sourceArn } } })],
  ['an id', (eventID) => ({ eventID })],
  ['an account', (recipientAccountId) => ({ recipientAccountId })],
  ['a region', (awsRegion) => ({ awsRegion })],
  ['a correction', (text) => ({ addendum: { reason: text, originalEventID: text, updatedFields: text } })],
];

const SETTINGS = { accountNames: {}, channels: {}, showParameters: CONTEXT.showParameters };

const allOf = (event: JsonObject): readonly unknown[] => {
  const routed = aRoutedEvent(event);
  const notification = enrich(routed, classifyCall(routed.event.detail), SETTINGS);
  return [notification, allMessages([notification, notification]), ...saidElsewhere(event)];
};

it.each(PLACES)('a secret that stands for %s is in nothing that is said of the call', (_, place) => {
  for (const { text } of PLANTED) expect(marksIn(allOf(anEvent({ detail: place(text) })))).toEqual([]);
});

/** An event in which no role calls: of a caller the page shows the role's ARN, which is no secret there. */
function withoutCallersRole(event: JsonObject): JsonObject {
  const detail = event.detail as JsonObject | undefined;
  const identity = detail?.userIdentity as JsonObject | undefined;
  const context = identity?.sessionContext as JsonObject | undefined;
  const issuer = context?.sessionIssuer as JsonObject | undefined;
  const isRole = (arn: unknown): boolean => typeof arn === 'string' && arn.includes(':role/');
  const sessionContext = isRole(issuer?.arn) ? { ...context, sessionIssuer: { ...issuer, arn: 'none' } } : context;
  if (typeof identity !== 'object' || identity === null) return event;
  const arn = isRole(identity.arn) ? 'none' : identity.arn;
  return { ...event, detail: { ...detail, userIdentity: { ...identity, arn, sessionContext } } };
}

it('a secret is shown nowhere, in whatever of a real event it stands', () => {
  const planted = PLANTED.map(({ text }) => text);
  fc.assert(
    fc.property(fc.nat(), (number) => {
      const event = JSON.parse(JSON.stringify(mutated(REAL_EVENTS, planted, 7, number)));
      expect(marksIn(saidElsewhere(withoutCallersRole(event)))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

const KEYS = [
  'apiKey',
  'srtStreamId',
  'presharedKey',
  'streamId',
  'passphrase',
  'password',
  'clientToken',
  'secretArn',
  'constantInitializationVector',
  'url',
  'deviceId',
  'x-api-key',
  'encryptionKey',
  'credentials',
  'SecretAccessKey',
];
const VALUES = ['Zebra Crossing 77', 'hunter2hunter2', 'q/w+e=r', 'a"quoted"one', '0x1f', "it's me"];

const WRITTEN: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => value.toUpperCase(),
  (value) => value.toLowerCase(),
  encodeURIComponent,
  (value) => encodeURIComponent(encodeURIComponent(value)),
  (value) => Buffer.from(value, 'latin1').toString('base64'),
  (value) => Buffer.from(`user:${value}`, 'latin1').toString('base64url'),
  (value) => JSON.stringify(value).slice(1, -1),
  (value) => Array.from(value, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
];

/** A request with a value in a member among a hundred and more others, at some depth. */
const requestWith = (key: string, value: string, depth: number, before: number): JsonObject => {
  const many = Object.fromEntries(Array.from({ length: before }, (_, index) => [`member${index}`, index]));
  let inside: JsonObject = { ...many, [key]: value };
  for (let level = 0; level < depth; level += 1) inside = { ...many, inside: [inside] };
  return { flowArn: FLOW_ARN, ...inside };
};

it('a value that is secret by its member is in no error, however that quotes it and wherever it stands', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...KEYS),
      fc.constantFrom(...VALUES),
      fc.constantFrom(...WRITTEN),
      fc.integer({ min: 0, max: 12 }),
      fc.constantFrom(0, 120),
      fc.boolean(),
      (key, value, write, depth, before, isAnswer) => {
        const quoted = write(value);
        const requestParameters = requestWith(key, value, depth, before);
        const detail = isAnswer
          ? { requestParameters, responseElements: { error: `no: ${quoted}`, message: `bad ${quoted} here` } }
          : { requestParameters, errorCode: 'BadRequestException', errorMessage: `the value ${quoted} is not valid` };
        const routed = aRoutedEvent({ detail });
        const notification = enrich(routed, classifyCall(routed.event.detail), SETTINGS);
        const elsewhere = saidElsewhere(anEvent({ detail }));
        const said = JSON.stringify([notification, allMessages([notification]), elsewhere]).toLowerCase();
        expect(said).not.toContain(JSON.stringify(quoted).slice(1, -1).toLowerCase());
        expect(said).not.toContain(JSON.stringify(value).slice(1, -1).toLowerCase());
      },
    ),
    { numRuns: 600 },
  );
});

it.each([
  ["1 validation error: Value 'correcthorse' at 'passphrase' failed to satisfy constraint", 'correcthorse'],
  ["Value 'Zebra Crossing' at 'source.decryption.constantInitializationVector' failed to satisfy constraint", 'Zebra'],
  ['passphrase "correct horse" is too short', 'correct horse'],
  ['the stream key abc123xyz789 is in use', 'abc123xyz789'],
  ['presharedKey=abcdefgh is not valid', 'abcdefgh'],
  ['Authorization: Basic dXNlcjpwYXNzd29yZA==', 'dXNlcjpwYXNz'],
  ["passphrase is too short for 'huntermark'", 'huntermark'],
  ["illegal passphrase character in 'huntermark'", 'huntermark'],
  ['illegal passphrase <huntermark>', 'huntermark'],
  ['illegal passphrase \u00ABhuntermark\u00BB', 'huntermark'],
  ['Value [huntermark, two] at passphrase failed to satisfy constraint', 'huntermark'],
  ['Value huntermarkhunter at source.decryption.passphrase failed', 'huntermark'],
  ['Invalid passphrase: hunter', 'hunter'],
])(
  'an error that quotes a key is shown without it, also where the parameters are left out: %s',
  (errorMessage, secret) => {
    for (const requestParameters of [{ omitted: true, originalSize: 200_000 }, null]) {
      const said = allOf(anEvent({ detail: { requestParameters, errorCode: 'BadRequestException', errorMessage } }));
      expect(JSON.stringify(said.slice(0, 2))).not.toContain(secret);
    }
  },
);

it('a key that CloudTrail cut in two at the end of its message is not shown by halves', () => {
  const passphrase = 'correct-horse-battery-staple';
  for (let shown = 4; shown < passphrase.length; shown += 1) {
    const errorMessage = `${'x '.repeat(600)}`.slice(0, 1024 - shown) + passphrase.slice(0, shown);
    const detail = { requestParameters: { flowArn: FLOW_ARN, passphrase }, errorCode: 'x', errorMessage };
    expect(JSON.stringify(allOf(anEvent({ detail })).slice(0, 2))).not.toContain(passphrase.slice(0, shown));
  }
});

it.each([
  'AwardsShow-Main',
  'AsiaPacificChampionship2026',
  'SLOVAKIA-CHAMPIONSHIP',
  'slovakia',
  '1-23aBC45dEF67hiJ8-12AbC34DE5fG',
  '550e8400-e29b-41d4-a716-446655440000',
  '550e8400e29b41d4a716446655440000',
  'feed-019AF3C27B0E7D4C9A5E3F1B2C6D8E90',
  'AWSReservedSSO_AdministratorAccess_0123456789abcdef',
  'botocore-session-1700000000',
  'MediaConnectNotifier-NotifierFunctionServiceRole3C5C1B7D-1A2B3C4D5E6F',
  'token',
  'Studio 4: main camera',
  'basic',
  'key=main',
  'mediaconnect/feed',
  'arn:aws:sns:eu-west-1:111122223333:topic',
  'jane@example.org',
  'Zürich HB – Gleis 4',
  'https://example.org/a/b?c=d',
])('a name stays as it is that only looks long or odd: %s', (name) => {
  const routed = aRoutedEvent({
    detail: { eventName: 'CreateFlow', requestParameters: { name }, responseElements: null },
  });
  expect(enrich(routed, classifyCall(routed.event.detail), SETTINGS).flowName).toBe(name);
});

describe('32 hexadecimal digits that pass for a UUID', () => {
  const digits = '550e8400e29b41d4a716446655440000';

  it.each([
    `passphrase=${digits}`,
    `{"apiKey":"${digits}"}`,
    `${digits}0a`,
    digits.replace('41d4', 'c1d4'),
    digits.replace('a716', 'f716'),
    digits.replace('e29b', 'E29B'),
  ])('are a secret where a text says so, and where they are none: %s', (name) => {
    expect(withoutSecrets(name)).toContain('(not shown)');
    expect(withoutSecrets(name)).not.toContain(digits.slice(-12));
  });

  it('are a secret in a member that holds one', () => {
    const detail = {
      requestParameters: { flowArn: FLOW_ARN, outputs: [{ passphrase: digits }] },
      errorCode: 'BadRequestException',
      errorMessage: `${digits} is too long`,
    };
    expect(JSON.stringify(allOf(anEvent({ detail })))).not.toContain(digits);
  });
});

it.each(['IAMUser', 'AssumedRole', 'FederatedUser', 'Role', 'Unknown'])(
  'an ARN of a key that stands for a caller of the type %s is not shown by its end',
  (type) => {
    const userIdentity = { type, arn: 'arn:aws:kms:eu-west-1:111122223333:key/MARKED-1234', principalId: 'AROAX:jane' };
    expect(marksIn(allOf(anEvent({ detail: { userIdentity } })))).toEqual([]);
  },
);

const OUTPUT = { name: 'hunter-mark-1', description: 'as hunter-mark-1' };

it.each([
  ['an output that has its passphrase for a name', { outputs: [{ ...OUTPUT, passphrase: 'hunter-mark-1' }] }],
  ['tags that are listed', { outputs: [{ name: 'a', tags: [{ key: 'password', value: 'hunter-mark-1' }] }] }],
  ['members that hold several', { outputs: [{ name: 'a', apiKeys: ['hunter-mark-1'], tokens: ['hunter-mark-1'] }] }],
  ['short members', { outputs: [{ name: 'a', pin: 'hunter-mark-1', pass: 'hunter-mark-1', auth: 'hunter-mark-1' }] }],
  ['members that go on', { outputs: [{ name: 'a', secretString: 'hunter-mark-1', passwordHash: 'hunter-mark-1' }] }],
])('%s is shown without it, also where all parameters may be', (_, parameters) => {
  const detail = {
    eventName: 'AddFlowOutputs',
    requestParameters: { flowArn: FLOW_ARN, ...parameters },
    responseElements: null,
  };
  const routed = aRoutedEvent({ detail });
  const notification = enrich(routed, classifyCall(routed.event.detail), SETTINGS);
  expect(JSON.stringify([notification, allMessages([notification])])).not.toContain('hunter-mark-1');
});

it('a name that a flow has already cannot be hidden by a passphrase that is the same', () => {
  const requestParameters = { flowArn: FLOW_ARN, outputs: [{ name: 'a', passphrase: 'AwardsShow' }] };
  const routed = aRoutedEvent({ detail: { eventName: 'AddFlowOutputs', requestParameters, responseElements: null } });
  const { flowName } = enrich(routed, classifyCall(routed.event.detail), SETTINGS);
  expect(flowName).toBe('AwardsShow');
});

it('two calls whose ids are not shown are two calls still', () => {
  const idOf = (secret: PlantedSecret, requestID: string): string => {
    const routed = aRoutedEvent({ id: null, detail: { eventID: secret.text, requestID } });
    return enrich(routed, classifyCall(routed.event.detail), SETTINGS).eventId;
  };
  // What is longer is no id, and is hashed as it is.
  for (const secret of PLANTED.filter(({ text }) => text.length <= 200))
    expect(idOf(secret, 'one')).not.toBe(idOf(secret, 'two'));
});

const output: string[] = [];
beforeEach(() => {
  output.length = 0;
  vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'mediaconnect-notifier');
  vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'MediaConnectNotifier');
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'DEBUG');
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => output.push(String(chunk)) > 0);
  }
  for (const method of ['debug', 'log', 'info', 'warn', 'error', 'trace'] as const) {
    vi.spyOn(console, method).mockImplementation((...said: unknown[]) => void output.push(said.join(' ')));
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('a secret is in no log line, trace, metric, post or attribute of a dead letter, in whatever of a real event it stands', async () => {
  const planted = PLANTED.map(({ text }) => text);
  for (let round = 0; round < 12; round += 1) {
    const world = aWorld();
    const annotations: unknown[] = [];
    const attributes: unknown[] = [];
    for (let number = 0; number < 25; number += 1) {
      const event = mutated(REAL_EVENTS, planted, round, number) as JsonObject;
      // Every third is no call any more, and becomes a dead letter.
      const sent = number % 3 === 0 ? { ...event, source: planted[number % planted.length] } : event;
      world.sqs.send(
        JSON.stringify({ rule: 'all', channel: 'default', ingestionTime: '2026-11-22T20:00:05Z', event: sent }),
      );
    }
    world.slack.weather = () =>
      round % 2 === 0 ? { status: 200, body: 'ok' } : { status: 400, body: 'invalid_blocks' };
    const powertools = createPowertools();
    const telemetry = createTelemetry(powertools);
    const queue: typeof world.sqs.queue = {
      ...world.sqs.queue,
      sendDeadLetter: (body, said) => {
        attributes.push(said);
        return world.sqs.queue.sendDeadLetter(body, said);
      },
    };
    const span: typeof telemetry.span = (name, said, run) => {
      annotations.push([name, said]);
      return telemetry.span(name, said, run);
    };
    const handler = withPowertools(
      powertools,
      createHandler({ ...world.notifying, queue, telemetry: { ...telemetry, span } }),
    );
    await handler({ Records: [...world.sqs.takeBatch(500)] }, aLambdaContext(world));
    expect(attributes.length).toBeGreaterThan(0);
    expect(world.posts.length).toBeGreaterThan(0);
    expect(marksIn([output, annotations, attributes, world.posts.map(({ message }) => message), world.memory])).toEqual(
      [],
    );
  }
  expect(output.join('\n')).toContain('decision');
});

it('a secret in what is no call of MediaConnect is not in what the command line says of it', () => {
  for (const { text } of PLANTED) {
    for (const changes of [
      { source: text },
      { 'detail-type': text },
      { detail: { ...aRecord(), eventSource: text, eventName: text } },
    ]) {
      expect(marksIn(saidElsewhere(anEvent(changes)).slice(0, -RULES.length))).toEqual([]);
    }
  }
});
