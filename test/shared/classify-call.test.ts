import { describe, expect, it } from 'vitest';
import { classifyCall, READ_ONLY_PREFIXES } from '../../shared/classify-call.ts';
import { OPERATIONS } from '../../shared/operations.ts';
import { anApiCallEvent } from '../builders.ts';

const classify = (detail: Record<string, unknown>) => classifyCall(anApiCallEvent({ detail }).detail);

describe('known operations', () => {
  it.each([
    { eventName: 'StopFlow', resource: 'flow', access: 'mutating', impact: 'on-air' },
    { eventName: 'AddFlowOutputs', resource: 'output', access: 'mutating', impact: 'on-air' },
    { eventName: 'GrantFlowEntitlements', resource: 'entitlement', access: 'mutating', impact: 'access' },
    { eventName: 'CreateFlow', resource: 'flow', access: 'mutating', impact: 'change' },
    { eventName: 'TakeRouterInput', resource: 'routerOutput', access: 'mutating', impact: 'on-air' },
  ])('calls $eventName a $access call on a $resource with impact $impact', ({ eventName, ...expected }) => {
    expect(classify({ eventName, readOnly: false })).toEqual({
      operation: eventName,
      outcome: 'succeeded',
      contradictedBy: undefined,
      ...expected,
    });
  });

  it.each(['ListRouterInputs', 'BatchGetRouterOutput', 'ManagedDescribeFlow', 'DiscoverGatewayPollEndpoint'])(
    'knows that %s reads, whatever its HTTP method or verb',
    (eventName) => {
      expect(classify({ eventName, readOnly: true })).toMatchObject({ access: 'read-only', impact: 'none' });
    },
  );

  it.each([
    { eventName: 'StopFlow', readOnly: true, access: 'mutating' },
    { eventName: 'StopFlow', readOnly: 'True', access: 'mutating' },
    { eventName: 'DescribeFlow', readOnly: false, access: 'read-only' },
    { eventName: 'DescribeFlow', readOnly: 'false', access: 'read-only' },
  ])('lets the table decide for $eventName and reports that readOnly says $readOnly', ({ access, ...detail }) => {
    expect(classify(detail)).toMatchObject({ access, contradictedBy: 'readOnly' });
  });

  it('does not report a contradiction where readOnly is missing', () => {
    expect(classify({ eventName: 'StopFlow', readOnly: undefined })).toMatchObject({ contradictedBy: undefined });
  });

  it('holds 82 documented and 8 undocumented operations', () => {
    expect(Object.keys(OPERATIONS)).toHaveLength(90);
  });

  it.each(Object.entries(OPERATIONS))('keeps %s true to the verb in its name', (name, { access, impact }) => {
    expect(access === 'read-only').toBe(READ_ONLY_PREFIXES.some((prefix) => name.startsWith(prefix)));
    expect(access === 'read-only').toBe(impact === 'none');
  });
});

describe('operations that are newer than the table', () => {
  it.each([
    { eventName: 'CreateWormhole', readOnly: false, access: 'mutating', impact: 'change' },
    { eventName: 'CreateWormhole', readOnly: undefined, access: 'mutating', impact: 'change' },
    { eventName: 'CollapseWormhole', readOnly: 'true', access: 'read-only', impact: 'none' },
    { eventName: 'StopWormhole', readOnly: false, access: 'mutating', impact: 'on-air' },
    { eventName: 'Stopwatch', readOnly: false, access: 'mutating', impact: 'change' },
    { eventName: 'GetWormhole', readOnly: undefined, access: 'read-only', impact: 'none' },
    { eventName: 'OpenWormhole', readOnly: '__proto__', access: 'mutating', impact: 'change' },
    { eventName: 'OpenWormhole', readOnly: 'constructor', access: 'mutating', impact: 'change' },
    { eventName: 'GetWormhole', readOnly: 'maybe', access: 'read-only', impact: 'none' },
    { eventName: 'GetWormhole', readOnly: false, access: 'mutating', impact: 'change' },
    { eventName: 'constructor', readOnly: undefined, access: 'mutating', impact: 'change' },
    { eventName: '__proto__', readOnly: undefined, access: 'mutating', impact: 'change' },
  ])('calls $eventName with readOnly $readOnly $access', ({ access, impact, ...detail }) => {
    expect(classify(detail)).toEqual({
      operation: detail.eventName,
      resource: 'unrecognized',
      outcome: 'succeeded',
      contradictedBy: undefined,
      access,
      impact,
    });
  });
});

describe('outcome', () => {
  it.each([
    [undefined, undefined, 'succeeded'],
    [null, null, 'succeeded'],
    ['', '', 'succeeded'],
    ['AccessDenied', undefined, 'denied'],
    ['AccessDeniedException', 'Forbidden', 'denied'],
    ['ForbiddenException', undefined, 'denied'],
    ['Client.UnauthorizedOperation', undefined, 'denied'],
    ['UnauthorizedException', undefined, 'denied'],
    ['NotFoundException', undefined, 'failed'],
    ['AddFlowOutputs420Exception', undefined, 'failed'],
    ['TooManyRequestsException', undefined, 'failed'],
    [undefined, 'something broke', 'failed'],
  ])('of errorCode %j and errorMessage %j is %s', (errorCode, errorMessage, outcome) => {
    expect(classify({ errorCode, errorMessage }).outcome).toBe(outcome);
  });
});
