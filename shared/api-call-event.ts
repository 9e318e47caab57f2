import * as z from 'zod/mini';

/** What every event of a MediaConnect API call says in its envelope; the rules pin these three. */
export const EVENT_SOURCE = 'aws.mediaconnect';
export const DETAIL_TYPE = 'AWS API Call via CloudTrail';
export const CLOUDTRAIL_EVENT_SOURCE = 'mediaconnect.amazonaws.com';

const text = z.optional(z.nullable(z.string()));
const object = z.optional(z.nullable(z.record(z.string(), z.unknown())));

/**
 * CloudTrail's record of one API call. Only the fields that are read are declared: CloudTrail adds
 * fields in minor versions, and unknown ones must pass. A field of a shape we do not expect is the
 * same as a field that is missing, because a call must be told even when its record is odd.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const CloudTrailRecordSchema = z.looseObject({
  eventName: z.string().check(z.minLength(1)),
  eventSource: z.literal(CLOUDTRAIL_EVENT_SOURCE),
  eventID: z.catch(text, undefined),
  eventTime: z.catch(text, undefined),
  eventType: z.catch(text, undefined),
  eventVersion: z.catch(text, undefined),
  awsRegion: z.catch(text, undefined),
  sourceIPAddress: z.catch(text, undefined),
  userAgent: z.catch(text, undefined),
  errorCode: z.catch(text, undefined),
  errorMessage: z.catch(text, undefined),
  requestID: z.catch(text, undefined),
  recipientAccountId: z.catch(text, undefined),
  sharedEventID: z.catch(text, undefined),
  sessionCredentialFromConsole: z.optional(z.unknown()),
  /** Boolean by the documentation; `"True"` and nothing at all are both seen in real records. */
  readOnly: z.optional(z.unknown()),
  userIdentity: z.catch(object, undefined),
  /** `null` for many calls; `{ "omitted": true, "originalSize": …, "reason": … }` when it was too large. */
  requestParameters: z.catch(object, undefined),
  responseElements: z.catch(object, undefined),
  additionalEventData: z.catch(object, undefined),
  addendum: z.catch(object, undefined),
});

export type CloudTrailRecord = z.infer<typeof CloudTrailRecordSchema>;

/**
 * An EventBridge event that carries one MediaConnect API call recorded by CloudTrail.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const ApiCallEventSchema = z.looseObject({
  id: z.catch(text, undefined),
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.literal(DETAIL_TYPE),
  account: z.catch(text, undefined),
  region: z.catch(text, undefined),
  time: z.catch(text, undefined),
  /** Only in events that an archive replays. */
  'replay-name': z.catch(text, undefined),
  detail: CloudTrailRecordSchema,
});

export type ApiCallEvent = z.infer<typeof ApiCallEventSchema>;
