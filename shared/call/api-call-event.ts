import * as z from 'zod/mini';
import { asObject, boundedText, isObject, type JsonObject } from './json.ts';

/** What an id may be at most; a UUID has 36 characters. */
const MAX_ID_LENGTH = 200;

/** A 53-bit hash of text (cyrb53): enough to tell one record from the next, and the same every time. */
export function hashOf(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(16).padStart(14, '0');
}

const usable = (id: string | null | undefined): string | undefined => (id ? id : undefined);

/** An id as it was given, else a hash of what stands in its place, as is one that is too long to be an id. */
export function idOrHash(given: string | undefined, said: () => string): string {
  if (given !== undefined) return given.length <= MAX_ID_LENGTH ? given : `hash-${hashOf(given)}`;
  return `hash-${hashOf(boundedText(said(), 100_000))}`;
}

/**
 * By what a call is reported once: CloudTrail's `eventID`, else the envelope's id, else a hash of what the record says.
 * An id that is too long to be one is hashed too.
 */
export function eventIdOf({ id, detail }: ApiCallEvent): string {
  const { eventName, eventTime, requestID, awsRegion, userIdentity, requestParameters } = detail;
  return idOrHash(usable(detail.eventID) ?? usable(id), () =>
    JSON.stringify([eventName, eventTime, requestID, awsRegion, userIdentity, requestParameters]),
  );
}

/**
 * CloudTrail leaves parameters over 100 KB out and says so: `{ "omitted": true, "originalSize": 149893, "reason": … }`,
 * sometimes with strings for values.
 */
export function isOmitted(parameters: JsonObject | null | undefined): parameters is JsonObject {
  if (parameters === null || parameters === undefined || !Object.hasOwn(parameters, 'omitted')) return false;
  const { omitted } = parameters;
  return omitted === true || (typeof omitted === 'string' && omitted.toLowerCase() === 'true');
}

/** How large the parameters were, if that is said. */
export function originalSize({ originalSize: size }: JsonObject): number | undefined {
  const bytes = typeof size === 'string' ? Number(size) : size;
  return typeof bytes === 'number' && Number.isFinite(bytes) && bytes > 0 ? bytes : undefined;
}

/** What every event of a MediaConnect API call says in its envelope; the rules pin these three. */
export const EVENT_SOURCE = 'aws.mediaconnect';
export const DETAIL_TYPE = 'AWS API Call via CloudTrail';
export const CLOUDTRAIL_EVENT_SOURCE = 'mediaconnect.amazonaws.com';

/**
 * Fields that a call is reported without: they take anything, and keep what they understand. One step where
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
 * same as a field that is missing, because a call must be reported even when its record is odd.
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
const isText = (value: unknown): boolean => typeof value === 'string' || value === undefined || value === null;
const isNested = (value: unknown): boolean => value === undefined || value === null || isObject(value);

/** Whether all fields that a call is reported without are as they should be; which these are, the schema says. */
function createFieldCheck(shape: Shape): (value: JsonObject) => boolean {
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

/** EventBridge reads `<name>` in a template as a variable; JSON lets us write the bracket otherwise. */
const jsonText = (text: string): string => JSON.stringify(text).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');

/**
 * The input transformer's template of one rule: the event with the route it takes. Predefined variables need no
 * path map, and `aws.events.event.json` stands unquoted because it is JSON already.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export const routeEnvelopeTemplate = (rule: string, channel: string): string =>
  `{"rule":${jsonText(rule)},"channel":${jsonText(channel)},` +
  '"ingestionTime":<aws.events.event.ingestion-time>,"event":<aws.events.event.json>}';

/**
 * The text that such a template makes of an event: what a rule's target puts into the queue, for whoever puts it there
 * past EventBridge.
 */
export const routeEnvelopeText = ({ rule, channel, ingestedAtMs }: Route, event: unknown): string =>
  JSON.stringify({
    rule,
    channel,
    ingestionTime: ingestedAtMs === undefined ? undefined : new Date(ingestedAtMs).toISOString(),
    event,
  });

/** The record can never be reported, however often it is retried. It goes to the dead-letter queue at once. */
export class MalformedEventError extends Error {
  override readonly name = 'MalformedEventError';
}

/**
 * What a rule's target puts into the queue: the event, and which rule sent it to which channel. The
 * route travels with the event, so an event that waits keeps the route it was matched with.
 */
export interface Route {
  readonly rule: string;
  readonly channel: string;
  /** When EventBridge took the event, milliseconds since the epoch; `undefined` if the envelope does not say. */
  readonly ingestedAtMs: number | undefined;
}

export interface RoutedEvent {
  readonly route: Route;
  readonly event: ApiCallEvent;
}

const RouteEnvelopeSchema = z.object({
  rule: z.string().check(z.minLength(1)),
  channel: z.string().check(z.minLength(1)),
  // ISO 8601 on AWS; emulators are seen to write epoch numbers.
  ingestionTime: z.optional(z.unknown()),
  event: ApiCallEventSchema,
});

type RouteEnvelope = z.infer<typeof RouteEnvelopeSchema>;

const isName = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Whether the schema would find nothing to refuse, as in nearly every envelope; to ask is many times as quick. */
function isOrdinaryEnvelope(json: unknown): json is RouteEnvelope {
  const envelope = asObject(json);
  return envelope !== undefined && isName(envelope.rule) && isName(envelope.channel) && isOrdinaryEvent(envelope.event);
}

/** @throws MalformedEventError that names the place of the first mistake. */
function checked(json: unknown): RouteEnvelope {
  if (isOrdinaryEnvelope(json)) return json;
  const parsed = RouteEnvelopeSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? 'record' : issue.path.map(String).join('.');
  throw new MalformedEventError(`record is not a routed MediaConnect API call: ${place} is not as expected`, {
    cause: parsed.error,
  });
}

/** Milliseconds since the epoch of an ISO string or of an epoch number in seconds or milliseconds. */
export function parseTimestampMs(value: unknown): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value < 1e11 ? value * 1000 : value;
  if (typeof value !== 'string') return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}

/**
 * Reads the text of one queued record.
 *
 * @throws MalformedEventError when it is not JSON or not a routed MediaConnect API call, with the cause.
 */
export function parseRouteEnvelope(body: string): RoutedEvent {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (cause) {
    throw new MalformedEventError('record is not JSON', { cause });
  }
  const { rule, channel, ingestionTime, event } = checked(json);
  return { route: { rule, channel, ingestedAtMs: parseTimestampMs(ingestionTime) }, event };
}
