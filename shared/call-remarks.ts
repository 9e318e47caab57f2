import type { ApiCallEvent, CloudTrailRecord } from './api-call-event.ts';
import { type Classification, statedReadOnly } from './classify-call.ts';
import { asObject, asText, type JsonObject, textMember } from './json-member.ts';
import type { Phrase } from './notification.ts';
import { isOmitted, originalSize } from './omitted-parameters.ts';
import { isKnownOperation } from './operations.ts';
import { named, phrase } from './phrase.ts';

/** Digits in groups of three, as people read sizes. */
const grouped = (bytes: number): string => String(Math.round(bytes)).replace(/\B(?=(\d{3})+$)/g, ',');

function omission(what: string, parameters: JsonObject | null | undefined): Phrase | undefined {
  if (!isOmitted(parameters)) return undefined;
  const size = originalSize(parameters);
  return phrase(
    `CloudTrail left out the ${what} for their size`,
    size === undefined ? '' : ` (${grouped(size)} bytes)`,
  );
}

function contradiction(
  record: CloudTrailRecord,
  { contradictedBy, operation, access }: Classification,
): Phrase | undefined {
  if (contradictedBy === undefined) return undefined;
  const stated = statedReadOnly(record.readOnly) === true ? 'read-only' : 'mutating';
  return phrase(`CloudTrail marks the call as ${stated}, but `, named(operation), ` is known to be ${access}`);
}

const novelty = ({ operation }: Classification): Phrase | undefined =>
  isKnownOperation(operation) ? undefined : phrase(named(operation), ' is an operation that is new to this notifier');

/** Why a record came late, in CloudTrail's terms; a correction is told apart. */
const LATE_REASONS: ReadonlyMap<unknown, string> = new Map([
  ['DELIVERY_DELAY', 'CloudTrail delivered this record late (DELIVERY_DELAY)'],
  ['SERVICE_OUTAGE', 'CloudTrail delivered this record after an outage (SERVICE_OUTAGE)'],
]);

function lateness({ addendum }: CloudTrailRecord): Phrase | undefined {
  const words = LATE_REASONS.get(addendum?.reason);
  return words === undefined ? undefined : phrase(words);
}

function replay(event: ApiCallEvent): Phrase | undefined {
  const replayName = asText(event['replay-name']);
  return replayName === undefined ? undefined : phrase('replayed from the archive by ', named(replayName));
}

/** Some services say in the response that a call did not work. */
function errorInResponse({ responseElements, errorCode }: CloudTrailRecord): Phrase | undefined {
  const response = asObject(responseElements);
  const code = textMember(response, 'errorCode') ?? textMember(response, 'error');
  return code === undefined || errorCode ? undefined : phrase('the response holds an error: ', named(code));
}

/** What else must be said about a record so that nothing is hidden. */
export function callRemarks(event: ApiCallEvent, call: Classification): readonly Phrase[] {
  const record = event.detail;
  return [
    novelty(call),
    omission('request parameters', record.requestParameters),
    omission('response elements', record.responseElements),
    contradiction(record, call),
    errorInResponse(record),
    lateness(record),
    replay(event),
  ].filter((remark) => remark !== undefined);
}
