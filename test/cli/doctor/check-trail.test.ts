import type { GetEventSelectorsResponse } from '@aws-sdk/client-cloudtrail';
import { expect, it } from 'vitest';
import { coverageOf } from '../../../cli/doctor/check-trail.ts';

const management = { Field: 'eventCategory', Equals: ['Management'] };
const advanced = (...fields: readonly object[]): GetEventSelectorsResponse => ({
  AdvancedEventSelectors: [{ FieldSelectors: [management, ...fields] as never }],
});

it.each<[what: string, selectors: GetEventSelectorsResponse, reads: boolean, writes: boolean]>([
  ['nothing', {}, false, false],
  ['everything', { EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }] }, true, true],
  ['by default everything', { EventSelectors: [{}] }, true, true],
  ['only data', { EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: false }] }, false, false],
  ['writes', { EventSelectors: [{ ReadWriteType: 'WriteOnly' }] }, false, true],
  [
    'both by two selectors',
    { EventSelectors: [{ ReadWriteType: 'WriteOnly' }, { ReadWriteType: 'ReadOnly' }] },
    true,
    true,
  ],
  ['management events', advanced(), true, true],
  ['management events that write', advanced({ Field: 'readOnly', Equals: ['false'] }), false, true],
  ['all but KMS', advanced({ Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }), true, true],
  ['all but MediaConnect', advanced({ Field: 'eventSource', NotEquals: ['mediaconnect.amazonaws.com'] }), false, false],
  ['only EC2', advanced({ Field: 'eventSource', Equals: ['ec2.amazonaws.com'] }), false, false],
  [
    'data events',
    { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }] },
    false,
    false,
  ],
])('sees that a trail records %s', (_what, selectors, reads, writes) => {
  expect(coverageOf(selectors)).toEqual({ reads, writes });
});
