import { describe, expect, it } from 'vitest';
import { compileRule } from '../../../infra/rules/compile-rule.ts';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { isMatch } from '../../../shared/eventbridge/match-pattern.ts';
import { anEvent } from '../../builders.ts';
import { aRule } from './a-rule.ts';

const ARN = 'arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-AbCdEfGhIjKlMnOp-0a1b2c3d4e5f:AwardsShow';
const OTHER = ARN.replace('AwardsShow', 'Weather');
const ENCODED = encodeURIComponent(ARN);

const notified = (flowArn: unknown, asked: string): boolean => {
  const match = { requestParameters: { flowArn: [flowArn] } };
  const { pattern } = compileRule('x', aRule({ match }));
  return isMatch(compilePattern(pattern), anEvent({ detail: { requestParameters: { flowArn: asked } } }));
};

describe('an ARN in match means the resource, however CloudTrail spells it', () => {
  it.each([
    ARN,
    ENCODED,
    ENCODED.replaceAll('%3A', '%3a'),
    { prefix: 'arn:aws:mediaconnect:eu-west-1:111122223333:flow:1-AbCd' },
    { suffix: ':AwardsShow' },
    { suffix: '%3AAwardsShow' },
    { suffix: 'AwardsShow' },
    { wildcard: 'arn:aws:mediaconnect:*:AwardsShow' },
    { 'equals-ignore-case': ARN.toUpperCase() },
    { 'anything-but': OTHER },
    { 'anything-but': { suffix: ':Weather' } },
  ])('%j', (flowArn) => {
    expect([ARN, ENCODED, OTHER, encodeURIComponent(OTHER)].map((asked) => notified(flowArn, asked))).toEqual(
      typeof flowArn === 'object' && 'prefix' in flowArn ? [true, true, true, true] : [true, true, false, false],
    );
  });

  it.each([[ARN], [{ suffix: ':AwardsShow' }]])('%j, also encoded in lower case', (flowArn) => {
    expect(notified(flowArn, ENCODED.replaceAll('%3A', '%3a'))).toBe(true);
  });

  it('in each branch of an $or', () => {
    const match = { $or: [{ requestParameters: { flowArn: [ARN] } }, { errorCode: ['x'] }] };
    expect(compileRule('x', aRule({ match })).pattern).toMatchObject({
      detail: {
        $or: [
          { requestParameters: { flowArn: [ARN, ENCODED, ENCODED.replaceAll('%3A', '%3a')] } },
          { errorCode: ['x'] },
        ],
      },
    });
  });
});

it.each([['rtp:x'], [null], [1], [{ exists: false }], [{ numeric: ['>', 1] }], [{ prefix: 'Awards' }]])(
  'leaves %j as it is',
  (entry) => {
    const match = { requestParameters: { name: [entry] } };
    expect(compileRule('x', aRule({ match })).pattern).toMatchObject({ detail: match });
  },
);
