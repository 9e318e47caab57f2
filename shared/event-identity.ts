import type { ApiCallEvent } from './api-call-event.ts';
import { boundedText } from './bounded-text.ts';

/** What an id may be at most; a UUID has 36 characters. */
const MAX_ID_LENGTH = 200;

/** A 53-bit hash of text (cyrb53): enough to tell one record from the next, and the same every time. */
function hashOf(text: string): string {
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

/**
 * By what a call is told once: CloudTrail's `eventID`, else the envelope's id, else a hash of what the record says.
 * An id that is too long to be one is hashed too.
 */
export function eventIdOf({ id, detail }: ApiCallEvent): string {
  const given = usable(detail.eventID) ?? usable(id);
  if (given !== undefined) return given.length <= MAX_ID_LENGTH ? given : `hash-${hashOf(given)}`;
  const { eventName, eventTime, requestID, awsRegion, userIdentity, requestParameters } = detail;
  const said = JSON.stringify([eventName, eventTime, requestID, awsRegion, userIdentity, requestParameters]);
  return `hash-${hashOf(boundedText(said, 100_000))}`;
}
