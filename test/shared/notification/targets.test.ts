import { describe, expect, it } from 'vitest';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { enrich } from '../../../shared/notification/enrich.ts';
import { phraseText } from '../../../shared/notification/notification.ts';
import { aRoutedEvent, FLOW_ARN } from '../../builders.ts';

const PREFIX = 'arn:aws:mediaconnect:eu-west-1:111122223333';
const INPUT_ARN = `${PREFIX}:routerInput:inputinput12`;
const OUTPUT_ARN = `${PREFIX}:routerOutput:outputoutput`;
const BRIDGE_ARN = `${PREFIX}:bridge:1-abc:Studio`;
const INSTANCE_ARN = `${PREFIX}:gateway:1-abc:Lobby:instance:i-0abc`;
const USER_GUIDE_ARN =
  'arn%3Aaws%3Amediaconnect%3Aus-west-2%111122223333%3Aflow%3A1-23aBC45dEF67hiJ8-12AbC34DE5fG%3AAwardsShow';
const twice = (arn: string): string => encodeURIComponent(encodeURIComponent(arn));

const namesOf = (eventName: string, requestParameters: unknown, responseElements: unknown = null) => {
  const matched = aRoutedEvent({ detail: { eventName, requestParameters, responseElements } });
  const call = classifyCall(matched.event.detail);
  return enrich(matched, call, { accountNames: {}, channels: {}, showParameters: [] });
};

describe('names', () => {
  it.each<[string, JsonObject | null, JsonObject | null, string | null, string | null]>([
    ['StopFlow', { flowArn: FLOW_ARN }, null, 'AwardsShow', 'AwardsShow'],
    ['StopFlow', { FlowArn: encodeURIComponent(FLOW_ARN) }, null, 'AwardsShow', 'AwardsShow'],
    ['StopFlow', { flowArn: twice(FLOW_ARN) }, null, 'AwardsShow', 'AwardsShow'],
    ['StopFlow', { flowArn: [FLOW_ARN] }, null, 'AwardsShow', 'AwardsShow'],
    ['DescribeFlow', { flowArn: USER_GUIDE_ARN }, {}, 'AwardsShow', 'AwardsShow'],
    ['StopFlow', null, { flowArn: FLOW_ARN, status: 'STOPPING' }, 'AwardsShow', 'AwardsShow'],
    ['StopFlow', { omitted: true, originalSize: 1 }, { FlowArn: FLOW_ARN }, 'AwardsShow', 'AwardsShow'],
    ['StopFlow', { flowArn: 'AwardsShow' }, null, null, null],
    ['StopFlow', { flowArn: BRIDGE_ARN }, null, 'Studio', null],
    ['StopFlow', null, null, null, null],
    ['CreateFlow', { name: 'New' }, null, 'New', 'New'],
    [
      'CreateFlow',
      { Name: 'New', outputs: [{ name: 'a' }] },
      { flow: { flowArn: FLOW_ARN, name: 'New' } },
      'New',
      'New',
    ],
    ['CreateFlow', null, { flow: { flowArn: FLOW_ARN, name: 'AwardsShow' } }, 'AwardsShow', 'AwardsShow'],
    ['AddFlowOutputs', { flowArn: FLOW_ARN, outputs: [{ name: 'a' }, { Name: 'b' }] }, null, 'a, b', 'AwardsShow'],
    [
      'AddFlowOutputs',
      { flowArn: FLOW_ARN, outputs: [{ protocol: 'rtp' }] },
      { outputs: [{ name: 'made-up' }] },
      'made-up',
      'AwardsShow',
    ],
    [
      'AddFlowOutputs',
      null,
      { flowArn: FLOW_ARN, outputs: [{ outputArn: `${PREFIX}:output:2-a:x` }] },
      'x',
      'AwardsShow',
    ],
    ['AddFlowOutputs', { flowArn: FLOW_ARN, outputs: { name: 'a' } }, null, 'a', 'AwardsShow'],
    [
      'RemoveFlowOutput',
      { flowArn: FLOW_ARN, outputArn: twice(`${PREFIX}:output:2-a:cdn-b`) },
      null,
      'cdn-b',
      'AwardsShow',
    ],
    ['RemoveFlowOutput', { outputArn: `${PREFIX}:output:2-a:cdn-b` }, null, 'cdn-b', null],
    ['RemoveFlowOutput', { outputArn: `${PREFIX}:output:2-a:cdn-b` }, { flowArn: FLOW_ARN }, 'cdn-b', 'AwardsShow'],
    ['UpdateFlowOutput', null, { flowArn: FLOW_ARN, output: { name: 'cdn-b' } }, 'cdn-b', 'AwardsShow'],
    [
      'UpdateFlowSource',
      { FlowArn: FLOW_ARN, SourceArn: `${PREFIX}:source:1-a:main`, entitlementArn: 'x' },
      null,
      'main',
      'AwardsShow',
    ],
    ['GrantFlowEntitlements', { flowArn: FLOW_ARN, entitlements: [{ name: 'p' }] }, null, 'p', 'AwardsShow'],
    [
      'RevokeFlowEntitlement',
      { flowArn: FLOW_ARN, entitlementArn: `${PREFIX}:entitlement:1-a:p` },
      null,
      'p',
      'AwardsShow',
    ],
    ['RemoveFlowMediaStream', { flowArn: FLOW_ARN, mediaStreamName: 'video' }, null, 'video', 'AwardsShow'],
    ['RemoveFlowVpcInterface', null, { flowArn: FLOW_ARN, vpcInterfaceName: 'vpc-a' }, 'vpc-a', 'AwardsShow'],
    ['RemoveBridgeOutput', { bridgeArn: BRIDGE_ARN, outputName: 'net' }, null, 'net', null],
    ['RemoveBridgeOutput', { bridgeArn: BRIDGE_ARN, OutputName: 'to%20Studio' }, null, 'to Studio', null],
    ['RemoveFlowMediaStream', { flowArn: FLOW_ARN, mediaStreamName: 'Caf%C3%A9' }, null, 'Café', 'AwardsShow'],
    ['CreateFlow', { name: '50%25' }, null, '50%25', '50%25'],
    [
      'AddBridgeSources',
      { bridgeArn: BRIDGE_ARN, sources: [{ flowSource: { name: 'f' } }, { NetworkSource: { Name: 'n' } }] },
      null,
      'f, n',
      null,
    ],
    ['DeregisterGatewayInstance', { gatewayInstanceArn: encodeURIComponent(INSTANCE_ARN) }, null, 'i-0abc', null],
    ['ListGatewayInstances', { filterArn: `${PREFIX}:gateway:1-abc:Lobby` }, null, 'Lobby', null],
    ['ListFlows', null, null, null, null],
    ['GetRouterInput', { arn: INPUT_ARN }, null, null, null],
    ['StopRouterInput', { Arn: INPUT_ARN }, { arn: INPUT_ARN, name: 'cam' }, 'cam', null],
    ['UpdateRouterInput', { arn: INPUT_ARN }, { routerInput: { arn: INPUT_ARN, name: 'cam' } }, 'cam', null],
    ['CreateRouterInput', { name: 'cam' }, { routerInput: { arn: INPUT_ARN, name: 'cam' } }, 'cam', null],
    ['BatchGetRouterInput', { arns: [INPUT_ARN, INPUT_ARN] }, null, null, null],
    ['TakeRouterInput', { routerOutputArn: OUTPUT_ARN }, { routerOutputName: 'cdn' }, 'cdn', null],
    [
      'PurchaseOffering',
      { offeringArn: 'arn:aws:mediaconnect:eu-west-1::offering:1', reservationName: 'Season' },
      null,
      'Season',
      null,
    ],
    ['DescribeReservation', { reservationArn: `${PREFIX}:reservation:1-a:Season` }, null, 'Season', null],
    ['TagResource', { resourceArn: encodeURIComponent(FLOW_ARN), tags: {} }, null, 'AwardsShow', 'AwardsShow'],
    ['TagResource', { resourceArn: `${FLOW_ARN}/mediaStream/video`, tags: {} }, null, 'video', 'AwardsShow'],
    ['ListTagsForResource', { resourceArn: `${PREFIX}:output:2-a:cdn-b` }, null, 'cdn-b', null],
    ['ListTagsForGlobalResource', { resourceArn: INPUT_ARN }, null, null, null],
    ['CreateWormhole', { flowArn: FLOW_ARN, name: 'Sagan' }, null, 'Sagan', 'AwardsShow'],
    ['CreateWormhole', { bridgeArn: BRIDGE_ARN }, null, 'Studio', null],
    ['CreateWormhole', null, { flowArn: FLOW_ARN }, 'AwardsShow', 'AwardsShow'],
  ])('of %s %#', (eventName, request, response, resourceName, flowName) => {
    expect(namesOf(eventName, request, response)).toMatchObject({ resourceName, flowName });
  });

  it.each([
    [{ flowArn: { toString: 1 } }],
    [{ flowArn: null, FlowArn: 12 }],
    [{ __proto__: { flowArn: FLOW_ARN } }],
    [{ constructor: FLOW_ARN, outputs: [null, 1, 'x', [], {}] }],
    [{ omitted: { valueOf: 1, toString: 1 } }],
    ['text'],
    [[FLOW_ARN]],
  ])('are not taken from %j', (requestParameters) => {
    expect(namesOf('StopFlow', requestParameters)).toMatchObject({ resourceName: null, flowName: null });
  });
});

describe('names of a refused call without a request', () => {
  const refused = (operation: string, resource: string, ending = ' because no identity-based policy allows it') =>
    `User: arn:aws:sts::111122223333:assumed-role/Ops/jane is not authorized to perform: mediaconnect:${operation} on resource: ${resource}${ending}`;
  const namesOfRefused = (eventName: string, errorMessage: string, requestParameters: unknown = null) => {
    const matched = aRoutedEvent({
      detail: { eventName, requestParameters, responseElements: null, errorCode: 'AccessDenied', errorMessage },
    });
    const call = classifyCall(matched.event.detail);
    const { resourceName, flowName } = enrich(matched, call, { accountNames: {}, channels: {}, showParameters: [] });
    return [resourceName, flowName];
  };

  it.each<[string, string, string | null, string | null]>([
    ['StopFlow', FLOW_ARN, 'AwardsShow', 'AwardsShow'],
    ['StopFlow', encodeURIComponent(FLOW_ARN), 'AwardsShow', 'AwardsShow'],
    ['StopFlow', `"${FLOW_ARN}"`, 'AwardsShow', 'AwardsShow'],
    ['RemoveFlowOutput', `${PREFIX}:output:2-a:cdn-b`, 'cdn-b', null],
    ['RemoveFlowOutput', FLOW_ARN, null, 'AwardsShow'],
    ['AddFlowMediaStreams', FLOW_ARN, null, 'AwardsShow'],
    ['RemoveFlowMediaStream', `${FLOW_ARN}/mediaStream/video`, 'video', 'AwardsShow'],
    ['DescribeBridge', BRIDGE_ARN, 'Studio', null],
    ['UpdateGatewayInstance', INSTANCE_ARN, 'i-0abc', null],
    ['StopRouterInput', INPUT_ARN, null, null],
    ['TagResource', FLOW_ARN, 'AwardsShow', 'AwardsShow'],
    ['CreateWormhole', FLOW_ARN, 'AwardsShow', 'AwardsShow'],
    ['StopFlow', BRIDGE_ARN, null, null],
    ['ListFlows', '*', null, null],
    ['CreateFlow', `${PREFIX}:*`, null, null],
    ['CreateFlow', `${PREFIX}:flow:*:*`, null, null],
    ['StopFlow', `${PREFIX}:flow:1-a:Awards*`, null, null],
    ['StopFlow', `${PREFIX}:flow:1-a:<!channel>`, null, null],
    ['StopFlow', USER_GUIDE_ARN, null, null],
    ['StopFlow', 'arn:aws:medialive:eu-west-1:111122223333:channel:1', null, null],
  ])('of %s on %s', (eventName, resource, resourceName, flowName) => {
    expect(namesOfRefused(eventName, refused(eventName, resource))).toEqual([resourceName, flowName]);
  });

  it('end where the sentence ends', () => {
    expect(namesOfRefused('StopFlow', refused('StopFlow', FLOW_ARN, '.'))).toEqual(['AwardsShow', 'AwardsShow']);
  });

  it('come from the request where there is one', () => {
    const request = { flowArn: `${PREFIX}:flow:1-b:Asked` };
    expect(namesOfRefused('StopFlow', refused('StopFlow', FLOW_ARN), request)).toEqual(['Asked', 'Asked']);
  });

  it('are not taken from other words', () => {
    expect(namesOfRefused('StopFlow', `flow on resource: ${FLOW_ARN} is busy`)).toEqual([null, null]);
  });
});

describe('resources', () => {
  it('are listed, the main ones first', () => {
    expect(
      namesOf('RemoveFlowOutput', { flowArn: FLOW_ARN, outputArn: `${PREFIX}:output:2-a:cdn-b` }).resources,
    ).toEqual([
      { kind: 'output', name: 'cdn-b', arn: `${PREFIX}:output:2-a:cdn-b` },
      { kind: 'flow', name: 'AwardsShow', arn: FLOW_ARN },
    ]);
  });

  it('hold both ends of a switch', () => {
    expect(namesOf('TakeRouterInput', { routerOutputArn: OUTPUT_ARN, routerInputArn: INPUT_ARN }).resources).toEqual([
      { kind: 'routerOutput', name: null, arn: OUTPUT_ARN },
      { kind: 'routerInput', name: null, arn: INPUT_ARN },
    ]);
  });

  it('have no ARN where the record’s is damaged, unless the response has it whole', () => {
    expect(namesOf('DescribeFlow', { flowArn: USER_GUIDE_ARN }).resources).toEqual([
      { kind: 'flow', name: 'AwardsShow', arn: undefined },
    ]);
    expect(namesOf('StopFlow', { flowArn: USER_GUIDE_ARN }, { flowArn: FLOW_ARN }).resources).toEqual([
      { kind: 'flow', name: 'AwardsShow', arn: FLOW_ARN },
    ]);
  });

  it('are read up to a limit', () => {
    const outputs = Array.from({ length: 5000 }, (_, index) => ({ name: `o${index}` }));
    expect(namesOf('AddFlowOutputs', { flowArn: FLOW_ARN, outputs }).resources).toHaveLength(101);
  });
});

describe('the subject', () => {
  it.each<[string, JsonObject | null, string, string]>([
    ['StopFlow', { flowArn: encodeURIComponent(FLOW_ARN) }, FLOW_ARN, 'flow AwardsShow'],
    ['RemoveFlowOutput', { FlowArn: FLOW_ARN, outputArn: `${PREFIX}:output:2-a:cdn-b` }, FLOW_ARN, 'flow AwardsShow'],
    ['RemoveFlowOutput', { outputArn: `${PREFIX}:output:2-a:cdn-b` }, `${PREFIX}:output:2-a:cdn-b`, 'output cdn-b'],
    ['TagResource', { resourceArn: `${FLOW_ARN}/mediaStream/video` }, FLOW_ARN, 'flow AwardsShow'],
    ['RemoveBridgeSource', { bridgeArn: BRIDGE_ARN, sourceName: 's' }, BRIDGE_ARN, 'bridge Studio'],
    ['UpdateGatewayInstance', { gatewayInstanceArn: INSTANCE_ARN }, `${PREFIX}:gateway:1-abc:Lobby`, 'gateway Lobby'],
    ['TakeRouterInput', { routerOutputArn: OUTPUT_ARN }, OUTPUT_ARN, 'router output outputoutput'],
    ['CreateFlow', { name: 'New' }, 'flow/111122223333/eu-west-1/New', 'flow New'],
    ['ListFlows', null, 'flow/111122223333/eu-west-1', 'flows'],
    ['CreateWormhole', null, 'unrecognized/111122223333/eu-west-1', 'MediaConnect'],
  ])('of %s is the root resource', (eventName, request, key, label) => {
    const { subject } = namesOf(eventName, request);
    expect({ ...subject, label: phraseText(subject.label) }).toEqual({ key, label });
  });
});
