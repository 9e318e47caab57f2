import type { CompiledRule } from '../../../shared/eventbridge/rule.ts';

const READS = ['Describe', 'Get', 'List'].map((prefix) => ({ prefix }));

/** A rule on MediaConnect calls with more conditions on the record. */
export const aRule = (
  name: string,
  detail: Readonly<Record<string, unknown>>,
  changes: Partial<CompiledRule> = {},
): CompiledRule => ({
  name,
  channel: 'default',
  delivery: 'immediate',
  state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
  pattern: {
    source: ['aws.mediaconnect'],
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: { eventSource: ['mediaconnect.amazonaws.com'], ...detail },
  },
  ...changes,
});

export const CHANGES = aRule('changes', { readOnly: [false] }, { state: 'ENABLED' });
export const READS_DIGEST = aRule('reads', { eventName: READS }, { delivery: 'digest' });

export const SETTINGS = { batchingWindowSeconds: 1, digestMinutes: 15 };
