import * as z from 'zod/mini';
import { type ApiCallEvent, ApiCallEventSchema, isOrdinaryEvent } from './api-call-event.ts';
import { asObject } from './json.ts';

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
