import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { checkServiceLimits } from '../../../shared/eventbridge/limits.ts';
import { InvalidEventPatternException } from '../../../shared/eventbridge/matcher.ts';

const refusal = (pattern: unknown): string | undefined => {
  try {
    checkServiceLimits(compilePattern(pattern), JSON.stringify(pattern));
  } catch (error) {
    if (error instanceof InvalidEventPatternException) return error.reason;
    throw error;
  }
  return undefined;
};

it('refuses a pattern of more than 4,096 characters', () => {
  expect(refusal({ a: ['x'.repeat(4086)] })).toBe(undefined);
  expect(refusal({ a: ['x'.repeat(4087)] })).toBe('the pattern has 4097 characters, 4096 are allowed');
});

describe('the complexity of wildcards', () => {
  const wildcards = (...texts: readonly string[]): unknown => ({ a: texts.map((wildcard) => ({ wildcard })) });
  const stacks = ['One', 'Two', 'Three', 'Four'].map((name) => `*:stack/${name}/*`);

  // What EventBridge was seen to take and to refuse.
  it.each([
    { pattern: wildcards('*:*:*:*:*:event-bus/*'), tooComplex: true },
    { pattern: wildcards(...stacks), tooComplex: true },
    { pattern: wildcards(...stacks.slice(1)), tooComplex: false },
    { pattern: wildcards('*a*b*c*'), tooComplex: false },
    { pattern: { a: [{ 'anything-but': { wildcard: ['*:*:*:*:*:*:*', 'x*'] } }] }, tooComplex: true },
    {
      pattern: { a: [{ wildcard: '*:*:*' }], b: [{ wildcard: '*:*:*' }], c: [{ wildcard: '*:*:*' }] },
      tooComplex: false,
    },
  ])('of $pattern is too much: $tooComplex', ({ pattern, tooComplex }) => {
    expect(refusal(pattern)?.startsWith('Rule is too complex - ') ?? false).toBe(tooComplex);
  });
});
