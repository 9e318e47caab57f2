import type { ResourceKind } from './resource-kind.ts';

/** Whether a call can change anything. */
export type Access = 'read-only' | 'mutating';

/**
 * What a call can do to the signal: `on-air` can take it off air or put it on, `access` decides who
 * may receive it, `change` is every other change, `none` is a read.
 */
export type Impact = 'on-air' | 'access' | 'change' | 'none';

export interface Operation {
  readonly resource: ResourceKind;
  readonly access: Access;
  readonly impact: Impact;
}

/**
 * Every MediaConnect operation we know. Add a line to add an operation.
 *
 * Neither the HTTP method nor the verb alone tells a read: `ListRouterInputs` is a POST and
 * `BatchGetRouterInput` does not start with `Get`.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/api/API_Operations.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-management-event-list.html
 */
export const OPERATIONS = {
  // The API reference, in its order.
  AddBridgeOutputs: { resource: 'bridgeOutput', access: 'mutating', impact: 'on-air' },
  AddBridgeSources: { resource: 'bridgeSource', access: 'mutating', impact: 'on-air' },
  AddFlowMediaStreams: { resource: 'mediaStream', access: 'mutating', impact: 'change' },
  AddFlowOutputs: { resource: 'output', access: 'mutating', impact: 'on-air' },
  AddFlowSources: { resource: 'source', access: 'mutating', impact: 'on-air' },
  AddFlowVpcInterfaces: { resource: 'vpcInterface', access: 'mutating', impact: 'change' },
  BatchGetRouterInput: { resource: 'routerInput', access: 'read-only', impact: 'none' },
  BatchGetRouterNetworkInterface: { resource: 'routerNetworkInterface', access: 'read-only', impact: 'none' },
  BatchGetRouterOutput: { resource: 'routerOutput', access: 'read-only', impact: 'none' },
  CreateBridge: { resource: 'bridge', access: 'mutating', impact: 'change' },
  CreateFlow: { resource: 'flow', access: 'mutating', impact: 'change' },
  CreateGateway: { resource: 'gateway', access: 'mutating', impact: 'change' },
  CreateRouterInput: { resource: 'routerInput', access: 'mutating', impact: 'change' },
  CreateRouterNetworkInterface: { resource: 'routerNetworkInterface', access: 'mutating', impact: 'change' },
  CreateRouterOutput: { resource: 'routerOutput', access: 'mutating', impact: 'change' },
  DeleteBridge: { resource: 'bridge', access: 'mutating', impact: 'on-air' },
  DeleteFlow: { resource: 'flow', access: 'mutating', impact: 'on-air' },
  DeleteGateway: { resource: 'gateway', access: 'mutating', impact: 'on-air' },
  DeleteRouterInput: { resource: 'routerInput', access: 'mutating', impact: 'on-air' },
  DeleteRouterNetworkInterface: { resource: 'routerNetworkInterface', access: 'mutating', impact: 'on-air' },
  DeleteRouterOutput: { resource: 'routerOutput', access: 'mutating', impact: 'on-air' },
  DeregisterGatewayInstance: { resource: 'gatewayInstance', access: 'mutating', impact: 'on-air' },
  DescribeBridge: { resource: 'bridge', access: 'read-only', impact: 'none' },
  DescribeFlow: { resource: 'flow', access: 'read-only', impact: 'none' },
  DescribeFlowSourceMetadata: { resource: 'flow', access: 'read-only', impact: 'none' },
  DescribeFlowSourceThumbnail: { resource: 'flow', access: 'read-only', impact: 'none' },
  DescribeGateway: { resource: 'gateway', access: 'read-only', impact: 'none' },
  DescribeGatewayInstance: { resource: 'gatewayInstance', access: 'read-only', impact: 'none' },
  DescribeOffering: { resource: 'offering', access: 'read-only', impact: 'none' },
  DescribeReservation: { resource: 'reservation', access: 'read-only', impact: 'none' },
  GetRouterInput: { resource: 'routerInput', access: 'read-only', impact: 'none' },
  GetRouterInputSourceMetadata: { resource: 'routerInput', access: 'read-only', impact: 'none' },
  GetRouterInputThumbnail: { resource: 'routerInput', access: 'read-only', impact: 'none' },
  GetRouterNetworkInterface: { resource: 'routerNetworkInterface', access: 'read-only', impact: 'none' },
  GetRouterOutput: { resource: 'routerOutput', access: 'read-only', impact: 'none' },
  GrantFlowEntitlements: { resource: 'entitlement', access: 'mutating', impact: 'access' },
  ListBridges: { resource: 'bridge', access: 'read-only', impact: 'none' },
  ListEntitlements: { resource: 'entitlement', access: 'read-only', impact: 'none' },
  ListFlows: { resource: 'flow', access: 'read-only', impact: 'none' },
  ListGatewayInstances: { resource: 'gatewayInstance', access: 'read-only', impact: 'none' },
  ListGateways: { resource: 'gateway', access: 'read-only', impact: 'none' },
  ListOfferings: { resource: 'offering', access: 'read-only', impact: 'none' },
  ListReservations: { resource: 'reservation', access: 'read-only', impact: 'none' },
  ListRouterInputs: { resource: 'routerInput', access: 'read-only', impact: 'none' },
  ListRouterNetworkInterfaces: { resource: 'routerNetworkInterface', access: 'read-only', impact: 'none' },
  ListRouterOutputs: { resource: 'routerOutput', access: 'read-only', impact: 'none' },
  ListTagsForGlobalResource: { resource: 'tag', access: 'read-only', impact: 'none' },
  ListTagsForResource: { resource: 'tag', access: 'read-only', impact: 'none' },
  PurchaseOffering: { resource: 'offering', access: 'mutating', impact: 'change' },
  RemoveBridgeOutput: { resource: 'bridgeOutput', access: 'mutating', impact: 'on-air' },
  RemoveBridgeSource: { resource: 'bridgeSource', access: 'mutating', impact: 'on-air' },
  RemoveFlowMediaStream: { resource: 'mediaStream', access: 'mutating', impact: 'on-air' },
  RemoveFlowOutput: { resource: 'output', access: 'mutating', impact: 'on-air' },
  RemoveFlowSource: { resource: 'source', access: 'mutating', impact: 'on-air' },
  RemoveFlowVpcInterface: { resource: 'vpcInterface', access: 'mutating', impact: 'on-air' },
  RestartRouterInput: { resource: 'routerInput', access: 'mutating', impact: 'on-air' },
  RestartRouterOutput: { resource: 'routerOutput', access: 'mutating', impact: 'on-air' },
  RevokeFlowEntitlement: { resource: 'entitlement', access: 'mutating', impact: 'on-air' },
  StartFlow: { resource: 'flow', access: 'mutating', impact: 'on-air' },
  StartRouterInput: { resource: 'routerInput', access: 'mutating', impact: 'on-air' },
  StartRouterOutput: { resource: 'routerOutput', access: 'mutating', impact: 'on-air' },
  StopFlow: { resource: 'flow', access: 'mutating', impact: 'on-air' },
  StopRouterInput: { resource: 'routerInput', access: 'mutating', impact: 'on-air' },
  StopRouterOutput: { resource: 'routerOutput', access: 'mutating', impact: 'on-air' },
  TagGlobalResource: { resource: 'tag', access: 'mutating', impact: 'change' },
  TagResource: { resource: 'tag', access: 'mutating', impact: 'change' },
  TakeRouterInput: { resource: 'routerOutput', access: 'mutating', impact: 'on-air' },
  UntagGlobalResource: { resource: 'tag', access: 'mutating', impact: 'change' },
  UntagResource: { resource: 'tag', access: 'mutating', impact: 'change' },
  UpdateBridge: { resource: 'bridge', access: 'mutating', impact: 'change' },
  UpdateBridgeOutput: { resource: 'bridgeOutput', access: 'mutating', impact: 'on-air' },
  UpdateBridgeSource: { resource: 'bridgeSource', access: 'mutating', impact: 'on-air' },
  UpdateBridgeState: { resource: 'bridge', access: 'mutating', impact: 'on-air' },
  UpdateFlow: { resource: 'flow', access: 'mutating', impact: 'change' },
  UpdateFlowEntitlement: { resource: 'entitlement', access: 'mutating', impact: 'access' },
  UpdateFlowMediaStream: { resource: 'mediaStream', access: 'mutating', impact: 'change' },
  UpdateFlowOutput: { resource: 'output', access: 'mutating', impact: 'on-air' },
  UpdateFlowSource: { resource: 'source', access: 'mutating', impact: 'on-air' },
  UpdateGatewayInstance: { resource: 'gatewayInstance', access: 'mutating', impact: 'change' },
  UpdateRouterInput: { resource: 'routerInput', access: 'mutating', impact: 'on-air' },
  UpdateRouterNetworkInterface: { resource: 'routerNetworkInterface', access: 'mutating', impact: 'change' },
  UpdateRouterOutput: { resource: 'routerOutput', access: 'mutating', impact: 'on-air' },
  // In no SDK: named by EventBridge's list of management events, by MediaLive's service role or by IAM's action list.
  ManagedDescribeFlow: { resource: 'flow', access: 'read-only', impact: 'none' },
  PrivateDescribeFlowMeta: { resource: 'flow', access: 'read-only', impact: 'none' },
  ManagedAddOutput: { resource: 'output', access: 'mutating', impact: 'on-air' },
  ManagedRemoveOutput: { resource: 'output', access: 'mutating', impact: 'on-air' },
  DiscoverGatewayPollEndpoint: { resource: 'gateway', access: 'read-only', impact: 'none' },
  PollGateway: { resource: 'gateway', access: 'mutating', impact: 'change' },
  SubmitGatewayStateChange: { resource: 'gateway', access: 'mutating', impact: 'change' },
  AssociateRouterNetworkInterface: { resource: 'routerNetworkInterface', access: 'mutating', impact: 'change' },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof OPERATIONS;

interface KnownOperation extends Operation {
  readonly name: OperationName;
}

/** A map, since an object takes several times as long to look up text that is fresh from a record. */
const BY_NAME: ReadonlyMap<string, KnownOperation> = new Map(
  (Object.keys(OPERATIONS) as OperationName[]).map((name) => [name, { name, ...OPERATIONS[name] }]),
);

/** What the table says of an operation; nothing of one that is called `constructor`. */
export const knownOperation = (name: string): KnownOperation | undefined => BY_NAME.get(name);

export const isKnownOperation = (name: string): name is OperationName => BY_NAME.has(name);
