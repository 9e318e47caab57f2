import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileRule } from '../../../infra/rules/compile-rule.ts';
import { DECIDABLE_ORIGINS } from '../../../infra/rules/outcomes-and-origins.ts';
import { CloudTrailRecordSchema } from '../../../shared/call/api-call-event.ts';
import { compilePattern } from '../../../shared/eventbridge/compile-pattern.ts';
import { checkServiceLimits } from '../../../shared/eventbridge/limits.ts';
import { isMatch } from '../../../shared/eventbridge/match-pattern.ts';
import { detectOrigin, originWords } from '../../../shared/notification/origin.ts';
import { anEvent, aRecord } from '../../builders.ts';
import { aRule } from './a-rule.ts';

const PRODUCTS = [
  'Mozilla/5.0',
  'aws-cli/2.31.0',
  'aws-sdk-go/1.29.7',
  'APN/1.0 HashiCorp/1.0 Terraform/1.9.0',
  'APN/1.0 OpenTofu/1.0 OpenTofu/1.8.0',
  'terraform-provider-aws/5.1',
  'Pulumi/1.0',
  'EC2ConsoleFrontend, aws-internal/3',
  'aws-internal/3',
  'S3Console/0.4',
  'console.amazonaws.com',
  'eu-west-1.console.aws.amazon.com',
  'states.amazonaws.com',
  'command/mediaconnect.stop-flow',
  'Terraform',
] as const;
const HOSTS = ['states.amazonaws.com', 'cloudformation.amazonaws.com', 'signin.amazonaws.com', 'AWS Internal'] as const;

const agent = fc
  .tuple(fc.array(fc.constantFrom(...PRODUCTS), { maxLength: 3 }), fc.boolean())
  .map(([products, bracketed]) => (bracketed ? `[${products.join(' ')}]` : products.join(' ')));
const call = fc
  .record({
    userAgent: fc.option(agent),
    invokedBy: fc.option(fc.constantFrom(...HOSTS)),
    sourceIPAddress: fc.constantFrom('203.0.113.9', '203.0.113.9', ...HOSTS),
    sessionCredentialFromConsole: fc.option(fc.constantFrom('true', 'false')),
  })
  .map(({ invokedBy, ...detail }) =>
    CloudTrailRecordSchema.parse(
      aRecord({ ...detail, userIdentity: { type: 'AssumedRole', ...(invokedBy !== null && { invokedBy }) } }),
    ),
  );

const patternOf = (origins: typeof DECIDABLE_ORIGINS) => compilePattern(compileRule('x', aRule({ origins })).pattern);
const PATTERNS = DECIDABLE_ORIGINS.map((origin) => [origin, patternOf([origin])] as const);

it('reports to the rule of an origin exactly the calls that have evidence of it', () => {
  fc.assert(
    fc.property(call, (detail) => {
      const notified = PATTERNS.filter(([, pattern]) => isMatch(pattern, anEvent({ detail: { ...detail } }))).map(
        ([origin]) => origin,
      );
      expect(new Set(notified)).toEqual(originWords(detail));
    }),
    { numRuns: 4000 },
  );
});

it('shows no origin of which the call has no evidence that a rule could ask for', () => {
  fc.assert(
    fc.property(call, (detail) => {
      const { kind } = detectOrigin(detail);
      const decidable = DECIDABLE_ORIGINS.some((origin) => origin === kind);
      expect(decidable ? originWords(detail).has(kind) : true).toBe(true);
    }),
    { numRuns: 4000 },
  );
});

it('can be asked for all at once, as EventBridge counts wildcards', () => {
  expect(() => checkServiceLimits(patternOf(DECIDABLE_ORIGINS), '')).not.toThrow();
});
