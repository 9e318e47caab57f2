import type { Message } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { type DeadLetter, readDeadLetter } from '../../../cli/redrive/dead-letter-store.ts';
import { anEvent } from '../../builders.ts';

const attributes = (values: Readonly<Record<string, string>>): Message['MessageAttributes'] =>
  Object.fromEntries(Object.entries(values).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]));

const EVENT_ID = '987abc65-1a2b-4c4d-9d6e-987abc654def';
const routed = JSON.stringify({ rule: 'changes', channel: 'default', event: anEvent() });
const sent = { SentTimestamp: '1000' };

it.each<[what: string, queue: DeadLetter['queue'], message: Message, read: Partial<DeadLetter>]>([
  [
    'one that a function gave up',
    'functions',
    {
      Body: routed,
      Attributes: sent,
      MessageAttributes: attributes({
        reason: 'no_service',
        detail: 'gone',
        eventId: EVENT_ID,
        rule: 'changes',
        receivedAt: '2026-11-22T20:00:00.000Z',
      }),
    },
    {
      reason: 'no_service',
      detail: 'gone',
      eventId: EVENT_ID,
      operation: 'StopFlow',
      rule: 'changes',
      sinceMs: Date.parse('2026-11-22T20:00:00Z'),
      meantFor: undefined,
    },
  ],
  [
    'one that nobody could read',
    'functions',
    {
      Body: 'no JSON',
      Attributes: sent,
      MessageAttributes: attributes({ reason: 'malformed', eventId: 'unknown', rule: 'unknown' }),
    },
    {
      reason: 'malformed',
      detail: undefined,
      eventId: undefined,
      operation: undefined,
      rule: undefined,
      sinceMs: 1000,
    },
  ],
  [
    'one that SQS moved',
    'functions',
    { Body: routed, Attributes: { ...sent, DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-1:1:Digest' } },
    { reason: 'received-too-often', eventId: EVENT_ID, rule: 'changes', meantFor: 'Digest' },
  ],
  [
    'one that EventBridge gave up',
    'rules',
    {
      Body: JSON.stringify(anEvent()),
      Attributes: sent,
      MessageAttributes: attributes({
        RULE_ARN: 'arn:aws:events:eu-west-1:1:rule/MediaConnectNotifier-reads',
        TARGET_ARN: 'arn:aws:sqs:eu-west-1:1:Digest',
        ERROR_CODE: 'NO_PERMISSIONS',
        ERROR_MESSAGE: 'not allowed',
      }),
    },
    { reason: 'NO_PERMISSIONS', detail: 'not allowed', rule: 'reads', operation: 'StopFlow', meantFor: 'Digest' },
  ],
  ['one that says nothing', 'rules', {}, { reason: 'unknown', rule: undefined, sinceMs: undefined, body: '' }],
  [
    'one of a rule that is not ours',
    'rules',
    { MessageAttributes: attributes({ RULE_ARN: 'arn:x:rule/other' }) },
    { rule: 'other' },
  ],
])('reads %s', (_what, queue, message, read) => {
  expect(readDeadLetter(queue, message)).toMatchObject({ queue, ...read });
});
