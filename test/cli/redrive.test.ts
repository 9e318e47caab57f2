import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Pipeline } from '../../local/pipeline.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { anEvent } from '../builders.ts';
import { clientSettings } from '../local/aws/sdk-clients.ts';
import { type AwsProxy, refuse, startAwsProxy } from './aws-proxy.ts';
import { run } from './capture-io.ts';

let pipeline: Pipeline;
let proxy: AwsProxy;
let sqs: SQSClient;

beforeAll(async () => {
  pipeline = await startPipeline({ context: {}, page: false });
  proxy = await startAwsProxy(pipeline.urls.aws);
  sqs = new SQSClient(clientSettings(pipeline.urls.aws));
});
beforeEach(async () => {
  // What SQS has to ask all its servers for is known at once here.
  proxy.answers.set('ReceiveMessage', ({ input }, forward) => forward({ ...input, WaitTimeSeconds: 0 }));
  for (const QueueUrl of [functionsUrl(), rulesUrl()]) await sqs.send(new PurgeQueueCommand({ QueueUrl }));
});
afterEach(() => proxy.answers.clear());
afterAll(async () => {
  sqs?.destroy();
  await proxy?.close();
  await pipeline?.stop();
});

const output = (name: string): string => pipeline.model.outputs[name] ?? '';
const functionsUrl = (): string => output('DeadLetterQueueUrl');
const rulesUrl = (): string => output('TargetDeadLetterQueueUrl');

const routed = (eventID: string, rule = 'changes'): string =>
  JSON.stringify({
    rule,
    channel: 'default',
    ingestionTime: '2026-11-22T20:00:01Z',
    event: anEvent({ detail: { eventID } }),
  });

const giveUp = async (
  url: string,
  body: string,
  attributes: Readonly<Record<string, string>> = {
    reason: 'no_service',
    detail: 'the webhook is gone',
    receivedAt: '2026-11-22T20:00:02Z',
  },
): Promise<void> => {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageAttributes }));
};

const left = async (url: string): Promise<number> => {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
};

const visible = async (url: string): Promise<number> => {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages.length;
};

const redrive = (...args: readonly string[]) =>
  run(['redrive', '--region', 'eu-west-1', '--endpoint-url', proxy.url, ...args]);

const notifiedIds = (): readonly string[] =>
  pipeline.messages().flatMap(({ events }) => events.map(({ eventId }) => eventId));

/** What the proxy was asked to send, by the name of the queue. */
const sent = (): readonly (readonly [string, unknown])[] =>
  proxy.asked
    .filter(({ operation }) => operation === 'SendMessage')
    .map(({ input }) => [
      String(input.QueueUrl).replace(/^.*-(Immediate|Digest)Queue.*$/, '$1'),
      JSON.parse(String(input.MessageBody)),
    ]);

describe('notifier redrive', () => {
  it('says so when there is nothing', async () => {
    expect(await redrive()).toEqual({ code: 0, out: ['Nothing lies in the dead-letter queues.'], err: [] });
  });

  it('shows what lies there and why, and leaves it there for everybody', async () => {
    await giveUp(functionsUrl(), routed('dry-1'));
    await giveUp(rulesUrl(), routed('dry-2'), {
      RULE_ARN: 'arn:aws:events:eu-west-1:1:rule/MediaConnectNotifier-changes',
      ERROR_CODE: 'NO_PERMISSIONS',
      ERROR_MESSAGE: 'not allowed to send',
    });
    const { code, out, err } = await redrive('--dry-run');
    expect({ code, err }).toEqual({ code: 1, err: [] });
    expect(out.join('\n')).toMatch(
      /2026-11-22T20:00:02Z +functions +changes +StopFlow +dry-1 +no_service: the webhook is gone/,
    );
    expect(out.join('\n')).toMatch(/rules +changes +StopFlow +dry-2 +NO_PERMISSIONS: not allowed to send/);
    expect(out.at(-1)).toBe('2 records would be brought back, 0 would be left. Nothing was moved.');
    expect([await visible(functionsUrl()), await visible(rulesUrl())]).toEqual([1, 1]);
  });

  it('brings everything back, and it is reported', async () => {
    await giveUp(functionsUrl(), routed('back-1'));
    await giveUp(functionsUrl(), routed('back-2'));
    const { code, out, err } = await redrive();
    expect({ code, err, last: out.at(-1) }).toEqual({ code: 0, err: [], last: '2 records brought back, 0 left.' });
    expect(await left(functionsUrl())).toBe(0);
    await expect.poll(() => pipeline.messages().length).toBeGreaterThan(0);
  });

  it('gives an event of the rules’ queue the route of its rule', async () => {
    const arn = (rule: string) => `arn:aws:events:eu-west-1:1:rule/MediaConnectNotifier-${rule}`;
    const event = anEvent({ detail: { eventID: 'bare' } });
    proxy.asked.length = 0;
    await giveUp(rulesUrl(), JSON.stringify(event), { RULE_ARN: arn('reads'), ERROR_CODE: 'X' });
    await giveUp(rulesUrl(), JSON.stringify(event), {
      RULE_ARN: arn('changes'),
      TARGET_ARN: `arn:aws:sqs:eu-west-1:1:${output('DigestQueueUrl').split('/').at(-1)}`,
      ERROR_CODE: 'X',
    });
    await giveUp(rulesUrl(), JSON.stringify({ ...event, id: 'other' }), { RULE_ARN: arn('gone'), ERROR_CODE: 'X' });
    const { code, err } = await redrive();
    expect({ code, err, left: await left(rulesUrl()) }).toEqual({
      code: 1,
      err: ['notifier: 1 record: its rule gone is not in the context, so its channel is not known'],
      left: 2,
    });
    const ingestionTime = expect.stringMatching(/^20\d\d-/);
    expect(sent()).toEqual([['Digest', { rule: 'reads', channel: 'default', ingestionTime, event }]]);
  });

  it.each([
    [['--reason', 'malformed'], ['m-1']],
    [
      ['--event-id', 'n-1', 'n-2'],
      ['n-1', 'n-2'],
    ],
    [['--max', '1', '--reason', 'no_service'], [expect.stringMatching(/^n-[12]$/)]],
  ])('brings back only what was chosen by %j', async (args, ids) => {
    await giveUp(functionsUrl(), routed('n-1'));
    await giveUp(functionsUrl(), routed('n-2'));
    await giveUp(functionsUrl(), routed('m-1'), { reason: 'malformed', detail: 'x' });
    const { code, out } = await redrive(...args, '--json');
    const lines = out.map((line) => JSON.parse(line));
    const moved = lines.filter(({ result }) => result === 'moved').map(({ eventId }) => eventId);
    expect({ code, moved: moved.sort() }).toEqual({ code: 0, moved: ids });
    expect(await left(functionsUrl())).toBe(3 - ids.length);
  });

  it('deletes nothing that was not accepted', async () => {
    await giveUp(functionsUrl(), routed('kept'));
    proxy.answers.set(
      'SendMessage',
      refuse('AccessDenied', 'User: x is not authorized to perform: sqs:sendmessage', 403),
    );
    expect(await redrive('--json')).toMatchObject({
      code: 1,
      err: [
        'notifier: 1 record: sending a record back: not allowed: User: x is not authorized to perform: sqs:sendmessage',
      ],
    });
    expect(await visible(functionsUrl())).toBe(1);
  });

  it('says what was sent and could not be deleted', async () => {
    await giveUp(functionsUrl(), routed('twice'));
    proxy.answers.set('DeleteMessage', refuse('AccessDenied', 'no', 403));
    const { code, err } = await redrive('--json');
    expect({ code, err }).toEqual({
      code: 1,
      err: ['notifier: 1 record: sent back, but deleting a record that was sent back: not allowed: no'],
    });
  });

  it('moves no record round and round that is given up again at once', async () => {
    await giveUp(functionsUrl(), 'not JSON', { reason: 'malformed', detail: 'record is not JSON' });
    proxy.answers.set('SendMessage', async ({ input }, forward) => {
      await giveUp(functionsUrl(), String(input.MessageBody), { reason: 'malformed', detail: 'again' });
      return forward();
    });
    const { code, out } = await redrive('--reason', 'malformed');
    // The function may give up the one that was moved while the other one is looked at.
    expect({ code, last: out.slice(-2) }).toEqual({
      code: 1,
      last: [
        expect.stringMatching(/^1 record brought back, [12] left\.$/),
        expect.stringMatching(/^[12] records? came back at once: given up again, or there twice\.$/),
      ],
    });
    // Both are there again in the end, and not only once the next test runs.
    await expect.poll(() => left(functionsUrl())).toBe(2);
  });

  it('leaves what cannot be read, and says what to do with it', async () => {
    await giveUp(functionsUrl(), routed('u-1'));
    await giveUp(functionsUrl(), 'not JSON', { reason: 'malformed', detail: 'record is not JSON' });
    const dry = await redrive('--dry-run');
    expect(dry.out.at(-1)).toBe('1 record would be brought back, 1 would be left. Nothing was moved.');
    const { code, out, err } = await redrive();
    expect({ code, err, last: out.at(-1), left: await visible(functionsUrl()) }).toEqual({
      code: 1,
      err: [expect.stringMatching(/^notifier: 1 record: cannot be read and would be given up again; .*--discard it$/)],
      last: '1 record brought back, 1 left.',
      left: 1,
    });
  });

  it('shows a record whole, and leaves it there', async () => {
    await giveUp(functionsUrl(), routed('s-1'));
    await giveUp(functionsUrl(), routed('s-2'));
    const { code, out, err } = await redrive('--show', '--event-id', 's-1');
    expect({ code, err, first: out[0], left: await visible(functionsUrl()) }).toEqual({
      code: 1,
      err: [],
      first: 'event        s-1',
      left: 2,
    });
    expect(out).toContain('reason       no_service');
    expect(out).toContain('detail       the webhook is gone');
    expect(out.join('\n')).toMatch(/^ +"eventName": "StopFlow",$/m);
    expect((await redrive('--show', '--event-id', 's-3')).out).toEqual([
      'No such record lies in the dead-letter queues.',
    ]);
  });

  describe('discards', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'redrive-'));
    afterAll(() => rmSync(cwd, { recursive: true }));
    const discard = (...args: readonly string[]) =>
      run(['redrive', '--region', 'eu-west-1', '--endpoint-url', proxy.url, ...args], { cwd });

    it('a named record, and keeps it with the reason', async () => {
      await giveUp(functionsUrl(), 'not JSON', { reason: 'malformed', detail: 'record is not JSON' });
      await giveUp(functionsUrl(), routed('d-1'));
      const shown = (await discard('--dry-run', '--json', '--reason', 'malformed')).out.map((line) => JSON.parse(line));
      const messageId = String(shown.find(({ result }) => result === 'seen')?.messageId);
      const { code, out, err } = await discard('--discard', 'sent by hand', '--message-id', messageId);
      expect({ code, err, last: out.at(-1), left: await visible(functionsUrl()) }).toEqual({
        code: 0,
        err: [],
        last: '1 record discarded, 1 left.',
        left: 1,
      });
      const file = join(cwd, 'discarded.ndjson');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
        because: 'sent by hand',
        reason: 'malformed',
        detail: 'record is not JSON',
        messageId,
        body: 'not JSON',
      });
    });

    it.each([
      [
        'without a name',
        ['--discard', 'x', '--reason', 'malformed'],
        /needs the records for --discard \(--event-id or --message-id\), as in: notifier redrive --region/,
      ],
      [
        'without a reason',
        ['--discard', ' ', '--event-id', 'd-1'],
        '--discard takes the reason, which is kept with the record',
      ],
      [
        'what cannot be kept',
        ['--discard', 'x', '--event-id', 'd-2', '--keep', 'no/such/folder'],
        /no\/such\/folder cannot be written to \(ENOENT\); nothing is discarded$/,
      ],
    ])('nothing %s', async (_what, args, says) => {
      await giveUp(functionsUrl(), routed('d-2'));
      const { code, err } = await discard(...args);
      expect({ code, err, left: await left(functionsUrl()) }).toEqual({
        code: 2,
        err: [typeof says === 'string' ? `notifier: ${says}` : expect.stringMatching(says)],
        left: 1,
      });
    });
  });

  it('can be interrupted and run again', async () => {
    for (const id of ['i-1', 'i-2', 'i-3', 'i-4', 'i-5', 'i-6', 'i-7', 'i-8']) await giveUp(functionsUrl(), routed(id));
    const stop = new AbortController();
    proxy.answers.set('SendMessage', (_asked, forward) => {
      stop.abort();
      return forward();
    });
    const args = ['redrive', '--region', 'eu-west-1', '--endpoint-url', proxy.url];
    const first = await run(args, { stop: stop.signal });
    const still = await visible(functionsUrl());
    expect({ code: first.code, err: first.err, some: still > 0 && still < 8 }).toEqual({
      code: 1,
      err: [
        `notifier: broken off: about ${still} record${still === 1 ? ' still lies' : 's still lie'} there; run it again`,
      ],
      some: true,
    });
    proxy.answers.delete('SendMessage');
    expect((await redrive()).out.at(-1)).toBe(`${still} records brought back, 0 left.`);
    expect(await left(functionsUrl())).toBe(0);
  });

  it('says how far it came when AWS refuses half-way', async () => {
    await giveUp(functionsUrl(), routed('h-1'));
    let asked = 0;
    proxy.answers.set('ReceiveMessage', (one, forward) => {
      asked += 1;
      return asked > 1
        ? refuse('ExpiredToken', 'expired', 403)(one, forward)
        : forward({ ...one.input, WaitTimeSeconds: 0 });
    });
    const { code, out, err } = await redrive();
    expect({ code, last: out.at(-1), err }).toEqual({
      code: 1,
      last: '1 record brought back, 0 left.',
      err: [
        expect.stringMatching(/^notifier: the dead-letter queue: no usable AWS credentials \(expired\): /),
        'notifier: broken off: about 0 records still lie there; run it again',
      ],
    });
  });

  it.each([
    [
      'there is no such stack',
      ['--stack', 'Other'],
      undefined,
      /^notifier: no stack Other in eu-west-1: deploy it: npx cdk deploy Other /,
    ],
    ['it may not look', [], 'ReceiveMessage', /^notifier: the dead-letter queue: not allowed: no$/],
    [
      'it may not see the stack',
      [],
      'DescribeStacks',
      /^notifier: the stack MediaConnectNotifier-eu-west-1: not allowed: no$/,
    ],
  ])('cannot begin when %s', async (_what, args, denied, line) => {
    if (denied !== undefined) proxy.answers.set(denied, refuse('AccessDenied', 'no', 403));
    expect(await redrive(...args)).toEqual({ code: 2, out: [], err: [expect.stringMatching(line)] });
  });

  it('refuses a number that is none', async () => {
    expect((await redrive('--max', '0')).err).toEqual([
      "notifier: option '--max <number>' argument '0' is invalid. a number of records is 1 or more.",
    ]);
  });
});

it('tells what was brought back once, whatever was reported before', () => {
  expect(new Set(notifiedIds()).size).toBe(notifiedIds().length);
});
