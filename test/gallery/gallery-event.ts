import { parseRouteEnvelope, routeEnvelopeText } from '../../shared/call/api-call-event.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import type { JsonObject } from '../../shared/call/json.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import type { DisplaySettings, Notification } from '../../shared/notification/notification.ts';
import { ACCOUNT, anEvent, aRecord } from '../builders.ts';

export const PARTNER = '444455556666';

/** An ARN of MediaConnect in the gallery's account. */
export const arnOf = (resource: string): string => `arn:aws:mediaconnect:eu-west-1:${ACCOUNT}:${resource}`;

export const FLOW = arnOf('flow:1-WAINCAdYD1kAAwJU-b94d4a84cb42:CupFinal-Main');

export const SETTINGS: DisplaySettings = {
  accountNames: { [ACCOUNT]: 'Broadcast prod', [PARTNER]: 'Partner network' },
  channels: { default: { mention: { 'off-air': 'here', denied: '@S0ONCALL' } } },
  showParameters: [],
};

/** Eight in the evening of a cup final. */
export const KICK_OFF_MS = Date.parse('2026-11-22T20:00:05Z');

/** As it stands in a log file that does not say whether a call only reads. */
const RECORD: JsonObject = aRecord({
  eventTime: new Date(KICK_OFF_MS).toISOString(),
  requestParameters: { flowArn: encodeURIComponent(FLOW) },
  responseElements: null,
  readOnly: undefined,
});

/** The user agent of the AWS CLI names its command. */
const cliOf = (operation: string): string => {
  const command = operation.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  return `aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux md/command#mediaconnect.${command}`;
};

/** What is said of a call with such a CloudTrail record, through the whole chain. `lateByMs` delays EventBridge. */
export function notificationOf(changes: JsonObject = {}, lateByMs = 4000): Notification {
  const userAgent = cliOf(String(changes.eventName ?? RECORD.eventName));
  const record: JsonObject = { ...RECORD, userAgent, ...changes };
  const calledAtMs = Date.parse(String(record.eventTime));
  const { event, route } = parseRouteEnvelope(
    routeEnvelopeText(
      { rule: 'changes', channel: 'default', ingestedAtMs: calledAtMs + lateByMs },
      anEvent({ detail: record }),
    ),
  );
  return enrich({ event, route }, classifyCall(event.detail), SETTINGS);
}
