import { describe, expect, it } from 'vitest';
import { envelopeOfRecord } from '../../../cli/input/envelope.ts';
import { ApiCallEventSchema } from '../../../shared/call/api-call-event.ts';
import { ACCOUNT, aRecord, REGION } from '../../builders.ts';

describe('envelopeOfRecord', () => {
  it('makes the event that EventBridge delivers for the record', () => {
    const record = aRecord();
    expect(envelopeOfRecord(record)).toEqual({
      version: '0',
      id: '987abc65-1a2b-4c4d-9d6e-987abc654def',
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.mediaconnect',
      account: ACCOUNT,
      time: '2026-11-22T20:00:00Z',
      region: REGION,
      resources: [],
      detail: record,
    });
  });

  it('makes an event that the schema of API calls takes', () => {
    expect(ApiCallEventSchema.safeParse(envelopeOfRecord(aRecord())).success).toBe(true);
  });

  it.each([
    { eventType: 'AwsApiCall', detailType: 'AWS API Call via CloudTrail' },
    { eventType: undefined, detailType: 'AWS API Call via CloudTrail' },
    { eventType: 'AwsServiceEvent', detailType: 'AWS Service Event via CloudTrail' },
    { eventType: 'AwsConsoleAction', detailType: 'AWS Console Action via CloudTrail' },
    { eventType: 'AwsConsoleSignIn', detailType: 'AWS Console Sign In via CloudTrail' },
    { eventType: 'AwsCloudTrailInsight', detailType: 'AWS Insight via CloudTrail' },
    { eventType: 'AwsVpceEvents', detailType: 'AWS Network Activity Event via CloudTrail' },
    { eventType: 'AwsVpceEvent', detailType: 'AWS Network Activity Event via CloudTrail' },
    { eventType: 'AwsWormholeEvent', detailType: 'AwsWormholeEvent via CloudTrail' },
    { eventType: 'constructor', detailType: 'constructor via CloudTrail' },
  ])('calls a record of type $eventType "$detailType"', ({ eventType, detailType }) => {
    expect(envelopeOfRecord(aRecord({ eventType }))['detail-type']).toBe(detailType);
  });

  it.each([
    ['mediaconnect.amazonaws.com', 'aws.mediaconnect'],
    ['ec2.amazonaws.com', 'aws.ec2'],
    ['signin.amazonaws.com', 'aws.signin'],
  ])('gives %s the source %s', (eventSource, source) => {
    expect(envelopeOfRecord(aRecord({ eventSource })).source).toBe(source);
  });

  it('gives a record without an id the same id every time, and another record another', () => {
    const idOf = (changes: Record<string, unknown>) => envelopeOfRecord(aRecord({ eventID: undefined, ...changes })).id;
    expect(idOf({})).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(idOf({})).toBe(idOf({}));
    expect(idOf({})).not.toBe(idOf({ eventName: 'StartFlow' }));
  });

  it('takes the account of the caller where the record does not name the one that received it', () => {
    expect(envelopeOfRecord(aRecord({ recipientAccountId: undefined })).account).toBe(ACCOUNT);
  });

  it('leaves out what the record does not say', () => {
    const bare = { eventName: 'StopFlow', eventSource: 'mediaconnect.amazonaws.com', eventID: 'e' };
    expect(envelopeOfRecord(bare)).toEqual({
      version: '0',
      id: 'e',
      'detail-type': 'AWS API Call via CloudTrail',
      source: 'aws.mediaconnect',
      resources: [],
      detail: bare,
    });
  });
});
