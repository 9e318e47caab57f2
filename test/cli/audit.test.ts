import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { envelopeOfRecord } from '../../cli/input/envelope.ts';
import type { DeadLetter } from '../../cli/redrive/dead-letter-store.ts';
import { keepDiscarded } from '../../cli/redrive/discard.ts';
import type { Pipeline } from '../../local/pipeline.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { aRecord } from '../builders.ts';
import { clientSettings } from '../local/aws/sdk-clients.ts';
import { aServiceEvent } from '../shared/outcome/signal-examples.ts';
import { type AwsProxy, refuse, startAwsProxy } from './aws-proxy.ts';
import { run } from './capture-io.ts';

let pipeline: Pipeline;
let proxy: AwsProxy;
let sqs: SQSClient;
let folder: string;

const DAY = ['--from', '2026-11-22', '--to', '2026-11-22'];
const read = { eventName: 'DescribeFlow', readOnly: true, responseElements: null };

beforeAll(async () => {
  pipeline = await startPipeline({ context: {}, page: false });
  proxy = await startAwsProxy(pipeline.urls.aws);
  sqs = new SQSClient(clientSettings(pipeline.urls.aws));
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'audit-'));
  proxy.answers.set('ReceiveMessage', ({ input }, forward) => forward({ ...input, WaitTimeSeconds: 0 }));
  // The pipeline of this test is younger than the calls.
  proxy.answers.set('DescribeStacks', async (_asked, forward) => {
    const given = await forward();
    const body = given.body.replace(/<CreationTime>[^<]*/, '<CreationTime>2026-11-01T00:00:00Z');
    return { ...given, body };
  });
});
afterEach(() => {
  proxy.answers.clear();
  rmSync(folder, { recursive: true });
});
afterAll(async () => {
  sqs?.destroy();
  await proxy?.close();
  await pipeline?.stop();
});

type Record = Readonly<{ [name: string]: unknown }>;

const aCall = (changes: Record = {}): Record => aRecord({ eventID: randomUUID(), ...changes });

const notify = async (...records: readonly Record[]): Promise<void> => {
  for (const record of records) await pipeline.putEvent(envelopeOfRecord(record));
  await pipeline.settled();
};

const writeLog = (records: readonly Record[], name = 'log.json.gz'): void =>
  writeFileSync(join(folder, name), gzipSync(JSON.stringify({ Records: records })));

const audit = (...args: readonly string[]) =>
  run(['audit', '--region', 'eu-west-1', '--endpoint-url', proxy.url, ...args, folder]);

const auditJson = async (...args: readonly string[]) => {
  const { code, out, err } = await audit(...DAY, '--json', ...args);
  return { code, err, ...JSON.parse(out[0] ?? '{}') };
};

describe('notifier audit', () => {
  it('finds that everything was reported', async () => {
    const notified = [aCall(), aCall(read), aCall({ errorCode: 'AccessDenied' })];
    await notify(...notified);
    writeLog([...notified, aCall({ eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' })]);
    expect(await audit(...DAY)).toEqual({
      code: 0,
      out: ['3 MediaConnect calls; 3 to be reported by the rules: 3 reported, 0 not.'],
      err: [],
    });
  });

  it('lists what was not reported, has it reported as late, and then finds it reported', async () => {
    const lost = aCall({ eventName: 'StopFlow' });
    writeLog([lost, lost]);
    const first = await audit(...DAY);
    expect({ code: first.code, out: first.out }).toEqual({
      code: 1,
      out: [
        expect.stringMatching(/^called +call +event +rule +channel +not reported, because$/),
        expect.stringContaining(
          `2026-11-22T20:00:00Z  StopFlow  ${lost.eventID}  changes  default  EventBridge did not deliver it, or its rule was not deployed then`,
        ),
        '',
        '1 MediaConnect call; 1 to be reported by the rules: 0 reported, 1 not.',
        'Add --notify to have them reported now, marked as late.',
      ],
    });
    expect(await audit(...DAY, '--notify')).toMatchObject({ code: 0, err: [] });
    await expect.poll(() => pipeline.messages().at(-1)?.payload.text).toMatch(/ late\)$/);
    await expect.poll(async () => (await auditJson()).missed).toEqual([]);
  });

  it.each<[what: string, changes: Record, reason: RegExp]>([
    [
      'too large for EventBridge',
      { requestParameters: { text: 'x'.repeat(262_144) } },
      /^its event of \d+ bytes is larger than the 256 KB/,
    ],
    [
      'before there was a stack',
      { eventTime: '2026-10-31T20:00:00Z' },
      /^before the stack was made at 2026-11-01T00:00:00Z$/,
    ],
    [
      'longer ago than the ledger remembers',
      { eventTime: '2020-01-01T20:00:00Z' },
      /^not known: the ledger remembers 400 days$/,
    ],
  ])('says why: %s', async (_what, changes, reason) => {
    const call = aCall(changes);
    writeLog([call]);
    const { out } = await audit('--from', '2019-01-01', '--to', '2027-01-01', '--json');
    expect(JSON.parse(out[0] ?? '{}').missed).toEqual([
      {
        eventId: call.eventID,
        operation: 'StopFlow',
        calledAt: String(changes.eventTime ?? '2026-11-22T20:00:00Z'),
        rule: 'changes',
        channel: 'default',
        delivery: 'immediate',
        reason: expect.stringMatching(reason),
        discarded: false,
        sent: null,
      },
    ]);
  });

  it('says why: it was given up', async () => {
    const call = aCall();
    writeLog([call]);
    const QueueUrl = pipeline.model.outputs.DeadLetterQueueUrl;
    const reason = { DataType: 'String', StringValue: 'no_service' };
    const MessageBody = JSON.stringify({ rule: 'changes', channel: 'default', event: envelopeOfRecord(call) });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes: { reason } }));
    expect((await auditJson()).missed).toMatchObject([{ reason: 'in the dead-letter queue: no_service' }]);
    await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  });

  it('says what waits for the digest after it was sent', async () => {
    writeLog([aCall(read), aCall(read), aCall()]);
    const { code, out } = await audit(...DAY, '--notify');
    expect({ code, last: out.slice(-2) }).toEqual({
      code: 0,
      last: [
        '3 calls sent to be reported now, marked as late.',
        '2 calls of these wait for the next digest, within 15 minutes.',
      ],
    });
  });

  it('knows what was discarded by hand, and leaves it', async () => {
    const [given, lost] = [aCall(), aCall()];
    writeLog([given, lost]);
    const discarded = join(folder, 'discarded.ndjson.txt');
    const keep = (channel: string): void =>
      keepDiscarded(
        discarded,
        {
          queue: 'functions',
          messageId: 'm',
          eventId: String(given.eventID),
          operation: 'StopFlow',
          rule: 'changes',
          body: JSON.stringify({ rule: 'changes', channel, event: {} }),
          reason: 'no_service',
          detail: undefined,
          sinceMs: 0,
        } as DeadLetter,
        { reason: 'a test of ours', atMs: Date.parse('2026-11-23T08:00:00Z') },
      );
    keep('another');
    expect((await auditJson('--discarded', discarded)).missed).toMatchObject([
      { discarded: false },
      { discarded: false },
    ]);
    keep('default');
    expect(await auditJson('--notify', '--discarded', discarded)).toMatchObject({
      code: 0,
      missed: [
        {
          eventId: given.eventID,
          reason: 'discarded by hand at 2026-11-23T08:00:00.000Z: a test of ours',
          discarded: true,
          sent: null,
        },
        { eventId: lost.eventID, discarded: false, sent: true },
      ],
    });
  });

  it('audits its own region and time, and only what the rules would report', async () => {
    writeLog([aCall({ awsRegion: 'us-east-1' }), aCall({ eventTime: '2026-11-23T00:00:00Z' }), aCall(read)]);
    const off = '{"reads":{"access":"read-only","enabled":false}}';
    expect(await auditJson('-c', `notifier:rules=${off}`)).toEqual({
      code: 0,
      err: [],
      region: 'eu-west-1',
      from: '2026-11-22T00:00:00Z',
      to: '2026-11-23T00:00:00Z',
      calls: 1,
      expected: 0,
      notified: 0,
      missed: [],
      unusable: [],
    });
  });

  it('counts no event of MediaConnect’s own as a call, even one that names the source of calls', async () => {
    const status = aServiceEvent('Flow Status Change', { currentStatus: 'STANDBY', previousStatus: 'STOPPING' });
    const alert = aServiceEvent('Alert', { errored: true, 'error-message': 'ask mediaconnect.amazonaws.com' });
    writeLog([status, alert]);
    expect(await auditJson()).toMatchObject({ code: 0, calls: 0, expected: 0, missed: [], unusable: [] });
  });

  it('does not pass over a file that it cannot read', async () => {
    writeLog([aRecord({ eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' })]);
    writeFileSync(join(folder, 'broken.json.gz'), gzipSync('{"Records":[').subarray(0, 20));
    writeFileSync(join(folder, 'odd.json'), '{"Records":[{"hello":1}]}');
    const { code, out, err } = await audit(...DAY);
    expect({ code, out, err }).toEqual({
      code: 1,
      out: ['0 MediaConnect calls; 0 to be reported by the rules: 0 reported, 0 not.'],
      err: [
        expect.stringMatching(/^notifier: .*broken\.json\.gz: not readable: .*; what it holds was not audited$/),
        expect.stringMatching(
          /^notifier: .*odd\.json:1: neither an EventBridge event .*; what it holds was not audited$/,
        ),
      ],
    });
  });

  it('says what its queue refused', async () => {
    writeLog([aCall()]);
    proxy.answers.set('SendMessage', refuse('AccessDenied', 'no', 403));
    const { code, err } = await audit(...DAY, '--notify');
    expect({ code, err }).toEqual({
      code: 1,
      err: ['notifier: not sent: the queue of the rule changes: not allowed: no'],
    });
  });

  it('says that it was interrupted', async () => {
    writeLog([aCall()]);
    const stop = AbortSignal.abort();
    const args = ['audit', ...DAY, '--region', 'eu-west-1', '--endpoint-url', proxy.url, folder];
    expect(await run(args, { stop })).toMatchObject({
      code: 1,
      err: ['notifier: interrupted: the audit is not whole; run it again'],
    });
  });

  it.each<[what: string, args: readonly string[], denied: string | undefined, line: RegExp]>([
    ['no such stack', [...DAY, '--stack', 'Other'], undefined, /^notifier: no stack Other in eu-west-1/],
    ['a ledger that may not be read', DAY, 'BatchGetItem', /^notifier: the ledger: not allowed: no$/],
    ['queues that may not be read', DAY, 'GetQueueAttributes', /^notifier: the queues: not allowed: no$/],
    [
      'a time that ends before it begins',
      ['--from', '2026-11-22', '--to', '2026-11-20'],
      undefined,
      /--to is not after --from/,
    ],
    ['no time', ['--from', '2026-11-22'], undefined, /^notifier: audit needs --to, as in: notifier audit --region/],
  ])('cannot begin with %s', async (_what, args, denied, line) => {
    writeLog([aCall()]);
    if (denied !== undefined) proxy.answers.set(denied, refuse('AccessDenied', 'no', 403));
    expect(await audit(...args)).toEqual({ code: 2, out: [], err: [expect.stringMatching(line)] });
  });
});
