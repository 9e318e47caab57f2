import { describe, expect, it } from 'vitest';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { OPERATIONS, type OperationName } from '../../../shared/call/operations.ts';
import { enrich } from '../../../shared/notification/enrich.ts';
import { type Notification, phraseText } from '../../../shared/notification/notification.ts';
import { aRoutedEvent, FLOW_ARN } from '../../builders.ts';
import { CALL_EXAMPLES } from '../call/call-examples.ts';

const PREFIX = 'arn:aws:mediaconnect:eu-west-1:111122223333';
const BRIDGE_ARN = `${PREFIX}:bridge:1-abc:Studio`;
const GATEWAY_ARN = `${PREFIX}:gateway:1-abc:Lobby`;
const INSTANCE_ARN = `${GATEWAY_ARN}:instance:i-0abc`;
const INPUT_ARN = `${PREFIX}:routerInput:inputinput12`;
const OUTPUT_ARN = `${PREFIX}:routerOutput:outputoutput`;

const enriched = (detail: JsonObject, accountNames = {}) => {
  const matched = aRoutedEvent({ detail: { responseElements: null, ...detail } });
  return enrich(matched, classifyCall(matched.event.detail), { accountNames, channels: {}, showParameters: [] });
};

const sentence = (detail: JsonObject, accountNames = {}): string => phraseText(enriched(detail, accountNames).sentence);

const flowArn = encodeURIComponent(FLOW_ARN);
const bridgeArn = encodeURIComponent(BRIDGE_ARN);
const gatewayInstanceArn = encodeURIComponent(INSTANCE_ARN);
const outputArn = encodeURIComponent(`${PREFIX}:output:2-abc:cdn-b`);
const entitlementArn = encodeURIComponent(`${PREFIX}:entitlement:2-abc:partner`);

/** Operation, the whole of what is said of its example, and the same in the base form. */
const SENTENCES: readonly (readonly [operation: OperationName, done: string, base: string])[] = [
  [
    'AddBridgeOutputs',
    'On air: output lan-out added to bridge Stadium-North (rtp to 192.0.2.9:5000) by W',
    'add output lan-out to bridge Stadium-North',
  ],
  [
    'AddBridgeSources',
    'On air: source cloud-feed added to bridge Stadium-North (flow CupFinal-Main) by W',
    'add source cloud-feed to bridge Stadium-North',
  ],
  [
    'AddFlowMediaStreams',
    'Change: media stream video-1 added to flow CupFinal-Main (video) by W',
    'add media stream video-1 to flow CupFinal-Main',
  ],
  [
    'AddFlowOutputs',
    'On air: output cdn-b added to flow CupFinal-Main (srt-caller to 198.51.100.12:5005) by W',
    'add output cdn-b to flow CupFinal-Main',
  ],
  [
    'AddFlowSources',
    'On air: source OB-van-2 added to flow CupFinal-Main (rist, port 5020) by W',
    'add source OB-van-2 to flow CupFinal-Main',
  ],
  [
    'AddFlowVpcInterfaces',
    'Change: VPC interface studio-vpc added to flow CupFinal-Main by W',
    'add VPC interface studio-vpc to flow CupFinal-Main',
  ],
  [
    'BatchGetRouterInput',
    'Read: 2 router inputs (f6e5d4c3b2a1, aaaabbbbcccc) viewed by W',
    'view 2 router inputs (f6e5d4c3b2a1, aaaabbbbcccc)',
  ],
  [
    'BatchGetRouterNetworkInterface',
    'Read: router network interface 0f1e2d3c4b5a viewed by W',
    'view router network interface 0f1e2d3c4b5a',
  ],
  ['BatchGetRouterOutput', 'Read: router output a1b2c3d4e5f6 viewed by W', 'view router output a1b2c3d4e5f6'],
  ['CreateBridge', 'Change: bridge Stadium-North created on gateway Stadium by W', 'create bridge Stadium-North'],
  ['CreateFlow', 'Change: flow CupFinal-Main created by W', 'create flow CupFinal-Main'],
  ['CreateGateway', 'Change: gateway Stadium created by W', 'create gateway Stadium'],
  ['CreateRouterInput', 'Change: router input OB-van-feed created by W', 'create router input OB-van-feed'],
  [
    'CreateRouterNetworkInterface',
    'Change: router network interface studio-net created by W',
    'create router network interface studio-net',
  ],
  ['CreateRouterOutput', 'Change: router output cdn-north created by W', 'create router output cdn-north'],
  ['DeleteBridge', 'Deleted: bridge Stadium-North (was stopped) by W', 'delete bridge Stadium-North'],
  ['DeleteFlow', 'Deleted: flow CupFinal-Main (was stopped) by W', 'delete flow CupFinal-Main'],
  ['DeleteGateway', 'Deleted: gateway Stadium (had no bridges) by W', 'delete gateway Stadium'],
  ['DeleteRouterInput', 'Off air: router input OB-van-feed deleted by W', 'delete router input f6e5d4c3b2a1'],
  [
    'DeleteRouterNetworkInterface',
    'Off air: router network interface studio-net deleted by W',
    'delete router network interface 0f1e2d3c4b5a',
  ],
  ['DeleteRouterOutput', 'Off air: router output cdn-north deleted by W', 'delete router output a1b2c3d4e5f6'],
  [
    'DeregisterGatewayInstance',
    'Off air: instance i-0123456789abcdef0 deregistered from gateway Stadium, forced, by W',
    'deregister instance i-0123456789abcdef0 from gateway Stadium, forced',
  ],
  ['DescribeBridge', 'Read: bridge Stadium-North viewed by W', 'view bridge Stadium-North'],
  ['DescribeFlow', 'Read: flow CupFinal-Main viewed by W', 'view flow CupFinal-Main'],
  [
    'DescribeFlowSourceMetadata',
    'Read: source metadata of flow CupFinal-Main viewed by W',
    'view source metadata of flow CupFinal-Main',
  ],
  [
    'DescribeFlowSourceThumbnail',
    'Read: source thumbnail of flow CupFinal-Main viewed by W',
    'view source thumbnail of flow CupFinal-Main',
  ],
  ['DescribeGateway', 'Read: gateway Stadium viewed by W', 'view gateway Stadium'],
  [
    'DescribeGatewayInstance',
    'Read: instance i-0123456789abcdef0 of gateway Stadium viewed by W',
    'view instance i-0123456789abcdef0 of gateway Stadium',
  ],
  ['DescribeOffering', 'Read: offering 8f3a1c5e… viewed by W', 'view offering 8f3a1c5e…'],
  ['DescribeReservation', 'Read: reservation Season-26 viewed by W', 'view reservation Season-26'],
  ['GetRouterInput', 'Read: router input f6e5d4c3b2a1 viewed by W', 'view router input f6e5d4c3b2a1'],
  [
    'GetRouterInputSourceMetadata',
    'Read: source metadata of router input f6e5d4c3b2a1 viewed by W',
    'view source metadata of router input f6e5d4c3b2a1',
  ],
  [
    'GetRouterInputThumbnail',
    'Read: thumbnail of router input f6e5d4c3b2a1 viewed by W',
    'view thumbnail of router input f6e5d4c3b2a1',
  ],
  [
    'GetRouterNetworkInterface',
    'Read: router network interface 0f1e2d3c4b5a viewed by W',
    'view router network interface 0f1e2d3c4b5a',
  ],
  ['GetRouterOutput', 'Read: router output a1b2c3d4e5f6 viewed by W', 'view router output a1b2c3d4e5f6'],
  [
    'GrantFlowEntitlements',
    'Access given: 444455556666 and 777788889999 may receive flow CupFinal-Main (entitlement partner-main), by W',
    'grant entitlement partner-main on flow CupFinal-Main to 444455556666 and 777788889999',
  ],
  ['ListBridges', 'Read: bridges on gateway Stadium listed by W', 'list bridges on gateway Stadium'],
  ['ListEntitlements', 'Read: entitlements listed by W', 'list entitlements'],
  ['ListFlows', 'Read: flows listed by W', 'list flows'],
  ['ListGatewayInstances', 'Read: instances of gateway Stadium listed by W', 'list instances of gateway Stadium'],
  ['ListGateways', 'Read: gateways listed by W', 'list gateways'],
  ['ListOfferings', 'Read: offerings listed by W', 'list offerings'],
  ['ListReservations', 'Read: reservations listed by W', 'list reservations'],
  ['ListRouterInputs', 'Read: router inputs listed by W', 'list router inputs'],
  ['ListRouterNetworkInterfaces', 'Read: router network interfaces listed by W', 'list router network interfaces'],
  ['ListRouterOutputs', 'Read: router outputs listed by W', 'list router outputs'],
  [
    'ListTagsForGlobalResource',
    'Read: tags of router input f6e5d4c3b2a1 listed by W',
    'list tags of router input f6e5d4c3b2a1',
  ],
  ['ListTagsForResource', 'Read: tags of flow CupFinal-Main listed by W', 'list tags of flow CupFinal-Main'],
  [
    'PurchaseOffering',
    'Purchase: 50 Mbps of outbound bandwidth, 12 months at 0.31 USD/h, as reservation Season-26, by W',
    'purchase offering 8f3a1c5e… as reservation Season-26',
  ],
  [
    'RemoveBridgeOutput',
    'Off air: output lan-out removed from bridge Stadium-North by W',
    'remove output lan-out from bridge Stadium-North',
  ],
  [
    'RemoveBridgeSource',
    'Off air: source cloud-feed removed from bridge Stadium-North by W',
    'remove source cloud-feed from bridge Stadium-North',
  ],
  [
    'RemoveFlowMediaStream',
    'Change: unused media stream video-1 removed from flow CupFinal-Main by W',
    'remove media stream video-1 from flow CupFinal-Main',
  ],
  [
    'RemoveFlowOutput',
    'Off air: output cdn-b removed from flow CupFinal-Main by W',
    'remove output cdn-b from flow CupFinal-Main',
  ],
  [
    'RemoveFlowSource',
    'Signal changed: source OB-van removed from flow CupFinal-Main by W',
    'remove source OB-van from flow CupFinal-Main',
  ],
  [
    'RemoveFlowVpcInterface',
    'Change: unused VPC interface studio-vpc removed from flow CupFinal-Main by W',
    'remove VPC interface studio-vpc from flow CupFinal-Main',
  ],
  [
    'RestartRouterInput',
    'Signal interrupted: router input OB-van-feed restarted by W',
    'restart router input f6e5d4c3b2a1',
  ],
  [
    'RestartRouterOutput',
    'Signal interrupted: router output cdn-north restarted by W',
    'restart router output a1b2c3d4e5f6',
  ],
  [
    'RevokeFlowEntitlement',
    'Off air for subscribers: entitlement partner-main on flow CupFinal-Main revoked by W',
    'revoke entitlement partner-main on flow CupFinal-Main',
  ],
  ['StartFlow', 'On air: flow CupFinal-Main started by W', 'start flow CupFinal-Main'],
  ['StartRouterInput', 'On air: router input OB-van-feed started by W', 'start router input f6e5d4c3b2a1'],
  ['StartRouterOutput', 'On air: router output cdn-north started by W', 'start router output a1b2c3d4e5f6'],
  ['StopFlow', 'Off air: flow CupFinal-Main stopped by W', 'stop flow CupFinal-Main'],
  ['StopRouterInput', 'Off air: router input OB-van-feed stopped by W', 'stop router input f6e5d4c3b2a1'],
  ['StopRouterOutput', 'Off air: router output cdn-north stopped by W', 'stop router output a1b2c3d4e5f6'],
  ['TagGlobalResource', 'Change: router input f6e5d4c3b2a1 tagged (2 tags) by W', 'tag router input f6e5d4c3b2a1'],
  ['TagResource', 'Change: flow CupFinal-Main tagged (2 tags) by W', 'tag flow CupFinal-Main'],
  [
    'TakeRouterInput',
    'Signal changed: router output cdn-north switched to input OB-van-feed by W',
    'switch router output a1b2c3d4e5f6 to input f6e5d4c3b2a1',
  ],
  ['UntagGlobalResource', 'Change: router input f6e5d4c3b2a1 untagged (1 tag) by W', 'untag router input f6e5d4c3b2a1'],
  ['UntagResource', 'Change: flow CupFinal-Main untagged (1 tag) by W', 'untag flow CupFinal-Main'],
  [
    'UpdateBridge',
    'Change: bridge Stadium-North updated (egress bitrate 40 Mbit/s) by W',
    'update bridge Stadium-North',
  ],
  [
    'UpdateBridgeOutput',
    'Signal changed: output lan-out of bridge Stadium-North now to 192.0.2.77:5001, by W',
    'update output lan-out of bridge Stadium-North',
  ],
  [
    'UpdateBridgeSource',
    'Signal changed: source cloud-feed of bridge Stadium-North now flow CupFinal-Main, by W',
    'update source cloud-feed of bridge Stadium-North',
  ],
  ['UpdateBridgeState', 'Off air: bridge Stadium-North set to standby by W', 'set bridge Stadium-North to standby'],
  [
    'UpdateFlow',
    'Signal changed: flow CupFinal-Main now prefers source OB-van (failover), by W',
    'update flow CupFinal-Main',
  ],
  [
    'UpdateFlowEntitlement',
    'Off air for subscribers: entitlement partner-main on flow CupFinal-Main disabled by W',
    'disable entitlement partner-main on flow CupFinal-Main',
  ],
  [
    'UpdateFlowMediaStream',
    'Change: media stream video-1 of flow CupFinal-Main updated (1080p) by W',
    'update media stream video-1 of flow CupFinal-Main',
  ],
  [
    'UpdateFlowOutput',
    'Signal changed: output cdn-b of flow CupFinal-Main now srt-caller to 198.51.100.99:5005, by W',
    'update output cdn-b of flow CupFinal-Main',
  ],
  [
    'UpdateFlowSource',
    'Signal changed: source OB-van of flow CupFinal-Main now srt-listener, port 5010, by W',
    'update source OB-van of flow CupFinal-Main',
  ],
  [
    'UpdateGatewayInstance',
    'Change: instance i-0123456789abcdef0 of gateway Stadium locked for new bridges by W',
    'lock instance i-0123456789abcdef0 of gateway Stadium for new bridges',
  ],
  [
    'UpdateRouterInput',
    'Signal changed: router input OB-van-feed now 40 Mbit/s, by W',
    'update router input f6e5d4c3b2a1',
  ],
  [
    'UpdateRouterNetworkInterface',
    'Signal changed: router network interface studio-net updated (public access rules) by W',
    'update router network interface 0f1e2d3c4b5a',
  ],
  [
    'UpdateRouterOutput',
    'Signal changed: router output cdn-north now to 192.0.2.91:5000, by W',
    'update router output a1b2c3d4e5f6',
  ],
  ['ManagedDescribeFlow', 'Read: flow CupFinal-Main viewed by W', 'view flow CupFinal-Main'],
  [
    'PrivateDescribeFlowMeta',
    'Read: metadata of flow CupFinal-Main viewed by W',
    'view metadata of flow CupFinal-Main',
  ],
  [
    'ManagedAddOutput',
    'On air: output medialive-input-1 added to flow CupFinal-Main by W',
    'add output medialive-input-1 to flow CupFinal-Main',
  ],
  [
    'ManagedRemoveOutput',
    'Off air: output cdn-b removed from flow CupFinal-Main by W',
    'remove output cdn-b from flow CupFinal-Main',
  ],
  [
    'DiscoverGatewayPollEndpoint',
    'Read: poll endpoint of gateway Stadium looked up by W',
    'look up poll endpoint of gateway Stadium',
  ],
  ['PollGateway', 'Read: gateway Stadium polled by W', 'poll gateway Stadium'],
  [
    'SubmitGatewayStateChange',
    'Change: state change for gateway Stadium submitted by W',
    'submit state change for gateway Stadium',
  ],
  [
    'AssociateRouterNetworkInterface',
    'Change: router network interface studio-net associated with another resource by W',
    'associate router network interface 0f1e2d3c4b5a',
  ],
];

/** "Off air: flow CupFinal-Main stopped by W" */
const whole = ({ effect, sentence: said, by }: Pick<Notification, 'effect' | 'sentence' | 'by'>): string =>
  `${phraseText(effect)}: ${phraseText(said)}${by}W`;

it('has a sentence to test for every operation', () => {
  expect(new Set(SENTENCES.map(([operation]) => operation))).toEqual(new Set(Object.keys(OPERATIONS)));
});

describe.each(SENTENCES)('%s', (eventName, done, base) => {
  const { request: requestParameters, response } = CALL_EXAMPLES[eventName];
  it.each([
    ['succeeded', { responseElements: response ?? null }, done],
    ['denied', { errorCode: 'AccessDeniedException' }, `Denied: ${base}, by W`],
    ['failed', { errorCode: 'NotFoundException' }, `Failed, not found: ${base}, by W`],
    [
      'probably failed',
      { responseElements: { errorCode: 'NotFoundException' } },
      `Probably failed, not found: ${base}, by W`,
    ],
  ])('that %s', (_, outcome, expected) => {
    expect(whole(enriched({ eventName, requestParameters, ...outcome }))).toBe(expected);
  });
});

describe('what the parameters say', () => {
  it.each<[OperationName, JsonObject, string]>([
    ['UpdateFlowOutput', { outputStatus: 'DISABLED' }, 'Off air: output cdn-b of flow AwardsShow disabled by W'],
    ['UpdateFlowOutput', { outputStatus: 'ENABLED' }, 'On air: output cdn-b of flow AwardsShow enabled by W'],
    [
      'UpdateFlowOutput',
      { outputStatus: 'DISABLED', minLatency: 20 },
      'Off air: output cdn-b of flow AwardsShow updated and disabled by W',
    ],
    ['UpdateFlowOutput', { description: 'x' }, 'Change: output cdn-b of flow AwardsShow updated (description) by W'],
    [
      'UpdateFlowOutput',
      { cidrAllowList: ['10.0.0.0/8'] },
      'Signal changed: output cdn-b of flow AwardsShow updated (cidrAllowList) by W',
    ],
    [
      'UpdateFlowOutput',
      { protocol: 'rist', destination: '192.0.2.1', port: 5000, minLatency: 20, maxLatency: 30, smoothingLatency: 1 },
      'Signal changed: output cdn-b of flow AwardsShow now rist to 192.0.2.1:5000, minimum latency 20 ms, maximum latency 30 ms and 1 more, by W',
    ],
  ])('of %s with %j', (eventName, settings, expected) => {
    const requestParameters = { flowArn, outputArn, ...settings };
    expect(whole(enriched({ eventName, requestParameters }))).toBe(expected);
  });

  it.each<[OperationName, JsonObject, string]>([
    [
      'UpdateFlow',
      { maintenance: { maintenanceDay: 'Monday' } },
      'Change: flow AwardsShow updated (maintenance day Monday) by W',
    ],
    [
      'UpdateFlow',
      { sourceFailoverConfig: { state: 'DISABLED' } },
      'Signal changed: flow AwardsShow now without failover, by W',
    ],
    [
      'UpdateFlow',
      { sourceFailoverConfig: { state: 'ENABLED', sourcePriority: { primarySource: 'a' } } },
      'Signal changed: flow AwardsShow now prefers source a, with failover, by W',
    ],
    [
      'UpdateFlowEntitlement',
      { entitlementArn, subscribers: ['444455556666'] },
      'Off air for subscribers: entitlement partner on flow AwardsShow now only for 444455556666, by W',
    ],
    [
      'UpdateFlowEntitlement',
      { entitlementArn, entitlementStatus: 'ENABLED', subscribers: ['444455556666'] },
      'Off air for subscribers: entitlement partner on flow AwardsShow enabled, now only for 444455556666, by W',
    ],
    [
      'UpdateFlowEntitlement',
      { entitlementArn, entitlementStatus: 'DISABLED', subscribers: ['444455556666'] },
      'Off air for subscribers: entitlement partner on flow AwardsShow updated and disabled by W',
    ],
    [
      'UpdateFlowEntitlement',
      { entitlementArn, entitlementStatus: 'ENABLED' },
      'On air: entitlement partner on flow AwardsShow enabled by W',
    ],
    [
      'UpdateFlowEntitlement',
      { entitlementArn, description: 'x' },
      'Access change: entitlement partner on flow AwardsShow updated (description) by W',
    ],
    [
      'TakeRouterInput',
      { routerOutputArn: OUTPUT_ARN },
      'Off air: router output outputoutput switched to no input by W',
    ],
    ['UpdateBridgeState', { bridgeArn, desiredState: 'ACTIVE' }, 'On air: bridge Studio set to active by W'],
    [
      'UpdateGatewayInstance',
      { gatewayInstanceArn, bridgePlacement: 'AVAILABLE' },
      'Change: instance i-0abc of gateway Lobby unlocked for new bridges by W',
    ],
    [
      'DeregisterGatewayInstance',
      { gatewayInstanceArn },
      'Off air: instance i-0abc deregistered from gateway Lobby by W',
    ],
    ['UpdateRouterOutput', { arn: OUTPUT_ARN, name: 'cdn' }, 'Change: router output cdn updated (name) by W'],
    [
      'AddFlowOutputs',
      { outputs: [{ name: 'a' }, { name: 'b' }, { name: 'c' }, { name: 'd' }, { name: 'e' }] },
      'On air: 5 outputs added to flow AwardsShow (a, b, c and 2 more) by W',
    ],
    [
      'AddFlowOutputs',
      { outputs: Array.from({ length: 150 }, (_, index) => ({ name: `o${index}` })) },
      'On air: 100+ outputs added to flow AwardsShow (o0, o1, o2 and 97+ more) by W',
    ],
  ])('of %s with %j alone', (eventName, settings, expected) => {
    const requestParameters = eventName.includes('Flow') ? { flowArn, ...settings } : settings;
    expect(whole(enriched({ eventName, requestParameters }))).toBe(expected);
  });
});

/** What else may stand in a record where a sentence takes its words. */
describe('a purchase', () => {
  const requestParameters = { offeringArn: 'arn:aws:mediaconnect:eu-west-1::offering:39c9', reservationName: 'Season' };

  it.each([
    [{}, 'Purchase: offering 39c9, as reservation Season, by W'],
    [{ duration: 12, durationUnits: 'MONTHS' }, 'Purchase: offering 39c9, 12 months, as reservation Season, by W'],
    [
      { pricePerUnit: '0.31; or more', priceUnits: 'HOURLY', currencyCode: 'USD' },
      'Purchase: offering 39c9, as reservation Season, by W',
    ],
  ])('of %j', (reservation, expected) => {
    const responseElements = { reservation };
    expect(whole(enriched({ eventName: 'PurchaseOffering', requestParameters, responseElements }))).toBe(expected);
  });
});

describe('what the record leaves open', () => {
  it.each([
    ['StopFlow', 'stop a flow'],
    ['RemoveFlowOutput', 'remove an output from a flow'],
    ['AddFlowVpcInterfaces', 'add a VPC interface to a flow'],
    ['TakeRouterInput', 'switch a router output'],
    ['PurchaseOffering', 'purchase an offering'],
    ['UpdateBridgeState', 'set a bridge to another state'],
    ['TagResource', 'tag a resource'],
    ['GrantFlowEntitlements', 'grant an entitlement on a flow'],
  ])('of %s is left open', (eventName, expected) => {
    expect(sentence({ eventName, requestParameters: null, errorCode: 'AccessDenied' })).toBe(expected);
  });

  it('takes names from the response', () => {
    const responseElements = { routerOutputName: 'cdn', routerInputName: 'cam', routerOutputArn: OUTPUT_ARN };
    const requestParameters = { routerOutputArn: OUTPUT_ARN, routerInputArn: INPUT_ARN };
    expect(sentence({ eventName: 'TakeRouterInput', requestParameters, responseElements })).toBe(
      'router output cdn switched to input cam',
    );
  });

  it('names the input of the response where the request was left out', () => {
    const responseElements = { routerOutputArn: OUTPUT_ARN, routerInputName: 'cam' };
    expect(sentence({ eventName: 'TakeRouterInput', requestParameters: null, responseElements })).toBe(
      'router output outputoutput switched to input cam',
    );
  });

  it('says that an output is switched to nothing', () => {
    const requestParameters = { routerOutputArn: OUTPUT_ARN };
    expect(sentence({ eventName: 'TakeRouterInput', requestParameters })).toBe(
      'router output outputoutput switched to no input',
    );
  });

  it('shows what was typed where an ARN should be', () => {
    expect(sentence({ requestParameters: { flowArn: 'the show' }, errorCode: 'BadRequestException' })).toBe(
      'stop flow the show',
    );
  });

  it('says a state that is new as it is', () => {
    expect(sentence({ eventName: 'UpdateBridgeState', requestParameters: { bridgeArn, desiredState: 'LIMBO' } })).toBe(
      'bridge Studio set to LIMBO',
    );
  });

  it('names accounts that the admin named, and counts those beyond two', () => {
    const entitlements = [{ name: 'p', subscribers: ['444455556666', '555566667777', '666677778888'] }];
    expect(
      sentence(
        { eventName: 'GrantFlowEntitlements', requestParameters: { flowArn, entitlements } },
        { '444455556666': 'Partner TV' },
      ),
    ).toBe('Partner TV (444455556666), 555566667777 and 1 more may receive flow AwardsShow (entitlement p)');
    const two = [
      { name: 'p', subscribers: ['444455556666'] },
      { name: 'q', subscribers: ['444455556666'] },
    ];
    expect(sentence({ eventName: 'GrantFlowEntitlements', requestParameters: { flowArn, entitlements: two } })).toBe(
      '444455556666 may receive flow AwardsShow (entitlements p and q)',
    );
  });
});

describe('errors in words', () => {
  it.each([
    ['NotFoundException', 'not found'],
    ['ConflictException', 'not possible in its current state'],
    ['BadRequestException', 'invalid request'],
    ['ValidationException', 'invalid request'],
    ['TooManyRequestsException', 'too many requests'],
    ['ThrottlingException', 'too many requests'],
    ['AddFlowOutputs420Exception', 'quota exceeded'],
    ['RouterInputServiceQuotaExceededException', 'quota exceeded'],
    ['InternalServerErrorException', 'internal error of MediaConnect'],
    ['ServiceUnavailableException', 'MediaConnect unavailable'],
    ['Client.RequestLimitExceeded', 'too many requests'],
    ['InvalidClientTokenId', 'credentials not accepted'],
    ['SignatureDoesNotMatch', 'credentials not accepted'],
    ['UnrecognizedClientException', 'credentials not accepted'],
    ['OptInRequired', 'credentials not accepted'],
    ['ExpiredTokenException', 'expired credentials'],
    ['SolarFlareException', 'SolarFlareException'],
    ['Odd AKIAIOSFODNN7EXAMPLE', 'Odd (not shown)'],
  ])('says %s as "%s"', (errorCode, words) => {
    // What is long stands behind, so that the flow is still among the first words.
    const expected =
      words.length <= 20
        ? `Failed, ${words}: stop flow AwardsShow, by W`
        : `Failed: stop flow AwardsShow (${words}), by W`;
    expect(whole(enriched({ errorCode }))).toBe(expected);
  });

  it('does not invent a code', () => {
    expect(whole(enriched({ errorMessage: 'it broke' }))).toBe('Failed, no reason given: stop flow AwardsShow, by W');
  });
});

describe('an operation that is new', () => {
  it.each([
    [{ flowArn }, 'CreateWormhole called on flow AwardsShow'],
    [{ flowArn, name: 'Sagan' }, 'CreateWormhole called on resource Sagan of flow AwardsShow'],
    [{}, 'CreateWormhole called'],
  ])('is said by its name with %j', (requestParameters, expected) => {
    expect(whole(enriched({ eventName: 'CreateWormhole', requestParameters }))).toBe(`New operation: ${expected} by W`);
  });

  it.each([
    ['StopWormhole', false, 'Off air: StopWormhole (new to this notifier) called by W'],
    ['ListWormholes', true, 'Read: ListWormholes (new to this notifier) called by W'],
  ])('says so where its first words do not: %s', (eventName, readOnly, expected) => {
    expect(whole(enriched({ eventName, readOnly, requestParameters: {} }))).toBe(expected);
  });

  it('is an attempt when it fails', () => {
    expect(sentence({ eventName: 'CreateWormhole', requestParameters: null, errorCode: 'AccessDenied' })).toBe(
      'call CreateWormhole (new to this notifier)',
    );
  });
});

it('marks everything that the event supplied as a name', () => {
  const { sentence: parts } = enriched({ eventName: 'RemoveFlowOutput', requestParameters: { flowArn, outputArn } });
  expect(parts).toEqual([
    { kind: 'plain', text: 'output ' },
    { kind: 'name', text: 'cdn-b' },
    { kind: 'plain', text: ' removed from flow ' },
    { kind: 'name', text: 'AwardsShow' },
  ]);
});
