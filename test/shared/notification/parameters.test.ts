import { describe, expect, it } from 'vitest';
import { classifyCall } from '../../../shared/call/classify-call.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { enrich } from '../../../shared/notification/enrich.ts';
import { phraseText } from '../../../shared/notification/notification.ts';
import { aRoutedEvent, FLOW_ARN } from '../../builders.ts';
import { CALL_EXAMPLES } from '../call/call-examples.ts';

const PREFIX = 'arn:aws:mediaconnect:eu-west-1:111122223333';
const flowArn = encodeURIComponent(FLOW_ARN);
const bridgeArn = `${PREFIX}:bridge:1-abc:Studio`;

interface Options {
  readonly accountNames?: Record<string, string>;
  readonly showParameters?: readonly string[];
}

const enriched = (detail: JsonObject, { accountNames = {}, showParameters = [] }: Options = {}) => {
  const matched = aRoutedEvent({ detail: { responseElements: null, ...detail } });
  return enrich(matched, classifyCall(matched.event.detail), { accountNames, channels: {}, showParameters });
};

const detailsOf = (eventName: string, requestParameters: JsonObject, options?: Options): readonly string[] =>
  enriched({ eventName, requestParameters }, options).details.map(
    ({ label, value }) => `${label}: ${phraseText(value)}`,
  );

const SRT_OUTPUT = {
  name: 'cdn-a',
  protocol: 'srt-caller',
  destination: '203.0.113.9',
  port: 5000,
  minLatency: 120,
  cidrAllowList: ['10.24.34.0/23'],
  streamId: 'secret-stream-id',
  description: 'to the CDN',
  encryption: { keyType: 'srt-password', secretArn: 'arn:aws:secretsmanager:x', roleArn: 'arn:aws:iam::1:role/x' },
};

describe('what an operator sees', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['AddFlowOutputs', { flowArn, outputs: [SRT_OUTPUT] }, []],
    ['AddFlowOutputs', { FlowArn: flowArn, Outputs: [{ Name: 'x', Protocol: 'srt-listener', Port: 5001 }] }, []],
    [
      'AddFlowOutputs',
      { flowArn, outputs: [SRT_OUTPUT, { name: 'b', protocol: 'rtp', destination: '2001:db8::1', port: '5002' }, {}] },
      [
        'Output: cdn-a (srt-caller, 203.0.113.9:5000, minimum latency 120 ms, encryption srt-password)',
        'Output: b (rtp, [2001:db8::1]:5002)',
        'Output: no name',
      ],
    ],
    [
      'AddFlowOutputs',
      { flowArn, outputs: Array.from({ length: 50 }, (_, index) => ({ name: `o${index}` })) },
      [
        'Output: o0',
        'Output: o1',
        'Output: o2',
        'Output: o3',
        'Output: o4',
        'Output: o5',
        'Output: o6',
        'Output: o7',
        'Output: … 42 more',
      ],
    ],
    [
      'UpdateFlowOutput',
      { flowArn, outputArn: 'x', destination: 'example.org', cidrAllowList: [], encryption: { keyType: 'static-key' } },
      ['Also set: cidrAllowList'],
    ],
    ['UpdateFlowOutput', { flowArn, outputArn: 'x', port: 5001 }, []],
    ['UpdateFlowOutput', { flowArn, outputArn: 'x', outputStatus: 'DISABLED', description: null }, []],
    [
      'AddFlowSources',
      {
        flowArn,
        sources: [{ name: 's', protocol: 'rist', ingestPort: 5000, whitelistCidr: '10.0.0.0/8', maxBitrate: 80000000 }],
      },
      [],
    ],
    ['AddFlowSources', { flowArn, sources: [{ name: 's', entitlementArn: `${PREFIX}:entitlement:1-11:partner` }] }, []],
    ['AddFlowSources', { flowArn, sources: [{ gatewayBridgeSource: { bridgeArn } }] }, []],
    [
      'UpdateFlowSource',
      {
        flowArn,
        sourceArn: 'x',
        ingestPort: 6000,
        decryption: { algorithm: 'aes128', constantInitializationVector: 'iv' },
      },
      [],
    ],
    [
      'GrantFlowEntitlements',
      {
        flowArn,
        entitlements: [
          { name: 'p', subscribers: ['444455556666', '555566667777'], dataTransferSubscriberFeePercent: 20 },
        ],
      },
      ['Subscriber pays: 20 %'],
    ],
    [
      'GrantFlowEntitlements',
      { flowArn, entitlements: [{ name: 'p', subscribers: ['444455556666', '555566667777', '666677778888'] }] },
      ['Subscribers: Partner TV (444455556666), 555566667777 and 666677778888'],
    ],
    ['UpdateFlowEntitlement', { flowArn, entitlementArn: 'x', subscribers: ['444455556666'] }, []],
    [
      'UpdateFlowEntitlement',
      {
        flowArn,
        entitlementArn: 'x',
        subscribers: ['444455556666', '555566667777', '666677778888'],
        encryption: { algorithm: 'aes128' },
      },
      ['Subscribers: Partner TV (444455556666), 555566667777 and 666677778888', 'Encryption: aes128'],
    ],
    [
      'UpdateFlowEntitlement',
      { flowArn, entitlementArn: 'x', subscribers: ['not an account'], entitlementStatus: 'ENABLED' },
      ['Subscribers: not shown: no account id'],
    ],
    [
      'CreateFlow',
      {
        name: 'AwardsShow',
        availabilityZone: 'eu-west-1a',
        flowSize: 'LARGE',
        maintenance: { maintenanceDay: 'Monday', maintenanceStartHour: '02:00' },
        source: { name: 'main', protocol: 'srt-listener', ingestPort: 5000 },
        outputs: [SRT_OUTPUT],
        entitlements: [{ name: 'p', subscribers: ['444455556666'] }],
        mediaStreams: [{ mediaStreamName: 'video', mediaStreamType: 'video' }],
        vpcInterfaces: [
          { name: 'vpc-a', networkInterfaceType: 'efa', subnetId: 'subnet-1', roleArn: 'arn:aws:iam::1:role/r' },
        ],
      },
      [
        'Size: LARGE',
        'Availability zone: eu-west-1a',
        'Maintenance day: Monday',
        'Maintenance start: 02:00',
        'Source: main (srt-listener, ingest port 5000)',
        'Output: cdn-a (srt-caller, 203.0.113.9:5000, minimum latency 120 ms, encryption srt-password)',
        'Entitlement: p (subscribers Partner TV (444455556666))',
        'Media stream: video (video)',
        'VPC interface: vpc-a (efa)',
      ],
    ],
    [
      'UpdateFlow',
      {
        flowArn,
        maintenance: { maintenanceDay: 'Friday' },
        sourceFailoverConfig: { state: 'ENABLED', failoverMode: 'MERGE' },
      },
      ['Maintenance day: Friday', 'Failover mode: MERGE'],
    ],
    [
      'AddBridgeOutputs',
      {
        bridgeArn,
        outputs: [
          { networkOutput: { name: 'n', protocol: 'rtp', ipAddress: '192.0.2.7', port: 7000, networkName: 'studio' } },
        ],
      },
      [],
    ],
    [
      'AddBridgeSources',
      {
        bridgeArn,
        sources: [
          { flowSource: { name: 'f', flowArn: FLOW_ARN } },
          { networkSource: { name: 'n', protocol: 'rtp', port: 1, multicastIp: '239.0.0.1' } },
        ],
      },
      ['Source: f (flow AwardsShow)', 'Source: n (rtp, port 1)'],
    ],
    ['UpdateBridgeState', { bridgeArn, desiredState: 'ACTIVE' }, []],
    [
      'CreateBridge',
      {
        name: 'b',
        placementArn: `${PREFIX}:gateway:1-abc:Lobby`,
        ingressGatewayBridge: { maxBitrate: 500, maxOutputs: 2 },
      },
      ['Ingress bitrate: 500 bit/s', 'Ingress outputs: 2'],
    ],
    [
      'CreateGateway',
      {
        name: 'g',
        egressCidrBlocks: ['10.0.0.0/8'],
        networks: [{ name: 'a', cidrBlock: '10.0.0.0/8' }, { name: 'b' }],
      },
      ['Networks: a and b'],
    ],
    ['UpdateGatewayInstance', { gatewayInstanceArn: 'x', bridgePlacement: 'LOCKED' }, []],
    ['DeregisterGatewayInstance', { gatewayInstanceArn: 'x', force: true }, []],
    [
      'CreateRouterInput',
      {
        name: 'cam',
        tier: 'INPUT_50',
        routingScope: 'REGIONAL',
        maximumBitrate: 20000000,
        configuration: {
          standard: {
            protocol: 'SRT_CALLER',
            networkInterfaceArn: `${PREFIX}:routerNetworkInterface:nic`,
            protocolConfiguration: { srtCaller: { sourceAddress: '192.0.2.1', sourcePort: 9000, streamId: 'x' } },
          },
        },
        maintenanceConfiguration: { preferredDayTime: { day: 'MONDAY', time: '02:00' } },
        clientToken: 'token',
      },
      [
        'Tier: INPUT_50',
        'Scope: REGIONAL',
        'Maximum bitrate: 20 Mbit/s',
        'Protocol: SRT_CALLER',
        'Network interface: nic',
        'Maintenance day: MONDAY',
        'Maintenance time: 02:00',
        'Source port: 9000',
      ],
    ],
    [
      'UpdateRouterOutput',
      {
        arn: 'x',
        configuration: {
          standard: {
            protocol: 'RTP',
            protocolConfiguration: { rtp: { destinationAddress: '192.0.2.9', destinationPort: 9001 } },
          },
        },
      },
      [],
    ],
    [
      'PurchaseOffering',
      { offeringArn: 'x', reservationName: 'Season', start: '2026-12-01T00:00:00Z' },
      ['Start: 2026-12-01T00:00:00Z'],
    ],
    ['TagResource', { resourceArn: flowArn, tags: { owner: 'secret text', cost: '2' } }, []],
    ['UntagResource', { resourceArn: flowArn, tagKeys: ['a', 'b', 'c'] }, []],
    ['TagResource', { resourceArn: flowArn, tags: 'x', tagKeys: null }, []],
    ['CreateGateway', { name: 'g', networks: [{ cidrBlock: '10.0.0.0/8' }] }, []],
    ['CreateBridge', { name: 'b', egressGatewayBridge: { maxBitrate: 'fast' } }, []],
    ['StopFlow', { flowArn }, []],
    ['UpdateBridge', { bridgeArn: 'x', clientToken: 'token' }, []],
    ['CreateWormhole', { flowArn, protocol: 'rtp', outputs: [SRT_OUTPUT] }, []],
    ['ListRouterInputs', { filters: [{ nameContains: ['x'] }], nextToken: 'opaque' }, []],
  ])('of %s %#', (eventName, requestParameters, expected) => {
    expect(detailsOf(eventName, requestParameters, { accountNames: { '444455556666': 'Partner TV' } })).toEqual(
      expected,
    );
  });

  it.each([
    [
      'a destination that is more than an address',
      { destination: 'srt://host?passphrase=x', port: 1 },
      ['Destination: not shown: no address, port 1'],
    ],
    ['a protocol that is no word of the API', { protocol: '<!channel>' }, ['Protocol: not shown: no word of the API']],
    [
      'wrong types',
      { protocol: {}, destination: [], port: {}, minLatency: 'soon', encryption: 'x' },
      ['Also set: protocol, destination, port, minLatency and encryption'],
    ],
    ['fields whose names are no names', { 'a b': 1, '<!here>': 2, __proto__x: 3, port: 4 }, []],
  ])('withholds %s', (_, changes, expected) => {
    expect(detailsOf('UpdateFlowOutput', { flowArn, outputArn: 'x', ...changes })).toEqual(expected);
  });
});

describe('of a call that did not work', () => {
  const denied = (eventName: string, requestParameters: JsonObject): readonly string[] =>
    enriched({ eventName, requestParameters, errorCode: 'AccessDenied' }).details.map(
      ({ label, value }) => `${label}: ${phraseText(value)}`,
    );

  it.each<[string, JsonObject, readonly string[]]>([
    [
      'UpdateFlowOutput',
      { flowArn, outputArn: 'x', protocol: 'rist', destination: '203.0.113.9', port: 5000, cidrAllowList: [] },
      ['Asked for: rist to 203.0.113.9:5000, cidrAllowList'],
    ],
    [
      'AddFlowOutputs',
      { flowArn, outputs: [SRT_OUTPUT] },
      ['Asked for: srt-caller to 203.0.113.9:5000, minimum latency 120 ms, encryption srt-password'],
    ],
    [
      'AddFlowOutputs',
      { flowArn, outputs: [{ name: 'a' }, { name: 'b', protocol: 'rtp' }] },
      ['Asked for, output: a', 'Asked for, output: b (rtp)'],
    ],
    ['UpdateFlow', { flowArn, sourceFailoverConfig: { state: 'DISABLED' } }, ['Asked for: failover DISABLED']],
    ['StopFlow', { flowArn }, []],
    ['UpdateFlowOutput', { flowArn, outputArn: 'x', outputStatus: 'DISABLED', port: 5000 }, ['Asked for: port 5000']],
    ['UpdateFlowEntitlement', { flowArn, entitlementArn: 'x', entitlementStatus: 'DISABLED' }, []],
    [
      'UpdateFlowEntitlement',
      { flowArn, entitlementArn: 'x', subscribers: ['444455556666'] },
      ['Asked for: subscribers 444455556666'],
    ],
    ['GrantFlowEntitlements', { flowArn, entitlements: [{ name: 'p', subscribers: ['444455556666'] }] }, []],
    [
      'GrantFlowEntitlements',
      { flowArn, entitlements: [{ name: 'p', subscribers: ['444455556666', '555566667777', '666677778888'] }] },
      ['Asked for: subscribers 444455556666, 555566667777 and 666677778888'],
    ],
    ['UpdateBridgeState', { bridgeArn: 'x', desiredState: 'STANDBY' }, []],
    ['UpdateGatewayInstance', { gatewayInstanceArn: 'x', bridgePlacement: 'LOCKED' }, []],
    ['DeregisterGatewayInstance', { gatewayInstanceArn: 'x', force: true }, []],
    ['PurchaseOffering', { offeringArn: 'x', reservationName: 'Season', start: 'soon' }, ['Asked for: start soon']],
    ['TagResource', { resourceArn: flowArn, tags: { a: 'b' } }, ['Asked for: tags set 1']],
  ])('says what %s asked for, and nothing of it as changed', (eventName, request, expected) => {
    expect(denied(eventName, request)).toEqual(expected);
  });

  it.each(Object.entries(CALL_EXAMPLES))('never says "Changed" or "set" of %s', (eventName, { request }) => {
    expect(denied(eventName, request).filter((line) => !line.startsWith('Asked for'))).toEqual([]);
  });
});

const NEVER = 'NEVER-SHOWN';
const FORBIDDEN = {
  constantInitializationVector: NEVER,
  streamId: NEVER,
  url: NEVER,
  deviceId: NEVER,
  resourceId: NEVER,
  secretArn: NEVER,
  roleArn: NEVER,
  clientToken: NEVER,
  nextToken: NEVER,
  accessKeyId: NEVER,
  password: NEVER,
};

describe('what nobody sees', () => {
  const everywhere = {
    flowArn,
    ...FORBIDDEN,
    encryption: FORBIDDEN,
    decryption: FORBIDDEN,
    cidrAllowList: ['10.0.0.0/8'],
    description: 'free text',
    outputs: [{ ...FORBIDDEN, encryption: FORBIDDEN, cidrAllowList: ['10.0.0.0/8'] }, { Encryption: FORBIDDEN }],
    sources: [{ ...FORBIDDEN, decryption: FORBIDDEN }],
    entitlements: [{ encryption: FORBIDDEN, ...FORBIDDEN }],
    configuration: { standard: { protocolConfiguration: { srtCaller: FORBIDDEN } } },
  };

  it.each([
    'CreateFlow',
    'AddFlowOutputs',
    'UpdateFlowOutput',
    'AddFlowSources',
    'CreateRouterInput',
    'CreateWormhole',
  ])('in %s, whatever the admin allows', (eventName) => {
    const showParameters = [
      'outputs[]',
      'outputs[].encryption',
      'outputs[].encryption.secretArn',
      'outputs[].streamId',
      'encryption',
      'configuration',
      'clientToken',
      'sources[].decryption.url',
      'entitlements[]',
      'entitlements',
    ];
    const json = JSON.stringify(enriched({ eventName, requestParameters: everywhere }, { showParameters }));
    expect(json).not.toContain(NEVER);
  });

  it('not even where it is as short as a word', () => {
    const keys = { apiKey: 'k3y', srtStreamId: 'cam', presharedKey: 'abcd', passphrase: 'venue' };
    const request = { ...keys, source: keys, outputs: [keys] };
    const paths = Object.keys(keys).flatMap((key) => [key, `source.${key}`, `outputs[].${key}`]);
    expect(detailsOf('CreateWormhole', request, { showParameters: [...paths, 'source', 'outputs[]'] })).toEqual([]);
  });

  it('not even by an error message', () => {
    const errorMessage =
      'key AKIAIOSFODNN7EXAMPLE of arn:aws:iam::111122223333:role/Key and arn:aws:secretsmanager:eu-west-1:1:secret:x failed';
    expect(enriched({ errorCode: 'BadRequestException', errorMessage }).error).toEqual({
      code: 'BadRequestException',
      message: 'key (not shown) of (not shown) and (not shown) failed',
    });
  });
});

it.each([
  ['the CIDR block 10.24.34.0/23 is not valid', 'the CIDR block (not shown) is not valid'],
  ['2001:db8::/48, ::/0 and 0.0.0.0/0 are too wide', '(not shown), (not shown) and (not shown) are too wide'],
  ['10.24.34.1 failed 3/4 of 1:2/3 at 2026-11-22T20:00:00/UTC', undefined],
])('reports no range of addresses in an error: %s', (errorMessage, notified = errorMessage) => {
  expect(enriched({ errorCode: 'BadRequestException', errorMessage }).error?.message).toBe(notified);
});

it('does not repeat in an error what a request keeps to itself', () => {
  const outputs = [
    { streamId: '#!::u=jane,r=show', encryption: { constantInitializationVector: '00112233445566778899aabbccddeeff' } },
  ];
  const errorMessage = 'stream id #!::u=jane,r=show and vector 00112233445566778899aabbccddeeff are not valid';
  const detail = {
    eventName: 'AddFlowOutputs',
    requestParameters: { flowArn, outputs },
    errorCode: 'BadRequestException',
  };
  expect(enriched({ ...detail, errorMessage }).error?.message).toBe(
    'stream id (not shown) and vector (not shown) are not valid',
  );
});

describe('what the admin allows beside the list', () => {
  it.each<[readonly string[], readonly string[]]>([
    [['outputs[].cidrAllowList'], ['outputs[].cidrAllowList: 10.24.34.0/23 and 10.0.0.0/8']],
    [['outputs[].cidrAllowList[]'], ['outputs[].cidrAllowList[]: 10.24.34.0/23 and 10.0.0.0/8']],
    [['outputs[].description'], ['outputs[].description: to the CDN']],
    [['tags'], ['tags: owner: studio and count: 2']],
    [['missing.path', ''], []],
    [['constructor', '__proto__'], []],
  ])('%j', (showParameters, expected) => {
    const outputs = [SRT_OUTPUT, { cidrAllowList: ['10.0.0.0/8'] }];
    const all = detailsOf(
      'AddFlowOutputs',
      { flowArn, outputs, tags: { owner: 'studio', count: 2 } },
      { showParameters },
    );
    expect(all.slice(2)).toEqual(expected);
  });

  it('is shown for reads and for operations that are new too', () => {
    const request = { maxResults: 20 };
    expect(detailsOf('ListFlows', request, { showParameters: ['maxResults'] })).toEqual(['maxResults: 20']);
    expect(detailsOf('CreateWormhole', request, { showParameters: ['maxResults'] })).toEqual(['maxResults: 20']);
  });

  it('never holds the ARN of a secret or a role, wherever it stands', () => {
    const tags = { a: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x', b: 'arn:aws:iam::111122223333:role/r' };
    expect(detailsOf('TagResource', { resourceArn: flowArn, tags }, { showParameters: ['tags'] }).at(-1)).toBe(
      'tags: a: (not shown) and b: (not shown)',
    );
  });
});
