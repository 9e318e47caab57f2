import { describe, expect, it } from 'vitest';
import { classifyCall } from '../../shared/classify-call.ts';
import { enrich } from '../../shared/enrich.ts';
import { OPERATIONS } from '../../shared/operations.ts';
import { phraseText } from '../../shared/phrase.ts';
import { aMatched, FLOW_ARN } from '../builders.ts';

const PREFIX = 'arn:aws:mediaconnect:eu-west-1:111122223333';
const BRIDGE_ARN = `${PREFIX}:bridge:1-abc:Studio`;
const GATEWAY_ARN = `${PREFIX}:gateway:1-abc:Lobby`;
const INSTANCE_ARN = `${GATEWAY_ARN}:instance:i-0abc`;
const INPUT_ARN = `${PREFIX}:routerInput:inputinput12`;
const OUTPUT_ARN = `${PREFIX}:routerOutput:outputoutput`;
const INTERFACE_ARN = `${PREFIX}:routerNetworkInterface:interface123`;

type Json = Record<string, unknown>;

const enriched = (detail: Json, accountNames = {}) => {
  const matched = aMatched({ detail: { responseElements: null, ...detail } });
  return enrich(matched, classifyCall(matched.event.detail), { accountNames, channels: {}, showParameters: [] });
};

const sentence = (detail: Json, accountNames = {}): string => phraseText(enriched(detail, accountNames).sentence);

const flowArn = encodeURIComponent(FLOW_ARN);
const bridgeArn = encodeURIComponent(BRIDGE_ARN);
const gatewayArn = encodeURIComponent(GATEWAY_ARN);
const gatewayInstanceArn = encodeURIComponent(INSTANCE_ARN);
const outputArn = encodeURIComponent(`${PREFIX}:output:2-abc:cdn-b`);
const sourceArn = encodeURIComponent(`${PREFIX}:source:2-abc:studio-a`);
const entitlementArn = encodeURIComponent(`${PREFIX}:entitlement:2-abc:partner`);

/** Operation, request, what was done, and the same in the base form if the past tense is not enough to tell it. */
const SENTENCES: readonly (readonly [operation: string, request: Json, done: string, base: string])[] = [
  [
    'AddBridgeOutputs',
    { bridgeArn, outputs: [{ networkOutput: { name: 'net-a' } }] },
    'added output net-a to bridge Studio',
    'add output net-a to bridge Studio',
  ],
  [
    'AddBridgeSources',
    { bridgeArn, sources: [{ flowSource: { name: 'f', flowArn: FLOW_ARN } }, { networkSource: { name: 'n' } }] },
    'added 2 sources to bridge Studio (f and n)',
    'add 2 sources to bridge Studio (f and n)',
  ],
  [
    'AddFlowMediaStreams',
    { flowArn, mediaStreams: [{ mediaStreamName: 'video' }] },
    'added media stream video to AwardsShow',
    'add media stream video to AwardsShow',
  ],
  [
    'AddFlowOutputs',
    { flowArn, outputs: [{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd' }, { name: 'e' }] },
    'added 5 outputs to AwardsShow (a, b, c and 2 more)',
    'add 5 outputs to AwardsShow (a, b, c and 2 more)',
  ],
  [
    'AddFlowSources',
    { flowArn, sources: [{ name: 'backup' }] },
    'added source backup to AwardsShow',
    'add source backup to AwardsShow',
  ],
  [
    'AddFlowVpcInterfaces',
    { flowArn, vpcInterfaces: [{ name: 'vpc-a' }] },
    'added VPC interface vpc-a to AwardsShow',
    'add VPC interface vpc-a to AwardsShow',
  ],
  [
    'BatchGetRouterInput',
    { arns: [INPUT_ARN, INPUT_ARN] },
    'viewed 2 router inputs (inputinput12 and inputinput12)',
    'view 2 router inputs (inputinput12 and inputinput12)',
  ],
  [
    'BatchGetRouterNetworkInterface',
    { arns: [INTERFACE_ARN] },
    'viewed router network interface interface123',
    'view router network interface interface123',
  ],
  [
    'BatchGetRouterOutput',
    { arns: OUTPUT_ARN },
    'viewed router output outputoutput',
    'view router output outputoutput',
  ],
  ['CreateBridge', { name: 'Studio' }, 'created bridge Studio', 'create bridge Studio'],
  ['CreateFlow', { name: 'AwardsShow' }, 'created flow AwardsShow', 'create flow AwardsShow'],
  ['CreateGateway', { name: 'Lobby' }, 'created gateway Lobby', 'create gateway Lobby'],
  ['CreateRouterInput', { name: 'cam' }, 'created router input cam', 'create router input cam'],
  [
    'CreateRouterNetworkInterface',
    { name: 'public' },
    'created router network interface public',
    'create router network interface public',
  ],
  ['CreateRouterOutput', { name: 'cdn' }, 'created router output cdn', 'create router output cdn'],
  ['DeleteBridge', { bridgeArn }, 'deleted bridge Studio', 'delete bridge Studio'],
  ['DeleteFlow', { flowArn }, 'deleted flow AwardsShow', 'delete flow AwardsShow'],
  ['DeleteGateway', { gatewayArn }, 'deleted gateway Lobby', 'delete gateway Lobby'],
  ['DeleteRouterInput', { arn: INPUT_ARN }, 'deleted router input inputinput12', 'delete router input inputinput12'],
  [
    'DeleteRouterNetworkInterface',
    { Arn: INTERFACE_ARN },
    'deleted router network interface interface123',
    'delete router network interface interface123',
  ],
  [
    'DeleteRouterOutput',
    { Arn: OUTPUT_ARN },
    'deleted router output outputoutput',
    'delete router output outputoutput',
  ],
  [
    'DeregisterGatewayInstance',
    { gatewayInstanceArn },
    'deregistered instance i-0abc of gateway Lobby',
    'deregister instance i-0abc of gateway Lobby',
  ],
  ['DescribeBridge', { bridgeArn }, 'viewed bridge Studio', 'view bridge Studio'],
  ['DescribeFlow', { flowArn }, 'viewed flow AwardsShow', 'view flow AwardsShow'],
  [
    'DescribeFlowSourceMetadata',
    { flowArn },
    'viewed the source metadata of flow AwardsShow',
    'view the source metadata of flow AwardsShow',
  ],
  [
    'DescribeFlowSourceThumbnail',
    { flowArn },
    'viewed the source thumbnail of flow AwardsShow',
    'view the source thumbnail of flow AwardsShow',
  ],
  ['DescribeGateway', { gatewayArn }, 'viewed gateway Lobby', 'view gateway Lobby'],
  [
    'DescribeGatewayInstance',
    { gatewayInstanceArn },
    'viewed instance i-0abc of gateway Lobby',
    'view instance i-0abc of gateway Lobby',
  ],
  [
    'DescribeOffering',
    { offeringArn: 'arn:aws:mediaconnect:eu-west-1::offering:39c9' },
    'viewed offering 39c9',
    'view offering 39c9',
  ],
  [
    'DescribeReservation',
    { reservationArn: `${PREFIX}:reservation:1-abc:Season` },
    'viewed reservation Season',
    'view reservation Season',
  ],
  ['GetRouterInput', { arn: INPUT_ARN }, 'viewed router input inputinput12', 'view router input inputinput12'],
  [
    'GetRouterInputSourceMetadata',
    { arn: INPUT_ARN },
    'viewed the source metadata of router input inputinput12',
    'view the source metadata of router input inputinput12',
  ],
  [
    'GetRouterInputThumbnail',
    { arn: INPUT_ARN },
    'viewed the thumbnail of router input inputinput12',
    'view the thumbnail of router input inputinput12',
  ],
  [
    'GetRouterNetworkInterface',
    { arn: INTERFACE_ARN },
    'viewed router network interface interface123',
    'view router network interface interface123',
  ],
  ['GetRouterOutput', { arn: OUTPUT_ARN }, 'viewed router output outputoutput', 'view router output outputoutput'],
  [
    'GrantFlowEntitlements',
    { flowArn, entitlements: [{ subscribers: ['444455556666'] }, { subscribers: ['444455556666'] }] },
    'granted 2 entitlements on AwardsShow to 444455556666',
    'grant 2 entitlements on AwardsShow to 444455556666',
  ],
  ['ListBridges', {}, 'listed bridges', 'list bridges'],
  ['ListEntitlements', {}, 'listed entitlements', 'list entitlements'],
  ['ListFlows', { maxResults: 20 }, 'listed flows', 'list flows'],
  [
    'ListGatewayInstances',
    { filterArn: GATEWAY_ARN },
    'listed gateway instances of gateway Lobby',
    'list gateway instances of gateway Lobby',
  ],
  ['ListGateways', {}, 'listed gateways', 'list gateways'],
  ['ListOfferings', {}, 'listed offerings', 'list offerings'],
  ['ListReservations', {}, 'listed reservations', 'list reservations'],
  ['ListRouterInputs', { filters: [] }, 'listed router inputs', 'list router inputs'],
  ['ListRouterNetworkInterfaces', {}, 'listed router network interfaces', 'list router network interfaces'],
  ['ListRouterOutputs', {}, 'listed router outputs', 'list router outputs'],
  [
    'ListTagsForGlobalResource',
    { resourceArn: INPUT_ARN },
    'listed the tags of router input inputinput12',
    'list the tags of router input inputinput12',
  ],
  [
    'ListTagsForResource',
    { resourceArn: flowArn },
    'listed the tags of flow AwardsShow',
    'list the tags of flow AwardsShow',
  ],
  [
    'PurchaseOffering',
    { offeringArn: 'arn:aws:mediaconnect:eu-west-1::offering:39c9', reservationName: 'Season', start: '2026-12-01' },
    'purchased offering 39c9 as reservation Season',
    'purchase offering 39c9 as reservation Season',
  ],
  [
    'RemoveBridgeOutput',
    { bridgeArn, outputName: 'net-a' },
    'removed output net-a from bridge Studio',
    'remove output net-a from bridge Studio',
  ],
  [
    'RemoveBridgeSource',
    { bridgeArn, sourceName: 'net-s' },
    'removed source net-s from bridge Studio',
    'remove source net-s from bridge Studio',
  ],
  [
    'RemoveFlowMediaStream',
    { flowArn, mediaStreamName: 'video' },
    'removed media stream video from AwardsShow',
    'remove media stream video from AwardsShow',
  ],
  [
    'RemoveFlowOutput',
    { flowArn, outputArn },
    'removed output cdn-b from AwardsShow',
    'remove output cdn-b from AwardsShow',
  ],
  [
    'RemoveFlowSource',
    { flowArn, sourceArn },
    'removed source studio-a from AwardsShow',
    'remove source studio-a from AwardsShow',
  ],
  [
    'RemoveFlowVpcInterface',
    { flowArn, vpcInterfaceName: 'vpc-a' },
    'removed VPC interface vpc-a from AwardsShow',
    'remove VPC interface vpc-a from AwardsShow',
  ],
  [
    'RestartRouterInput',
    { arn: INPUT_ARN },
    'restarted router input inputinput12',
    'restart router input inputinput12',
  ],
  [
    'RestartRouterOutput',
    { arn: OUTPUT_ARN },
    'restarted router output outputoutput',
    'restart router output outputoutput',
  ],
  [
    'RevokeFlowEntitlement',
    { flowArn, entitlementArn },
    'revoked entitlement partner on AwardsShow',
    'revoke entitlement partner on AwardsShow',
  ],
  ['StartFlow', { flowArn }, 'started flow AwardsShow', 'start flow AwardsShow'],
  ['StartRouterInput', { arn: INPUT_ARN }, 'started router input inputinput12', 'start router input inputinput12'],
  ['StartRouterOutput', { arn: OUTPUT_ARN }, 'started router output outputoutput', 'start router output outputoutput'],
  ['StopFlow', { flowArn }, 'stopped flow AwardsShow', 'stop flow AwardsShow'],
  ['StopRouterInput', { arn: INPUT_ARN }, 'stopped router input inputinput12', 'stop router input inputinput12'],
  ['StopRouterOutput', { arn: OUTPUT_ARN }, 'stopped router output outputoutput', 'stop router output outputoutput'],
  [
    'TagGlobalResource',
    { resourceArn: INPUT_ARN, tags: {} },
    'tagged router input inputinput12',
    'tag router input inputinput12',
  ],
  ['TagResource', { resourceArn: flowArn, tags: {} }, 'tagged flow AwardsShow', 'tag flow AwardsShow'],
  [
    'TakeRouterInput',
    { routerOutputArn: OUTPUT_ARN, routerInputArn: INPUT_ARN },
    'switched router output outputoutput to input inputinput12',
    'switch router output outputoutput to input inputinput12',
  ],
  [
    'UntagGlobalResource',
    { resourceArn: OUTPUT_ARN, tagKeys: ['a'] },
    'untagged router output outputoutput',
    'untag router output outputoutput',
  ],
  ['UntagResource', { resourceArn: bridgeArn, tagKeys: ['a'] }, 'untagged bridge Studio', 'untag bridge Studio'],
  ['UpdateBridge', { bridgeArn }, 'updated bridge Studio', 'update bridge Studio'],
  [
    'UpdateBridge',
    { bridgeArn, sourceFailoverConfig: { sourcePriority: { primarySource: 'net-b' } } },
    'updated bridge Studio, primary source net-b',
    'update bridge Studio, primary source net-b',
  ],
  [
    'UpdateBridgeOutput',
    { bridgeArn, outputName: 'net-a', networkOutput: { port: 5000 } },
    'updated output net-a of bridge Studio',
    'update output net-a of bridge Studio',
  ],
  [
    'UpdateBridgeSource',
    { bridgeArn, sourceName: 'net-s' },
    'updated source net-s of bridge Studio',
    'update source net-s of bridge Studio',
  ],
  [
    'UpdateBridgeState',
    { bridgeArn, desiredState: 'STANDBY' },
    'set bridge Studio to standby',
    'set bridge Studio to standby',
  ],
  ['UpdateFlow', { flowArn, flowSize: 'LARGE' }, 'updated flow AwardsShow', 'update flow AwardsShow'],
  [
    'UpdateFlow',
    { flowArn, sourceFailoverConfig: { failoverMode: 'FAILOVER', sourcePriority: { primarySource: 'backup' } } },
    'updated flow AwardsShow, primary source backup',
    'update flow AwardsShow, primary source backup',
  ],
  [
    'UpdateFlowEntitlement',
    { flowArn, entitlementArn, entitlementStatus: 'DISABLED' },
    'disabled entitlement partner on AwardsShow',
    'disable entitlement partner on AwardsShow',
  ],
  [
    'UpdateFlowMediaStream',
    { flowArn, mediaStreamName: 'video' },
    'updated media stream video of AwardsShow',
    'update media stream video of AwardsShow',
  ],
  [
    'UpdateFlowOutput',
    { flowArn, outputArn, port: 5001, outputStatus: 'ENABLED' },
    'updated and enabled output cdn-b of AwardsShow',
    'update and enable output cdn-b of AwardsShow',
  ],
  [
    'UpdateFlowSource',
    { flowArn, sourceArn, entitlementArn, vpcInterfaceName: 'x' },
    'updated source studio-a of AwardsShow',
    'update source studio-a of AwardsShow',
  ],
  [
    'UpdateGatewayInstance',
    { gatewayInstanceArn, bridgePlacement: 'LOCKED' },
    'locked instance i-0abc of gateway Lobby',
    'lock instance i-0abc of gateway Lobby',
  ],
  ['UpdateRouterInput', { arn: INPUT_ARN, name: 'cam-2' }, 'updated router input cam-2', 'update router input cam-2'],
  [
    'UpdateRouterNetworkInterface',
    { arn: INTERFACE_ARN },
    'updated router network interface interface123',
    'update router network interface interface123',
  ],
  [
    'UpdateRouterOutput',
    { arn: OUTPUT_ARN, tier: 'OUTPUT_20' },
    'updated router output outputoutput',
    'update router output outputoutput',
  ],
  ['ManagedDescribeFlow', { flowArn }, 'viewed flow AwardsShow', 'view flow AwardsShow'],
  [
    'PrivateDescribeFlowMeta',
    { flowArn },
    'viewed the metadata of flow AwardsShow',
    'view the metadata of flow AwardsShow',
  ],
  [
    'ManagedAddOutput',
    { flowArn, output: { name: 'ml' } },
    'added output ml to AwardsShow',
    'add output ml to AwardsShow',
  ],
  [
    'ManagedRemoveOutput',
    { flowArn, outputArn },
    'removed output cdn-b from AwardsShow',
    'remove output cdn-b from AwardsShow',
  ],
  [
    'DiscoverGatewayPollEndpoint',
    { gatewayArn },
    'looked up the poll endpoint of gateway Lobby',
    'look up the poll endpoint of gateway Lobby',
  ],
  ['PollGateway', { gatewayArn }, 'polled gateway Lobby', 'poll gateway Lobby'],
  [
    'SubmitGatewayStateChange',
    { gatewayArn },
    'submitted a state change of gateway Lobby',
    'submit a state change of gateway Lobby',
  ],
  [
    'AssociateRouterNetworkInterface',
    { arn: INTERFACE_ARN },
    'associated router network interface interface123',
    'associate router network interface interface123',
  ],
];

it('has a sentence to test for every operation', () => {
  expect(new Set(SENTENCES.map(([operation]) => operation))).toEqual(new Set(Object.keys(OPERATIONS)));
});

describe.each(SENTENCES)('%s', (eventName, requestParameters, done, base) => {
  it.each([
    ['succeeded', {}, done],
    ['denied', { errorCode: 'AccessDeniedException' }, `tried to ${base}: access denied`],
    ['failed', { errorCode: 'NotFoundException' }, `tried to ${base}: not found`],
  ])('that %s', (_, outcome, expected) => {
    expect(sentence({ eventName, requestParameters, ...outcome })).toBe(expected);
  });
});

describe('what the record leaves open', () => {
  it.each([
    ['StopFlow', 'tried to stop a flow: access denied'],
    ['RemoveFlowOutput', 'tried to remove an output: access denied'],
    ['AddFlowVpcInterfaces', 'tried to add a VPC interface: access denied'],
    ['TakeRouterInput', 'tried to switch a router output: access denied'],
    ['PurchaseOffering', 'tried to purchase an offering: access denied'],
    ['UpdateBridgeState', 'tried to set a bridge to another state: access denied'],
    ['TagResource', 'tried to tag a resource: access denied'],
    ['GrantFlowEntitlements', 'tried to grant an entitlement: access denied'],
  ])('of %s is left open', (eventName, expected) => {
    expect(sentence({ eventName, requestParameters: null, errorCode: 'AccessDenied' })).toBe(expected);
  });

  it('takes names from the response', () => {
    const responseElements = { routerOutputName: 'cdn', routerInputName: 'cam', routerOutputArn: OUTPUT_ARN };
    const requestParameters = { routerOutputArn: OUTPUT_ARN, routerInputArn: INPUT_ARN };
    expect(sentence({ eventName: 'TakeRouterInput', requestParameters, responseElements })).toBe(
      'switched router output cdn to input cam',
    );
  });

  it('names the input of the response where the request was left out', () => {
    const responseElements = { routerOutputArn: OUTPUT_ARN, routerInputName: 'cam' };
    expect(sentence({ eventName: 'TakeRouterInput', requestParameters: null, responseElements })).toBe(
      'switched router output outputoutput to input cam',
    );
  });

  it('says that an output is switched to nothing', () => {
    const requestParameters = { routerOutputArn: OUTPUT_ARN };
    expect(sentence({ eventName: 'TakeRouterInput', requestParameters })).toBe(
      'switched router output outputoutput to no input',
    );
  });

  it('shows what was typed where an ARN should be', () => {
    expect(sentence({ requestParameters: { flowArn: 'the show' }, errorCode: 'BadRequestException' })).toBe(
      'tried to stop flow the show: invalid request',
    );
  });

  it('says a state that is new as it is', () => {
    expect(sentence({ eventName: 'UpdateBridgeState', requestParameters: { bridgeArn, desiredState: 'LIMBO' } })).toBe(
      'set bridge Studio to LIMBO',
    );
  });

  it('names accounts that the admin named, and counts those beyond two', () => {
    const entitlements = [{ name: 'p', subscribers: ['444455556666', '555566667777', '666677778888'] }];
    expect(
      sentence(
        { eventName: 'GrantFlowEntitlements', requestParameters: { flowArn, entitlements } },
        { '444455556666': 'Partner TV' },
      ),
    ).toBe('granted entitlement p on AwardsShow to Partner TV (444455556666), 555566667777 and 1 more');
  });
});

describe('errors in words', () => {
  it.each([
    ['AccessDeniedException', 'access denied'],
    ['ForbiddenException', 'access denied'],
    ['Client.UnauthorizedOperation', 'access denied'],
    ['NotFoundException', 'not found'],
    ['ConflictException', 'conflict with its current state'],
    ['BadRequestException', 'invalid request'],
    ['ValidationException', 'invalid request'],
    ['TooManyRequestsException', 'too many requests'],
    ['ThrottlingException', 'too many requests'],
    ['AddFlowOutputs420Exception', 'quota exceeded'],
    ['RouterInputServiceQuotaExceededException', 'quota exceeded'],
    ['InternalServerErrorException', 'internal error of MediaConnect'],
    ['ServiceUnavailableException', 'MediaConnect unavailable'],
    ['ExpiredTokenException', 'expired credentials'],
    ['SolarFlareException', 'SolarFlareException'],
    ['Odd AKIAIOSFODNN7EXAMPLE', 'Odd (not shown)'],
  ])('says %s as "%s"', (errorCode, words) => {
    expect(sentence({ errorCode })).toBe(`tried to stop flow AwardsShow: ${words}`);
  });

  it('does not invent a code', () => {
    expect(sentence({ errorMessage: 'it broke' })).toBe('tried to stop flow AwardsShow: failed without an error code');
  });
});

describe('an operation that is new', () => {
  it.each([
    [{ flowArn }, 'called CreateWormhole (new to this notifier) on flow AwardsShow'],
    [{ flowArn, name: 'Sagan' }, 'called CreateWormhole (new to this notifier) on resource Sagan of AwardsShow'],
    [{}, 'called CreateWormhole (new to this notifier)'],
  ])('is said by its name with %j', (requestParameters, expected) => {
    expect(sentence({ eventName: 'CreateWormhole', requestParameters })).toBe(expected);
  });

  it('is an attempt when it fails', () => {
    expect(sentence({ eventName: 'CreateWormhole', requestParameters: null, errorCode: 'AccessDenied' })).toBe(
      'tried to call CreateWormhole (new to this notifier): access denied',
    );
  });
});

it('marks everything that the event supplied as a name', () => {
  const { sentence: parts } = enriched({ eventName: 'RemoveFlowOutput', requestParameters: { flowArn, outputArn } });
  expect(parts).toEqual([
    { kind: 'plain', text: 'removed output ' },
    { kind: 'name', text: 'cdn-b' },
    { kind: 'plain', text: ' from ' },
    { kind: 'name', text: 'AwardsShow' },
  ]);
});
