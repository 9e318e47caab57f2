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
