import { memoize } from './json.ts';

/**
 * What MediaConnect calls act on, in MediaConnect's own words. `unrecognized` is the kind of an
 * operation that is newer than this table.
 */
export const RESOURCE_KINDS = [
  'flow',
  'source',
  'output',
  'entitlement',
  'mediaStream',
  'vpcInterface',
  'bridge',
  'bridgeSource',
  'bridgeOutput',
  'gateway',
  'gatewayInstance',
  'routerInput',
  'routerOutput',
  'routerNetworkInterface',
  'offering',
  'reservation',
  'tag',
  'unrecognized',
] as const;

export type ResourceKind = (typeof RESOURCE_KINDS)[number];

/** The kinds as people say them, singular and plural. */
export const RESOURCE_KIND_WORDS: Readonly<Record<ResourceKind, readonly [one: string, many: string]>> = {
  flow: ['flow', 'flows'],
  source: ['source', 'sources'],
  output: ['output', 'outputs'],
  entitlement: ['entitlement', 'entitlements'],
  mediaStream: ['media stream', 'media streams'],
  vpcInterface: ['VPC interface', 'VPC interfaces'],
  bridge: ['bridge', 'bridges'],
  bridgeSource: ['bridge source', 'bridge sources'],
  bridgeOutput: ['bridge output', 'bridge outputs'],
  gateway: ['gateway', 'gateways'],
  gatewayInstance: ['gateway instance', 'gateway instances'],
  routerInput: ['router input', 'router inputs'],
  routerOutput: ['router output', 'router outputs'],
  routerNetworkInterface: ['router network interface', 'router network interfaces'],
  offering: ['offering', 'offerings'],
  reservation: ['reservation', 'reservations'],
  tag: ['tag', 'tags'],
  unrecognized: ['resource', 'resources'],
};

/** Whether a call can change anything. */
export type Access = 'read-only' | 'mutating';

/**
 * What a call does to the signal, what matters most first: takes it off air, may do so (`unknown`: an operation newer
 * than the table that changes something), changes it, puts it on air; decides who receives it; costs money; deletes what
 * AWS lets nobody delete while it is in use; changes something else; changes nothing.
 */
export const IMPACTS = [
  'off-air',
  'unknown',
  'signal-changed',
  'put-on-air',
  'access',
  'purchase',
  'deletion',
  'change',
  'none',
] as const;

export type Impact = (typeof IMPACTS)[number];

/** A list with a first element. */
type Several<T> = readonly [T, ...T[]];

/** What the first word of an operation's name says of all operations that begin with it. */
export interface Verb {
  readonly access: Access;
  readonly impact: Impact;
  /** For what was tried: "stop", and for what was done: "stopped". */
  readonly base: string;
  readonly done: string;
  /** Stands before what the thing belongs to, behind the verb: "added to". Where it is missing: "output of flow". */
  readonly into?: 'to' | 'from';
  /** Calls that machines make of themselves and all the time: they are reported with the reads, whatever `readOnly` says. */
  readonly isMachine?: true;
}

const reads = (base: string, done: string): Verb => ({ access: 'read-only', impact: 'none', base, done });
const machine = (base: string, done: string): Verb => ({ ...reads(base, done), isMachine: true });
const mutates = (impact: Impact, base: string, done: string, into?: 'to' | 'from'): Verb => ({
  access: 'mutating',
  impact,
  base,
  done,
  ...(into && { into }),
});

/**
 * Every verb that the names of operations begin with; none begins with another. Access, effect and sentence of an
 * operation follow from its verb, so that rules and messages cannot disagree. Add a line to add a verb.
 */
export const VERBS = {
  Add: mutates('put-on-air', 'add', 'added', 'to'),
  Associate: mutates('change', 'associate', 'associated'),
  BatchDescribe: reads('view', 'viewed'),
  BatchGet: reads('view', 'viewed'),
  Create: mutates('change', 'create', 'created'),
  Delete: mutates('deletion', 'delete', 'deleted'),
  Deregister: mutates('off-air', 'deregister', 'deregistered', 'from'),
  Describe: reads('view', 'viewed'),
  Discover: reads('look up', 'looked up'),
  Get: reads('view', 'viewed'),
  Grant: mutates('access', 'grant', 'granted'),
  List: reads('list', 'listed'),
  ManagedAdd: mutates('put-on-air', 'add', 'added', 'to'),
  ManagedDescribe: reads('view', 'viewed'),
  ManagedRemove: mutates('off-air', 'remove', 'removed', 'from'),
  ManagedStart: mutates('put-on-air', 'start', 'started'),
  ManagedStop: mutates('off-air', 'stop', 'stopped'),
  Poll: machine('poll', 'polled'),
  PrivateDescribe: reads('view', 'viewed'),
  Purchase: mutates('purchase', 'purchase', 'purchased'),
  Remove: mutates('off-air', 'remove', 'removed', 'from'),
  Restart: mutates('signal-changed', 'restart', 'restarted'),
  Revoke: mutates('off-air', 'revoke', 'revoked'),
  Start: mutates('put-on-air', 'start', 'started'),
  Stop: mutates('off-air', 'stop', 'stopped'),
  Submit: machine('submit', 'submitted'),
  Tag: mutates('change', 'tag', 'tagged'),
  Take: mutates('signal-changed', 'switch', 'switched'),
  Untag: mutates('change', 'untag', 'untagged'),
  Update: mutates('change', 'update', 'updated'),
} as const satisfies Record<string, Verb>;

const VERB_ENTRIES: readonly (readonly [string, Verb])[] = Object.entries(VERBS);

/** The verb that a name begins with, also the name of an operation that is newer than the table. */
export const verbOf = memoize(
  (name: string): Verb | undefined => VERB_ENTRIES.find(([verb]) => name.startsWith(verb))?.[1],
);

/** The verbs of which something holds, as a name begins with them. */
export const verbsThat = (holds: (verb: Verb) => boolean): readonly string[] =>
  VERB_ENTRIES.filter(([, verb]) => holds(verb)).map(([name]) => name);

/** What the table says of an operation. */
interface Line {
  readonly resource: ResourceKind;
  /**
   * What it does, if that is not what its verb says, and what else it can do, by its parameters (`impactByParameters`).
   * @default the verb's
   */
  readonly impacts?: Several<Impact>;
}

export interface Operation {
  readonly resource: ResourceKind;
  readonly access: Access;
  /** First what it does where the parameters say nothing else. */
  readonly impacts: Several<Impact>;
}

/**
 * Every MediaConnect operation we know. Add a line to add an operation.
 *
 * Neither the HTTP method nor the verb alone shows a read: `ListRouterInputs` is a POST and
 * `BatchGetRouterInput` does not start with `Get`.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/api/API_Operations.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-management-event-list.html
 */
const TABLE = {
  // The API reference, in its order.
  AddBridgeOutputs: { resource: 'bridgeOutput' },
  AddBridgeSources: { resource: 'bridgeSource' },
  AddFlowMediaStreams: { resource: 'mediaStream', impacts: ['change'] },
  AddFlowOutputs: { resource: 'output' },
  AddFlowSources: { resource: 'source' },
  AddFlowVpcInterfaces: { resource: 'vpcInterface', impacts: ['change'] },
  BatchGetRouterInput: { resource: 'routerInput' },
  BatchGetRouterNetworkInterface: { resource: 'routerNetworkInterface' },
  BatchGetRouterOutput: { resource: 'routerOutput' },
  CreateBridge: { resource: 'bridge' },
  CreateFlow: { resource: 'flow' },
  CreateGateway: { resource: 'gateway' },
  CreateRouterInput: { resource: 'routerInput' },
  CreateRouterNetworkInterface: { resource: 'routerNetworkInterface' },
  CreateRouterOutput: { resource: 'routerOutput' },
  DeleteBridge: { resource: 'bridge' },
  DeleteFlow: { resource: 'flow' },
  DeleteGateway: { resource: 'gateway' },
  DeleteRouterInput: { resource: 'routerInput', impacts: ['off-air'] },
  DeleteRouterNetworkInterface: { resource: 'routerNetworkInterface', impacts: ['off-air'] },
  DeleteRouterOutput: { resource: 'routerOutput', impacts: ['off-air'] },
  DeregisterGatewayInstance: { resource: 'gatewayInstance' },
  DescribeBridge: { resource: 'bridge' },
  DescribeFlow: { resource: 'flow' },
  DescribeFlowSourceMetadata: { resource: 'flow' },
  DescribeFlowSourceThumbnail: { resource: 'flow' },
  DescribeGateway: { resource: 'gateway' },
  DescribeGatewayInstance: { resource: 'gatewayInstance' },
  DescribeOffering: { resource: 'offering' },
  DescribeReservation: { resource: 'reservation' },
  GetRouterInput: { resource: 'routerInput' },
  GetRouterInputSourceMetadata: { resource: 'routerInput' },
  GetRouterInputThumbnail: { resource: 'routerInput' },
  GetRouterNetworkInterface: { resource: 'routerNetworkInterface' },
  GetRouterOutput: { resource: 'routerOutput' },
  GrantFlowEntitlements: { resource: 'entitlement' },
  ListBridges: { resource: 'bridge' },
  ListEntitlements: { resource: 'entitlement' },
  ListFlows: { resource: 'flow' },
  ListGatewayInstances: { resource: 'gatewayInstance' },
  ListGateways: { resource: 'gateway' },
  ListOfferings: { resource: 'offering' },
  ListReservations: { resource: 'reservation' },
  ListRouterInputs: { resource: 'routerInput' },
  ListRouterNetworkInterfaces: { resource: 'routerNetworkInterface' },
  ListRouterOutputs: { resource: 'routerOutput' },
  ListTagsForGlobalResource: { resource: 'tag' },
  ListTagsForResource: { resource: 'tag' },
  PurchaseOffering: { resource: 'offering' },
  RemoveBridgeOutput: { resource: 'bridgeOutput' },
  RemoveBridgeSource: { resource: 'bridgeSource' },
  RemoveFlowMediaStream: { resource: 'mediaStream', impacts: ['change'] },
  RemoveFlowOutput: { resource: 'output' },
  RemoveFlowSource: { resource: 'source', impacts: ['signal-changed'] },
  RemoveFlowVpcInterface: { resource: 'vpcInterface', impacts: ['change'] },
  RestartRouterInput: { resource: 'routerInput' },
  RestartRouterOutput: { resource: 'routerOutput' },
  RevokeFlowEntitlement: { resource: 'entitlement' },
  StartFlow: { resource: 'flow' },
  StartRouterInput: { resource: 'routerInput' },
  StartRouterOutput: { resource: 'routerOutput' },
  StopFlow: { resource: 'flow' },
  StopRouterInput: { resource: 'routerInput' },
  StopRouterOutput: { resource: 'routerOutput' },
  TagGlobalResource: { resource: 'tag' },
  TagResource: { resource: 'tag' },
  TakeRouterInput: { resource: 'routerOutput', impacts: ['signal-changed', 'off-air'] },
  UntagGlobalResource: { resource: 'tag' },
  UntagResource: { resource: 'tag' },
  UpdateBridge: { resource: 'bridge', impacts: ['change', 'signal-changed'] },
  UpdateBridgeOutput: { resource: 'bridgeOutput', impacts: ['signal-changed'] },
  UpdateBridgeSource: { resource: 'bridgeSource', impacts: ['signal-changed'] },
  UpdateBridgeState: { resource: 'bridge', impacts: ['off-air', 'put-on-air'] },
  UpdateFlow: { resource: 'flow', impacts: ['change', 'signal-changed'] },
  UpdateFlowEntitlement: { resource: 'entitlement', impacts: ['access', 'off-air', 'put-on-air'] },
  UpdateFlowMediaStream: { resource: 'mediaStream' },
  UpdateFlowOutput: { resource: 'output', impacts: ['signal-changed', 'off-air', 'put-on-air', 'change'] },
  UpdateFlowSource: { resource: 'source', impacts: ['signal-changed', 'change'] },
  UpdateGatewayInstance: { resource: 'gatewayInstance' },
  UpdateRouterInput: { resource: 'routerInput', impacts: ['signal-changed', 'change'] },
  UpdateRouterNetworkInterface: { resource: 'routerNetworkInterface', impacts: ['signal-changed', 'change'] },
  UpdateRouterOutput: { resource: 'routerOutput', impacts: ['signal-changed', 'change'] },
  // In no SDK: named by EventBridge's list of management events, by MediaLive's service role or by IAM's action list.
  ManagedDescribeFlow: { resource: 'flow' },
  PrivateDescribeFlowMeta: { resource: 'flow' },
  ManagedAddOutput: { resource: 'output' },
  ManagedRemoveOutput: { resource: 'output' },
  DiscoverGatewayPollEndpoint: { resource: 'gateway' },
  PollGateway: { resource: 'gateway' },
  SubmitGatewayStateChange: { resource: 'gateway', impacts: ['change'] },
  AssociateRouterNetworkInterface: { resource: 'routerNetworkInterface' },
} as const satisfies Record<string, Line>;

export type OperationName = keyof typeof TABLE;

const NAMES = Object.keys(TABLE) as OperationName[];

/** An operation as its verb has it, with what the table says differently. */
function operationOf(name: OperationName): Operation {
  const { resource, impacts }: Line = TABLE[name];
  const { access, impact } = verbOf(name) ?? { access: 'mutating', impact: 'unknown' };
  return { resource, access, impacts: impacts ?? [impact] };
}

export const OPERATIONS = Object.fromEntries(NAMES.map((name) => [name, operationOf(name)])) as Readonly<
  Record<OperationName, Operation>
>;

interface KnownOperation extends Operation {
  readonly name: OperationName;
}

/** A map, since an object takes several times as long to look up text that is fresh from a record. */
const BY_NAME: ReadonlyMap<string, KnownOperation> = new Map(
  NAMES.map((name) => [name, { name, ...OPERATIONS[name] }]),
);

/** What the table says of an operation; nothing of one that is called `constructor`. */
export const knownOperation = (name: string): KnownOperation | undefined => BY_NAME.get(name);

export const isKnownOperation = (name: string): name is OperationName => BY_NAME.has(name);
