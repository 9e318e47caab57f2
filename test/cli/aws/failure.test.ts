import { describe, expect, it } from 'vitest';
import { AwsCallError, ask, awsFailure, isAwsError } from '../../../cli/aws/failure.ts';

const error = (name: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { name }, more);

const answered = (name: string, message: string, httpStatusCode = 400): Error =>
  error(name, message, { $metadata: { httpStatusCode } });

describe('why a call to AWS did not work', () => {
  it.each<[error: Error, kind: string, text: RegExp]>([
    [
      error('CredentialsProviderError', 'Could not load credentials'),
      'no-credentials',
      /^no usable AWS credentials \(Could not load credentials\): set AWS_PROFILE/,
    ],
    [answered('ExpiredTokenException', 'expired', 403), 'no-credentials', /^no usable AWS credentials \(expired\)/],
    [
      answered('AccessDeniedException', 'User: x is not authorized', 403),
      'denied',
      /^not allowed: User: x is not authorized$/,
    ],
    [
      answered('UnknownOperationException', 'X is not served. Served are: Y.'),
      'not-offered',
      /^this endpoint does not offer it \(X is not served\)$/,
    ],
    [answered('InternalFailure', 'not implemented', 501), 'not-offered', /does not offer it \(not implemented\)$/],
    [answered('ResourceNotFoundException', 'no such rule'), 'not-found', /^no such rule$/],
    [
      error('AggregateError', '', { code: 'ECONNREFUSED' }),
      'unreachable',
      /^no answer: AggregateError; is the endpoint right/,
    ],
    [error('TimeoutError', 'too late'), 'unreachable', /^no answer: too late; /],
    [answered('ThrottlingException', 'Rate exceeded\n\u001b[31m now'), 'other', /^Rate exceeded \[31m now$/],
  ])('%s is %s', (given, kind, text) => {
    expect(awsFailure(given)).toEqual({ kind, text: expect.stringMatching(text) });
    expect(isAwsError(given)).toBe(true);
  });

  it('is not taken for a mistake of our own', async () => {
    const ours = new TypeError('x is not a function');
    expect(isAwsError(ours)).toBe(false);
    await expect(ask('the ledger', () => Promise.reject(ours))).rejects.toBe(ours);
  });

  it('is said with what was asked for', async () => {
    const asked = ask('the ledger', () => Promise.reject(answered('AccessDenied', 'no')));
    await expect(asked).rejects.toThrow(new AwsCallError('the ledger: not allowed: no', 'denied'));
  });
});
