import { describe, expect, it } from 'vitest';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import { type Impact, OPERATIONS, type OperationName, VERBS, verbOf } from '../../../shared/call/operations.ts';
import { anApiCallEvent } from '../../builders.ts';

const classify = (detail: Record<string, unknown>) => classifyCall(anApiCallEvent({ detail }).detail);

/** Verbs that no known operation has: they are looked for in new ones. */
const NOT_YET_USED = ['BatchDescribe', 'ManagedStart', 'ManagedStop'];

/**
 * What each operation does to the signal where its parameters say nothing, in words of their own: who weakens a line of
 * the table weakens what an operator hears first, whom it calls, and what is never counted only.
 */
const IMPACTS: Readonly<Partial<Record<Impact, readonly string[]>>> = {
  'off-air': [
    ...['StopFlow', 'RemoveFlowOutput', 'RevokeFlowEntitlement', 'ManagedRemoveOutput'],
    ...['RemoveBridgeOutput', 'RemoveBridgeSource', 'UpdateBridgeState', 'DeregisterGatewayInstance'],
    ...['StopRouterInput', 'StopRouterOutput', 'DeleteRouterInput', 'DeleteRouterOutput'],
    'DeleteRouterNetworkInterface',
  ],
  'signal-changed': [
    ...['UpdateFlowOutput', 'UpdateFlowSource', 'RemoveFlowSource', 'UpdateBridgeOutput', 'UpdateBridgeSource'],
    ...['UpdateRouterInput', 'UpdateRouterOutput', 'UpdateRouterNetworkInterface'],
    ...['RestartRouterInput', 'RestartRouterOutput'],
  ],
  'put-on-air': [
    ...['StartFlow', 'StartRouterInput', 'StartRouterOutput', 'AddFlowOutputs', 'AddFlowSources', 'ManagedAddOutput'],
    ...['AddBridgeOutputs', 'AddBridgeSources'],
  ],
  access: ['GrantFlowEntitlements', 'UpdateFlowEntitlement'],
  purchase: ['PurchaseOffering'],
  deletion: ['DeleteFlow', 'DeleteBridge', 'DeleteGateway'],
};

const impactOf = (name: string, access: string): string => {
  // A take without an input takes what was there off air.
  if (name === 'TakeRouterInput') return 'off-air';
  if (name === 'SubmitGatewayStateChange') return 'change';
  const found = Object.entries(IMPACTS).find(([, names]) => names?.includes(name))?.[0];
  return found ?? (access === 'read-only' ? 'none' : 'change');
};

describe('known operations', () => {
  it.each(Object.keys(OPERATIONS))('knows what %s can do to the signal', (eventName) => {
    const { access, impact } = classify({ eventName, requestParameters: {} });
    expect(impact).toBe(impactOf(eventName, access));
  });

  it('has each operation that touches the signal, decides who receives it, costs money or deletes', () => {
    expect(
      Object.values(IMPACTS)
        .flat()
        .filter((name) => !Object.hasOwn(OPERATIONS, name)),
    ).toEqual([]);
  });

  it.each([
    ['UpdateFlowOutput', { outputStatus: 'DISABLED' }, 'off-air'],
    ['UpdateFlowOutput', { OutputStatus: 'DISABLED' }, 'off-air'],
    ['UpdateFlowOutput', { outputStatus: 'ENABLED' }, 'put-on-air'],
    ['UpdateFlowOutput', { flowArn: 'x', outputArn: 'y', description: 'z' }, 'change'],
    ['UpdateFlowOutput', { flowArn: 'x', outputArn: 'y' }, 'signal-changed'],
    ['UpdateFlowOutput', { description: 'z', port: 5 }, 'signal-changed'],
    ['UpdateFlowOutput', { description: 'z', port: null }, 'change'],
    ['UpdateFlowOutput', { omitted: true }, 'signal-changed'],
    ['UpdateFlowSource', { description: 'z' }, 'change'],
    ['UpdateRouterInput', { arn: 'x', name: 'y' }, 'change'],
    ['UpdateRouterOutput', { arn: 'x', name: 'y', tier: 'OUTPUT_50' }, 'signal-changed'],
    ['UpdateFlow', { sourceFailoverConfig: { state: 'DISABLED' } }, 'signal-changed'],
    ['UpdateFlow', { maintenance: {} }, 'change'],
    ['UpdateBridge', { sourceFailoverConfig: {} }, 'signal-changed'],
    ['UpdateFlowEntitlement', { entitlementStatus: 'DISABLED' }, 'off-air'],
    ['UpdateFlowEntitlement', { entitlementStatus: 'ENABLED' }, 'put-on-air'],
    ['UpdateFlowEntitlement', { subscribers: [] }, 'off-air'],
    ['UpdateFlowEntitlement', { entitlementStatus: 'ENABLED', subscribers: ['444455556666'] }, 'off-air'],
    ['UpdateFlowEntitlement', { description: 'x' }, 'access'],
    ['UpdateBridgeState', { desiredState: 'ACTIVE' }, 'put-on-air'],
    ['UpdateBridgeState', { desiredState: 'STANDBY' }, 'off-air'],
    ['TakeRouterInput', { routerInputArn: 'x' }, 'signal-changed'],
    ['TakeRouterInput', {}, 'off-air'],
    ['TakeRouterInput', null, 'signal-changed'],
  ])('says by its parameters what %s with %j does', (eventName, requestParameters, impact) => {
    const call = classify({ eventName, requestParameters });
    expect(call.impact).toBe(impact);
    expect(OPERATIONS[eventName as OperationName].impacts).toContain(impact);
  });

  it.each(['PollGateway', 'SubmitGatewayStateChange'])('has %s as a machine, whatever readOnly says', (eventName) => {
    expect(classify({ eventName, readOnly: false })).toMatchObject({ access: 'read-only', contradictedBy: undefined });
  });

  it.each([
    [{ responseElements: { errorCode: 'ConflictException' } }, true],
    [{ responseElements: { error: 'ConflictException' } }, true],
    [{ responseElements: { errorCode: 'ConflictException' }, errorCode: 'ConflictException' }, undefined],
    [{ responseElements: { status: 'STOPPING' } }, undefined],
  ])('doubts that a call with %j worked: %s', (detail, isDoubtful) => {
    expect(classify(detail).isDoubtful).toBe(isDoubtful);
  });

  it.each([
    { eventName: 'StopFlow', resource: 'flow', access: 'mutating', impact: 'off-air' },
    { eventName: 'AddFlowOutputs', resource: 'output', access: 'mutating', impact: 'put-on-air' },
    { eventName: 'GrantFlowEntitlements', resource: 'entitlement', access: 'mutating', impact: 'access' },
    { eventName: 'CreateFlow', resource: 'flow', access: 'mutating', impact: 'change' },
    { eventName: 'TakeRouterInput', resource: 'routerOutput', access: 'mutating', impact: 'off-air' },
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

  it('begins with a verb that says whether it reads, and no verb begins with another', () => {
    const verbs = Object.keys(VERBS);
    expect(Object.keys(OPERATIONS).filter((name) => verbOf(name) === undefined)).toEqual([]);
    expect(verbs.filter((verb) => verbs.some((other) => other !== verb && verb.startsWith(other)))).toEqual([]);
    expect(verbs.filter((verb) => !Object.keys(OPERATIONS).some((name) => name.startsWith(verb)))).toEqual(
      NOT_YET_USED,
    );
  });
});

describe('operations that are newer than the table', () => {
  it.each([
    { eventName: 'CreateWormhole', readOnly: false, access: 'mutating', impact: 'unknown' },
    { eventName: 'CreateWormhole', readOnly: undefined, access: 'mutating', impact: 'unknown' },
    { eventName: 'CollapseWormhole', readOnly: 'true', access: 'read-only', impact: 'none' },
    { eventName: 'StopWormhole', readOnly: false, access: 'mutating', impact: 'off-air' },
    { eventName: 'StartWormhole', readOnly: false, access: 'mutating', impact: 'put-on-air' },
    { eventName: 'Restart', readOnly: false, access: 'mutating', impact: 'signal-changed' },
    { eventName: 'DeleteWormhole', readOnly: false, access: 'mutating', impact: 'unknown' },
    { eventName: 'RemoveWormhole', readOnly: false, access: 'mutating', impact: 'off-air' },
    { eventName: 'RevokeWormhole', readOnly: false, access: 'mutating', impact: 'off-air' },
    { eventName: 'TakeWormhole', readOnly: false, access: 'mutating', impact: 'signal-changed' },
    { eventName: 'ManagedStopWormhole', readOnly: false, access: 'mutating', impact: 'off-air' },
    { eventName: 'UnmanagedStopWormhole', readOnly: false, access: 'mutating', impact: 'unknown' },
    { eventName: 'Stopwatch', readOnly: false, access: 'mutating', impact: 'off-air' },
    { eventName: 'GetWormhole', readOnly: undefined, access: 'read-only', impact: 'none' },
    { eventName: 'OpenWormhole', readOnly: '__proto__', access: 'mutating', impact: 'unknown' },
    { eventName: 'OpenWormhole', readOnly: 'constructor', access: 'mutating', impact: 'unknown' },
    { eventName: 'GetWormhole', readOnly: 'maybe', access: 'read-only', impact: 'none' },
    { eventName: 'GetWormhole', readOnly: false, access: 'mutating', impact: 'unknown' },
    { eventName: 'TakeoverRouterInput', readOnly: false, access: 'mutating', impact: 'signal-changed' },
    { eventName: 'PauseFlow', readOnly: false, access: 'mutating', impact: 'unknown' },
    { eventName: 'constructor', readOnly: undefined, access: 'mutating', impact: 'unknown' },
    { eventName: '__proto__', readOnly: undefined, access: 'mutating', impact: 'unknown' },
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
