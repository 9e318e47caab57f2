import { describe, expect, it } from 'vitest';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import { enrich } from '../../../shared/notification/enrich.ts';
import { phraseText } from '../../../shared/notification/notification.ts';
import { ACCOUNT, aRoutedEvent, FLOW_ARN } from '../../builders.ts';

type Changes = Parameters<typeof aRoutedEvent>[0];

const SETTINGS = { accountNames: { [ACCOUNT]: 'Broadcast' }, channels: {}, showParameters: [] };

const enriched = (changes?: Changes, route?: Parameters<typeof aRoutedEvent>[1]) => {
  const matched = aRoutedEvent(changes, route);
  return enrich(matched, classifyCall(matched.event.detail), SETTINGS);
};

const notes = (changes?: Changes): readonly string[] => enriched(changes).notes.map(phraseText);

it('makes the whole notification of a call', () => {
  expect(enriched()).toEqual({
    eventId: '987abc65-1a2b-4c4d-9d6e-987abc654def',
    route: { rule: 'changes', channel: 'default', ingestedAtMs: Date.parse('2026-11-22T20:00:05Z') },
    call: {
      operation: 'StopFlow',
      resource: 'flow',
      access: 'mutating',
      outcome: 'succeeded',
      impact: 'off-air',
      contradictedBy: undefined,
    },
    principal: {
      kind: 'AssumedRole',
      name: 'jane@example.org',
      via: { kind: 'role', name: 'Operators' },
      said: [
        { kind: 'name', text: 'jane@example.org' },
        { kind: 'plain', text: ' as role ' },
        { kind: 'name', text: 'Operators' },
      ],
      facts: [
        {
          label: '',
          value: [{ kind: 'plain', text: 'Temporary role credentials, MFA · not root, IAM user or AWS service' }],
        },
        { label: 'In rules', value: [{ kind: 'name', text: 'Operators/jane@example.org' }] },
      ],
      accountId: ACCOUNT,
      key: `AssumedRole/${ACCOUNT}/Operators/jane@example.org`,
      sensitive: false,
    },
    origin: {
      kind: 'cli',
      label: [
        { kind: 'plain', text: 'AWS CLI ' },
        { kind: 'name', text: '2.31.0' },
      ],
    },
    sourceAddress: '203.0.113.17',
    calledAtMs: Date.parse('2026-11-22T20:00:00Z'),
    lateByMs: undefined,
    account: { id: ACCOUNT, name: 'Broadcast' },
    region: 'eu-west-1',
    resources: [{ kind: 'flow', name: 'AwardsShow', arn: FLOW_ARN }],
    resourceName: 'AwardsShow',
    flowName: 'AwardsShow',
    subject: {
      key: FLOW_ARN,
      label: [
        { kind: 'plain', text: 'flow ' },
        { kind: 'name', text: 'AwardsShow' },
      ],
    },
    effect: [{ kind: 'plain', text: 'Off air' }],
    sentence: [
      { kind: 'plain', text: 'flow ' },
      { kind: 'name', text: 'AwardsShow' },
      { kind: 'plain', text: ' stopped' },
    ],
    by: ' by ',
    details: [],
    error: undefined,
    notes: [],
    correction: undefined,
    links: {
      resource: `https://eu-west-1.console.aws.amazon.com/mediaconnect/home?region=eu-west-1#/flows/${FLOW_ARN}`,
      event:
        'https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/987abc65-1a2b-4c4d-9d6e-987abc654def',
    },
  });
});

describe('when', () => {
  it.each([
    ['2026-11-22T20:02:00Z', undefined],
    ['2026-11-22T20:02:01Z', 121_000],
    ['2026-11-22T23:00:00Z', 10_800_000],
    ['2026-11-22T19:00:00Z', undefined],
  ])('a call that arrives at %s is late by %s', (ingested, lateByMs) => {
    expect(enriched({}, { ingestedAtMs: Date.parse(ingested) }).lateByMs).toBe(lateByMs);
  });

  it.each([
    ['the record’s time', {}, Date.parse('2026-11-22T20:00:00Z')],
    [
      'the envelope’s, where the record has none',
      { detail: { eventTime: 'soon' }, time: '2026-11-22T20:00:01Z' },
      Date.parse('2026-11-22T20:00:01Z'),
    ],
    ['nothing, where neither can be read', { detail: { eventTime: null }, time: undefined }, undefined],
  ])('is %s', (_, changes, calledAtMs) => {
    expect(enriched(changes).calledAtMs).toBe(calledAtMs);
  });

  it('is not late where the arrival is not known', () => {
    expect(enriched({}, { ingestedAtMs: undefined }).lateByMs).toBeUndefined();
    expect(enriched({ detail: { eventTime: null }, time: undefined }).lateByMs).toBeUndefined();
  });
});

describe('where', () => {
  it.each([
    ['the account that got the call', {}, { id: ACCOUNT, name: 'Broadcast' }],
    [
      'the caller’s',
      { detail: { recipientAccountId: undefined, userIdentity: { accountId: '444455556666' } } },
      { id: '444455556666', name: undefined },
    ],
    [
      'the envelope’s',
      { account: '555566667777', detail: { recipientAccountId: null, userIdentity: null } },
      { id: '555566667777', name: undefined },
    ],
    [
      'one that is an account, rather than text',
      { detail: { recipientAccountId: '<!here>', userIdentity: {} } },
      { id: ACCOUNT, name: 'Broadcast' },
    ],
    [
      'text, if there is nothing else',
      { account: undefined, detail: { recipientAccountId: 'constructor', userIdentity: {} } },
      { id: 'constructor', name: undefined },
    ],
    ['nowhere', { account: undefined, detail: { recipientAccountId: undefined, userIdentity: {} } }, undefined],
  ])('is %s', (_, changes, account) => {
    expect(enriched(changes).account).toEqual(account);
  });

  it.each([
    [{}, 'eu-west-1'],
    [{ detail: { awsRegion: 'nowhere' }, region: 'us-east-1' }, 'us-east-1'],
    [{ detail: { awsRegion: 'nowhere' }, region: undefined }, 'nowhere'],
    [{ detail: { awsRegion: undefined }, region: undefined }, undefined],
  ])('region of case %#', (changes, region) => {
    expect(enriched(changes).region).toBe(region);
  });
});

describe('the event’s id', () => {
  it.each([
    ['CloudTrail’s', {}, '987abc65-1a2b-4c4d-9d6e-987abc654def'],
    ['the envelope’s', { detail: { eventID: undefined } }, '5b1f9c62-7d0e-4a51-8f0c-2f6a3c1b9d11'],
    ['the envelope’s for an empty one', { detail: { eventID: '' } }, '5b1f9c62-7d0e-4a51-8f0c-2f6a3c1b9d11'],
  ])('is %s', (_, changes, eventId) => {
    expect(enriched(changes).eventId).toBe(eventId);
  });

  it('is a hash of the record where it has none, the same every time', () => {
    const without = (detail: Record<string, unknown> = {}) =>
      enriched({ id: undefined, detail: { eventID: undefined, ...detail } }).eventId;
    expect(without()).toMatch(/^hash-[\da-f]{14}$/);
    expect(without()).toBe(without());
    expect(without()).not.toBe(without({ eventTime: '2026-11-22T20:00:01Z' }));
  });

  it('is a hash of one that is too long for a key', () => {
    expect(enriched({ detail: { eventID: 'x'.repeat(5000) } }).eventId).toMatch(/^hash-[\da-f]{14}$/);
  });
});

describe('errors', () => {
  it.each([
    [{}, undefined],
    [
      { errorCode: 'AccessDenied', errorMessage: 'no' },
      { code: 'AccessDenied', message: 'no' },
    ],
    [{ errorCode: 'AccessDenied' }, { code: 'AccessDenied', message: undefined }],
    [{ errorMessage: 'it broke' }, { code: 'no error code', message: 'it broke' }],
    [{ errorCode: '', errorMessage: null }, undefined],
  ])('of case %#', (detail, error) => {
    expect(enriched({ detail }).error).toEqual(error);
  });

  it('are cut where CloudTrail cuts them', () => {
    expect(enriched({ detail: { errorCode: 'X', errorMessage: 'y'.repeat(5000) } }).error?.message).toHaveLength(1024);
  });
});

describe('notes', () => {
  it.each<[string, Changes, readonly string[]]>([
    ['nothing', {}, []],
    [
      'parameters left out',
      { detail: { requestParameters: { omitted: true, originalSize: 149893, reason: 'requestParameters too large' } } },
      ['CloudTrail left out the request parameters for their size (149,893 bytes)'],
    ],
    [
      'parameters left out, in strings',
      { detail: { requestParameters: { omitted: 'True', originalSize: '1234567' } } },
      ['CloudTrail left out the request parameters for their size (1,234,567 bytes)'],
    ],
    [
      'both halves left out',
      { detail: { requestParameters: { omitted: true }, responseElements: { omitted: true } } },
      [
        'CloudTrail left out the request parameters for their size',
        'CloudTrail left out the response elements for their size',
        'the record does not say which flow',
      ],
    ],
    [
      'a contradiction',
      { detail: { readOnly: true } },
      ['CloudTrail marks the call as read-only, but StopFlow is known to be mutating'],
    ],
    [
      'the opposite contradiction',
      { detail: { eventName: 'DescribeFlow', readOnly: 'false' } },
      ['CloudTrail marks the call as mutating, but DescribeFlow is known to be read-only'],
    ],
    [
      'that the effect of a new operation is a guess',
      { detail: { eventName: 'StopWormhole' } },
      ['what StopWormhole does is guessed from its name'],
    ],
    ['nothing of a new operation that claims no effect', { detail: { eventName: 'CreateWormhole' } }, []],
    [
      'a refused call that names nothing',
      { detail: { requestParameters: null, responseElements: null, errorCode: 'AccessDenied' } },
      ['the record does not say which flow'],
    ],
    [
      'a tag call that names nothing',
      { detail: { eventName: 'TagResource', requestParameters: null, responseElements: null } },
      ['the record does not say which resource'],
    ],
    [
      'a list, which names nothing',
      { detail: { eventName: 'ListFlows', requestParameters: null, responseElements: null, readOnly: true } },
      [],
    ],
    [
      'an error in the response',
      { detail: { responseElements: { errorCode: 'Oops' } } },
      ['CloudTrail has no error, but the response holds one'],
    ],
    [
      'an error that is reported already',
      { detail: { errorCode: 'Oops', responseElements: { errorCode: 'Oops' } } },
      [],
    ],
    [
      'a delayed delivery',
      { detail: { addendum: { reason: 'DELIVERY_DELAY' } } },
      ['CloudTrail delivered this record late (DELIVERY_DELAY)'],
    ],
    [
      'an outage',
      { detail: { addendum: { reason: 'SERVICE_OUTAGE' } } },
      ['CloudTrail delivered this record after an outage (SERVICE_OUTAGE)'],
    ],
    ['a replay', { 'replay-name': 'after-the-show' }, ['replayed from the archive by after-the-show']],
  ])('report %s', (_, changes, expected) => {
    expect(notes(changes)).toEqual(expected);
  });
});

describe('corrections', () => {
  it.each([
    [undefined, undefined],
    [{ reason: 'DELIVERY_DELAY' }, undefined],
    [{ reason: 'UPDATED_DATA' }, { reason: 'UPDATED_DATA', originalEventId: undefined, updatedFields: [] }],
    [
      { reason: 'UPDATED_DATA', originalEventID: 'abc', updatedFields: 'responseElements, userIdentity.arn' },
      { reason: 'UPDATED_DATA', originalEventId: 'abc', updatedFields: ['responseElements', 'userIdentity.arn'] },
    ],
    [
      { originalEventID: 'abc', updatedFields: ['eventName', 5, ''] },
      { reason: 'no reason given', originalEventId: 'abc', updatedFields: ['eventName'] },
    ],
    ['text', undefined],
  ])('of addendum %j', (addendum, correction) => {
    expect(enriched({ detail: { addendum } }).correction).toEqual(correction);
  });
});

describe('links', () => {
  const HOME = 'https://eu-west-1.console.aws.amazon.com/mediaconnect/home?region=eu-west-1';

  it.each([
    ['a flow that was deleted', { eventName: 'DeleteFlow' }, HOME],
    ['a flow that is not there', { errorCode: 'NotFoundException' }, HOME],
    [
      'a flow that could not be deleted',
      { eventName: 'DeleteFlow', errorCode: 'ConflictException' },
      `${HOME}#/flows/${FLOW_ARN}`,
    ],
    ['a flow’s output', { eventName: 'RemoveFlowOutput' }, `${HOME}#/flows/${FLOW_ARN}`],
    [
      'a flow that was tagged',
      { eventName: 'TagResource', requestParameters: { resourceArn: FLOW_ARN } },
      `${HOME}#/flows/${FLOW_ARN}`,
    ],
    ['a list', { eventName: 'ListFlows', requestParameters: null, responseElements: null }, HOME],
  ])('of %s', (_, detail, resource) => {
    expect(enriched({ detail }).links.resource).toBe(resource);
  });
});

describe('an error that only the response holds', () => {
  it.each([
    [
      { errorCode: 'ConflictException', message: 'The flow is starting' },
      { code: 'ConflictException', message: 'The flow is starting' },
    ],
    [
      { error: 'Oops', errorMessage: 'no' },
      { code: 'Oops', message: 'no' },
    ],
    [{ error: 'key AKIAIOSFODNN7EXAMPLE' }, { code: 'key (not shown)', message: undefined }],
    [{ message: 'The flow is starting' }, undefined],
  ])('%j is reported as the error of a call that probably failed', (responseElements, error) => {
    expect(enriched({ detail: { responseElements } }).error).toEqual(error);
  });

  it('says why also where CloudTrail has the code alone', () => {
    const detail = { errorCode: 'ConflictException', responseElements: { message: 'The flow is starting' } };
    expect(enriched({ detail }).error).toEqual({ code: 'ConflictException', message: 'The flow is starting' });
  });
});

it('links the event that a correction corrects', () => {
  const originalEventID = '11111111-2222-4333-8444-555555555555';
  const { links } = enriched({ detail: { addendum: { reason: 'UPDATED_DATA', originalEventID } } });
  expect(links.original).toBe(
    `https://eu-west-1.console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/${originalEventID}`,
  );
});
