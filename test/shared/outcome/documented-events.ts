import type { JsonObject } from '../../../shared/call/json.ts';
import { ACCOUNT, FLOW_ARN, REGION } from '../../builders.ts';
import { OUTPUT_ARN, ROUTER_INPUT_ARN, ROUTER_OUTPUT_ARN, SOURCE_ARN } from './signal-examples.ts';

const tr101 = (isPcrError: boolean): JsonObject => ({
  ts_sync_loss: false,
  continuity_count_error: true,
  transport_error: true,
  pcr_error: isPcrError,
});
const healthOf = (current: string, previous: string, more: JsonObject = {}): JsonObject => ({
  unhealthy: true,
  current: { state: current, tr101: tr101(true) },
  previous: { state: previous, tr101: tr101(false) },
  ...more,
});

/** An example of the user guide, or one that was seen. */
export interface Documented {
  readonly type: string;
  readonly detail: JsonObject;
  readonly resources: readonly string[];
  /** What it is read as; `undefined`: nothing that an operator could want. */
  readonly body: JsonObject | undefined;
}

const documented = (
  type: string,
  detail: JsonObject,
  body: JsonObject | undefined,
  resources: readonly string[] = [FLOW_ARN],
): Documented => ({ type, detail, resources, body });

const SOURCE = [FLOW_ARN, SOURCE_ARN];
const OUTPUT = [FLOW_ARN, OUTPUT_ARN];
const ROUTER_INPUT = [ROUTER_INPUT_ARN];
const ROUTER_OUTPUT = [ROUTER_OUTPUT_ARN];
const HEALTH = { kind: 'state', aspect: 'health' };
const STATUS = { kind: 'state', aspect: 'status' };
const SECRET = 'secret arn:aws:secretsmanager:us-east-1:111122223333:secret:ExampleSecret';
const ROLE = 'role arn:aws:iam::111122223333:role/ExampleKey';

/** @see https://docs.aws.amazon.com/mediaconnect/latest/ug/monitoring-cloudwatch-events.html */
export const DOCUMENTED: readonly Documented[] = [
  documented(
    'Flow Status Change',
    { currentStatus: 'STARTING', previousStatus: 'STANDBY' },
    { ...STATUS, state: 'STARTING', previous: 'STANDBY' },
  ),
  documented('Flow Status Change', { currentStatus: 'FROZEN' }, { ...STATUS, state: 'FROZEN', previous: undefined }),
  documented('Source Health', healthOf('CONNECTED', 'CONNECTED'), undefined, SOURCE),
  documented(
    'Source Health',
    healthOf('DISCONNECTED', 'CONNECTED'),
    { ...HEALTH, state: 'DISCONNECTED', previous: 'CONNECTED' },
    SOURCE,
  ),
  documented(
    'Source Health',
    { current: { source_state: 'connected' }, previous: { source_state: 'disconnected' } },
    { ...HEALTH, state: 'CONNECTED', previous: 'DISCONNECTED' },
    SOURCE,
  ),
  documented(
    'Output Health',
    { current: { state: 'SENDING' }, previous: { state: 'IDLE' } },
    { ...HEALTH, state: 'SENDING', previous: 'IDLE' },
    OUTPUT,
  ),
  documented('Output Health', { current: { state: 'SENDING' }, previous: { state: 'CONNECTED' } }, undefined, OUTPUT),
  documented(
    'Output Status Change',
    { currentStatus: 'DISABLED', previousStatus: 'ENABLED' },
    { ...STATUS, state: 'DISABLED', previous: 'ENABLED' },
    OUTPUT,
  ),
  documented(
    'Flow Health',
    {
      current: { isBitrateZero: true, state: 'DISCONNECTED', tr101: { pcr_error: false } },
      previous: { state: '' },
      unhealthy: true,
    },
    { ...HEALTH, state: 'DISCONNECTED', previous: '' },
  ),
  documented(
    'Alert',
    {
      errored: true,
      'error-code': 'AccessDeniedException',
      'error-message': `Permission denied accessing encryption key for output Test. Removing output until it is fixed (${SECRET}, ${ROLE})`,
    },
    {
      kind: 'alert',
      id: 'hash-1f9f72756b3ebd',
      isActive: true,
      code: 'AccessDeniedException',
      message:
        'Permission denied accessing encryption key for output Test. Removing output until it is fixed (secret (not shown), role (not shown))',
    },
  ),
  documented(
    'Alert',
    { 'error-code': 'SourceStreamError', 'error-id': 'Qta', errored: false, 'error-message': 'Stream Error: Timeout.' },
    { kind: 'alert', id: 'Qta', isActive: false, code: 'SourceStreamError', message: 'Stream Error: Timeout.' },
  ),
  documented('Flow Maintenance', { currentStatus: 'FINISHED' }, { kind: 'maintenance', state: 'FINISHED' }),
  documented(
    'Flow Content Quality',
    { impacted: true, streams: [{ audio_missing: true }, { frozen_frames_duration_breaching: true }] },
    { kind: 'quality', problems: ['audio_missing', 'frozen_frames_duration_breaching'] },
  ),
  documented('Flow Content Quality', { impacted: false, streams: [{}] }, { kind: 'quality', problems: [] }),
  documented(
    'Router Input Health',
    healthOf('DISCONNECTED', 'RECEIVING', { inputType: 'MEDIALIVE_CHANNEL' }),
    { ...HEALTH, state: 'DISCONNECTED', previous: 'RECEIVING' },
    ROUTER_INPUT,
  ),
  documented('Router Input Health', healthOf('CONNECTED', 'CONNECTED'), undefined, ROUTER_INPUT),
  documented(
    'Router Input Message',
    { active: true, code: 'StreamError', message: 'Stream Error: Timeout. Please investigate the router input.' },
    {
      kind: 'alert',
      id: 'hash-0c640ff1f4ac8f',
      isActive: true,
      code: 'StreamError',
      message: 'Stream Error: Timeout. Please investigate the router input.',
    },
    ROUTER_INPUT,
  ),
  documented(
    'Router Input Failover',
    { failoverMode: 'PRIMARY_SECONDARY', currentSourceIndex: 0, previousSourceIndex: 1, primarySourceIndex: 0 },
    { kind: 'failover', current: 0, previous: 1 },
    ROUTER_INPUT,
  ),
  documented(
    'Router Input Content Quality',
    { current: { blackFrames: 'DETECTED', frozenFrames: 'NOT_DETECTED', silentAudio: 'DISABLED' }, previous: {} },
    { kind: 'quality', problems: ['blackFrames'] },
    ROUTER_INPUT,
  ),
  documented(
    'Router Output State',
    { previousState: 'STANDBY', currentState: 'ACTIVE' },
    { ...STATUS, state: 'ACTIVE', previous: 'STANDBY' },
    ROUTER_OUTPUT,
  ),
  documented(
    'Router Output Health',
    { current: { state: 'CONNECTED' }, previous: { state: 'DISCONNECTED' }, outputType: 'STANDARD' },
    { ...HEALTH, state: 'CONNECTED', previous: 'DISCONNECTED' },
    ROUTER_OUTPUT,
  ),
  documented(
    'Router Output Message',
    { active: false, code: 'StreamError' },
    { kind: 'alert', id: 'StreamError', isActive: false, code: 'StreamError', message: undefined },
    ROUTER_OUTPUT,
  ),
  documented(
    'Router Output Route State',
    { change: 'ROUTED', previousRouterInputArn: null, currentRouterInputArn: ROUTER_INPUT_ARN },
    {
      kind: 'route',
      state: 'ROUTED',
      input: { kind: 'routerInput', name: 'a1b2c3d4e5f6', arn: ROUTER_INPUT_ARN },
      previousInput: undefined,
    },
    ROUTER_OUTPUT,
  ),
];

/** A flow says this every 20 seconds, and no page documents it. */
export const METADATA_EVENT: JsonObject = {
  version: '0',
  id: 'f1a3c1de-0000-4000-8000-000000000000',
  'detail-type': 'MediaConnect Flow Source Metadata Changed',
  source: 'aws.mediaconnect',
  account: ACCOUNT,
  time: '2026-11-22T20:00:00Z',
  region: REGION,
  resources: [FLOW_ARN],
  detail: { metadataChangeTime: '2026-11-22T20:00:00Z' },
};
