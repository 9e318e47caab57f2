import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  type PutEventsRequestEntry,
  PutRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEventBridge } from '../../../local/aws/event-bridge.ts';
import type { BusEvent } from '../../../local/aws/event-bus.ts';
import { type Gateway, startGateway } from '../../../local/aws/gateway.ts';
import { readTemplate } from '../../../local/template/read-template.ts';
import { anEvent } from '../../builders.ts';
import { aStackEnvironment } from '../a-stack-environment.ts';
import { aTemplate } from '../a-template.ts';
import { clientSettings } from './sdk-clients.ts';

let door: Gateway;
let client: EventBridgeClient;
const published: BusEvent[] = [];

beforeAll(async () => {
  door = await startGateway({ port: 0 });
  const { rules, schedules } = readTemplate(aTemplate(), aStackEnvironment(), '/assembly');
  let ids = 0;
  door.serve(
    createEventBridge({
      rules,
      schedules,
      account: '000000000000',
      region: 'eu-west-1',
      nowMs: () => Date.parse('2026-11-22T20:00:05.678Z'),
      newId: () => `id-${++ids}`,
      publish: async (event) => published.push(event),
    }),
  );
  client = new EventBridgeClient(clientSettings(door.url));
});
beforeEach(() => void published.splice(0));
afterAll(async () => {
  client.destroy();
  await door.close();
});

const entry = (changes: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
  Source: 'test.source',
  DetailType: 'Test',
  Detail: '{"a":1}',
  ...changes,
});
const put = (...Entries: PutEventsRequestEntry[]) => client.send(new PutEventsCommand({ Entries }));

describe('PutEvents', () => {
  it('makes an event of an entry', async () => {
    const { FailedEntryCount, Entries } = await put(
      entry({ Time: new Date('2026-11-22T19:00:00.999Z'), Resources: ['arn:x'] }),
    );
    expect({ FailedEntryCount, published }).toEqual({
      FailedEntryCount: 0,
      published: [
        {
          version: '0',
          id: Entries?.[0]?.EventId,
          'detail-type': 'Test',
          source: 'test.source',
          account: '000000000000',
          time: '2026-11-22T19:00:00Z',
          region: 'eu-west-1',
          resources: ['arn:x'],
          detail: { a: 1 },
        },
      ],
    });
  });

  it.each([
    [
      'no source',
      { Source: undefined },
      'InvalidArgument',
      'Parameter Source is not valid. Reason: Source is a required argument.',
    ],
    [
      'an empty source',
      { Source: '' },
      'InvalidArgument',
      'Parameter Source is not valid. Reason: Source is a required argument.',
    ],
    [
      'no detail-type',
      { DetailType: undefined },
      'InvalidArgument',
      'Parameter DetailType is not valid. Reason: DetailType is a required argument.',
    ],
    [
      'no detail',
      { Detail: undefined },
      'InvalidArgument',
      'Parameter Detail is not valid. Reason: Detail is a required argument.',
    ],
    [
      'too long a detail-type',
      { DetailType: 'x'.repeat(129) },
      'InvalidArgument',
      'Parameter DetailType is not valid. Reason: DetailType may have 128 characters.',
    ],
    ['a detail that is not JSON', { Detail: 'hello' }, 'MalformedDetail', 'Detail is malformed.'],
    ['a detail that is no object', { Detail: '[1]' }, 'MalformedDetail', 'Detail is malformed.'],
  ])('refuses only the entry with %s', async (_, changes, ErrorCode, ErrorMessage) => {
    const { FailedEntryCount, Entries } = await put(entry(changes), entry());
    expect([FailedEntryCount, Entries?.[0], published.length]).toEqual([1, { ErrorCode, ErrorMessage }, 1]);
  });

  it('takes an entry for a bus that is not there and gives it to nobody, as AWS does', async () => {
    const { FailedEntryCount } = await put(entry({ EventBusName: 'elsewhere' }));
    expect([FailedEntryCount, published]).toEqual([0, []]);
  });

  it.each([
    [
      'no entries',
      [],
      "1 validation error detected: Value '[]' at 'entries' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    ['eleven entries', Array.from({ length: 11 }, () => entry()), 'Member must have length less than or equal to 10'],
    [
      'more than a mebibyte',
      [entry({ Detail: JSON.stringify({ a: 'x'.repeat(1_048_576) }) })],
      'Total size of the entries in the request is over the limit.',
    ],
    ['a bus without a name', [entry(), entry({ EventBusName: '' })], "Value '' at 'entries.2.member.eventBusName'"],
    [
      'a bus that no bus is called',
      [entry({ EventBusName: 'a bus' })],
      "Value 'a bus' at 'entries.1.member.eventBusName'",
    ],
  ])('refuses a request with %s', async (_, entries, message) => {
    await expect(put(...entries)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
  });

  it('refuses a time that is none', async () => {
    const response = await fetch(door.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSEvents.PutEvents', 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify({ Entries: [{ ...entry(), Time: 'soon' }] }),
    });
    expect([response.status, await response.json(), published]).toEqual([
      400,
      { __type: 'SerializationException', message: 'Entries is not a list of entries' },
      [],
    ]);
  });

  it('takes sources of AWS, and says that AWS would not', async () => {
    const response = await fetch(door.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSEvents.PutEvents', 'content-type': 'application/x-amz-json-1.1' },
      body: JSON.stringify({ Entries: [entry({ Source: 'aws.mediaconnect' })] }),
    });
    expect([published.length, response.headers.get('x-amzn-one-machine-note')]).toEqual([
      1,
      'taken here; AWS itself refuses sources that begin with aws. from anyone but its own services',
    ]);
  });
});

describe('TestEventPattern', () => {
  const test = (EventPattern: string, event: unknown) =>
    client.send(
      new TestEventPatternCommand({ EventPattern, Event: typeof event === 'string' ? event : JSON.stringify(event) }),
    );

  it.each([
    ['{"source":["aws.mediaconnect"]}', true],
    ['{"source":[{"prefix":"aws."}],"detail":{"eventName":[{"anything-but":"StopFlow"}]}}', false],
  ])('%s gives %s', async (pattern, expected) => {
    expect((await test(pattern, anEvent())).Result).toBe(expected);
  });

  it('does without resources, as the service does against its documentation', async () => {
    expect((await test('{"source":["aws.mediaconnect"]}', anEvent({ resources: undefined }))).Result).toBe(true);
  });

  it.each<readonly [string, unknown]>([
    ['that is not JSON', '{'],
    ['that is a list', []],
    ['that is null', 'null'],
    ...['id', 'account', 'source', 'time', 'region', 'detail-type'].map(
      (field) => [`without ${field}`, anEvent({ [field]: undefined })] as const,
    ),
  ])('refuses an event %s', async (_, event) => {
    await expect(test('{"source":["a"]}', event)).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Parameter Event is not valid.',
    });
  });

  const tooComplex = JSON.stringify({
    source: Array.from('abcdef', (letter) => ({ wildcard: `*${letter}*x*x*` })),
  });

  it.each(['{', '[]', '{"source":"a"}', '{"source":[]}', '{"source":[{"nonsense":1}]}', tooComplex])(
    'refuses the pattern %s',
    async (pattern) => {
      await expect(test(pattern, anEvent())).rejects.toMatchObject({
        name: 'InvalidEventPatternException',
        message: expect.stringMatching(/^Event pattern is not valid\. Reason: /),
      });
    },
  );
});

describe('the rules of the stack', () => {
  it('are listed and described as deployed', async () => {
    const rule = {
      Name: 'changes',
      Arn: 'arn:aws:events:eu-west-1:000000000000:rule/changes',
      EventPattern: '{"source":["aws.mediaconnect"]}',
      State: 'ENABLED',
      EventBusName: 'default',
    };
    const listed = await client.send(new ListRulesCommand({ NamePrefix: 'ch' }));
    const described = await client.send(new DescribeRuleCommand({ Name: 'changes' }));
    expect([listed.Rules, (await client.send(new ListRulesCommand({ NamePrefix: 'x' }))).Rules]).toEqual([[rule], []]);
    expect(described).toMatchObject({ ...rule, CreatedBy: '000000000000' });
  });

  it('have their targets', async () => {
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: 'changes' }));
    expect(Targets?.map(({ Id, Arn }) => [Id, Arn])).toEqual([
      ['Queue', 'arn:aws:sqs:eu-west-1:000000000000:Stack-Queue'],
    ]);
  });

  it('are asked for by names that exist', async () => {
    await expect(client.send(new DescribeRuleCommand({ Name: 'no' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Rule no does not exist on EventBus default.',
    });
    await expect(client.send(new ListRulesCommand({ EventBusName: 'no' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Event bus no does not exist.',
    });
  });
});

describe('what is not served', () => {
  it('is refused with the names of what is', async () => {
    await expect(client.send(new PutRuleCommand({ Name: 'x' }))).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message:
        'AWSEvents.PutRule is not served on one machine. Served are: AWSEvents.DescribeRule, AWSEvents.ListRules, AWSEvents.ListTargetsByRule, AWSEvents.PutEvents, AWSEvents.TestEventPattern.',
    });
  });

  it('is refused in the older protocol too', async () => {
    const response = await fetch(door.url, { method: 'POST', body: new URLSearchParams({ Action: 'ListQueues' }) });
    expect([response.status, await response.text()]).toEqual([
      400,
      '<ErrorResponse><Error><Type>Sender</Type><Code>UnknownOperationException</Code><Message>A request without X-Amz-Target is not served on one machine. Served are: AWSEvents.</Message></Error></ErrorResponse>',
    ]);
  });
});
