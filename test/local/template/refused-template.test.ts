import { expect, it } from 'vitest';
import { UserError } from '../../../infra/settings/user-error.ts';
import { refuseTemplate } from '../../../local/template/refused-template.ts';
import { aFunctionResource, aMappingResource, aRuleResource, aTemplate } from '../a-template.ts';

function refusalOf(template: unknown): readonly string[] | undefined {
  try {
    refuseTemplate('MediaConnectNotifier-eu-west-1', template);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.lines;
    throw error;
  }
}

it('takes a template that can be deployed', () => {
  expect(refusalOf(aTemplate())).toBeUndefined();
});

it('says each reason and its place, as a mistake of the person who starts it', () => {
  const template = aTemplate({ Rule: aRuleResource({ EventPattern: { detail: { errorCode: [null] } } }) });
  expect(refusalOf(template)).toEqual([
    'CloudFormation would refuse the template of MediaConnectNotifier-eu-west-1:',
    expect.stringMatching(/^ {2}.*\bRule\b.*\bnull\b/),
  ]);
});

/** What a poller or a queue of this machine would have taken, and AWS would not. */
it.each<[what: string, resources: Readonly<Record<string, unknown>>]>([
  ['a large batch that nobody waits for', { Mapping: aMappingResource({ MaximumBatchingWindowInSeconds: 0 }) }],
  ['a batch that is too large', { Mapping: aMappingResource({ BatchSize: 10_001 }) }],
  ['a window that is too long', { Mapping: aMappingResource({ MaximumBatchingWindowInSeconds: 301 }) }],
  ['one poller', { Mapping: aMappingResource({ ScalingConfig: { MaximumConcurrency: 1 } }) }],
  ['a function that may take longer than its records are hidden', { Notifier: aFunctionResource({ Timeout: 722 }) }],
  ['records that are hidden too long', { Q: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 43_201 } } }],
  ['records that are delayed too long', { Q: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 901 } } }],
  ['a pattern that is too long', { Rule: aRuleResource({ EventPattern: { source: ['x'.repeat(2048)] } }) }],
  ['a pattern whose text is no JSON', { Rule: aRuleResource({ EventPattern: '{"source":' }) }],
])('refuses %s', (_what, resources) => {
  expect(refusalOf(aTemplate(resources))?.length).toBe(2);
});
