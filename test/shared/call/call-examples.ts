import type { JsonObject } from '../../../shared/call/json.ts';
import type { OperationName } from '../../../shared/call/operations.ts';

/** What a record of each operation holds, as MediaConnect writes it. */
export interface CallExample {
  readonly request: JsonObject;
  readonly response?: JsonObject;
}

const PREFIX = 'arn:aws:mediaconnect:eu-west-1:111122223333';
const encoded = encodeURIComponent;

const FLOW = `${PREFIX}:flow:1-WAINCAdYD1kAAwJU-b94d4a84cb42:CupFinal-Main`;
const BRIDGE = `${PREFIX}:bridge:1-abc:Stadium-North`;
const GATEWAY = `${PREFIX}:gateway:1-abc:Stadium`;
const INSTANCE = `${GATEWAY}:instance:i-0123456789abcdef0`;
const INPUT = `${PREFIX}:routerInput:f6e5d4c3b2a1`;
const OUTPUT = `${PREFIX}:routerOutput:a1b2c3d4e5f6`;
const INTERFACE = `${PREFIX}:routerNetworkInterface:0f1e2d3c4b5a`;
const OFFERING = 'arn:aws:mediaconnect:eu-west-1::offering:8f3a1c5e-1111-4222-8333-444455556666';

const flowArn = encoded(FLOW);
const bridgeArn = encoded(BRIDGE);
const gatewayArn = encoded(GATEWAY);
const gatewayInstanceArn = encoded(INSTANCE);
const sourceArn = encoded(`${PREFIX}:source:2-abc:OB-van`);
const outputArn = encoded(`${PREFIX}:output:2-abc:cdn-b`);
const entitlementArn = encoded(`${PREFIX}:entitlement:2-abc:partner-main`);
const onFlow = { request: { flowArn } };
const routerInput = { routerInput: { name: 'OB-van-feed', arn: INPUT } };
const routerOutput = { routerOutput: { name: 'cdn-north', arn: OUTPUT } };
const routerInterface = { routerNetworkInterface: { name: 'studio-net', arn: INTERFACE } };

/** An example of every operation, with all that its message can say. */
export const CALL_EXAMPLES: Readonly<Record<OperationName, CallExample>> = {
  AddBridgeOutputs: {
    request: {
      bridgeArn,
      outputs: [{ networkOutput: { name: 'lan-out', protocol: 'rtp', ipAddress: '192.0.2.9', port: 5000 } }],
    },
  },
  AddBridgeSources: { request: { bridgeArn, sources: [{ flowSource: { name: 'cloud-feed', flowArn: FLOW } }] } },
  AddFlowMediaStreams: {
    request: { flowArn, mediaStreams: [{ mediaStreamName: 'video-1', mediaStreamType: 'video' }] },
  },
  AddFlowOutputs: {
    request: {
      flowArn,
      outputs: [{ name: 'cdn-b', protocol: 'srt-caller', destination: '198.51.100.12', port: 5005 }],
    },
  },
  AddFlowSources: { request: { flowArn, sources: [{ name: 'OB-van-2', protocol: 'rist', ingestPort: 5020 }] } },
  AddFlowVpcInterfaces: { request: { flowArn, vpcInterfaces: [{ name: 'studio-vpc' }] } },
  BatchGetRouterInput: { request: { arns: [INPUT, `${PREFIX}:routerInput:aaaabbbbcccc`] } },
  BatchGetRouterNetworkInterface: { request: { arns: [INTERFACE] } },
  BatchGetRouterOutput: { request: { arns: [OUTPUT] } },
  CreateBridge: { request: { name: 'Stadium-North', placementArn: GATEWAY } },
  CreateFlow: { request: { name: 'CupFinal-Main' } },
  CreateGateway: { request: { name: 'Stadium' } },
  CreateRouterInput: { request: { name: 'OB-van-feed' } },
  CreateRouterNetworkInterface: { request: { name: 'studio-net' } },
  CreateRouterOutput: { request: { name: 'cdn-north' } },
  DeleteBridge: { request: { bridgeArn } },
  DeleteFlow: onFlow,
  DeleteGateway: { request: { gatewayArn } },
  DeleteRouterInput: { request: { arn: INPUT }, response: { arn: INPUT, name: 'OB-van-feed' } },
  DeleteRouterNetworkInterface: { request: { arn: INTERFACE }, response: { arn: INTERFACE, name: 'studio-net' } },
  DeleteRouterOutput: { request: { arn: OUTPUT }, response: { arn: OUTPUT, name: 'cdn-north' } },
  DeregisterGatewayInstance: { request: { gatewayInstanceArn, force: true } },
  DescribeBridge: { request: { bridgeArn } },
  DescribeFlow: onFlow,
  DescribeFlowSourceMetadata: onFlow,
  DescribeFlowSourceThumbnail: onFlow,
  DescribeGateway: { request: { gatewayArn } },
  DescribeGatewayInstance: { request: { gatewayInstanceArn } },
  DescribeOffering: { request: { offeringArn: encoded(OFFERING) } },
  DescribeReservation: { request: { reservationArn: encoded(`${PREFIX}:reservation:1-abc:Season-26`) } },
  GetRouterInput: { request: { arn: INPUT } },
  GetRouterInputSourceMetadata: { request: { arn: INPUT } },
  GetRouterInputThumbnail: { request: { arn: INPUT } },
  GetRouterNetworkInterface: { request: { arn: INTERFACE } },
  GetRouterOutput: { request: { arn: OUTPUT } },
  GrantFlowEntitlements: {
    request: { flowArn, entitlements: [{ name: 'partner-main', subscribers: ['444455556666', '777788889999'] }] },
  },
  ListBridges: { request: { filterArn: encoded(GATEWAY) } },
  ListEntitlements: { request: {} },
  ListFlows: { request: { maxResults: 20 } },
  ListGatewayInstances: { request: { filterArn: encoded(GATEWAY) } },
  ListGateways: { request: {} },
  ListOfferings: { request: {} },
  ListReservations: { request: {} },
  ListRouterInputs: { request: {} },
  ListRouterNetworkInterfaces: { request: {} },
  ListRouterOutputs: { request: {} },
  ListTagsForGlobalResource: { request: { resourceArn: encoded(INPUT) } },
  ListTagsForResource: { request: { resourceArn: flowArn } },
  PurchaseOffering: {
    request: { offeringArn: encoded(OFFERING), reservationName: 'Season-26', start: '2026-12-01T00:00:00Z' },
    response: {
      reservation: {
        currencyCode: 'USD',
        duration: 12,
        durationUnits: 'MONTHS',
        offeringDescription: '50 Mbps of outbound bandwidth',
        pricePerUnit: '0.31',
        priceUnits: 'HOURLY',
        reservationName: 'Season-26',
      },
    },
  },
  RemoveBridgeOutput: { request: { bridgeArn, outputName: 'lan-out' } },
  RemoveBridgeSource: { request: { bridgeArn, sourceName: 'cloud-feed' } },
  RemoveFlowMediaStream: { request: { flowArn, mediaStreamName: 'video-1' } },
  RemoveFlowOutput: { request: { flowArn, outputArn } },
  RemoveFlowSource: { request: { flowArn, sourceArn } },
  RemoveFlowVpcInterface: { request: { flowArn, vpcInterfaceName: 'studio-vpc' } },
  RestartRouterInput: { request: { arn: INPUT }, response: { arn: INPUT, name: 'OB-van-feed' } },
  RestartRouterOutput: { request: { arn: OUTPUT }, response: { arn: OUTPUT, name: 'cdn-north' } },
  RevokeFlowEntitlement: { request: { flowArn, entitlementArn } },
  StartFlow: onFlow,
  StartRouterInput: { request: { arn: INPUT }, response: { arn: INPUT, name: 'OB-van-feed' } },
  StartRouterOutput: { request: { arn: OUTPUT }, response: { arn: OUTPUT, name: 'cdn-north' } },
  StopFlow: onFlow,
  StopRouterInput: { request: { arn: INPUT }, response: { arn: INPUT, name: 'OB-van-feed' } },
  StopRouterOutput: { request: { arn: OUTPUT }, response: { arn: OUTPUT, name: 'cdn-north' } },
  TagGlobalResource: { request: { resourceArn: encoded(INPUT), tags: { team: 'sport', event: 'final' } } },
  TagResource: { request: { resourceArn: flowArn, tags: { team: 'sport', event: 'final' } } },
  TakeRouterInput: {
    request: { routerOutputArn: OUTPUT, routerInputArn: INPUT },
    response: { routerOutputArn: OUTPUT, routerOutputName: 'cdn-north', routerInputName: 'OB-van-feed' },
  },
  UntagGlobalResource: { request: { resourceArn: encoded(INPUT), tagKeys: ['team'] } },
  UntagResource: { request: { resourceArn: flowArn, tagKeys: ['team'] } },
  UpdateBridge: { request: { bridgeArn, egressGatewayBridge: { maxBitrate: 40_000_000 } } },
  UpdateBridgeOutput: {
    request: { bridgeArn, outputName: 'lan-out', networkOutput: { ipAddress: '192.0.2.77', port: 5001 } },
  },
  UpdateBridgeSource: { request: { bridgeArn, sourceName: 'cloud-feed', flowSource: { flowArn: FLOW } } },
  UpdateBridgeState: { request: { bridgeArn, desiredState: 'STANDBY' } },
  UpdateFlow: {
    request: { flowArn, sourceFailoverConfig: { sourcePriority: { primarySource: 'OB-van' } } },
  },
  UpdateFlowEntitlement: { request: { flowArn, entitlementArn, entitlementStatus: 'DISABLED' } },
  UpdateFlowMediaStream: { request: { flowArn, mediaStreamName: 'video-1', videoFormat: '1080p' } },
  UpdateFlowOutput: {
    request: { flowArn, outputArn, protocol: 'srt-caller', destination: '198.51.100.99', port: 5005 },
  },
  UpdateFlowSource: { request: { flowArn, sourceArn, protocol: 'srt-listener', ingestPort: 5010 } },
  UpdateGatewayInstance: { request: { gatewayInstanceArn, bridgePlacement: 'LOCKED' } },
  UpdateRouterInput: { request: { arn: INPUT, maximumBitrate: 40_000_000 }, response: routerInput },
  UpdateRouterNetworkInterface: {
    request: { arn: INTERFACE, configuration: { public: { allowRules: [{ cidr: '203.0.113.0/24' }] } } },
    response: routerInterface,
  },
  UpdateRouterOutput: {
    request: {
      arn: OUTPUT,
      configuration: {
        standard: { protocolConfiguration: { rtp: { destinationAddress: '192.0.2.91', destinationPort: 5000 } } },
      },
    },
    response: routerOutput,
  },
  ManagedDescribeFlow: onFlow,
  PrivateDescribeFlowMeta: onFlow,
  ManagedAddOutput: { request: { flowArn, name: 'medialive-input-1' } },
  ManagedRemoveOutput: { request: { flowArn, outputArn } },
  DiscoverGatewayPollEndpoint: { request: { gatewayArn } },
  PollGateway: { request: { gatewayArn } },
  SubmitGatewayStateChange: { request: { gatewayArn } },
  AssociateRouterNetworkInterface: { request: { arn: INTERFACE }, response: { arn: INTERFACE, name: 'studio-net' } },
};
