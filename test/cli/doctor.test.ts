import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkRegion } from '../../cli/doctor/check-region.ts';
import { testEventPattern } from '../../local/aws/event-bridge.ts';
import type { Pipeline } from '../../local/pipeline.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { anEvent } from '../builders.ts';
import { type Answer, type AwsProxy, answer, change, refuse, startAwsProxy } from './aws-proxy.ts';
import { run } from './capture-io.ts';

let pipeline: Pipeline;
let proxy: AwsProxy;

beforeAll(async () => {
  pipeline = await startPipeline({ context: {}, page: false });
  proxy = await startAwsProxy(pipeline.urls.aws);
});
afterEach(() => {
  proxy.answers.clear();
  vi.unstubAllEnvs();
});
afterAll(async () => {
  await proxy?.close();
  await pipeline?.stop();
});

const STACK = 'MediaConnectNotifier-eu-west-1';

/** The attributes of every queue that rules send to, with these changed; the others have no policy. */
const queuesWith = (changes: Readonly<Record<string, string>>): Answer =>
  change(({ Attributes }) => {
    const { Policy, ...others } = changes;
    const isForRules = !/-DeadLetterQueue/.test(String((Attributes as { QueueArn: string }).QueueArn));
    return { Attributes: { ...(Attributes as object), ...others, ...(isForRules && { Policy }) } };
  });

/** CloudTrail and CloudWatch as they are when all is well; the pipeline on this machine has neither. */
const WELL: Readonly<Record<string, Answer>> = {
  DescribeTrails: answer({ trailList: [{ TrailARN: 'arn:trail', IsMultiRegionTrail: true }] }),
  GetTrailStatus: answer({ IsLogging: true }),
  GetEventSelectors: answer({ EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] }),
  DescribeAlarms: answer({ MetricAlarms: [{ AlarmName: `${STACK}-A`, StateValue: 'OK' }] }),
  // Asked hundreds of times; only one test needs the endpoint itself to say.
  TestEventPattern: (asked, forward) => answer(testEventPattern(asked.input))(asked, forward),
};

const policy = (...more: readonly object[]): string =>
  JSON.stringify({
    Statement: [
      { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:000000000000:rule/MediaConnectNotifier-*' },
        },
      },
      ...more,
    ],
  });

const doctor = async (answers: Readonly<Record<string, Answer>> = {}, ...args: readonly string[]) => {
  for (const [operation, answer] of Object.entries({
    ...WELL,
    GetQueueAttributes: queuesWith({ Policy: policy() }),
    ...answers,
  }))
    proxy.answers.set(operation, answer);
  return run(['doctor', '--region', 'eu-west-1', '--endpoint-url', proxy.url, ...args]);
};

const notOk = (out: readonly string[]): readonly string[] => out.filter((line) => /^(?:warning|failed)/.test(line));

describe('notifier doctor', () => {
  it('finds nothing wrong with a stack that is as the context asks', async () => {
    const { code, out, err } = await doctor();
    expect({ code, err, last: out.at(-1), notOk: notOk(out) }).toEqual({
      code: 0,
      err: [],
      last: `${out.length - 1} ok, 0 warnings, 0 failed.`,
      notOk: [],
    });
  });

  it('never calls fine what an endpoint does not offer', async () => {
    const { code, out } = await run(['doctor', '--region', 'eu-west-1', '--endpoint-url', pipeline.urls.aws]);
    expect(code).toBe(0);
    expect(notOk(out).map((line) => line.split(': could not be checked: ')[0])).toEqual([
      'warning  trail',
      'warning  queue immediate, policy',
      'warning  queue digest, policy',
      'warning  queue dead letters of rules, policy',
      'warning  alarms',
    ]);
  });

  it('reports the age of what waits in the pipeline on this machine', async () => {
    await pipeline.putEvent(anEvent({ detail: { eventName: 'DescribeFlow', readOnly: true, eventID: randomUUID() } }));
    const { out } = await doctor();
    await pipeline.settled();
    const lines = [...out, ...(await doctor()).out].filter((line) => /queue digest, oldest record/.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/^ok {7}queue digest, oldest record: \d s old$/),
      'ok       queue digest, oldest record: nothing waits',
    ]);
  });

  it('finds the parts by a file of outputs where there is no CloudFormation', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
    const file = join(folder, 'outputs.json');
    writeFileSync(file, JSON.stringify({ [STACK]: pipeline.model.outputs }));
    const refused = refuse('UnknownOperationException', 'not served');
    const { code, out } = await doctor({ DescribeStacks: refused }, '--outputs', file);
    const other = await doctor({ DescribeStacks: refused }, '--outputs', file, '--stack', 'Other');
    rmSync(folder, { recursive: true });
    expect({ code, notOk: notOk(out) }).toEqual({
      code: 0,
      notOk: [
        'warning  stack MediaConnectNotifier-eu-west-1: its state could not be checked: only a file of its outputs is known',
      ],
    });
    expect(other.err).toEqual([`notifier: ${file}: holds no outputs of the stack Other`]);
  });

  it('gives a JSON line for each check', async () => {
    const { out } = await doctor({ GetTrailStatus: answer({ IsLogging: false }) }, '--json');
    expect(out.map((line) => JSON.parse(line)).slice(0, 3)).toEqual([
      { check: `stack ${STACK}`, status: 'ok', says: 'CREATE_COMPLETE', todo: null },
      { check: 'region eu-west-1', status: 'ok', says: 'MediaConnect is there', todo: null },
      {
        check: 'trail',
        status: 'failed',
        says: 'no trail that is logging records management events in this region: nothing can be reported',
        todo: 'set notifier:createTrail to true and deploy, or let a trail of yours record management events',
      },
    ]);
  });

  it.each<[what: string, answers: Readonly<Record<string, Answer>>, line: RegExp]>([
    [
      'a rule that is switched off',
      { DescribeRule: change(({ Name }) => (Name === 'MediaConnectNotifier-reads' ? { State: 'DISABLED' } : {})) },
      /^failed {3}rule reads: its state is DISABLED, the context asks for ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS → deploy it: npx cdk deploy MediaConnectNotifier-eu-west-1$/,
    ],
    [
      'a rule that is gone',
      {
        DescribeRule: (asked, forward) =>
          asked.input.Name === 'MediaConnectNotifier-changes'
            ? refuse('ResourceNotFoundException', 'Rule does not exist')(asked, forward)
            : forward(),
      },
      /^failed {3}rule changes: is not deployed → deploy it/,
    ],
    [
      'a pattern that was edited by hand',
      {
        DescribeRule: change(({ Name }) =>
          Name === 'MediaConnectNotifier-changes' ? { EventPattern: '{"source":["aws.mediaconnect"]}' } : {},
        ),
      },
      /^failed {3}rule changes: its event pattern is not the one of the context/,
    ],
    [
      'a pattern that EventBridge understands otherwise',
      { TestEventPattern: change(() => ({ Result: false })) },
      /^failed {3}rule changes, sample calls: \d+ of \d+ match otherwise than the context asks, such as /,
    ],
    [
      'a rule that the context does not have',
      { ListRules: answer({ Rules: [{ Name: 'MediaConnectNotifier-old', EventPattern: '{}' }] }) },
      /^warning {2}other rules: deployed and not in the context: MediaConnectNotifier-old/,
    ],
    [
      'a target that is another queue',
      { ListTargetsByRule: answer({ Targets: [{ Id: 'Queue', Arn: 'arn:aws:sqs:eu-west-1:1:other' }] }) },
      /^failed {3}rule changes, target: none of its targets is the queue MediaConnectNotifier-eu-west-1-ImmediateQueue/,
    ],
    [
      'an input that is not transformed',
      {
        ListTargetsByRule: change(({ Targets }) => ({
          Targets: (Targets as object[]).map((target) => ({ ...target, InputTransformer: undefined })),
        })),
      },
      /^failed {3}rule changes, target: its input transformation is not the one of the context/,
    ],
    [
      'a queue that anybody may send to',
      {
        GetQueueAttributes: queuesWith({
          Policy: policy({ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage' }),
        }),
      },
      /^failed {3}queue immediate, policy: its policy lets others than our rules send/,
    ],
    [
      'a queue that the rules may not send to',
      {
        GetQueueAttributes: queuesWith({ Policy: '{"Statement":[]}' }),
      },
      /^failed {3}queue immediate, policy: its policy does not let EventBridge send for MediaConnectNotifier-changes, /,
    ],
    [
      'records that were given up',
      {
        GetQueueAttributes: queuesWith({ Policy: policy(), ApproximateNumberOfMessages: '3' }),
      },
      /^failed {3}queue dead letters, depth: about 3 records were given up → look at them: npx notifier redrive --dry-run --region eu-west-1$/,
    ],
    [
      'a digest that nobody starts',
      { DescribeRule: change(({ Name }) => (String(Name).includes('-Digest') ? { State: 'DISABLED' } : {})) },
      /^failed {3}schedule digest: its state is DISABLED: no digest is reported, reads wait in the queue → aws events enable-rule --name MediaConnectNotifier-eu-west-1-Digest\S+ --region eu-west-1$/,
    ],
    [
      'a summary that nobody starts',
      { DescribeRule: change(({ Name }) => (String(Name).includes('-Daily') ? { State: 'DISABLED' } : {})) },
      /^failed {3}schedule summary: its state is DISABLED: no channel gets its daily sign of life → aws events enable-rule /,
    ],
    [
      'a mapping that is off',
      { GetEventSourceMapping: change(() => ({ State: 'Disabled' })) },
      /^failed {3}event source mapping: its state is Disabled: nothing is reported, calls wait in the queue → aws lambda update-event-source-mapping /,
    ],
    [
      'a mapping that loses what was not reported',
      { GetEventSourceMapping: change(() => ({ FunctionResponseTypes: [] })) },
      /^failed {3}event source mapping: it does not report single records/,
    ],
    [
      'channels that were not deployed',
      { GetFunctionConfiguration: change(() => ({ Environment: { Variables: { DISPLAY_SETTINGS: '{}' } } })) },
      /^failed {3}function notifier: its channels, account names or shown parameters are not those of the context/,
    ],
    [
      'a table that is going away',
      { DescribeTable: change(() => ({ Table: { TableStatus: 'DELETING' } })) },
      /^failed {3}ledger: the table is DELETING: calls may be reported twice/,
    ],
    [
      'a secret without a value',
      { GetSecretValue: refuse('ResourceNotFoundException', "Secrets Manager can't find the specified secret value") },
      /^failed {3}slack secret: has no value → put it: aws secretsmanager put-secret-value --secret-id /,
    ],
    [
      'a secret that is no URL',
      { GetSecretValue: change(() => ({ SecretString: 'hunter2-T0SECRET' })) },
      /^failed {3}slack secret: the slack secret is not a https URL/,
    ],
    [
      'a secret without a channel',
      { GetSecretValue: change(() => ({ SecretString: '{"defualt":"https://hooks.slack.test/T0SECRET"}' })) },
      /^failed {3}slack secret: no well-formed webhook URL for default/,
    ],
    [
      'a trail that does not log reads',
      { GetEventSelectors: answer({ EventSelectors: [{ ReadWriteType: 'WriteOnly' }] }) },
      /^failed {3}trail: no trail that is logging records read management events in this region: denied-reads, reads will get no reads/,
    ],
    [
      'a trail that may not be looked into',
      { GetTrailStatus: refuse('AccessDeniedException', 'no') },
      /^warning {2}trail: .*as far as can be seen/,
    ],
    ['no trail', { DescribeTrails: answer({ trailList: [] }) }, /^failed {3}trail: .*nothing can be reported/],
    [
      'an alarm that rings',
      {
        DescribeAlarms: answer({
          MetricAlarms: [
            {
              AlarmName: `${STACK}-B`,
              StateValue: 'ALARM',
              AlarmDescription: 'Calls wait. Type: npx notifier doctor',
            },
          ],
        }),
      },
      /^failed {3}alarm MediaConnectNotifier-eu-west-1-B: Calls wait → type: npx notifier doctor$/,
    ],
    ['no alarms', { DescribeAlarms: answer({ MetricAlarms: [] }) }, /^warning {2}alarms: the stack has none/],
    [
      'what it may not look at',
      { DescribeAlarms: refuse('AccessDenied', 'User: x is not authorized to perform: cloudwatch:DescribeAlarms') },
      /^warning {2}alarms: could not be checked: not allowed: User: x is not authorized to perform: cloudwatch:DescribeAlarms → docs\/operations\.md/,
    ],
  ])('finds %s', async (_what, answers, line) => {
    const { code, out } = await doctor(answers);
    const found = notOk(out);
    expect(found).toContainEqual(expect.stringMatching(line));
    expect(code).toBe(found.some((each) => each.startsWith('failed')) ? 1 : 0);
    expect(out.join('\n')).not.toMatch(/T0SECRET|T0LOCAL/);
  });

  it.each([
    ['eu-west-1', 'ok'],
    ['eu-central-2', 'warning'],
    ['xx-nowhere-1', 'warning'],
  ])('says of the region %s: %s', async (region, status) => {
    const settings = { region, endpointUrl: proxy.url, stackName: STACK };
    const [found] = await checkRegion({ settings });
    expect([found?.check, found?.status]).toEqual([`region ${region}`, status]);
  });

  describe('of the oldest record', () => {
    type Values = Readonly<Partial<Record<'age' | 'records' | 'queueAge', readonly number[]>>>;

    /** Queues with something in them, of which CloudWatch knows these values, the latest first. */
    const linesOf = async (immediate: Values, digest: Values = {}): Promise<readonly string[]> => {
      const metrics: Answer = (asked, forward) => {
        const isDigest = JSON.stringify(asked.input).includes('DigestWaitingAgeMs');
        const MetricDataResults = Object.entries(isDigest ? digest : immediate).map(([Id, Values]) => ({ Id, Values }));
        return answer({ MetricDataResults })(asked, forward);
      };
      const { out } = await doctor({
        GetMetricData: metrics,
        GetQueueAttributes: queuesWith({ Policy: policy(), ApproximateNumberOfMessagesDelayed: '2' }),
      });
      return out.filter((line) => /, oldest record:/.test(line));
    };
    const MINUTE_MS = 60_000;

    it.each<[what: string, values: Values, line: RegExp]>([
      [
        'too old by any of several invocations',
        { age: [0, 12 * MINUTE_MS, 0], records: [0, 7, 0] },
        /^failed {3}queue immediate, oldest record: has waited for 12 min \(7 were left waiting within the last 10 min\) → see why: aws logs filter-log-events /,
      ],
      [
        'young',
        { age: [9 * MINUTE_MS], records: [1], queueAge: [30] },
        /^ok {7}queue immediate, oldest record: 9 min old$/,
      ],
      [
        'in a queue that nobody reads',
        { queueAge: [601, 300] },
        /^failed {3}queue immediate, oldest record: has been in the queue for 10 min, and nobody takes it/,
      ],
      ['just there', { queueAge: [3] }, /^ok {7}queue immediate, oldest record: 3 s old$/],
      [
        'without an age',
        {},
        /^warning {2}queue immediate, oldest record: records are there, and CloudWatch has no age of them yet → ask again/,
      ],
    ])('says that it is %s', async (_what, values, line) => {
      expect((await linesOf(values))[0]).toMatch(line);
    });

    it.each<[what: string, values: Values, line: RegExp]>([
      [
        'overdue',
        { age: [15 * MINUTE_MS, 0], records: [3, 0] },
        /^failed {3}queue digest, oldest record: has waited for 15 min since its digest was due \(3 were left/,
      ],
      ['reported by the latest digest', { age: [0, 15 * MINUTE_MS], queueAge: [60] }, /^ok {7}.*: 60 s old$/],
      ['gathering for the next digest', { age: [0], queueAge: [14 * 60] }, /^ok {7}.*: 14 min old$/],
      ['in a queue that no digest reads', { queueAge: [41 * 60] }, /^failed {3}.*has been in the queue for 41 min/],
    ])('says of a digest’s that it is %s', async (_what, values, line) => {
      expect((await linesOf({}, values))[1]).toMatch(line);
    });

    it('asks for nothing when the queues are empty', async () => {
      const { out } = await doctor({ GetMetricData: refuse('AccessDenied', 'no') });
      expect(out.filter((line) => /, oldest record:/.test(line))).toEqual([
        'ok       queue immediate, oldest record: nothing waits',
        'ok       queue digest, oldest record: nothing waits',
      ]);
    });
  });

  describe('with --post', () => {
    const posts = (out: readonly string[]): readonly string[] => out.filter((line) => /: .*test message/.test(line));

    it('posts a test message to each channel, and says that Slack took it', async () => {
      const { out, code } = await doctor({}, '--post');
      expect({ code, posts: posts(out) }).toEqual({
        code: 0,
        posts: ['ok       post to default: Slack took a test message'],
      });
    });

    it.each([
      [
        'channel_not_found',
        1,
        /^failed {3}post to default: Slack did not take a test message: .*channel_not_found.* → put it: aws/,
      ],
      ['429', 0, /^warning {2}post to default: Slack did not take a test message: .*429.* → ask again in a minute$/],
    ] as const)('says what Slack answered: %s', async (fault, expected, line) => {
      pipeline.slack.set(fault);
      const { out, code } = await doctor({}, '--post').finally(() => pipeline.slack.set('ok'));
      expect(code).toBe(expected);
      expect(posts(out)).toEqual([expect.stringMatching(line)]);
      expect(out.join()).not.toContain('/services/');
    });

    it.each<[what: string, answerTo: RequestListener, says: string]>([
      [
        'a text that never ends',
        (_, response) => {
          const more = (): void => {
            while (response.write('hooks.slack.com/services/T0/B0/MARK '.repeat(1000)));
          };
          response.on('drain', more);
          more();
        },
        'HTTP 200 with a text that is not Slack\'s, not "ok"',
      ],
      [
        'a redirect, which is not followed',
        (_, response) => response.writeHead(302, { location: pipeline.urls.slack }).end('ok'),
        "HTTP 302 with a text that is not Slack's (a redirect)",
      ],
      ['nothing at all', (request) => request.socket.destroy(), 'no connection'],
    ])('says what answers in the place of Slack, and nothing of its text or address: %s', async (_, answerTo, says) => {
      const server = createServer(answerTo).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const SecretString = `http://127.0.0.1:${port}/services/T0/B0/MARK`;
      const { out, err } = await doctor({ GetSecretValue: answer({ SecretString }) }, '--post').finally(() => {
        server.closeAllConnections();
        server.close();
      });
      expect(posts(out).map((line) => line.split(' → ')[0]?.split('message: ')[1])).toEqual([says]);
      expect([...out, ...err].join()).not.toMatch(/MARK|\/services\//);
    });

    it('names a channel without a webhook, and posts to the others', async () => {
      const secret = JSON.stringify({ default: pipeline.urls.slack });
      const rules = { changes: { channel: 'ops' } };
      const { out } = await doctor(
        { GetSecretValue: answer({ SecretString: secret }) },
        ...['--post', '-c', 'notifier:channels={"ops":{}}', '-c', `notifier:rules=${JSON.stringify(rules)}`],
      );
      expect(out.filter((line) => line.includes('post to '))).toEqual([
        'ok       post to default: Slack took a test message',
        expect.stringMatching(/^failed {3}post to ops: the secret has no webhook URL for it → put it: aws/),
      ]);
    });

    it('names the channel of outcomes without a webhook, too', async () => {
      const settings = ['notifier:channels={"tech":{}}', 'notifier:outcomes={"say":"trouble","channel":"tech"}'];
      const { out } = await doctor(
        { GetSecretValue: answer({ SecretString: JSON.stringify({ default: pipeline.urls.slack }) }) },
        ...['--post', ...settings.flatMap((setting) => ['-c', setting])],
      );
      expect(out.filter((line) => line.includes('post to '))).toEqual([
        'ok       post to default: Slack took a test message',
        expect.stringMatching(/^failed {3}post to tech: the secret has no webhook URL for it → put it: aws/),
      ]);
    });

    it('posts nothing without it', async () => {
      expect(posts((await doctor()).out)).toEqual([]);
    });
  });

  describe('of MediaConnect’s own events', () => {
    const ON = ['-c', 'notifier:outcomes=trouble'];
    const line = (out: readonly string[]) => out.filter((text) => text.includes('MediaConnect’s own events'));
    const matchedEvents = (Values: readonly number[]): Answer =>
      answer({ MetricDataResults: [{ Id: 'matched', Values }] });

    it.each<[what: string, Values: readonly number[], line: RegExp]>([
      ['that they came', [3, 4], /^ok {7}MediaConnect’s own events: 7 came in the last 24 hours$/],
      [
        'that none did where all is quiet',
        [],
        /^ok {7}MediaConnect’s own events: none came in the last 24 hours, as is usual/,
      ],
    ])('says %s', async (_, values, expected) => {
      const { out } = await doctor({ GetMetricData: matchedEvents(values) }, ...ON);
      expect(line(out)).toEqual([expect.stringMatching(expected)]);
    });

    it('asks for nothing where they are not wanted', async () => {
      const { out } = await doctor(
        { GetMetricData: refuse('AccessDenied', 'no') },
        '-c',
        'notifier:outcomes=off',
        '-c',
        'notifier:health=off',
      );
      expect(line(out)).toEqual([
        'ok       MediaConnect’s own events: not taken: notifier:outcomes and notifier:health are off',
      ]);
    });
  });

  describe('of several trails', () => {
    const OURS = { TrailARN: 'arn:ours', IsMultiRegionTrail: true, HomeRegion: 'us-east-1' };
    const FOREIGN = { TrailARN: 'arn:foreign', IsMultiRegionTrail: true, HomeRegion: 'eu-central-1' };
    const lineOf = async (answers: Readonly<Record<string, Answer>>) =>
      (await doctor(answers)).out.find((line) => / trail:/.test(line));

    it.each([
      'TrailNotFoundException',
      'CloudTrailARNInvalidException',
      'AccessDeniedException',
      'UnrecognizedClientException',
      'InternalFailure',
    ])('one that answers with %s takes nothing from what another records', async (code) => {
      const refused = refuse(code, 'no');
      const line = await lineOf({
        DescribeTrails: answer({ trailList: [FOREIGN, OURS] }),
        GetTrailStatus: (asked, forward) =>
          asked.input.Name === 'arn:foreign' ? refused(asked, forward) : answer({ IsLogging: true })(asked, forward),
      });
      expect(line).toBe('ok       trail: a trail that is logging records reads and changes in this region');
    });

    it('one that cannot be looked into is unknown, and the others do not make it known', async () => {
      const line = await lineOf({
        DescribeTrails: answer({ trailList: [OURS, FOREIGN] }),
        GetTrailStatus: answer({ IsLogging: true }),
        GetEventSelectors: (asked, forward) =>
          asked.input.TrailName === 'arn:foreign'
            ? refuse('TrailNotFoundException', 'Unknown trail: foreign')(asked, forward)
            : answer({ EventSelectors: [{ ReadWriteType: 'WriteOnly' }] })(asked, forward),
      });
      expect(line).toBe(
        'warning  trail: no trail that is logging records read management events in this region, as far as can be seen: ' +
          'arn:foreign could not be looked into (Unknown trail: foreign) → ask whoever owns it: aws cloudtrail ' +
          'get-event-selectors --trail-name arn:foreign --region eu-central-1',
      );
    });

    it('each is asked where it lives', async () => {
      proxy.asked.length = 0;
      await doctor({
        DescribeTrails: answer({ trailList: [OURS, FOREIGN, { TrailARN: 'arn:here', HomeRegion: 'eu-west-1' }] }),
      });
      const asked = proxy.asked.filter(({ operation }) => /Trail|EventSelectors/.test(operation));
      expect(
        asked.map(({ operation, input, region }) => [operation, input.Name ?? input.TrailName, region]).toSorted(),
      ).toEqual([
        ['DescribeTrails', undefined, 'eu-west-1'],
        ['GetEventSelectors', 'arn:foreign', 'eu-central-1'],
        ['GetEventSelectors', 'arn:here', 'eu-west-1'],
        ['GetEventSelectors', 'arn:ours', 'us-east-1'],
        ['GetTrailStatus', 'arn:foreign', 'eu-central-1'],
        ['GetTrailStatus', 'arn:here', 'eu-west-1'],
        ['GetTrailStatus', 'arn:ours', 'us-east-1'],
      ]);
    });

    it('one that is of another region alone says nothing of this one', async () => {
      const line = await lineOf({
        DescribeTrails: answer({ trailList: [{ TrailARN: 'arn:ours', HomeRegion: 'us-east-1' }] }),
      });
      expect(line).toMatch(/^failed {3}trail: no trail .*nothing can be reported/);
    });
  });

  it('fails when there is no such stack', async () => {
    expect(await doctor({}, '--stack', 'Other')).toEqual({
      code: 1,
      out: [
        'failed   stack Other: there is none in eu-west-1 → deploy it: npx cdk deploy Other',
        '0 ok, 0 warnings, 1 failed.',
      ],
      err: [],
    });
  });

  it.each<[what: string, args: readonly string[], says: string]>([
    [
      'offers no stack of a region that the context does not name, but says how one is added',
      ['--region', 'us-west-2'],
      'failed   stack MediaConnectNotifier-us-west-2: there is none in us-west-2 → us-west-2 is not in notifier:regions (eu-west-1): name one of those with --region, or add it there and deploy it: npx cdk deploy MediaConnectNotifier-us-west-2',
    ],
    [
      'offers that of a region which it names',
      ['--region', 'us-west-2', '-c', 'notifier:regions=eu-west-1,us-west-2'],
      'failed   stack MediaConnectNotifier-us-west-2: there is none in us-west-2 → deploy it: npx cdk deploy MediaConnectNotifier-us-west-2',
    ],
    [
      'offers a stack of somebody’s own, whose regions nobody knows here',
      ['--region', 'us-west-2', '--stack', 'Broadcast'],
      'failed   stack Broadcast: there is none in us-west-2 → deploy it: npx cdk deploy Broadcast',
    ],
  ])('%s', async (_what, args, says) => {
    expect(await doctor({}, ...args)).toMatchObject({ code: 1, out: [says, '0 ok, 0 warnings, 1 failed.'] });
  });

  it('says the same to other commands', async () => {
    expect(await run(['redrive', '--region', 'us-west-2', '--endpoint-url', proxy.url])).toEqual({
      code: 2,
      out: [],
      err: [
        'notifier: no stack MediaConnectNotifier-us-west-2 in us-west-2: us-west-2 is not in notifier:regions (eu-west-1): name one of those with --region, or add it there and deploy it: npx cdk deploy MediaConnectNotifier-us-west-2 (--stack names another one)',
      ],
    });
  });

  it.each([
    ['ROLLBACK_COMPLETE', /^failed {3}stack .*: its last update did not succeed: ROLLBACK_COMPLETE/],
    ['UPDATE_IN_PROGRESS', /^warning {2}stack .*: is being changed: UPDATE_IN_PROGRESS/],
  ])('says that the stack is in %s', async (status, line) => {
    const { out } = await doctor({
      DescribeStacks: async (_asked, forward) => {
        const answered = await forward();
        return { ...answered, body: answered.body.replace('CREATE_COMPLETE', status) };
      },
    });
    expect(out[0]).toMatch(line);
  });

  it.each<[what: string, answer: Answer, line: RegExp]>([
    [
      'access is denied',
      refuse('AccessDenied', 'User: arn:aws:iam::1:user/x is not authorized', 403),
      /not allowed: User: arn:aws:iam::1:user\/x is not authorized$/,
    ],
    [
      'credentials have expired',
      refuse('ExpiredToken', 'The security token included in the request is expired', 403),
      /no usable AWS credentials \(The security token/,
    ],
    [
      'there is no CloudFormation',
      refuse('UnknownOperationException', 'DescribeStacks is not served'),
      /this endpoint does not offer it/,
    ],
  ])('cannot begin when %s', async (_what, answer, line) => {
    const { code, out, err } = await doctor({ DescribeStacks: answer });
    expect({ code, out, err }).toEqual({ code: 2, out: [], err: [expect.stringMatching(line)] });
    expect(err[0]).toMatch(/^notifier: the stack MediaConnectNotifier-eu-west-1: /);
  });

  it('cannot begin without credentials', async () => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_ENDPOINT_URL']) vi.stubEnv(name, '');
    vi.stubEnv('AWS_CONFIG_FILE', '/none');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/none');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
    expect(await run(['doctor', '--region', 'eu-west-1'])).toEqual({
      code: 2,
      out: [],
      err: [expect.stringMatching(/no usable AWS credentials .*: set AWS_PROFILE, or AWS_ACCESS_KEY_ID/)],
    });
  });

  it.each([
    [['--region', 'nowhere'], 'notifier: nowhere: is no AWS region'],
    [
      ['-c', 'notifier:regions=eu-west-1,us-east-1'],
      'notifier: which region? Give --region with one of eu-west-1, us-east-1',
    ],
    [
      ['--endpoint-url', 'localhost'],
      "notifier: option '--endpoint-url <url>' argument 'localhost' is invalid. an endpoint is http://… or https://….",
    ],
    [
      ['--outputs', '/none.json'],
      'notifier: /none.json: cannot be read as the JSON that cdk deploy --outputs-file writes',
    ],
  ])('refuses %j', async (args, line) => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) vi.stubEnv(name, '');
    expect(await run(['doctor', ...args])).toEqual({ code: 2, out: [], err: [line] });
  });
});
