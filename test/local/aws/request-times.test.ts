import { expect, it } from 'vitest';
import { compressTimes, mayHaveTimes, timeFault } from '../../../local/aws/request-times.ts';

const clock = { clockFactor: 10, leastHiddenMs: 30_000 };
const compress = (operation: string, input: Record<string, unknown>, factor = 10) =>
  compressTimes(operation, input, { ...clock, clockFactor: factor }, () => 721);

it.each([
  ['ReceiveMessage', { QueueUrl: 'q' }, { QueueUrl: 'q', VisibilityTimeout: 72.1 }],
  ['ReceiveMessage', { VisibilityTimeout: 500 }, { VisibilityTimeout: 50 }],
  ['ReceiveMessage', { VisibilityTimeout: 20 }, { VisibilityTimeout: 30 }],
  ['ChangeMessageVisibility', { VisibilityTimeout: 20 }, { VisibilityTimeout: 2 }],
  ['ChangeMessageVisibility', { VisibilityTimeout: 0 }, { VisibilityTimeout: 0.001 }],
  [
    'ChangeMessageVisibilityBatch',
    { Entries: [{ Id: 'a', VisibilityTimeout: 20 }, { Id: 'b' }] },
    { Entries: [{ Id: 'a', VisibilityTimeout: 2 }, { Id: 'b' }] },
  ],
  ['SendMessage', { DelaySeconds: 300 }, { DelaySeconds: 30 }],
  ['SendMessage', { VisibilityTimeout: 20 }, { VisibilityTimeout: 20 }],
  [
    'SendMessageBatch',
    { Entries: [{ Id: 'a', DelaySeconds: 300 }, { Id: 'b' }] },
    { Entries: [{ Id: 'a', DelaySeconds: 30 }, { Id: 'b' }] },
  ],
])('%s of %j on a clock that is ten times as fast', (operation, input, expected) => {
  expect(compress(operation, input)).toEqual(expected);
});

it('leaves a receive as it is in real time', () => {
  expect(compress('ReceiveMessage', { QueueUrl: 'q' }, 1)).toEqual({ QueueUrl: 'q' });
});

it.each([
  [
    { DelaySeconds: 901 },
    'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
  ],
  [
    { DelaySeconds: -1 },
    'Value -1 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.',
  ],
  [
    { VisibilityTimeout: 43_201 },
    'Value 43201 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be >= 0 and <= 43200.',
  ],
  [
    { VisibilityTimeout: 0.5 },
    'Value 0.5 for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be >= 0 and <= 43200.',
  ],
  [{ DelaySeconds: 900, VisibilityTimeout: 43_200 }, undefined],
  [{ DelaySeconds: null }, undefined],
])('says of %j what SQS says', (asked, fault) => {
  expect(timeFault(asked)).toBe(fault);
});

it.each([
  ['SendMessage', '{"MessageBody":"a"}', false],
  ['SendMessage', '{"MessageBody":"a","DelaySeconds":1}', true],
  ['SendMessageBatch', '{"Entries":[{"DelaySeconds":1}]}', true],
  ['ReceiveMessage', '{}', true],
  ['ChangeMessageVisibilityBatch', '{}', true],
  ['DeleteMessage', '{}', false],
])('looks for times in %s of %s: %s', (operation, body, expected) => {
  expect(mayHaveTimes(operation, Buffer.from(body))).toBe(expected);
});
