import { expect, it } from 'vitest';
import { compressVisibility } from '../../../local/aws/compress-visibility.ts';

const clock = { clockFactor: 10, leastHiddenMs: 30_000 };
const compress = (operation: string, input: Record<string, unknown>, factor = 10) =>
  compressVisibility(operation, input, { ...clock, clockFactor: factor }, () => 721);

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
  ['SendMessage', { VisibilityTimeout: 20 }, { VisibilityTimeout: 20 }],
])('%s of %j on a clock that is ten times as fast', (operation, input, expected) => {
  expect(compress(operation, input)).toEqual(expected);
});

it('leaves a receive as it is in real time', () => {
  expect(compress('ReceiveMessage', { QueueUrl: 'q' }, 1)).toEqual({ QueueUrl: 'q' });
});
