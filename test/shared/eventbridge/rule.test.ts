import { expect, it } from 'vitest';
import { suppressedByState } from '../../../shared/eventbridge/rule.ts';
import { anEvent } from '../../builders.ts';

const LONG = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
const HELD = 'its state ENABLED does not get read-only management events';

it.each([
  ['ENABLED', 'a change', { eventName: 'StopFlow', readOnly: false }, undefined],
  ['ENABLED', 'a change without readOnly', { eventName: 'StopFlow', readOnly: undefined }, undefined],
  ['ENABLED', 'a read', { eventName: 'DescribeFlow', readOnly: true }, HELD],
  ['ENABLED', 'a read that says so in text', { eventName: 'DescribeFlow', readOnly: 'True' }, HELD],
  ['ENABLED', 'a read by its name alone', { eventName: 'ListFlows', readOnly: undefined }, HELD],
  ['ENABLED', 'a read that says it is none', { eventName: 'DescribeFlow', readOnly: false }, undefined],
  ['ENABLED', 'a read of data', { eventName: 'GetObject', readOnly: true, managementEvent: false }, undefined],
  [LONG, 'a read', { eventName: 'DescribeFlow', readOnly: true }, undefined],
  [LONG, 'a change', { eventName: 'StopFlow', readOnly: false }, undefined],
  ['DISABLED', 'a change', { eventName: 'StopFlow', readOnly: false }, 'the rule is disabled'],
] as const)('a rule in state %s and %s', (state, _, detail, expected) => {
  expect(suppressedByState(state, anEvent({ detail }))).toBe(expected);
});

it('holds nothing back that does not come from CloudTrail', () => {
  expect(
    suppressedByState('ENABLED', anEvent({ 'detail-type': 'MediaConnect Alert', detail: { readOnly: true } })),
  ).toBeUndefined();
});
