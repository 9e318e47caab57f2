import * as z from 'zod/mini';
import type { Envelope } from '../../local/input/input-item.ts';
import { CLOUDTRAIL_EVENT_SOURCE, CloudTrailRecordSchema } from '../../shared/api-call-event.ts';
import { READ_ONLY_PREFIXES, statedReadOnly } from '../../shared/classify-call.ts';
import { detectOrigin } from '../../shared/detect-origin.ts';
import { identifyPrincipal } from '../../shared/identify-principal.ts';
import type { Origin, Principal } from '../../shared/notification.ts';
import type { Access } from '../../shared/operations.ts';
import { callOutcome, type Outcome } from '../../shared/outcome.ts';

/**
 * A call that is not one to MediaConnect's API: another service's, or a service event. A log file is full
 * of them, so they are good input; no rule ever matches them.
 */
export interface OtherCall {
  readonly eventId: string;
  readonly service: string;
  readonly detailType: string;
  readonly operation: string;
  readonly access: Access;
  readonly outcome: Outcome;
  readonly principal: Principal;
  readonly origin: Origin;
}

const OtherEventSchema = z.looseObject({
  id: z.catch(z.string(), ''),
  'detail-type': z.string(),
  detail: z.extend(CloudTrailRecordSchema, { eventSource: z.string() }),
});

/** Reads a call that is not for us; `undefined` if the event tells of no call at all. */
export function otherCallOf(envelope: Envelope): OtherCall | undefined {
  const parsed = OtherEventSchema.safeParse(envelope);
  if (!parsed.success) return undefined;
  const { detail, id } = parsed.data;
  const record = { ...detail, eventSource: CLOUDTRAIL_EVENT_SOURCE } as const;
  const readsByName = READ_ONLY_PREFIXES.some((prefix) => record.eventName.startsWith(prefix));
  return {
    eventId: record.eventID ?? id,
    service: detail.eventSource,
    detailType: parsed.data['detail-type'],
    operation: record.eventName,
    access: (statedReadOnly(record.readOnly) ?? readsByName) ? 'read-only' : 'mutating',
    outcome: callOutcome(record),
    principal: identifyPrincipal(record),
    origin: detectOrigin(record),
  };
}
