import { type ApiCallEvent, type CloudTrailRecord, isOmitted, originalSize } from '../call/api-call-event.ts';
import { type Classification, statedReadOnly } from '../call/classify-call.ts';
import { asText, type JsonObject } from '../call/json.ts';
import { isKnownOperation, RESOURCE_KIND_WORDS } from '../call/operations.ts';
import { named, type Phrase, phrase } from './notification.ts';
import { parentNamingOf } from './target-members.ts';
import type { Targets } from './targets.ts';

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

/** That an operation is new stands in the sentence; what its first words say of the signal is a guess. */
const novelty = ({ operation, impact }: Classification): Phrase | undefined =>
  isKnownOperation(operation) || impact === 'unknown'
    ? undefined
    : phrase('what ', named(operation), ' does is guessed from its name');

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
const doubt = ({ isDoubtful }: Classification): Phrase | undefined =>
  isDoubtful ? phrase('CloudTrail has no error, but the response holds one') : undefined;

/** Calls that name no resource by their nature; those that list the tags of one do. */
const namesNothing = ({ operation }: Classification): boolean => /^List(?!Tags)/.test(operation);

/** Calls that make something new: before they do there is nothing to name but what it belongs to. */
const makes = ({ operation }: Classification): boolean => operation.startsWith('Create');

/** A refused or damaged request may leave open what it was about. */
function namelessness(call: Classification, { main, parent }: Targets): Phrase | undefined {
  if (main.length > 0 || parent !== undefined || namesNothing(call)) return undefined;
  if (call.resource === 'unrecognized') return undefined;
  const [one] = RESOURCE_KIND_WORDS[call.resource === 'tag' ? 'unrecognized' : call.resource];
  if (makes(call)) return phrase(`the record does not say the name of the ${one}`);
  const parentKind = parentNamingOf(call.operation, call.resource)?.kind;
  return phrase(
    `the record does not say which ${one}`,
    parentKind === undefined ? '' : `, nor of which ${RESOURCE_KIND_WORDS[parentKind][0]}`,
  );
}

/** What else must be said about a record so that nothing is hidden. */
export function callNotes(event: ApiCallEvent, call: Classification, targets: Targets): readonly Phrase[] {
  const record = event.detail;
  return [
    novelty(call),
    omission('request parameters', record.requestParameters),
    omission('response elements', record.responseElements),
    contradiction(record, call),
    namelessness(call, targets),
    doubt(call),
    lateness(record),
    replay(event),
  ].filter((remark) => remark !== undefined);
}
