import type { ResourceKind } from '../call/operations.ts';

/** Where a record names the resources of one kind. Members are in lower camel case and are found in either case. */
export interface Naming {
  /** Members that hold an ARN, or a list of them. */
  readonly arns: readonly string[];
  /** Members that hold a name and nothing else. */
  readonly names: readonly string[];
  /** The member that lists what is to be added, or was. */
  readonly list: string | undefined;
  /** Where an element of that list has its name. */
  readonly elementNames: readonly (readonly string[])[];
  /** The member of the response that holds the resource itself. */
  readonly wrapper: string | undefined;
}

const naming = (arns: readonly string[], rest: Partial<Naming> = {}): Naming => ({
  arns,
  names: [],
  list: undefined,
  elementNames: [],
  wrapper: undefined,
  ...rest,
});

/**
 * How each kind of resource is named in requests and responses; all operations on one kind name it the same way.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/api/API_Operations.html
 */
const NAMINGS: Readonly<Record<ResourceKind, Naming | undefined>> = {
  flow: naming(['flowArn'], { names: ['name'], wrapper: 'flow' }),
  source: naming(['sourceArn'], {
    names: ['sourceName', 'name'],
    list: 'sources',
    elementNames: [['name']],
    wrapper: 'source',
  }),
  output: naming(['outputArn'], {
    names: ['outputName', 'name'],
    list: 'outputs',
    elementNames: [['name']],
    wrapper: 'output',
  }),
  entitlement: naming(['entitlementArn'], {
    names: ['entitlementName', 'name'],
    list: 'entitlements',
    elementNames: [['name']],
    wrapper: 'entitlement',
  }),
  mediaStream: naming(['mediaStreamArn'], {
    names: ['mediaStreamName'],
    list: 'mediaStreams',
    elementNames: [['mediaStreamName']],
    wrapper: 'mediaStream',
  }),
  vpcInterface: naming(['vpcInterfaceArn'], {
    names: ['vpcInterfaceName'],
    list: 'vpcInterfaces',
    elementNames: [['name']],
  }),
  bridge: naming(['bridgeArn'], { names: ['name'], wrapper: 'bridge' }),
  bridgeSource: naming([], {
    names: ['sourceName'],
    list: 'sources',
    elementNames: [['networkSource', 'name'], ['flowSource', 'name'], ['name']],
    wrapper: 'source',
  }),
  bridgeOutput: naming([], {
    names: ['outputName'],
    list: 'outputs',
    elementNames: [['networkOutput', 'name'], ['flowOutput', 'name'], ['name']],
    wrapper: 'output',
  }),
  gateway: naming(['gatewayArn'], { names: ['name'], wrapper: 'gateway' }),
  gatewayInstance: naming(['gatewayInstanceArn'], { wrapper: 'gatewayInstance' }),
  routerInput: naming(['arn', 'arns', 'routerInputArn'], {
    names: ['name', 'routerInputName'],
    wrapper: 'routerInput',
  }),
  routerOutput: naming(['arn', 'arns', 'routerOutputArn'], {
    names: ['name', 'routerOutputName'],
    wrapper: 'routerOutput',
  }),
  routerNetworkInterface: naming(['arn', 'arns', 'routerNetworkInterfaceArn'], {
    names: ['name'],
    wrapper: 'routerNetworkInterface',
  }),
  offering: naming(['offeringArn'], { names: ['reservationName'], wrapper: 'reservation' }),
  reservation: naming(['reservationArn'], { names: ['reservationName'], wrapper: 'reservation' }),
  tag: naming(['resourceArn']),
  unrecognized: undefined,
};

export const namingOf = (kind: ResourceKind): Naming | undefined => NAMINGS[kind];

/** Where a record names what the resource belongs to. */
export interface ParentNaming {
  readonly kind: ResourceKind;
  readonly arn: string;
}

const FLOW: ParentNaming = { kind: 'flow', arn: 'flowArn' };
const BRIDGE: ParentNaming = { kind: 'bridge', arn: 'bridgeArn' };
const FILTER: ParentNaming = { kind: 'gateway', arn: 'filterArn' };

const PARENTS: Partial<Readonly<Record<ResourceKind, ParentNaming>>> = {
  source: FLOW,
  output: FLOW,
  entitlement: FLOW,
  mediaStream: FLOW,
  vpcInterface: FLOW,
  bridgeSource: BRIDGE,
  bridgeOutput: BRIDGE,
};

/** What the resources of a list belong to is said by a filter. */
export const parentNamingOf = (operation: string, kind: ResourceKind): ParentNaming | undefined =>
  operation === 'ListBridges' || operation === 'ListGatewayInstances' ? FILTER : PARENTS[kind];
