import { CLOUDTRAIL_EVENT_SOURCE, DETAIL_TYPE, EVENT_SOURCE } from '../../shared/call/api-call-event.ts';
import type { BusEvent } from '../aws/event-bus.ts';

/** One made-up API call, in the words that a day's script is written in. */
export interface SampleCall {
  readonly by: keyof typeof PEOPLE;
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly response?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: string; readonly message: string };
  /** Milliseconds between the call and its coming here. @default two seconds */
  readonly lateMs?: number;
}

export const ACCOUNT = '111122223333';
export const REGION = 'eu-west-1';

const role = (name: string, session: string, path = '') => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE${name.toUpperCase().slice(0, 9)}:${session}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${name}/${session}`,
  accountId: ACCOUNT,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      arn: `arn:aws:iam::${ACCOUNT}:role/${path}${name}`,
      accountId: ACCOUNT,
      userName: name,
    },
    attributes: { creationDate: '2026-11-22T12:00:00Z', mfaAuthenticated: 'false' },
  },
});

const CONSOLE = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36';
/** `AddFlowOutputs` is `add-flow-outputs` in the AWS CLI. */
const commandOf = (operation: string): string => operation.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();
const cli = (operation: string): string =>
  `aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.13 md/command#mediaconnect.${commandOf(operation)}`;

/** Who calls in the sample: the kinds of principal and the ways to call that a broadcaster's account has. */
const PEOPLE = {
  jane: {
    userIdentity: role(
      'AWSReservedSSO_BroadcastOperator_0a1b2c3d4e5f6071',
      'jane.miller@example.org',
      `aws-reserved/sso.amazonaws.com/${REGION}/`,
    ),
    sourceIPAddress: '203.0.113.17',
    userAgent: CONSOLE,
    sessionCredentialFromConsole: 'true',
  },
  omar: {
    userIdentity: role('MasterControl', 'omar.haddad@example.org'),
    sourceIPAddress: '203.0.113.44',
    userAgent: cli,
  },
  intern: {
    userIdentity: role('Trainee', 'sam.lee@example.org'),
    sourceIPAddress: '198.51.100.23',
    userAgent: CONSOLE,
    sessionCredentialFromConsole: 'true',
  },
  terraform: {
    userIdentity: role('InfrastructureDeploy', 'pipeline-4711'),
    sourceIPAddress: '192.0.2.80',
    userAgent:
      'APN/1.0 HashiCorp/1.0 Terraform/1.13.4 (+https://www.terraform.io) terraform-provider-aws/6.20.0 aws-sdk-go-v2/1.39.4',
  },
  medialive: {
    userIdentity: { ...role('MediaLiveAccessRole', 'medialive'), invokedBy: 'medialive.amazonaws.com' },
    sourceIPAddress: 'medialive.amazonaws.com',
    userAgent: 'medialive.amazonaws.com',
  },
  root: {
    userIdentity: { type: 'Root', principalId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:root`, accountId: ACCOUNT },
    sourceIPAddress: '198.51.100.99',
    userAgent: CONSOLE,
    sessionCredentialFromConsole: 'true',
  },
} as const;

/** The ARN of a resource whose ARN ends in its name. */
export const sampleArn = (kind: string, id: string, name: string): string =>
  `arn:aws:mediaconnect:${REGION}:${ACCOUNT}:${kind}:${id}:${name}`;

const READS = /^(?:BatchGet|Describe|Get|List)/;
const CALL_TO_BUS_MS = 2_000;

export const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** The event of a call as EventBridge would deliver it now. */
export function sampleEvent(call: SampleCall, nowMs: number, newId: () => string): BusEvent {
  const { by, operation, parameters, response, error, lateMs = CALL_TO_BUS_MS } = call;
  const { userAgent, ...caller } = PEOPLE[by];
  const time = isoSeconds(nowMs - lateMs);
  return {
    version: '0',
    id: newId(),
    'detail-type': DETAIL_TYPE,
    source: EVENT_SOURCE,
    account: ACCOUNT,
    time,
    region: REGION,
    resources: [],
    detail: {
      eventVersion: '1.11',
      ...caller,
      userAgent: typeof userAgent === 'string' ? userAgent : userAgent(operation),
      eventTime: time,
      eventSource: CLOUDTRAIL_EVENT_SOURCE,
      eventName: operation,
      awsRegion: REGION,
      requestParameters: parameters,
      responseElements: error === undefined && response !== undefined ? response : null,
      ...(error && { errorCode: error.code, errorMessage: error.message }),
      requestID: newId(),
      eventID: newId(),
      readOnly: READS.test(operation),
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: ACCOUNT,
      eventCategory: 'Management',
    },
  };
}
