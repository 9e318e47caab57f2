import { EVENT_SOURCE } from '../../shared/call/api-call-event.ts';
import type { BusEvent } from '../aws/event-bus.ts';
import { ACCOUNT, isoSeconds, REGION, sampleArn } from './sample-call.ts';

/** One of MediaConnect's own events, in the words that a script is written in. */
export interface SampleSignal {
  /** Behind "MediaConnect ". */
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
  /** ARNs: the flow, then its source or output; or a router input or output. */
  readonly resources: readonly string[];
  /** Milliseconds between what it tells of and its coming here. @default half a second */
  readonly lateMs?: number;
}

/** MediaConnect's own events are here about a second after what they tell of, and so before CloudTrail's record of a call. */
const SIGNAL_TO_BUS_MS = 500;

/** The event as EventBridge would deliver it now. */
export const signalEvent = (
  { type, detail, resources, lateMs = SIGNAL_TO_BUS_MS }: SampleSignal,
  nowMs: number,
  newId: () => string,
): BusEvent => ({
  version: '0',
  id: newId(),
  'detail-type': `MediaConnect ${type}`,
  source: EVENT_SOURCE,
  account: ACCOUNT,
  time: isoSeconds(nowMs - lateMs),
  region: REGION,
  resources,
  detail,
});

/** @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events-flow-state-change.html */
export const flowStatus = (flowArn: string, currentStatus: string, previousStatus: string): SampleSignal => ({
  type: 'Flow Status Change',
  detail: { currentStatus, previousStatus },
  resources: [flowArn],
});

const tr101 = {
  ts_sync_loss: false,
  continuity_count_error: false,
  transport_error: false,
  pcr_error: false,
};

/** @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events-source-health.html */
export const sourceHealth = (
  flowArn: string,
  sourceArn: string,
  state: string,
  previousState: string,
): SampleSignal => ({
  type: 'Source Health',
  detail: {
    unhealthy: state === 'DISCONNECTED',
    current: { state, tr101 },
    previous: { state: previousState, tr101 },
  },
  resources: [flowArn, sourceArn],
});

/** @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events-output-health.html */
const outputHealth = (flowArn: string, outputArn: string, state: string, previousState: string): SampleSignal => ({
  type: 'Output Health',
  detail: { current: { state }, previous: { state: previousState } },
  resources: [flowArn, outputArn],
});

/** @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events-alert.html */
const alert = (flowArn: string, errored: boolean, code: string, message: string): SampleSignal => ({
  type: 'Alert',
  detail: { errored, 'error-code': code, 'error-id': `${code}-1`, 'error-message': message },
  resources: [flowArn],
});

const FLOW = sampleArn('flow', '1-UFcDVAcGAlZQVg8F-3f2b8c1d9e40', 'Smoke-Test-Of-The-Notifier');
const SOURCE = sampleArn('source', '1-UFcDVAcGAlZQVg8F-4a5b6c7d8e9f', 'smoke-test-source');
const OUTPUT = sampleArn('output', '1-UFcDVAcGAlZQVg8F-5b6c7d8e9f0a', 'smoke-test-output');
const ROUTER_OUTPUT = `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:routerOutput:5e6f7a8b9c0d`;
const ROUTER_INPUT = `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:routerInput:0d9c8b7a6f5e`;

const DENIED =
  'Permission denied accessing encryption key for output smoke-test-output (secret arn:aws:secretsmanager:eu-west-1:111122223333:secret:smoke-test, role arn:aws:iam::111122223333:role/SmokeTest)';

const ofFlow = (type: string, detail: SampleSignal['detail']): SampleSignal => ({ type, detail, resources: [FLOW] });
const ofRouterOutput = (type: string, detail: SampleSignal['detail']): SampleSignal => ({
  type,
  detail,
  resources: [ROUTER_OUTPUT],
});
const ofRouterInput = (type: string, detail: SampleSignal['detail']): SampleSignal => ({
  type,
  detail,
  resources: [ROUTER_INPUT],
});

/**
 * An event of each kind, by the names that people type, of things that nobody takes for real ones.
 *
 * @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events.html
 */
export const SIGNAL_SAMPLES: Readonly<Record<string, SampleSignal>> = {
  'flow-starting': flowStatus(FLOW, 'STARTING', 'STANDBY'),
  'flow-active': flowStatus(FLOW, 'ACTIVE', 'STARTING'),
  'flow-stopping': flowStatus(FLOW, 'STOPPING', 'ACTIVE'),
  'flow-standby': flowStatus(FLOW, 'STANDBY', 'STOPPING'),
  'flow-error': flowStatus(FLOW, 'ERROR', 'STARTING'),
  'flow-health': ofFlow('Flow Health', {
    unhealthy: true,
    current: { state: 'DISCONNECTED', isBitrateZero: true, failover_switch: false },
    previous: { state: 'CONNECTED', failover_switch: false },
  }),
  'source-lost': sourceHealth(FLOW, SOURCE, 'DISCONNECTED', 'CONNECTED'),
  'source-back': sourceHealth(FLOW, SOURCE, 'CONNECTED', 'DISCONNECTED'),
  'output-lost': outputHealth(FLOW, OUTPUT, 'DISCONNECTED', 'CONNECTED'),
  'output-back': outputHealth(FLOW, OUTPUT, 'CONNECTED', 'DISCONNECTED'),
  'output-disabled': {
    type: 'Output Status Change',
    detail: { currentStatus: 'DISABLED', previousStatus: 'ENABLED' },
    resources: [FLOW, OUTPUT],
  },
  alert: alert(FLOW, true, 'AccessDeniedException', DENIED),
  'alert-cleared': alert(FLOW, false, 'AccessDeniedException', DENIED),
  maintenance: ofFlow('Flow Maintenance', { currentStatus: 'INPROGRESS' }),
  'maintenance-finished': ofFlow('Flow Maintenance', { currentStatus: 'FINISHED' }),
  quality: ofFlow('Flow Content Quality', { impacted: true, streams: [{ black_frames_duration_breaching: true }] }),
  'router-output': ofRouterOutput('Router Output State', { previousState: 'STARTING', currentState: 'ACTIVE' }),
  'router-output-lost': ofRouterOutput('Router Output Health', {
    current: { state: 'DISCONNECTED' },
    previous: { state: 'CONNECTED' },
    outputType: 'STANDARD',
  }),
  'router-output-message': ofRouterOutput('Router Output Message', {
    active: true,
    code: 'StreamError',
    message: 'Stream Error: Timeout.',
  }),
  route: ofRouterOutput('Router Output Route State', {
    change: 'ROUTED',
    previousRouterInputArn: null,
    currentRouterInputArn: ROUTER_INPUT,
  }),
  'router-input-lost': ofRouterInput('Router Input Health', {
    unhealthy: true,
    inputType: 'STANDARD',
    current: { state: 'DISCONNECTED', isBitrateZero: true, tr101 },
    previous: { state: 'CONNECTED', isBitrateZero: false, tr101 },
  }),
  'router-input-message': ofRouterInput('Router Input Message', {
    active: true,
    code: 'StreamError',
    message: 'Stream Error: Timeout.',
  }),
  'router-input-failover': ofRouterInput('Router Input Failover', {
    failoverMode: 'PRIMARY_SECONDARY',
    currentSourceIndex: 1,
    previousSourceIndex: 0,
    primarySourceIndex: 0,
  }),
  'router-input-quality': ofRouterInput('Router Input Content Quality', {
    current: { blackFrames: 'NOT_DETECTED', frozenFrames: 'DETECTED', silentAudio: 'NOT_DETECTED' },
    previous: { blackFrames: 'NOT_DETECTED', frozenFrames: 'NOT_DETECTED', silentAudio: 'NOT_DETECTED' },
  }),
  metadata: ofFlow('Flow Source Metadata Changed', { metadataChangeTime: '2026-11-22T20:00:00Z' }),
};
