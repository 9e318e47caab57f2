import { createHash } from 'node:crypto';
import { ApiCallEventSchema, CloudTrailRecordSchema } from '../../shared/api-call-event.ts';
import { type Classification, classifyCall } from '../../shared/classify-call.ts';
import { eventIdOf } from '../../shared/event-identity.ts';

/** By what an event is told apart from others, and what call it is if it is one. */
export interface EventIdentity {
  readonly eventId: string;
  readonly call: Classification | undefined;
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const hashOf = (event: unknown): string =>
  `hash-${createHash('sha256')
    .update(JSON.stringify(event) ?? '')
    .digest('hex')
    .slice(0, 14)}`;

/**
 * Identifies any event as the functions do. What is no API call of MediaConnect goes by the ids it has; without any, by
 * a hash of what it says.
 */
export function identifyEvent(event: unknown): EventIdentity {
  const parsed = ApiCallEventSchema.safeParse(event);
  if (parsed.success) return { eventId: eventIdOf(parsed.data), call: classifyCall(parsed.data.detail) };
  const { id, detail } = isObject(event) ? event : {};
  const record = CloudTrailRecordSchema.safeParse(detail);
  const eventId = isObject(detail) ? textOf(detail.eventID) : undefined;
  return {
    eventId: eventId ?? textOf(id) ?? hashOf(event),
    call: record.success ? classifyCall(record.data) : undefined,
  };
}
