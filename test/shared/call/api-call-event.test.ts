import { describe, expect, it } from 'vitest';
import {
  ApiCallEventSchema,
  isOrdinaryEvent,
  MalformedEventError,
  parseRouteEnvelope,
} from '../../../shared/call/api-call-event.ts';
import { anEvent } from '../../builders.ts';

const envelope = (changes: Record<string, unknown> = {}) =>
  JSON.stringify({
    rule: 'changes',
    channel: 'ops',
    ingestionTime: '2026-11-22T20:00:05Z',
    event: anEvent(),
    ...changes,
  });

describe('parseRouteEnvelope', () => {
  it.each([
    ['an ISO time, as AWS writes it', '2026-11-22T20:00:05Z'],
    ['epoch milliseconds', 1795377605000],
    ['epoch seconds', 1795377605],
  ])('reads the route with %s', (_, ingestionTime) => {
    expect(parseRouteEnvelope(envelope({ ingestionTime })).route).toEqual({
      rule: 'changes',
      channel: 'ops',
      ingestedAtMs: 1795377605000,
    });
  });

  it('does without an ingestion time', () => {
    expect(parseRouteEnvelope(envelope({ ingestionTime: null })).route.ingestedAtMs).toBeUndefined();
  });

  it.each([
    ['requestParameters null', { requestParameters: null }],
    ['omitted parameters', { requestParameters: { omitted: true, originalSize: 149893, reason: 'too large' } }],
    ['no readOnly', { readOnly: undefined }],
    ['readOnly as a string', { readOnly: 'True' }],
    ['fields that CloudTrail adds later', { eventContext: { tags: [1] }, novelty: null }],
    [
      'an optional field of an odd type',
      { userAgent: 42, errorCode: {}, userIdentity: 'somebody', responseElements: [] },
    ],
  ])('takes a record with %s', (_, detail) => {
    expect(parseRouteEnvelope(envelope({ event: anEvent({ detail }) })).event.detail.eventName).toBe('StopFlow');
  });

  it.each([
    ['an ordinary event', anEvent()],
    ['an event without optional fields', anEvent({ id: undefined, account: null, detail: { userIdentity: null } })],
    [
      'fields that nothing reads',
      anEvent({ novelty: 1, detail: { eventContext: { tags: [1] }, __proto__: { x: 1 } } }),
    ],
    ['a text that is a number', anEvent({ detail: { userAgent: 42 } })],
    ['an object that is a text', anEvent({ detail: { requestParameters: 'none' } })],
    ['an object that is a list', anEvent({ detail: { responseElements: [] } })],
    ['an envelope with an odd field', anEvent({ region: {} })],
  ])('reads %s as the schema does, whether or not it has to ask the schema', (_, event) => {
    const read = parseRouteEnvelope(envelope({ event })).event;
    expect(ApiCallEventSchema.parse(read)).toEqual(ApiCallEventSchema.parse(JSON.parse(JSON.stringify(event))));
    expect(isOrdinaryEvent(read)).toBe(true);
  });

  it.each([
    ['text that is not JSON', 'hello', 'record is not JSON'],
    ['null', 'null', 'record is not a routed MediaConnect API call: record is not as expected'],
    [
      'an event without its route',
      JSON.stringify(anEvent()),
      'record is not a routed MediaConnect API call: rule is not as expected',
    ],
    [
      'an empty channel',
      envelope({ channel: '' }),
      'record is not a routed MediaConnect API call: channel is not as expected',
    ],
    [
      'a channel that is no text',
      envelope({ channel: 42 }),
      'record is not a routed MediaConnect API call: channel is not as expected',
    ],
    ['an empty rule', envelope({ rule: '' }), 'record is not a routed MediaConnect API call: rule is not as expected'],
    [
      'another service',
      envelope({ event: anEvent({ source: 'aws.medialive' }) }),
      'record is not a routed MediaConnect API call: event.source is not as expected',
    ],
    [
      'another detail-type',
      envelope({ event: anEvent({ 'detail-type': 'MediaConnect Alert' }) }),
      'record is not a routed MediaConnect API call: event.detail-type is not as expected',
    ],
    [
      'no operation',
      envelope({ event: anEvent({ detail: { eventName: '' } }) }),
      'record is not a routed MediaConnect API call: event.detail.eventName is not as expected',
    ],
  ])('refuses %s', (_, body, message) => {
    expect(() => parseRouteEnvelope(body)).toThrow(new MalformedEventError(message));
  });
});
