import { asObject } from '../call/json.ts';
import type { ResourceKind } from '../call/operations.ts';
import {
  accounts,
  arnName,
  bitrate,
  count,
  type DetailFormat,
  encryption,
  givenName,
  host,
  milliseconds,
  namesIn,
  percent,
  plainNumber,
  token,
} from './parameter-formats.ts';

/** One parameter that an operator may see. */
export interface AllowedParameter {
  readonly label: string;
  readonly path: readonly string[];
  readonly format: DetailFormat;
  /** The parameter that belongs behind it: the port behind a destination. */
  readonly portPath: readonly string[] | undefined;
  /** Both paths as they are compared with the fields of a request. */
  readonly fields: readonly string[];
}

const show = (label: string, path: string, format: DetailFormat, portPath?: string): AllowedParameter => ({
  label,
  path: path.split('.'),
  format,
  portPath: portPath?.split('.'),
  fields: [path, portPath].filter((one) => one !== undefined).map((one) => one.toLowerCase()),
});

const LATENCY = [
  show('Minimum latency', 'minLatency', milliseconds),
  show('Maximum latency', 'maxLatency', milliseconds),
];

const SOURCE = [
  show('Protocol', 'protocol', token),
  show('Ingest port', 'ingestPort', plainNumber),
  show('Entitlement', 'entitlementArn', arnName),
  show('Bridge', 'gatewayBridgeSource.bridgeArn', arnName),
  show('VPC interface', 'vpcInterfaceName', givenName),
  show('NDI source', 'ndiSourceSettings.sourceName', givenName),
  show('Listener port', 'sourceListenerPort', plainNumber),
  show('Maximum bitrate', 'maxBitrate', bitrate),
  ...LATENCY,
  show('Decryption', 'decryption', encryption),
  show('Router integration', 'routerIntegrationState', token),
];

const OUTPUT = [
  show('Protocol', 'protocol', token),
  show('Destination', 'destination', host, 'port'),
  show('Status', 'outputStatus', token),
  show('VPC interface', 'vpcInterfaceAttachment.vpcInterfaceName', givenName),
  show('NDI program', 'ndiProgramName', givenName),
  ...LATENCY,
  show('Smoothing latency', 'smoothingLatency', milliseconds),
  show('Encryption', 'encryption', encryption),
  show('Router integration', 'routerIntegrationState', token),
];

const ENTITLEMENT = [
  show('Subscribers', 'subscribers', accounts),
  show('Status', 'entitlementStatus', token),
  show('Subscriber pays', 'dataTransferSubscriberFeePercent', percent),
  show('Encryption', 'encryption', encryption),
];

const MEDIA_STREAM = [
  show('Type', 'mediaStreamType', token),
  show('Video format', 'videoFormat', token),
  show('Clock rate', 'clockRate', plainNumber),
];

const VPC_INTERFACE = [show('Type', 'networkInterfaceType', token)];

const BRIDGE_SOURCE = [
  show('Flow', 'flowSource.flowArn', arnName),
  show('Protocol', 'networkSource.protocol', token),
  show('Port', 'networkSource.port', plainNumber),
  show('Network', 'networkSource.networkName', givenName),
];

const BRIDGE_OUTPUT = [
  show('Protocol', 'networkOutput.protocol', token),
  show('Destination', 'networkOutput.ipAddress', host, 'networkOutput.port'),
  show('Network', 'networkOutput.networkName', givenName),
];

const FAILOVER = [
  show('Failover', 'sourceFailoverConfig.state', token),
  show('Failover mode', 'sourceFailoverConfig.failoverMode', token),
  show('Primary source', 'sourceFailoverConfig.sourcePriority.primarySource', givenName),
];

const FLOW = [
  show('Size', 'flowSize', token),
  show('Availability zone', 'availabilityZone', token),
  show('Maintenance day', 'maintenance.maintenanceDay', token),
  show('Maintenance start', 'maintenance.maintenanceStartHour', token),
  show('Maintenance date', 'maintenance.maintenanceScheduledDate', token),
  ...FAILOVER,
  show('NDI', 'ndiConfig.ndiState', token),
  show('Encoding', 'encodingConfig.encodingProfile', token),
  show('Thumbnails', 'sourceMonitoringConfig.thumbnailState', token),
  show('Content analysis', 'sourceMonitoringConfig.contentQualityAnalysisState', token),
];

const BRIDGE = [
  show('Gateway', 'placementArn', arnName),
  show('State', 'desiredState', token),
  show('Egress bitrate', 'egressGatewayBridge.maxBitrate', bitrate),
  show('Ingress bitrate', 'ingressGatewayBridge.maxBitrate', bitrate),
  show('Ingress outputs', 'ingressGatewayBridge.maxOutputs', plainNumber),
  ...FAILOVER,
];

const ROUTER = [
  show('Tier', 'tier', token),
  show('Scope', 'routingScope', token),
  show('Maximum bitrate', 'maximumBitrate', bitrate),
  show('Region', 'regionName', token),
  show('Availability zone', 'availabilityZone', token),
  show('Protocol', 'configuration.standard.protocol', token),
  show('Network interface', 'configuration.standard.networkInterfaceArn', arnName),
  show('Flow', 'configuration.mediaConnectFlow.flowArn', arnName),
  show('Maintenance day', 'maintenanceConfiguration.preferredDayTime.day', token),
  show('Maintenance time', 'maintenanceConfiguration.preferredDayTime.time', token),
];

const STANDARD = 'configuration.standard.protocolConfiguration';

const ROUTER_INPUT = [
  ...ROUTER,
  ...['rtp', 'rist', 'srtListener'].map((protocol) => show('Ingest port', `${STANDARD}.${protocol}.port`, plainNumber)),
  show('Source port', `${STANDARD}.srtCaller.sourcePort`, plainNumber),
  show('Flow output', 'configuration.mediaConnectFlow.flowOutputArn', arnName),
  show('MediaLive output', 'configuration.mediaLiveChannel.mediaLiveChannelOutputName', givenName),
  show('Failover', 'configuration.failover.sourcePriorityMode', token),
];

const ROUTER_OUTPUT = [
  ...ROUTER,
  ...['rtp', 'rist', 'srtCaller'].map((protocol) =>
    show('Destination', `${STANDARD}.${protocol}.destinationAddress`, host, `${STANDARD}.${protocol}.destinationPort`),
  ),
  show('Listener port', `${STANDARD}.srtListener.port`, plainNumber),
  show('Flow source', 'configuration.mediaConnectFlow.flowSourceArn', arnName),
];

const TAGS = [show('Tags set', 'tags', count), show('Tags removed', 'tagKeys', count)];

/** What an operator may see of a call on one resource of each kind. What is not here is not shown. */
export const ALLOWED_PARAMETERS: Readonly<Record<ResourceKind, readonly AllowedParameter[]>> = {
  flow: FLOW,
  source: SOURCE,
  output: OUTPUT,
  entitlement: ENTITLEMENT,
  mediaStream: MEDIA_STREAM,
  vpcInterface: VPC_INTERFACE,
  bridge: BRIDGE,
  bridgeSource: BRIDGE_SOURCE,
  bridgeOutput: BRIDGE_OUTPUT,
  gateway: [show('Networks', 'networks', namesIn(['name']))],
  gatewayInstance: [show('Bridge placement', 'bridgePlacement', token), show('Forced', 'force', token)],
  routerInput: ROUTER_INPUT,
  routerOutput: ROUTER_OUTPUT,
  routerNetworkInterface: [show('Region', 'regionName', token)],
  offering: [show('Reservation', 'reservationName', givenName), show('Start', 'start', token)],
  reservation: [],
  tag: TAGS,
  unrecognized: [],
};

/** Things that a call creates along with the main one, or adds: one line each. */
export interface AllowedList {
  readonly member: string;
  readonly label: string;
  readonly kind: ResourceKind;
}

/** In the order in which an operator asks for them. `source` is the older spelling of a flow's only source. */
export const ALLOWED_LISTS: readonly AllowedList[] = [
  { member: 'source', label: 'Source', kind: 'source' },
  { member: 'sources', label: 'Source', kind: 'source' },
  { member: 'outputs', label: 'Output', kind: 'output' },
  { member: 'entitlements', label: 'Entitlement', kind: 'entitlement' },
  { member: 'mediaStreams', label: 'Media stream', kind: 'mediaStream' },
  { member: 'vpcInterfaces', label: 'VPC interface', kind: 'vpcInterface' },
];

interface Ranked {
  readonly parameter: AllowedParameter;
  readonly rank: number;
}

const membersOf = ({ path, portPath }: AllowedParameter): readonly (string | undefined)[] => [
  ...new Set([path[0], portPath?.[0] ?? path[0]]),
];

const byMember = (parameters: readonly AllowedParameter[]): ReadonlyMap<string | undefined, readonly Ranked[]> => {
  const found = new Map<string | undefined, Ranked[]>();
  for (const [rank, parameter] of parameters.entries()) {
    const ranked = { parameter, rank };
    for (const member of membersOf(parameter)) found.set(member, [...(found.get(member) ?? []), ranked]);
  }
  return found;
};

/** The table by the member that a path starts with: a request has few of the members that it could have. */
const BY_MEMBER = new Map(Object.entries(ALLOWED_PARAMETERS).map(([kind, parameters]) => [kind, byMember(parameters)]));

/** More members than any request of the API has. */
const MEMBERS_READ = 100;

const isUpper = (code: number): boolean => code >= 65 && code <= 90;

/** Our tables are in lower camel case; records are in either. */
export const lowerCamel = (key: string): string =>
  isUpper(key.charCodeAt(0)) ? key.charAt(0).toLowerCase() + key.slice(1) : key;

function membersIn(source: unknown): readonly string[] {
  const keys = Object.keys(asObject(source) ?? {});
  return keys.length > MEMBERS_READ ? keys.slice(0, MEMBERS_READ) : keys;
}

/** The parameters of the allow-list that a request may have, each once, in the list's order. */
export function allowedOf(source: unknown, kind: ResourceKind): readonly AllowedParameter[] {
  const ofKind = BY_MEMBER.get(kind);
  const found: Ranked[] = [];
  for (const key of membersIn(source)) {
    for (const ranked of ofKind?.get(lowerCamel(key)) ?? []) if (!found.includes(ranked)) found.push(ranked);
  }
  return found.sort((one, other) => one.rank - other.rank).map(({ parameter }) => parameter);
}
