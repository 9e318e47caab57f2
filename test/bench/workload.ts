import type { SQSEvent } from 'aws-lambda';
import { envelopeOfRecord } from '../../cli/input/envelope.ts';
import { routeEnvelopeText } from '../../shared/call/api-call-event.ts';
import type { JsonObject } from '../../shared/call/json.ts';
import { OPERATIONS, type OperationName, type ResourceKind } from '../../shared/call/operations.ts';
import { anSqsRecord, aRecord } from '../builders.ts';
import { PRINCIPAL_CARDS } from '../gallery/principal-cards.ts';

/** What CloudTrail records of one call beside who made it. */
export interface CallShape {
  readonly eventName: string;
  readonly readOnly: boolean;
  readonly requestParameters: JsonObject;
  readonly responseElements: JsonObject | null;
}

const arnOf = (resource: string): string => `arn:aws:mediaconnect:eu-west-1:111122223333:${resource}`;

/** Each kind's own ARN and the member that holds it; kinds without one are named by what they belong to. */
const ARNS: Partial<Readonly<Record<ResourceKind, readonly [member: string, arn: string]>>> = {
  flow: ['flowArn', arnOf('flow:1-WAINCAdYD1kAAwJU-b94d4a84cb42:CupFinal-Main')],
  source: ['sourceArn', arnOf('source:1-WAINCAdYD1kAAwJU-b94d4a84cb42:OB-van')],
  output: ['outputArn', arnOf('output:2-AgUHBVRXBwFQ-5e4d3c2b1a09:cdn-primary')],
  entitlement: ['entitlementArn', arnOf('entitlement:1-VQEEUwUHBlNX-9a8b7c6d5e4f:partner-feed')],
  bridge: ['bridgeArn', arnOf('bridge:1-ABCDEFGHIJKLMNOP-0123456789ab:Stadium-ingest')],
  gateway: ['gatewayArn', arnOf('gateway:1-ABCDEFGHIJKLMNOP-ba9876543210:Stadium')],
  gatewayInstance: [
    'gatewayInstanceArn',
    arnOf('gateway:1-ABCDEFGHIJKLMNOP-ba9876543210:Stadium:instance:i-0123456789abcdef0'),
  ],
  routerInput: ['arn', arnOf('routerInput:f6e5d4c3b2a1')],
  routerOutput: ['arn', arnOf('routerOutput:a1b2c3d4e5f6')],
  routerNetworkInterface: ['arn', arnOf('routerNetworkInterface:0a1b2c3d4e5f')],
  offering: ['offeringArn', 'arn:aws:mediaconnect:eu-west-1::offering:1-abc:100Mbps-1year'],
  reservation: ['reservationArn', arnOf('reservation:1-def:Season-26')],
  tag: ['resourceArn', arnOf('flow:1-WAINCAdYD1kAAwJU-b94d4a84cb42:CupFinal-Main')],
};

const PARENTS: Partial<Readonly<Record<ResourceKind, ResourceKind>>> = {
  source: 'flow',
  output: 'flow',
  entitlement: 'flow',
  mediaStream: 'flow',
  vpcInterface: 'flow',
  bridgeSource: 'bridge',
  bridgeOutput: 'bridge',
};

const TRANSPORT = { protocol: 'srt-listener', port: 7001, minLatency: 200 };

/** What a request that makes or changes such a resource says of it. */
const BODIES: Partial<Readonly<Record<ResourceKind, JsonObject>>> = {
  flow: {
    name: 'CupFinal-Main',
    availabilityZone: 'eu-west-1b',
    source: { name: 'OB-van', protocol: 'rist', ingestPort: 5000, whitelistCidr: '203.0.113.0/24' },
    maintenance: { maintenanceDay: 'Tuesday', maintenanceStartHour: '04:00' },
  },
  source: { name: 'OB-van', protocol: 'srt-listener', ingestPort: 5010, whitelistCidr: '203.0.113.0/24' },
  output: { name: 'cdn-primary', ...TRANSPORT, destination: '198.51.100.40', cidrAllowList: ['198.51.100.0/24'] },
  entitlement: { name: 'partner-feed', subscribers: ['444455556666'], dataTransferSubscriberFeePercent: 0 },
  mediaStream: { mediaStreamName: 'video-1', mediaStreamType: 'video', mediaStreamId: 1, clockRate: 90_000 },
  vpcInterface: { name: 'studio-vpc', subnetId: 'subnet-0a1b2c3d', securityGroupIds: ['sg-0a1b2c3d'] },
  bridge: { name: 'Stadium-ingest', placementArn: ARNS.gateway?.[1], ingressGatewayBridge: { maxBitrate: 80_000_000 } },
  bridgeSource: { networkSource: { name: 'multicast-a', multicastIp: '239.1.1.1', port: 5000, protocol: 'rtp' } },
  bridgeOutput: { networkOutput: { name: 'studio-a', ipAddress: '10.0.0.20', port: 5000, protocol: 'rtp', ttl: 64 } },
  gateway: {
    name: 'Stadium',
    egressCidrBlocks: ['10.0.0.0/16'],
    networks: [{ name: 'net-a', cidrBlock: '10.0.0.0/24' }],
  },
  gatewayInstance: { bridgePlacement: 'AVAILABLE' },
  routerInput: { name: 'OB-van-in', maximumBitrate: 50_000_000, regionName: 'eu-west-1', tier: 'INPUT_100' },
  routerOutput: { name: 'studio-out', maximumBitrate: 50_000_000, regionName: 'eu-west-1', tier: 'OUTPUT_100' },
  routerNetworkInterface: { name: 'studio-net', regionName: 'eu-west-1' },
  offering: { reservationName: 'Season-26', start: '2026-12-01T00:00:00Z' },
  tag: { tags: { event: 'cup-final', team: 'regional' } },
};

const listNameOf = (kind: ResourceKind): string =>
  ({ bridgeSource: 'sources', bridgeOutput: 'outputs' })[String(kind)] ?? `${kind}s`;

/** The URI of a call carries its ARN percent-encoded, and so does the record. */
function namedBy(kind: ResourceKind | undefined, encode: (arn: string) => string): JsonObject {
  const named = kind === undefined ? undefined : ARNS[kind];
  return named === undefined ? {} : { [named[0]]: encode(named[1]) };
}

function requestOf(operation: string, kind: ResourceKind): JsonObject {
  const body = BODIES[kind] ?? {};
  const parent = namedBy(PARENTS[kind], encodeURIComponent);
  if (operation.startsWith('List') && kind !== 'tag') return { maxResults: 20 };
  if (/^(?:Add|Grant)/.test(operation)) return { ...parent, [listNameOf(kind)]: [body] };
  if (operation.startsWith('Create')) return body;
  const itself = { ...parent, ...namedBy(kind, encodeURIComponent) };
  return /^(?:Update|Purchase|Tag)/.test(operation) ? { ...itself, ...body } : itself;
}

/** Reads have no response in CloudTrail; changes answer with the resource, or with its new state. */
function responseOf(operation: string, kind: ResourceKind): JsonObject {
  const itself = { ...namedBy(PARENTS[kind], String), ...namedBy(kind, String) };
  const whole = { ...BODIES[kind], ...itself };
  if (/^(?:Add|Grant)/.test(operation)) return { ...namedBy(PARENTS[kind], String), [listNameOf(kind)]: [whole] };
  if (/^(?:Create|Update)/.test(operation)) return { ...namedBy(PARENTS[kind], String), [kind]: whole };
  return { ...itself, status: 'UPDATING' };
}

/** A believable call of an operation: members and sizes as MediaConnect's API has them. */
export function callShape(eventName: OperationName): CallShape {
  const { resource, access } = OPERATIONS[eventName];
  const readOnly = access === 'read-only';
  return {
    eventName,
    readOnly,
    requestParameters: requestOf(eventName, resource),
    responseElements: readOnly || resource === 'tag' ? null : responseOf(eventName, resource),
  };
}

export const eventIdOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** What CloudTrail writes of every call, in the size that it has: TLS, ids, a user agent of today's CLI. */
const RECORD: JsonObject = aRecord({
  userAgent:
    'aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.13 md/command#mediaconnect.stop-flow',
  requestParameters: null,
  responseElements: null,
  eventID: eventIdOf(0),
  tlsDetails: {
    tlsVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    clientProvidedHostHeader: 'mediaconnect.eu-west-1.amazonaws.com',
  },
});

/** The EventBridge event of a call; `changes` replace top-level fields of CloudTrail's record. */
export const busEvent = (changes: JsonObject = {}) => envelopeOfRecord({ ...RECORD, ...changes });

/** The text that a rule's target puts into the queue for a call. */
export const envelopeText = (changes: JsonObject = {}, channel = 'default'): string =>
  routeEnvelopeText({ rule: 'changes', channel, ingestedAtMs: Date.parse('2026-11-22T20:00:05Z') }, busEvent(changes));

/** One call in so many is denied. */
const DENIED_EVERY = 10;

const denial = (operation: string) => ({
  errorCode: 'AccessDeniedException',
  errorMessage: `User: arn:aws:sts::111122223333:assumed-role/Trainee/sam@example.org is not authorized to perform: mediaconnect:${operation}`,
  responseElements: null,
});

/** What the rules' targets would put into the queue: every operation, by every kind of principal. */
export function eventMix(): readonly string[] {
  const operations = Object.keys(OPERATIONS) as OperationName[];
  const principals = Object.values(PRINCIPAL_CARDS);
  return operations.flatMap((operation, row) =>
    principals.map((principal, column) => {
      const number = row * principals.length + column;
      return envelopeText({
        ...callShape(operation),
        ...principal,
        ...(number % DENIED_EVERY === 0 ? denial(operation) : {}),
        eventID: eventIdOf(number),
      });
    }),
  );
}

/** A batch as the event source mapping hands it to the function. */
export const sqsEvent = (bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => anSqsRecord({ messageId: `m${index}`, body })),
});
