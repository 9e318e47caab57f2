import { expect, it } from 'vitest';
import { readLogLine } from '../../../local/lambda/read-log-line.ts';

const CALL = { operation: 'StopFlow', resource: 'flow', access: 'mutating', outcome: 'succeeded', impact: 'off-air' };

it('reads a decision among the other members of the line', () => {
  const line = {
    level: 'INFO',
    message: 'decision',
    eventId: 'e',
    rule: 'r',
    channel: 'c',
    call: CALL,
    result: 'posted',
    service: 's',
  };
  expect(readLogLine(JSON.stringify(line))).toEqual({
    kind: 'decision',
    decision: { eventId: 'e', rule: 'r', channel: 'c', call: CALL, result: 'posted' },
  });
});

it.each([
  [
    '{"level":"WARN","message":"slack did not take a message"}',
    { kind: 'trouble', level: 'WARN', text: 'slack did not take a message' },
  ],
  [
    '{"level":"ERROR","message":"records could not be hidden","error":{"name":"E","message":"no answer"}}',
    { kind: 'trouble', level: 'ERROR', text: 'records could not be hidden: no answer' },
  ],
  ['SyntaxError: Unexpected token', { kind: 'trouble', level: 'ERROR', text: 'SyntaxError: Unexpected token' }],
  ['{"level":"INFO","message":"something"}', { kind: 'other' }],
  ['{"_aws":{"Timestamp":1}}', { kind: 'other' }],
  ['', { kind: 'other' }],
])('reads %s', (line, expected) => {
  expect(readLogLine(line)).toEqual(expected);
});
