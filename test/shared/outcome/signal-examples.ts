import { classifyCall } from '../../../shared/call/classify-call.ts';
import type { JsonObject } from '../../../shared/call/json.ts';
import { enrich } from '../../../shared/notification/enrich.ts';
import type { Notification } from '../../../shared/notification/notification.ts';
import { readSignal, type SignalEvent } from '../../../shared/outcome/signal-event.ts';
import { ACCOUNT, aRoutedEvent, FLOW_ARN, REGION } from '../../builders.ts';

const PREFIX = `arn:aws:mediaconnect:${REGION}:${ACCOUNT}`;

export { FLOW_ARN };
export const SOURCE_ARN = `${PREFIX}:source:1-AbCdEfGhIjKlMnOp-abcdef123455:OB-van`;
export const OUTPUT_ARN = `${PREFIX}:output:1-AbCdEfGhIjKlMnOp-abcdef123456:cdn-north`;
export const OTHER_OUTPUT_ARN = `${PREFIX}:output:1-AbCdEfGhIjKlMnOp-abcdef123457:cdn-south`;
export const ROUTER_OUTPUT_ARN = `${PREFIX}:routerOutput:b1c2d3e4f5a6`;
export const ROUTER_INPUT_ARN = `${PREFIX}:routerInput:a1b2c3d4e5f6`;
export const OTHER_ROUTER_INPUT_ARN = `${PREFIX}:routerInput:c3d4e5f6a1b2`;

/** Eight in the evening: all times below are seconds after it. */
const START_MS = Date.parse('2026-11-22T20:00:00Z');
export const at = (seconds: number): number => START_MS + seconds * 1000;

/** A service event as EventBridge has it. */
export const aServiceEvent = (type: string, detail: JsonObject, changes: JsonObject = {}): JsonObject => ({
  version: '0',
  id: '01234567-0123-0123-0123-0123456789ab',
  'detail-type': `MediaConnect ${type}`,
  source: 'aws.mediaconnect',
  account: ACCOUNT,
  time: '2026-11-22T20:00:00Z',
  region: REGION,
  resources: [FLOW_ARN],
  detail,
  ...changes,
});

/** The same as it is understood, some seconds after eight; its id says which it is. */
export function aSignal(
  type: string,
  detail: JsonObject,
  seconds: number,
  resources: readonly string[] = [FLOW_ARN],
): SignalEvent {
  const id = `${seconds} ${type} ${JSON.stringify(detail)} ${resources.at(-1)}`.slice(0, 190);
  const time = new Date(at(seconds)).toISOString();
  const reading = readSignal(aServiceEvent(type, detail, { id, time, resources }));
  if (reading.kind === 'dropped') throw new Error(`the example is dropped: ${reading.reason}`);
  return reading.event;
}

export const flowStatus = (currentStatus: string, previousStatus: string, seconds: number): SignalEvent =>
  aSignal('Flow Status Change', { currentStatus, previousStatus }, seconds);

export const sourceHealth = (state: string, previous: string, seconds: number): SignalEvent =>
  aSignal('Source Health', { current: { state }, previous: { state: previous } }, seconds, [FLOW_ARN, SOURCE_ARN]);

export const flowHealth = (state: string, previous: string, seconds: number): SignalEvent =>
  aSignal('Flow Health', { current: { state }, previous: { state: previous } }, seconds);

export const outputHealth = (state: string, previous: string, seconds: number, arn = OUTPUT_ARN): SignalEvent =>
  aSignal('Output Health', { current: { state }, previous: { state: previous } }, seconds, [FLOW_ARN, arn]);

export const anAlert = (errored: boolean, seconds: number): SignalEvent =>
  aSignal(
    'Alert',
    { errored, 'error-code': 'SourceStreamError', 'error-id': 'Qta', 'error-message': 'Stream Error: Timeout.' },
    seconds,
  );

export const flowMaintenance = (currentStatus: string, seconds: number): SignalEvent =>
  aSignal('Flow Maintenance', { currentStatus }, seconds);

export const routed = (change: string, current: string | null, previous: string | null, seconds: number): SignalEvent =>
  aSignal(
    'Router Output Route State',
    { change, currentRouterInputArn: current, previousRouterInputArn: previous },
    seconds,
    [ROUTER_OUTPUT_ARN],
  );

/** A call made some seconds after eight. */
export function aCallAt(
  eventName: string,
  seconds: number,
  detail: JsonObject = {},
  channel = 'default',
): Notification {
  const eventTime = new Date(at(seconds)).toISOString();
  const routedEvent = aRoutedEvent(
    { detail: { eventName, eventID: `${eventName} ${seconds}`, eventTime, responseElements: null, ...detail } },
    { channel },
  );
  const settings = { accountNames: {}, channels: {}, showParameters: [] };
  return enrich(routedEvent, classifyCall(routedEvent.event.detail), settings);
}

export const anOutputCallAt = (eventName: string, seconds: number, outputArn = OUTPUT_ARN): Notification =>
  aCallAt(eventName, seconds, { requestParameters: { flowArn: FLOW_ARN, outputArn } });

export const aTakeAt = (seconds: number, detail: JsonObject = {}): Notification =>
  aCallAt('TakeRouterInput', seconds, {
    requestParameters: { routerOutputArn: ROUTER_OUTPUT_ARN, routerInputArn: ROUTER_INPUT_ARN },
    ...detail,
  });
