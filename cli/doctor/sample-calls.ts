import { envelopeOfRecord } from '../../shared/envelope-of-record.ts';
import { OPERATIONS } from '../../shared/operations.ts';

/** A made-up call, for asking a pattern what it does with such calls. */
export interface SampledCall {
  /** `StopFlow, denied` */
  readonly name: string;
  readonly event: Readonly<Record<string, unknown>>;
}

/** One operation for each resource kind and access, and two that no table knows. */
const operationNames = (): readonly string[] => {
  const known = Object.entries(OPERATIONS).map(
    ([name, { resource, access }]) => [`${resource} ${access}`, name] as const,
  );
  // The first of a kind wins.
  return [...new Map(known.toReversed()).values(), 'CreateSomethingNew', 'DescribeSomethingNew'];
};

const ERROR_CODES = { denied: 'AccessDenied', failed: 'BadRequestException' } as const;

const readsByName = (operation: string): boolean => /^(?:BatchGet|Describe|Get|List)/.test(operation);

const sampleCall = (operation: string, region: string, outcome?: keyof typeof ERROR_CODES): SampledCall => ({
  name: outcome === undefined ? operation : `${operation}, ${outcome}`,
  event: envelopeOfRecord({
    eventVersion: '1.11',
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/Operators/jane@example.org',
      accountId: '111122223333',
      sessionContext: { sessionIssuer: { type: 'Role', userName: 'Operators' } },
    },
    eventTime: '2026-11-22T20:00:00Z',
    eventSource: 'mediaconnect.amazonaws.com',
    eventName: operation,
    awsRegion: region,
    sourceIPAddress: '203.0.113.17',
    userAgent: 'aws-cli/2.31.0',
    requestParameters: null,
    responseElements: null,
    eventID: '00000000-0000-4000-8000-000000000000',
    readOnly: readsByName(operation),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: '111122223333',
    eventCategory: 'Management',
    ...(outcome !== undefined && { errorCode: ERROR_CODES[outcome] }),
  }),
});

/** Calls of every access, resource kind and outcome; for the outcomes, one change and one read are enough. */
export const sampleCalls = (region: string): readonly SampledCall[] => [
  ...operationNames().map((operation) => sampleCall(operation, region)),
  ...['StopFlow', 'DescribeFlow'].flatMap((operation) => [
    sampleCall(operation, region, 'denied'),
    sampleCall(operation, region, 'failed'),
  ]),
];
