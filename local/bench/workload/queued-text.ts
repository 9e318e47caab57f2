import { envelopeOfRecord } from '../../../shared/envelope-of-record.ts';
import { assumedRole } from '../../gallery/gallery-event.ts';

type Json = Readonly<Record<string, unknown>>;

export const eventIdOf = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

/** What CloudTrail writes of every call, in the size that it has: TLS, ids, a user agent of today's CLI. */
const RECORD: Json = {
  eventVersion: '1.11',
  userIdentity: assumedRole('Operators', 'jane@example.org'),
  eventTime: '2026-11-22T20:00:00Z',
  eventSource: 'mediaconnect.amazonaws.com',
  eventName: 'StopFlow',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '203.0.113.17',
  userAgent:
    'aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux#6.8 md/arch#x86_64 lang/python#3.13 md/command#mediaconnect.stop-flow',
  requestParameters: null,
  responseElements: null,
  requestID: '1a2b3c4d-1234-4678-9234-1a2b3c4d5e6f',
  eventID: eventIdOf(0),
  readOnly: false,
  eventType: 'AwsApiCall',
  managementEvent: true,
  recipientAccountId: '111122223333',
  eventCategory: 'Management',
  tlsDetails: {
    tlsVersion: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    clientProvidedHostHeader: 'mediaconnect.eu-west-1.amazonaws.com',
  },
};

/** The EventBridge event of a call; `changes` replace top-level fields of CloudTrail's record. */
export const busEvent = (changes: Json = {}) => envelopeOfRecord({ ...RECORD, ...changes });

/** The text that a rule's target puts into the queue for a call. */
export const envelopeText = (changes: Json = {}, channel = 'default'): string =>
  JSON.stringify({ rule: 'changes', channel, ingestionTime: '2026-11-22T20:00:05Z', event: busEvent(changes) });
