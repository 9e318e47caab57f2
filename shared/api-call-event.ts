import * as z from 'zod/mini';

/** What every event of a MediaConnect API call says in its envelope; the rules pin these three. */
export const EVENT_SOURCE = 'aws.mediaconnect';
export const DETAIL_TYPE = 'AWS API Call via CloudTrail';
export const CLOUDTRAIL_EVENT_SOURCE = 'mediaconnect.amazonaws.com';

/**
 * Fields that a call is told without: they take anything, and keep what they understand. One step where
 * `catch(optional(nullable(string)))` is four, and a nested object is handed on, not copied: every event comes by here.
 */
const text = z.optional(
  z.transform((value: unknown) => (typeof value === 'string' || value === null ? value : undefined)),
);
const object = z.optional(
  z.transform((value: unknown) =>
    typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown> | null) : undefined,
  ),
);
const anything = z.optional(z.unknown());

/**
 * CloudTrail's record of one API call. Only the fields that are read are declared and kept: CloudTrail adds
 * fields in minor versions, and unknown ones must not be refused. A field of a shape we do not expect is the
 * same as a field that is missing, because a call must be told even when its record is odd.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export const CloudTrailRecordSchema = z.object({
  eventName: z.string().check(z.minLength(1)),
  eventSource: z.literal(CLOUDTRAIL_EVENT_SOURCE),
  eventID: text,
  eventTime: text,
  awsRegion: text,
  sourceIPAddress: text,
  userAgent: text,
  errorCode: text,
  errorMessage: text,
  requestID: text,
  recipientAccountId: text,
  sessionCredentialFromConsole: anything,
  /** Boolean by the documentation; `"True"` and nothing at all are both seen in real records. */
  readOnly: anything,
  userIdentity: object,
  /** `null` for many calls; `{ "omitted": true, "originalSize": …, "reason": … }` when it was too large. */
  requestParameters: object,
  responseElements: object,
  addendum: object,
});

export type CloudTrailRecord = z.infer<typeof CloudTrailRecordSchema>;

/**
 * An EventBridge event that carries one MediaConnect API call recorded by CloudTrail.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const ApiCallEventSchema = z.object({
  id: text,
  source: z.literal(EVENT_SOURCE),
  'detail-type': z.literal(DETAIL_TYPE),
  account: text,
  region: text,
  time: text,
  /** Only in events that an archive replays. */
  'replay-name': text,
  detail: CloudTrailRecordSchema,
});

export type ApiCallEvent = z.infer<typeof ApiCallEventSchema>;

type Shape = Readonly<Record<string, z.ZodMiniType>>;
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string' || value === undefined || value === null;
const isNested = (value: unknown): boolean => value === undefined || value === null || isObject(value);

/** Whether all fields that a call is told without are as they should be; which these are, the schema says. */
function createFieldCheck(shape: Shape): (value: Json) => boolean {
  const names = Object.keys(shape);
  const texts = names.filter((name) => shape[name] === text);
  const objects = names.filter((name) => shape[name] === object);
  return (value) => texts.every((name) => isText(value[name])) && objects.every((name) => isNested(value[name]));
}

const hasOrdinaryFields = createFieldCheck(ApiCallEventSchema.shape);
const recordHasOrdinaryFields = createFieldCheck(CloudTrailRecordSchema.shape);

const isOrdinaryRecord = (record: unknown): record is CloudTrailRecord =>
  isObject(record) &&
  typeof record.eventName === 'string' &&
  record.eventName !== '' &&
  record.eventSource === CLOUDTRAIL_EVENT_SOURCE &&
  recordHasOrdinaryFields(record);

/**
 * Whether the schema would find nothing to refuse and nothing to leave out, as in nearly every event. Asking is five times
 * as quick as having the schema copy the event.
 */
export const isOrdinaryEvent = (event: unknown): event is ApiCallEvent =>
  isObject(event) &&
  event.source === EVENT_SOURCE &&
  event['detail-type'] === DETAIL_TYPE &&
  hasOrdinaryFields(event) &&
  isOrdinaryRecord(event.detail);
