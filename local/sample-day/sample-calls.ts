import { type SampleCall, sampleArn } from './sample-call.ts';
import { flowStatus, type SampleSignal, sourceHealth } from './sample-signal.ts';

const MAIN_FLOW = sampleArn('flow', '1-UFcDVAcGAlZQVg8F-3f2b8c1d9e40', 'CupFinal-Main');
const BACKUP_FLOW = sampleArn('flow', '1-BwYFAlQHUQdXAgxc-77d0a5b1c2f3', 'CupFinal-Backup');
const TEST_FLOW = sampleArn('flow', '1-DAcHUlYFAVBSWwFe-0c9d8e7f6a5b', 'Lineup-Test');
const CDN_OUTPUT = sampleArn('output', '2-AgUHBVRXBwFQ-5e4d3c2b1a09', 'cdn-primary');
const MAIN_SOURCE = sampleArn('source', '1-UFcDVAcGAlZQVg8F-6b5a49382716', 'uplink-a');
/** A flow that nobody touches all day. */
const BEAUTY_FLOW = sampleArn('flow', '1-CgQGBwFSVVEEUA1c-41d2e3f4a5b6', 'Stadium-Beauty');
const BEAUTY_SOURCE = sampleArn('source', '1-CgQGBwFSVVEEUA1c-52e3f4a5b6c7', 'OB-van');
const ROUTER_OUTPUT = 'arn:aws:mediaconnect:eu-west-1:111122223333:routerOutput:a1b2c3d4e5f6';
const ROUTER_INPUT = 'arn:aws:mediaconnect:eu-west-1:111122223333:routerInput:f6e5d4c3b2a1';
const PARTNER_ENTITLEMENT = sampleArn('entitlement', '1-VQEEUwUHBlNX-9a8b7c6d5e4f', 'partner-feed');

/** The URI of a call carries its ARN percent-encoded, and so does the record. */
const flowOf = (arn: string) => ({ flowArn: encodeURIComponent(arn) });

const output = (name: string, port: number) => ({
  name,
  protocol: 'srt-listener',
  destination: '198.51.100.40',
  port,
  minLatency: 200,
});

const startFlow = (arn: string): SampleCall => ({
  by: 'jane',
  operation: 'StartFlow',
  parameters: flowOf(arn),
  response: { flowArn: arn, status: 'STARTING' },
});

const stopFlow = (arn: string): SampleCall => ({
  by: 'jane',
  operation: 'StopFlow',
  parameters: flowOf(arn),
  response: { flowArn: arn, status: 'STOPPING' },
});

/** A console page that is left open asks again and again. */
const polling = (times: number): readonly SampleCall[] =>
  Array.from(
    { length: times },
    (_, index): SampleCall =>
      index % 4 === 0
        ? { by: 'jane', operation: 'ListFlows', parameters: { maxResults: 20 } }
        : { by: 'jane', operation: 'DescribeFlow', parameters: flowOf(index % 2 === 0 ? MAIN_FLOW : BACKUP_FLOW) },
  );

/** An infrastructure deployment: many changes within a second. */
export const terraformBurst = (flows: number): readonly SampleCall[] =>
  Array.from({ length: flows }, (_, index) => {
    const name = `Regional-${String(index + 1).padStart(2, '0')}`;
    const arn = sampleArn('flow', `1-Regional${index}AAAAAAAA-000000000${String(index).padStart(3, '0')}`, name);
    return [
      {
        by: 'terraform',
        operation: 'CreateFlow',
        parameters: { name, source: { name: `${name}-in`, protocol: 'rist', ingestPort: 5000 + index } },
        response: { flow: { flowArn: arn, name, status: 'STANDBY' } },
      },
      {
        by: 'terraform',
        operation: 'AddFlowOutputs',
        parameters: { ...flowOf(arn), outputs: [output(`${name}-cdn`, 7000 + index)] },
        response: { flowArn: arn, outputs: [{ name: `${name}-cdn` }] },
      },
      {
        by: 'terraform',
        operation: 'TagResource',
        parameters: { resourceArn: encodeURIComponent(arn), tags: { team: 'regional' } },
      },
    ] satisfies readonly SampleCall[];
  }).flat();

/** The calls of the script, by what they show. */
export const CALLS = {
  startMain: startFlow(MAIN_FLOW),
  startBackup: startFlow(BACKUP_FLOW),
  addOutputs: {
    by: 'omar',
    operation: 'AddFlowOutputs',
    parameters: { ...flowOf(MAIN_FLOW), outputs: [output('cdn-primary', 7001), output('cdn-backup', 7002)] },
    response: { flowArn: MAIN_FLOW, outputs: [{ name: 'cdn-primary', outputArn: CDN_OUTPUT }, { name: 'cdn-backup' }] },
  },
  grantEntitlement: {
    by: 'jane',
    operation: 'GrantFlowEntitlements',
    parameters: { ...flowOf(MAIN_FLOW), entitlements: [{ name: 'partner-feed', subscribers: ['444455556666'] }] },
    response: { flowArn: MAIN_FLOW, entitlements: [{ name: 'partner-feed', entitlementArn: PARTNER_ENTITLEMENT }] },
  },
  deniedStop: {
    by: 'intern',
    operation: 'StopFlow',
    parameters: flowOf(MAIN_FLOW),
    error: {
      code: 'AccessDenied',
      message:
        'User: arn:aws:sts::111122223333:assumed-role/Trainee/sam.lee@example.org is not authorized to perform: mediaconnect:StopFlow',
    },
  },
  deniedRead: {
    by: 'intern',
    operation: 'DescribeFlow',
    parameters: flowOf(BACKUP_FLOW),
    error: { code: 'AccessDenied', message: 'not authorized to perform: mediaconnect:DescribeFlow' },
  },
  updateOutput: {
    by: 'omar',
    operation: 'UpdateFlowOutput',
    parameters: {
      ...flowOf(MAIN_FLOW),
      outputArn: encodeURIComponent(CDN_OUTPUT),
      destination: '198.51.100.41',
      port: 7011,
    },
    response: { flowArn: MAIN_FLOW, output: { name: 'cdn-primary', outputArn: CDN_OUTPUT } },
  },
  unknownOperation: {
    by: 'omar',
    operation: 'CreateFlowHighlightReel',
    parameters: { ...flowOf(MAIN_FLOW), name: 'first-half' },
    response: { flowArn: MAIN_FLOW },
  },
  failedUpdate: {
    by: 'omar',
    operation: 'UpdateFlowSource',
    parameters: {
      ...flowOf(BACKUP_FLOW),
      sourceArn: encodeURIComponent(sampleArn('source', '1-BwYFAlQHUQdXAgxc-77d0a5b1c2f3', 'uplink-b')),
      ingestPort: 99_999,
    },
    error: { code: 'BadRequestException', message: 'The ingest port must be between 1024 and 65535' },
  },
  lateCall: {
    by: 'omar',
    operation: 'UpdateFlow',
    parameters: { ...flowOf(BACKUP_FLOW), maintenance: { maintenanceDay: 'Tuesday', maintenanceStartHour: '04:00' } },
    response: { flow: { flowArn: BACKUP_FLOW, name: 'CupFinal-Backup' } },
    lateMs: 7 * 60_000,
  },
  rootDelete: {
    by: 'root',
    operation: 'DeleteFlow',
    parameters: flowOf(TEST_FLOW),
    response: { flowArn: TEST_FLOW, status: 'DELETING' },
  },
  serviceCall: {
    by: 'medialive',
    operation: 'ManagedAddOutput',
    parameters: flowOf(MAIN_FLOW),
  },
  takeRouter: {
    by: 'omar',
    operation: 'TakeRouterInput',
    parameters: {
      routerOutputArn: encodeURIComponent(ROUTER_OUTPUT),
      routerInputArn: ROUTER_INPUT,
    },
    response: { routedState: 'ROUTING' },
  },
  revokeEntitlement: {
    by: 'jane',
    operation: 'RevokeFlowEntitlement',
    parameters: { ...flowOf(MAIN_FLOW), entitlementArn: encodeURIComponent(PARTNER_ENTITLEMENT) },
    response: { flowArn: MAIN_FLOW, entitlementArn: PARTNER_ENTITLEMENT },
  },
  removeOutput: {
    by: 'omar',
    operation: 'RemoveFlowOutput',
    parameters: { ...flowOf(MAIN_FLOW), outputArn: encodeURIComponent(CDN_OUTPUT) },
    response: { flowArn: MAIN_FLOW, outputArn: CDN_OUTPUT },
  },
  stopMain: stopFlow(MAIN_FLOW),
  stopBackup: stopFlow(BACKUP_FLOW),
} as const satisfies Readonly<Record<string, SampleCall>>;

const stops = (arn: string): readonly SampleSignal[] => [
  flowStatus(arn, 'STOPPING', 'ACTIVE'),
  flowStatus(arn, 'STANDBY', 'STOPPING'),
];

/** What MediaConnect says by itself in the script, by what it tells. */
export const SIGNALS = {
  mainStarts: [
    flowStatus(MAIN_FLOW, 'STARTING', 'STANDBY'),
    flowStatus(MAIN_FLOW, 'ACTIVE', 'STARTING'),
    sourceHealth(MAIN_FLOW, MAIN_SOURCE, 'CONNECTED', ''),
  ],
  backupStarts: [flowStatus(BACKUP_FLOW, 'STARTING', 'STANDBY')],
  backupFails: [flowStatus(BACKUP_FLOW, 'ERROR', 'STARTING')],
  backupRecovers: [flowStatus(BACKUP_FLOW, 'ACTIVE', 'ERROR')],
  sourceDrops: [sourceHealth(BEAUTY_FLOW, BEAUTY_SOURCE, 'DISCONNECTED', 'CONNECTED')],
  sourceIsBack: [sourceHealth(BEAUTY_FLOW, BEAUTY_SOURCE, 'CONNECTED', 'DISCONNECTED')],
  routed: [
    {
      type: 'Router Output Route State',
      detail: { change: 'ROUTED', previousRouterInputArn: null, currentRouterInputArn: ROUTER_INPUT },
      resources: [ROUTER_OUTPUT],
    },
  ],
  mainStops: stops(MAIN_FLOW),
  backupStops: stops(BACKUP_FLOW),
} as const satisfies Readonly<Record<string, readonly SampleSignal[]>>;

export const CONSOLE_POLLING = polling(16);
export const DEPLOYMENT = terraformBurst(8);
