import type { CloudTrailRecord } from './api-call-event.ts';
import { asList, asText, exactMember, exactText } from './json-member.ts';
import type { Notification } from './notification.ts';

const FIELDS_SAID = 20;

/** `updatedFields` is a list in a string, such as `eventName,userIdentity.arn`. */
const fieldsOf = (updatedFields: unknown): readonly string[] =>
  (typeof updatedFields === 'string'
    ? updatedFields.split(',', FIELDS_SAID)
    : asList(updatedFields).slice(0, FIELDS_SAID)
  )
    .map((field) => (typeof field === 'string' ? asText(field.trim()) : undefined))
    .filter((field) => field !== undefined);

/** An addendum that changes what an earlier event said; one that only came late corrects nothing. */
export function correctionOf({ addendum }: CloudTrailRecord): Notification['correction'] {
  if (addendum === undefined || addendum === null) return undefined;
  const originalEventId = exactText(addendum, 'originalEventID');
  const updatedFields = fieldsOf(exactMember(addendum, 'updatedFields'));
  const reason = exactText(addendum, 'reason');
  if (reason !== 'UPDATED_DATA' && originalEventId === undefined && updatedFields.length === 0) return undefined;
  return { reason: reason ?? 'no reason given', originalEventId, updatedFields };
}
