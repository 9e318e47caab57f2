import type { JsonObject } from '../../shared/call/json.ts';
import { CALL_EXAMPLES } from '../shared/call/call-examples.ts';
import { arnOf, FLOW, PARTNER } from './gallery-event.ts';

const flowArn = encodeURIComponent(FLOW);
const CONSOLE = { userAgent: 'Mozilla/5.0 (Macintosh)', sessionCredentialFromConsole: 'true' };
const TERRAFORM = {
  userAgent:
    'APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) aws-sdk-go-v2/1.30 api/mediaconnect#1.33',
};
const BRIDGE = arnOf('bridge:1-a1b2c3-d4e5f6:Stadium-North');
const GATEWAY = arnOf('gateway:1-b2c3d4-e5f6a7:Stadium');

/** One card for each family of operations: what the record holds besides the usual. */
export const OPERATION_CARDS: Readonly<Record<string, JsonObject>> = {
  'stop-flow': { eventName: 'StopFlow' },
  'start-flow': { eventName: 'StartFlow', ...CONSOLE },
  'create-flow': {
    eventName: 'CreateFlow',
    ...TERRAFORM,
    requestParameters: {
      name: 'CupFinal-Backup',
      availabilityZone: 'eu-west-1b',
      maintenance: { maintenanceDay: 'Tuesday', maintenanceStartHour: '04:00' },
      source: { name: 'OB-van', protocol: 'srt-listener', ingestPort: 5000, whitelistCidr: '203.0.113.0/24' },
      outputs: [{ name: 'cdn-a', protocol: 'rtp-fec', destination: '198.51.100.11', port: 5004 }],
    },
    responseElements: {
      flow: { flowArn: arnOf('flow:1-Backup-aa11bb22cc33:CupFinal-Backup'), name: 'CupFinal-Backup' },
    },
  },
  'update-flow': {
    eventName: 'UpdateFlow',
    requestParameters: { flowArn, maintenance: { maintenanceDay: 'Monday', maintenanceStartHour: '03:00' } },
  },
  'delete-flow': { eventName: 'DeleteFlow', ...TERRAFORM },
  'add-outputs': {
    eventName: 'AddFlowOutputs',
    requestParameters: {
      flowArn,
      outputs: [
        { name: 'cdn-a', protocol: 'rtp-fec', destination: '198.51.100.11', port: 5004 },
        { name: 'cdn-b', protocol: 'srt-caller', destination: '198.51.100.12', port: 5005 },
      ],
    },
  },
  'update-output': {
    eventName: 'UpdateFlowOutput',
    requestParameters: {
      flowArn,
      outputArn: encodeURIComponent(arnOf('output:1-cdn-b-1122:cdn-b')),
      protocol: 'srt-caller',
      destination: '198.51.100.99',
      port: 5005,
    },
  },
  'remove-output': {
    eventName: 'RemoveFlowOutput',
    requestParameters: { flowArn, outputArn: encodeURIComponent(arnOf('output:1-cdn-b-1122:cdn-b')) },
  },
  'update-source': {
    eventName: 'UpdateFlowSource',
    requestParameters: {
      flowArn,
      sourceArn: encodeURIComponent(arnOf('source:1-WAINCAdYD1kAAwJU-b94d4a84cb42:OB-van')),
      protocol: 'srt-listener',
      ingestPort: 5010,
    },
  },
  'grant-entitlements': {
    eventName: 'GrantFlowEntitlements',
    requestParameters: {
      flowArn,
      entitlements: [
        { name: 'partner-main', subscribers: [PARTNER] },
        { name: 'partner-backup', subscribers: [PARTNER, '777788889999'] },
      ],
    },
  },
  'revoke-entitlement': {
    eventName: 'RevokeFlowEntitlement',
    requestParameters: { flowArn, entitlementArn: encodeURIComponent(arnOf('entitlement:1-ent-33:partner-main')) },
  },
  'disable-entitlement': {
    eventName: 'UpdateFlowEntitlement',
    requestParameters: {
      flowArn,
      entitlementArn: encodeURIComponent(arnOf('entitlement:1-partner-aabb:partner-main')),
      entitlementStatus: 'DISABLED',
    },
  },
  'move-primary-source': {
    eventName: 'UpdateFlow',
    requestParameters: { flowArn, sourceFailoverConfig: { sourcePriority: { primarySource: 'OB-van-backup' } } },
  },
  'restart-router-output': {
    eventName: 'RestartRouterOutput',
    requestParameters: { arn: encodeURIComponent(arnOf('routerOutput:a1b2c3d4e5f6')) },
    responseElements: { routerOutput: { name: 'cdn-north', arn: arnOf('routerOutput:a1b2c3d4e5f6') } },
  },
  'add-media-streams': {
    eventName: 'AddFlowMediaStreams',
    requestParameters: {
      flowArn,
      mediaStreams: [{ mediaStreamName: 'video-1', mediaStreamType: 'video', mediaStreamId: 1 }],
    },
  },
  'remove-vpc-interface': {
    eventName: 'RemoveFlowVpcInterface',
    requestParameters: { flowArn, vpcInterfaceName: 'studio-vpc' },
  },
  'update-bridge-state': {
    eventName: 'UpdateBridgeState',
    requestParameters: { bridgeArn: encodeURIComponent(BRIDGE), desiredState: 'STANDBY' },
  },
  'create-gateway': {
    eventName: 'CreateGateway',
    requestParameters: { name: 'Stadium', networks: [{ name: 'net-a', cidrBlock: '10.0.0.0/24' }] },
    responseElements: { gateway: { gatewayArn: GATEWAY, name: 'Stadium' } },
  },
  'deregister-gateway-instance': {
    eventName: 'DeregisterGatewayInstance',
    requestParameters: {
      gatewayInstanceArn: encodeURIComponent(`${GATEWAY}:instance:i-0123456789abcdef0`),
      force: true,
    },
  },
  'take-router-input': {
    eventName: 'TakeRouterInput',
    ...CONSOLE,
    requestParameters: {
      routerOutputArn: arnOf('routerOutput:a1b2c3d4e5f6'),
      routerInputArn: arnOf('routerInput:f6e5d4c3b2a1'),
    },
    responseElements: CALL_EXAMPLES.TakeRouterInput?.response ?? null,
  },
  'create-router-network-interface': {
    eventName: 'CreateRouterNetworkInterface',
    requestParameters: { name: 'studio-net', regionName: 'eu-west-1' },
  },
  'purchase-offering': {
    eventName: 'PurchaseOffering',
    requestParameters: {
      offeringArn: 'arn:aws:mediaconnect:eu-west-1::offering:1-abc:100Mbps-1year',
      reservationName: 'Season-26',
      start: '2026-12-01T00:00:00Z',
    },
    responseElements: CALL_EXAMPLES.PurchaseOffering?.response ?? null,
  },
  'tag-resource': {
    eventName: 'TagResource',
    requestParameters: { resourceArn: encodeURIComponent(FLOW), tags: { event: 'cup-final', onAir: 'yes' } },
  },
  'describe-flow': {
    eventName: 'DescribeFlow',
    readOnly: true,
    userAgent: 'Boto3/1.35.0 md/Botocore#1.35.0 lang/python#3.12',
  },
};
