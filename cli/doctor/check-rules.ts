import { isDeepStrictEqual } from 'node:util';
import { isForCalls } from '../../infra/rules/signal-rule.ts';
import { CLOUDTRAIL_EVENT_SOURCE, routeEnvelopeTemplate } from '../../shared/call/api-call-event.ts';
import { OPERATIONS } from '../../shared/call/operations.ts';
import { parseJson } from '../../shared/call/parse-json.ts';
import { inParallel } from '../../shared/delivery/parallel.ts';
import { compilePattern } from '../../shared/eventbridge/compile-pattern.ts';
import { isMatch } from '../../shared/eventbridge/match-pattern.ts';
import { type CompiledRule, ruleNameInBus } from '../../shared/eventbridge/rule.ts';
import { queueNameOf } from '../aws/deployed-stack.ts';
import { awsFailure } from '../aws/failure.ts';
import { envelopeOfRecord } from '../input/envelope.ts';
import { type Check, deployAgain, failed, faultsOr, look, ok, type Subject, warning } from './check.ts';

/** A made-up call or event of MediaConnect's own, for asking a pattern what it does with such. */
export interface SampledCall {
  /** `StopFlow, denied` */
  readonly name: string;
  readonly event: Readonly<Record<string, unknown>>;
}

/** One operation for each resource kind and access, and two that no table knows. */
const operationNames = (): readonly string[] => {
  const known = Object.entries(OPERATIONS).map(
    ([name, { resource, access }]) => [`${resource} ${access}`, name] as const,
  );
  // The first of a kind wins.
  return [...new Map(known.toReversed()).values(), 'CreateSomethingNew', 'DescribeSomethingNew'];
};

const ERROR_CODES = { denied: 'AccessDenied', failed: 'BadRequestException' } as const;

const readsByName = (operation: string): boolean => /^(?:BatchGet|Describe|Get|List)/.test(operation);

const sampleCall = (operation: string, region: string, outcome?: keyof typeof ERROR_CODES): SampledCall => ({
  name: outcome === undefined ? operation : `${operation}, ${outcome}`,
  event: envelopeOfRecord({
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/Operators/jane@example.org',
      accountId: '111122223333',
      sessionContext: { sessionIssuer: { type: 'Role', userName: 'Operators' } },
    },
    eventTime: '2026-11-22T20:00:00Z',
    eventSource: CLOUDTRAIL_EVENT_SOURCE,
    eventName: operation,
    awsRegion: region,
    sourceIPAddress: '203.0.113.17',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: null,
    responseElements: null,
    eventID: '00000000-0000-4000-8000-000000000000',
    readOnly: readsByName(operation),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    ...(outcome !== undefined && { errorCode: ERROR_CODES[outcome] }),
  }),
});

/** Calls of every access, resource kind and outcome; for the outcomes, one change and one read are enough. */
const sampleCalls = (region: string): readonly SampledCall[] => [
  ...operationNames().map((operation) => sampleCall(operation, region)),
  ...['StopFlow', 'DescribeFlow'].flatMap((operation) => [
    sampleCall(operation, region, 'denied'),
    sampleCall(operation, region, 'failed'),
  ]),
];

const health = (current: string, previous: string) => ({ current: { state: current }, previous: { state: previous } });

/** MediaConnect's own events: what is wanted of them, and the two floods that are not. */
const SIGNALS: readonly (readonly [name: string, detailType: string, detail: object])[] = [
  ['a flow that is active', 'Flow Status Change', { currentStatus: 'ACTIVE', previousStatus: 'STARTING' }],
  ['an output that is disabled', 'Output Status Change', { currentStatus: 'DISABLED', previousStatus: 'ENABLED' }],
  ['an alert', 'Alert', { errored: true, 'error-code': 'SourceStreamError' }],
  ['maintenance', 'Flow Maintenance', { currentStatus: 'INPROGRESS' }],
  ['a route', 'Router Output Route State', { change: 'ROUTED' }],
  ['a source that is lost', 'Source Health', health('DISCONNECTED', 'CONNECTED')],
  ['an output that is back', 'Output Health', health('CONNECTED', 'DISCONNECTED')],
  ['a source that stays', 'Source Health', health('CONNECTED', 'CONNECTED')],
  ['metadata', 'Flow Source Metadata Changed', { metadataChangeTime: '2026-11-22T20:00:00Z' }],
];

/** Of MediaConnect's own events some of each kind, and two calls. */
const sampleSignals = (region: string): readonly SampledCall[] => [
  ...SIGNALS.map(([name, detailType, detail]) => ({
    name,
    event: {
      ...sampleCall('StopFlow', region).event,
      'detail-type': `MediaConnect ${detailType}`,
      resources: [`arn:aws:mediaconnect:${region}:111122223333:flow:1-AAAAAAAAAAAAAAAA-bbbbbbbbbbbb:Sample`],
      detail,
    },
  })),
  sampleCall('StopFlow', region),
  sampleCall('DescribeFlow', region),
];

/** TestEventPattern is an API of people, and throttled like one. */
const TESTS_AT_ONCE = 4;

interface Found {
  readonly state: string | undefined;
  readonly patternText: string;
}

async function describeRule({ clients, stack }: Subject, rule: CompiledRule): Promise<Found | undefined> {
  const { sdk, client } = await clients.eventBridge();
  try {
    const found = await client.send(
      new sdk.DescribeRuleCommand({ Name: ruleNameInBus(rule.name, stack.outputs.NotifierName) }),
    );
    return { state: found.State, patternText: found.EventPattern ?? '' };
  } catch (error) {
    if (awsFailure(error).kind === 'not-found') return undefined;
    throw error;
  }
}

function differences(rule: CompiledRule, { state, patternText }: Found): readonly string[] {
  const pattern = parseJson(patternText);
  const isSame = pattern.ok && isDeepStrictEqual(pattern.value, structuredClone(rule.pattern));
  return [
    ...(state === rule.state ? [] : [`its state is ${state}, the context asks for ${rule.state}`]),
    ...(isSame ? [] : ['its event pattern is not the one of the context']),
  ];
}

/** A rule that can match nothing at all is a mistake of the context; one that wants other callers matches no sample. */
const matchedWords = (matched: number, all: number): string =>
  matched === 0
    ? `EventBridge matches none of ${all}, as the context asks: they are calls of an ordinary role by the CLI, and this rule is about others; notifier backtest shows which`
    : `EventBridge matches ${matched} of ${all}, as the context asks`;

const samplesOf = (rule: CompiledRule): string => (isForCalls(rule) ? 'sample calls' : 'sample events');

/** Asks EventBridge itself what the deployed pattern does with calls of every kind. */
async function checkSamples(subject: Subject, rule: CompiledRule, { patternText }: Found): Promise<readonly Check[]> {
  const check = `rule ${rule.name}, ${samplesOf(rule)}`;
  const { sdk, client } = await subject.clients.eventBridge();
  const expected = compilePattern(rule.pattern);
  const { region } = subject.settings;
  const samples = isForCalls(rule) ? sampleCalls(region) : sampleSignals(region);
  const otherwise: string[] = [];
  let matched = 0;
  await inParallel(samples, TESTS_AT_ONCE, async ({ name, event }) => {
    const Event = JSON.stringify(event);
    const { Result } = await client.send(new sdk.TestEventPatternCommand({ EventPattern: patternText, Event }));
    if (Result) matched += 1;
    if (Result !== isMatch(expected, event)) otherwise.push(name);
  });
  if (otherwise.length === 0) return [ok(check, matchedWords(matched, samples.length))];
  const named = otherwise.toSorted().slice(0, 5).join('; ');
  return [
    failed(
      check,
      `${otherwise.length} of ${samples.length} match otherwise than the context asks, such as ${named}`,
      deployAgain(subject),
    ),
  ];
}

async function checkTargets(subject: Subject, rule: CompiledRule): Promise<readonly Check[]> {
  const { ImmediateQueueUrl, DigestQueueUrl, TargetDeadLetterQueueUrl, NotifierName } = subject.stack.outputs;
  const { sdk, client } = await subject.clients.eventBridge();
  const Rule = ruleNameInBus(rule.name, NotifierName);
  const { Targets = [] } = await client.send(new sdk.ListTargetsByRuleCommand({ Rule }));
  const queue = queueNameOf(rule.delivery === 'immediate' ? ImmediateQueueUrl : DigestQueueUrl);
  const deadLetters = queueNameOf(TargetDeadLetterQueueUrl);
  const ours = Targets.find(({ Arn }) => Arn?.endsWith(`:${queue}`));
  const faults = [
    ...(ours === undefined ? [`none of its targets is the queue ${queue}`] : []),
    ...(Targets.length > 1 ? [`it has ${Targets.length} targets, and should have one`] : []),
    ...(ours && ours.InputTransformer?.InputTemplate !== routeEnvelopeTemplate(rule.name, rule.channel)
      ? ['its input transformation is not the one of the context: calls would be dead-lettered or reported elsewhere']
      : []),
    ...(ours && !ours.DeadLetterConfig?.Arn?.endsWith(`:${deadLetters}`)
      ? ['its target has not our dead-letter queue']
      : []),
  ];
  return [
    faultsOr(`rule ${rule.name}, target`, faults, `the queue ${queue}, channel ${rule.channel}`, deployAgain(subject)),
  ];
}

async function checkRule(subject: Subject, rule: CompiledRule): Promise<readonly Check[]> {
  const check = `rule ${rule.name}`;
  return look(check, async () => {
    const found = await describeRule(subject, rule);
    if (found === undefined) return [failed(check, 'is not deployed', deployAgain(subject))];
    const [samples, targets] = await Promise.all([
      look(`${check}, ${samplesOf(rule)}`, () => checkSamples(subject, rule, found)),
      look(`${check}, target`, () => checkTargets(subject, rule)),
    ]);
    const own = faultsOr(
      check,
      differences(rule, found),
      `${rule.state}, its pattern is the one of the context`,
      deployAgain(subject),
    );
    return [own, ...samples, ...targets];
  });
}

/** Rules of ours that the context does not know: they report what nobody asked for. */
async function checkOthers(subject: Subject): Promise<readonly Check[]> {
  const { sdk, client } = await subject.clients.eventBridge();
  const { NotifierName } = subject.stack.outputs;
  const known = new Set(subject.rules.map(({ name }) => ruleNameInBus(name, NotifierName)));
  const others: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new sdk.ListRulesCommand({ NamePrefix: ruleNameInBus('', NotifierName), ...(NextToken && { NextToken }) }),
    );
    // Schedules are named after the stack, which begins alike.
    const found = (page.Rules ?? []).filter(({ EventPattern }) => EventPattern !== undefined);
    others.push(...found.map(({ Name }) => Name ?? '').filter((name) => !known.has(name)));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  if (others.length === 0) return [ok('other rules', 'none is deployed that the context does not have')];
  return [warning('other rules', `deployed and not in the context: ${others.join(', ')}`, deployAgain(subject))];
}

/** Every rule of the context: there, in the right state, with the right pattern and target. */
export async function checkRules(subject: Subject): Promise<readonly Check[]> {
  const checks: Check[] = [];
  for (const rule of subject.rules) checks.push(...(await checkRule(subject, rule)));
  return [...checks, ...(await look('other rules', () => checkOthers(subject)))];
}
