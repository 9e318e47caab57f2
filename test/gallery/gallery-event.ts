import { classifyCall } from '../../shared/call/classify-call.ts';
import { parseRouteEnvelope } from '../../shared/call/route-envelope.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import type { Notification } from '../../shared/notification/notification.ts';
import type { DisplaySettings } from '../../shared/notification/settings.ts';

type Json = Readonly<Record<string, unknown>>;

export const ACCOUNT = '111122223333';
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

/** An operator who is signed in by a role. */
export const assumedRole = (role: string, session: string): Json => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLEEXAMPLE:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAEXAMPLEEXAMPLE',
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/${role}`, accountId: ACCOUNT, userName: role },
    attributes: { creationDate: '2026-11-22T18:00:00Z', mfaAuthenticated: 'true' },
  },
});

const RECORD: Json = {
  eventVersion: '1.11',
  userIdentity: assumedRole('Operators', 'jane@example.org'),
  eventTime: new Date(KICK_OFF_MS).toISOString(),
  eventSource: 'mediaconnect.amazonaws.com',
  eventName: 'StopFlow',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '203.0.113.17',
  requestParameters: { flowArn: encodeURIComponent(FLOW) },
  responseElements: null,
  eventID: '987abc65-1a2b-4c4d-9d6e-987abc654def',
  eventType: 'AwsApiCall',
  recipientAccountId: ACCOUNT,
};

/** The user agent of the AWS CLI names its command. */
const cliOf = (operation: string): string => {
  const command = operation.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
  return `aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux md/command#mediaconnect.${command}`;
};

/** What is notified of a call with such a CloudTrail record, through the whole chain. `lateByMs` delays EventBridge. */
export function notificationOf(changes: Json = {}, lateByMs = 4000): Notification {
  const userAgent = cliOf(String(changes.eventName ?? RECORD.eventName));
  const record: Json = { ...RECORD, userAgent, ...changes };
  const calledAtMs = Date.parse(String(record.eventTime));
  const { event, route } = parseRouteEnvelope(
    JSON.stringify({
      rule: 'changes',
      channel: 'default',
      ingestionTime: new Date(calledAtMs + lateByMs).toISOString(),
      event: {
        source: 'aws.mediaconnect',
        'detail-type': 'AWS API Call via CloudTrail',
        account: ACCOUNT,
        region: 'eu-west-1',
        detail: record,
      },
    }),
  );
  return enrich({ event, route }, classifyCall(event.detail), SETTINGS);
}
