import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInput } from '../../cli/local/run-local.ts';
import { LocalStartError } from '../../local/local-start-error.ts';
import type { Pipeline } from '../../local/pipeline.ts';
import { startPipeline } from '../../local/start-pipeline.ts';
import { anEvent, aRecord } from '../builders.ts';
import { type AwsProxy, answer, startAwsProxy } from './aws-proxy.ts';
import { run } from './capture-io.ts';

let pipeline: Pipeline;
let proxy: AwsProxy;
const folder = mkdtempSync(join(tmpdir(), 'inputs-'));

beforeAll(async () => {
  pipeline = await startPipeline({ context: {}, page: false });
  proxy = await startAwsProxy(pipeline.urls.aws);
  proxy.answers.set('PutEvents', (asked, forward) => {
    const Entries = (asked.input.Entries as readonly unknown[]).map(() => ({ EventId: 'x' }));
    return answer({ FailedEntryCount: 0, Entries })(asked, forward);
  });
  // As if all had been reported, so that only the reading decides how an audit ends.
  proxy.answers.set('BatchGetItem', (asked, forward) => {
    const tables = asked.input.RequestItems as Record<string, { readonly Keys: readonly object[] }>;
    const notified = Object.entries(tables).map(([table, { Keys }]) => [
      table,
      Keys.map((key) => ({ ...key, notifiedAtMs: { N: '1' } })),
    ]);
    return answer({ Responses: Object.fromEntries(notified) })(asked, forward);
  });
});
afterAll(async () => {
  await proxy?.close();
  await pipeline?.stop();
  rmSync(folder, { recursive: true });
});

let made = 0;
const call = (changes: Record<string, unknown> = {}) => aRecord({ eventID: `call-${made++}`, ...changes });
const other = () => call({ eventSource: 'ec2.amazonaws.com', eventName: 'DescribeInstances', readOnly: true });
const text = (value: unknown): string => JSON.stringify(value);
const log = (...Records: readonly unknown[]): string => text({ Records });
const insight = {
  eventVersion: '1.09',
  eventID: 'insight',
  eventType: 'AwsCloudTrailInsight',
  eventCategory: 'Insight',
  insightDetails: { state: 'Start', eventSource: 'mediaconnect.amazonaws.com', eventName: 'DescribeFlow' },
};
const cell = (value: unknown) => ({ VarCharValue: typeof value === 'string' ? value : text(value) });
const rowOf = (record: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'string' ? value : text(value),
    ]),
  );
const athena = (record: Record<string, unknown>) => ({
  ResultSet: {
    Rows: [
      { Data: Object.keys(record).map((name) => cell(name.toLowerCase())) },
      { Data: Object.values(record).map(cell) },
    ],
  },
});
const lake = (record: Record<string, unknown>) => ({
  QueryResultRows: [Object.entries(record).map(([name, value]) => ({ [name]: cell(value).VarCharValue }))],
});
const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString('base64');
const subscription = (...records: readonly unknown[]) => ({
  messageType: 'DATA_MESSAGE',
  logGroup: 'trail',
  logEvents: records.map((each, index) => ({ id: `${index}`, timestamp: 1, message: text(each) })),
});
const control = { messageType: 'CONTROL_MESSAGE', logEvents: [{ id: '', message: 'CWL CONTROL MESSAGE: Checking.' }] };
const deep = (levels: number): string =>
  text(call({ requestParameters: 'DEEP' })).replace('"DEEP"', `{"x":${'['.repeat(levels)}${']'.repeat(levels)}}`);

type Files = Readonly<Record<string, string | Uint8Array>>;
const one = (content: string | Uint8Array): Files => ({ 'input.json': content });

/** What an input holds, its calls (records of all services apart), and the exit code of every command. */
const INPUTS: readonly (readonly [name: string, files: Files, calls: number, others: number, code: 0 | 1 | 2])[] = [
  ['a log file', one(log(call(), other(), call())), 2, 1, 0],
  ['objects of Firehose, back to back', one([call(), call(), call()].map(text).join('')), 3, 0, 0],
  ['two objects on a line', one(`${text(call())} ${text(call())}\n${text(call())}\n`), 3, 0, 0],
  ['log files after zcat', one(`${log(call(), other())}${log(call())}\n${log(other(), call())}`), 3, 2, 0],
  ['others at the seams', one([0, 1, 2].map(() => log(other(), call(), other())).join('')), 3, 6, 0],
  ['log files after cat', one(Buffer.concat([gzipSync(log(call(), other())), gzipSync(log(call()))])), 2, 1, 0],
  ['a log file and a list, joined', one(`${text([call()])}${log(call())}`), 2, 0, 0],
  [
    'objects over several lines',
    one([call(), call()].map((each) => JSON.stringify(each, undefined, 2)).join('\n')),
    2,
    0,
    0,
  ],
  ['a byte order mark', one(`\uFEFF${log(call(), other())}`), 1, 1, 0],
  [
    'byte order marks, Windows lines and blank ones',
    one(`\uFEFF${text(call())}\r\n\r\n\uFEFF${text(call())}\r\n`),
    2,
    0,
    0,
  ],
  ['UTF-16', one(Buffer.from(`\uFEFF${log(call())}`, 'utf16le')), 0, 0, 2],
  ['an empty list', one('{"Records":[]}'), 0, 0, 0],
  ['nothing', one(''), 0, 0, 2],
  [
    'a list that is empty among others',
    { 'a.json.gz': gzipSync(log(call())), 'b.json.gz': gzipSync('{"Records":[]}') },
    1,
    0,
    0,
  ],
  [
    'a file that is empty among others',
    { 'a.json.gz': gzipSync(log(call())), 'b.json.gz': '', 'c.json.gz': gzipSync(log(call())) },
    2,
    0,
    1,
  ],
  [
    'a file that is cut after good ones',
    { 'a.json.gz': gzipSync(log(call())), 'b.json.gz': gzipSync(log(call())).subarray(0, -20) },
    1,
    0,
    1,
  ],
  [
    'digests and Insight files beside the log file',
    {
      '111122223333_CloudTrail_eu-west-1_20261122T2005Z_a.json.gz': gzipSync(log(call(), other())),
      '111122223333_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20261122T200000Z.json.gz':
        gzipSync('{"digestS3Object":"x"}'),
      '111122223333_CloudTrail-Insight_eu-west-1_20261122T2005Z_b.json.gz': gzipSync(log(insight)),
    },
    1,
    1,
    0,
  ],
  [
    'an object without an extension, and what is no log file',
    { 'logs-1-2026-11-22-20-00-00-0a1b': `${text(call())}`, README: 'text', 'a.txt': 'text' },
    1,
    0,
    0,
  ],
  ['a line that is no JSON among others', one(`${text(call())}\nhello\n${text(call())}`), 2, 0, 1],
  ['a line that is cut among others', one(`${text(call())}\n{"eventVersion":"1.11","ev\n${text(call())}`), 2, 0, 1],
  [
    'lookup-events',
    one(
      text({
        Events: [call(), call()].map((each) => ({ EventId: each.eventID, CloudTrailEvent: text(each) })),
        NextToken: 'x',
      }),
    ),
    2,
    0,
    0,
  ],
  ['lookup-events, the texts alone', one(text([text(call()), text(call())])), 2, 0, 0],
  ['a message of SNS', one(text({ Type: 'Notification', TopicArn: 'arn', Message: log(call()) })), 1, 0, 0],
  [
    'a record of SNS for a function',
    one(
      text({
        Records: [
          {
            EventSource: 'aws:sns',
            Sns: { Type: 'Notification', Message: text(anEvent({ detail: { eventID: 'sns' } })) },
          },
        ],
      }),
    ),
    1,
    0,
    0,
  ],
  [
    'messages of SQS',
    one(text({ Messages: [{ MessageId: 'm', Body: text(call()) }, { Body: text(anEvent()) }] })),
    2,
    0,
    0,
  ],
  [
    'records of SQS for a function',
    one(text({ Records: [{ messageId: 'm', eventSource: 'aws:sqs', body: text(call()) }] })),
    1,
    0,
    0,
  ],
  [
    'the body of a queue or a dead letter of ours',
    one(text({ rule: 'changes', channel: 'default', ingestionTime: '2026-11-22T20:00:03Z', event: anEvent() })),
    1,
    0,
    0,
  ],
  [
    'entries of PutEvents',
    one(text([{ Source: 'aws.mediaconnect', DetailType: 'AWS API Call via CloudTrail', Detail: text(call()) }])),
    1,
    0,
    0,
  ],
  [
    'events of CloudWatch Logs',
    one(text({ events: [{ timestamp: 1, message: text(call()) }], searchedLogStreams: [] })),
    1,
    0,
    0,
  ],
  [
    'results of Logs Insights',
    one(
      text({
        results: [
          [
            { field: '@message', value: text(call()) },
            { field: '@ptr', value: 'x' },
          ],
        ],
        status: 'Complete',
      }),
    ),
    1,
    0,
    0,
  ],
  ['rows of Athena', one(text(athena(call()))), 1, 0, 0],
  ['rows of Athena, an object a line', one(`${text(rowOf(call()))}\n${text(rowOf(other()))}`), 1, 1, 0],
  ['rows of CloudTrail Lake', one(text(lake(call()))), 1, 0, 0],
  [
    'a subscription of CloudWatch Logs, as a function gets it',
    one(text({ awslogs: { data: base64(gzipSync(text(subscription(call(), call(), other())))) } })),
    2,
    1,
    0,
  ],
  [
    'a subscription in objects of Firehose, packed twice, with its control messages',
    one(gzipSync(Buffer.concat([control, subscription(call())].map((each) => gzipSync(text(each)))))),
    1,
    0,
    0,
  ],
  [
    'records of Kinesis for a function, which name a source and an event too',
    one(
      text({
        Records: [
          {
            eventSource: 'aws:kinesis',
            eventName: 'aws:kinesis:record',
            kinesis: { data: base64(text(anEvent({ detail: { eventID: 'kinesis' } }))) },
          },
        ],
      }),
    ),
    1,
    0,
    0,
  ],
  [
    'records of Firehose for a function',
    one(text({ invocationId: 'i', records: [call(), other()].map((each) => ({ data: base64(text(each)) })) })),
    1,
    1,
    0,
  ],
  ['get-records of Kinesis', one(text({ Records: [{ PartitionKey: 'p', Data: base64(text(call())) }] })), 1, 0, 0],
  ['a change of DynamoDB', one(text({ Records: [{ eventSource: 'aws:dynamodb', eventName: 'INSERT' }] })), 0, 0, 2],
  ['base64 that is no JSON', one(text({ Records: [{ data: base64('hello there, you') }] })), 0, 0, 2],
  [
    'the input of test-event-pattern',
    one(text({ EventPattern: '{}', Event: text(anEvent({ detail: { eventID: 'pattern' } })) })),
    1,
    0,
    0,
  ],
  ['audit events of CloudTrail Lake', one(text({ auditEvents: [{ id: 'a', eventData: text(call()) }] })), 1, 0, 0],
  [
    'a column of JSON, alone and beside another',
    one(text({ QueryResultRows: [[{ eventJson: text(call()) }], [{ eventJson: text(call()) }, { eventTime: 't' }]] })),
    2,
    0,
    0,
  ],
  [
    'what tools for searching logs put around records',
    one(
      [
        { hits: { total: 2, hits: [{ _source: call() }, { _source: other() }] } },
        { '@timestamp': 't', event: { original: text(call()) } },
        { preview: false, result: { _raw: text(call()) } },
      ]
        .map(text)
        .join('\n'),
    ),
    3,
    1,
    0,
  ],
  ['something around a record and what is none', one(text({ hits: [call(), { name: 'x' }] })), 1, 0, 1],
  [
    'lists of one text each, which are no cells of a row',
    one(text([[call(), call()].map((each) => ({ CloudTrailEvent: text(each) }))])),
    2,
    0,
    0,
  ],
  ['a zip file', one('PK\u0003\u0004'), 0, 0, 2],
  ['rows of CSV', one('"eventname","useridentity"\n"StopFlow","{type=Root}"\n'), 0, 0, 2],
  ['an Insight record', one(text(insight)), 0, 0, 2],
  [
    'a notification of S3',
    one(text({ Records: [{ eventSource: 'aws:s3', eventName: 'ObjectCreated:Put', s3: { object: { key: 'k' } } }] })),
    0,
    0,
    2,
  ],
  ['an event nested 5,000 deep among others', one([text(call()), deep(5000), text(call())].join('\n')), 2, 0, 1],
  ['something else', one('{"name":"x"}'), 0, 0, 2],
];

/** Writes the files and returns what a person would name: the only file, or their directory. */
function pathOf(name: string, files: Files): string {
  const directory = join(folder, name.replaceAll(/\W+/g, '-'));
  const paths = Object.keys(files).map((file) => join(directory, file));
  for (const [index, content] of Object.values(files).entries()) {
    const path = paths[index] ?? '';
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return paths.length === 1 ? (paths[0] ?? '') : directory;
}

const aws = () => ['--region', 'eu-west-1', '--endpoint-url', proxy.url];
const parsed = (lines: readonly string[]) => lines.map((line) => JSON.parse(line));

async function readByLocal(path: string): Promise<{ code: number; found: number }> {
  const unusable: string[] = [];
  const options = { stop: new AbortController().signal, stdin: (async function* () {})(), onNote: () => undefined };
  try {
    const input = await openInput([path], { ...options, onUnusable: (line) => unusable.push(line) });
    const events = await Array.fromAsync(input.events());
    return { code: unusable.length === 0 ? 0 : 1, found: events.length };
  } catch (error) {
    if (!(error instanceof LocalStartError)) throw error;
    return { code: 2, found: 0 };
  }
}

it('local says each of a thousand pieces before the first event, and counts the others', async () => {
  const path = pathOf('bad lines', one(`${'{"a":1}\n'.repeat(1500)}${text(call())}`));
  const said: string[] = [];
  const options = { stop: new AbortController().signal, stdin: (async function* () {})(), onNote: () => undefined };
  const input = await openInput([path], { ...options, onUnusable: (line) => said.push(line) });
  const events = await Array.fromAsync(input.events());
  expect([events.length, said.length, said[0]?.startsWith(`${path}:1: neither`), said.at(-1)]).toEqual([
    1,
    1001,
    true,
    'and 500 more before the first event',
  ]);
});

describe('every command reads', () => {
  it.each(INPUTS)('%s', async (name, files, calls, others, code) => {
    const path = pathOf(name, files);
    const found = calls + others;
    const explained = await run(['explain', '--json', path]);
    const sent = await run(['send', '--json', path, ...aws()]);
    const backtested = await run(['backtest', '--json', path]);
    const audited = await run(['audit', '--json', path, ...aws(), '--from', '2026-11-22', '--to', '2026-11-22']);
    expect({
      explain: { code: explained.code, found: parsed(explained.out).filter((line) => 'eventId' in line).length },
      send: { code: sent.code, found: parsed(sent.out).filter(({ result }) => result === 'accepted').length },
      local: await readByLocal(path),
      backtest: { code: backtested.code, calls: parsed(backtested.out)[0]?.calls ?? 0 },
      // An audit says what it could not read, and never that it could not be made.
      audit: { code: audited.code, calls: parsed(audited.out)[0]?.calls ?? 0 },
    }).toEqual({
      explain: { code, found },
      send: { code, found },
      local: { code, found },
      backtest: { code, calls },
      audit: { code: Math.min(code, 1), calls },
    });
  });
});
