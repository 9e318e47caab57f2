import { describe, expect, it } from 'vitest';
import { classifyCall, READ_ONLY_PREFIXES } from '../../shared/classify-call.ts';
import { OPERATIONS } from '../../shared/operations.ts';
import { anApiCallEvent } from '../builders.ts';

const classify = (detail: Record<string, unknown>) => classifyCall(anApiCallEvent({ detail }).detail);

/**
 * What takes signal off air, puts it on or changes what is seen, in words of its own: who weakens a line of the table
 * weakens what an operator is told first, whom it calls, and what is never counted only.
 */
const ON_AIR = [
  ...[
    'StartFlow',
    'StopFlow',
    'DeleteFlow',
    'AddFlowOutputs',
    'AddFlowSources',
    'UpdateFlowOutput',
    'UpdateFlowSource',
  ],
  ...[
    'RemoveFlowOutput',
    'RemoveFlowSource',
    'RemoveFlowMediaStream',
    'RemoveFlowVpcInterface',
    'RevokeFlowEntitlement',
  ],
  ...['AddBridgeOutputs', 'AddBridgeSources', 'UpdateBridgeOutput', 'UpdateBridgeSource', 'UpdateBridgeState'],
  ...['RemoveBridgeOutput', 'RemoveBridgeSource', 'DeleteBridge', 'DeleteGateway', 'DeregisterGatewayInstance'],
  ...['StartRouterInput', 'StopRouterInput', 'RestartRouterInput', 'UpdateRouterInput', 'DeleteRouterInput'],
  ...['StartRouterOutput', 'StopRouterOutput', 'RestartRouterOutput', 'UpdateRouterOutput', 'DeleteRouterOutput'],
  ...['TakeRouterInput', 'DeleteRouterNetworkInterface', 'ManagedAddOutput', 'ManagedRemoveOutput'],
];
const ACCESS = ['GrantFlowEntitlements', 'UpdateFlowEntitlement'];

describe('known operations', () => {
  it.each(Object.keys(OPERATIONS))('knows what %s can do to the signal', (eventName) => {
    const { access, impact } = classify({ eventName });
    const change = ACCESS.includes(eventName) ? 'access' : 'change';
    const expected = ON_AIR.includes(eventName) ? 'on-air' : change;
    expect(impact).toBe(access === 'read-only' ? 'none' : expected);
  });

  it('has each operation that touches the signal or decides who receives it', () => {
    expect([...ON_AIR, ...ACCESS].filter((name) => !Object.hasOwn(OPERATIONS, name))).toEqual([]);
  });

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
    { eventName: 'StartWormhole', readOnly: false, access: 'mutating', impact: 'on-air' },
    { eventName: 'Restart', readOnly: false, access: 'mutating', impact: 'on-air' },
    { eventName: 'DeleteWormhole', readOnly: false, access: 'mutating', impact: 'on-air' },
    { eventName: 'RemoveWormhole', readOnly: false, access: 'mutating', impact: 'on-air' },
    { eventName: 'RevokeWormhole', readOnly: false, access: 'mutating', impact: 'on-air' },
    { eventName: 'TakeWormhole', readOnly: false, access: 'mutating', impact: 'on-air' },
    { eventName: 'ManagedStopWormhole', readOnly: false, access: 'mutating', impact: 'on-air' },
    { eventName: 'UnmanagedStopWormhole', readOnly: false, access: 'mutating', impact: 'change' },
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
