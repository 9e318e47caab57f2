import type { SQSRecord } from 'aws-lambda';
import { type ApiCallEvent, ApiCallEventSchema, type RoutedEvent } from '../shared/call/api-call-event.ts';
import { classifyCall } from '../shared/call/classify-call.ts';
import type { JsonObject } from '../shared/call/json.ts';
import { enrich } from '../shared/notification/enrich.ts';
import type { Notification } from '../shared/notification/notification.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';
export const FLOW_ARN = `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:flow:1-WAINCAdYD1kAAwJU-b94d4a84cb42:AwardsShow`;

/** The path of a role's ARN; roles of permission sets have one that nobody else can give. */
export const pathOfRole = (role: string): string =>
  role.startsWith('AWSReservedSSO_') ? 'aws-reserved/sso.amazonaws.com/eu-west-1/' : '';

/** Somebody who is signed in by a role; `changes` replace whole members. */
export const assumedRole = (role: string, session: string, changes: JsonObject = {}): JsonObject => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLEEXAMPLE:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`,
  accountId: ACCOUNT,
  accessKeyId: 'ASIAEXAMPLEEXAMPLE',
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLEEXAMPLE',
      arn: `arn:aws:iam::${ACCOUNT}:role/${pathOfRole(role)}${role}`,
      accountId: ACCOUNT,
      userName: role,
    },
    attributes: { creationDate: '2026-11-22T18:00:00Z', mfaAuthenticated: 'true' },
  },
  ...changes,
});

/** A CloudTrail record as MediaConnect's calls have it; `changes` replace whole top-level fields. */
export const aRecord = (changes: JsonObject = {}): JsonObject => ({
  eventVersion: '1.11',
  userIdentity: assumedRole('Operators', 'jane@example.org'),
  eventTime: '2026-11-22T20:00:00Z',
  eventSource: 'mediaconnect.amazonaws.com',
  eventName: 'StopFlow',
  awsRegion: REGION,
  sourceIPAddress: '203.0.113.17',
  userAgent: 'aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux md/command#mediaconnect.stop-flow',
  requestParameters: { flowArn: encodeURIComponent(FLOW_ARN) },
  responseElements: { flowArn: FLOW_ARN, status: 'STOPPING' },
  requestID: '1a2b3c4d-1234-4678-9234-1a2b3c4d5e6f',
  eventID: '987abc65-1a2b-4c4d-9d6e-987abc654def',
  readOnly: false,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: ACCOUNT,
  eventCategory: 'Management',
  ...changes,
});

/** The EventBridge event of a call; `detail` changes the record, the rest the envelope. */
export const anEvent = ({ detail, ...changes }: JsonObject & { detail?: JsonObject } = {}): JsonObject => ({
  version: '0',
  id: '5b1f9c62-7d0e-4a51-8f0c-2f6a3c1b9d11',
  'detail-type': 'AWS API Call via CloudTrail',
  source: 'aws.mediaconnect',
  account: ACCOUNT,
  time: '2026-11-22T20:00:00Z',
  region: REGION,
  resources: [],
  detail: aRecord(detail),
  ...changes,
});

export const anApiCallEvent = (changes: JsonObject & { detail?: JsonObject } = {}): ApiCallEvent =>
  ApiCallEventSchema.parse(anEvent(changes));

/** An event with the route of the rule `changes` to the channel `default`. */
export const aRoutedEvent = (
  changes: JsonObject & { detail?: JsonObject } = {},
  route: Partial<RoutedEvent['route']> = {},
): RoutedEvent => ({
  route: { rule: 'changes', channel: 'default', ingestedAtMs: Date.parse('2026-11-22T20:00:05Z'), ...route },
  event: anApiCallEvent(changes),
});

/** A call as the rules send it here, enriched. */
export function aCall(eventName: string, detail: JsonObject = {}): Notification {
  const matched = aRoutedEvent({ detail: { eventName, responseElements: null, ...detail } });
  return enrich(matched, classifyCall(matched.event.detail), { accountNames: {}, channels: {}, showParameters: [] });
}

export interface SqsRecordChanges {
  readonly messageId: string;
  readonly receiptHandle?: string;
  readonly body: string;
  readonly receiveCount?: number;
}

/** A record as the event source mapping hands it to a function. */
export const anSqsRecord = ({
  messageId,
  receiptHandle = messageId,
  body,
  receiveCount = 1,
}: SqsRecordChanges): SQSRecord => ({
  messageId,
  receiptHandle,
  body,
  attributes: {
    ApproximateReceiveCount: String(receiveCount),
    SentTimestamp: '0',
    SenderId: 'AIDA',
    ApproximateFirstReceiveTimestamp: '0',
  },
  messageAttributes: {},
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-west-1:111122223333:immediate',
  awsRegion: 'eu-west-1',
});
