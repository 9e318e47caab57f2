import type { CloudTrailRecord } from './api-call-event.ts';
import { impactByParameters } from './impact-of-call.ts';
import { asObject, exactText } from './json-member.ts';
import { isOmitted } from './omitted-parameters.ts';
import { type Access, type Impact, knownOperation, type Operation, verbOf, verbsThat } from './operations.ts';
import { callOutcome, type Outcome } from './outcome.ts';
import type { ResourceKind } from './resource-kind.ts';
import { statedFlag } from './stated-flag.ts';

/** What kind of call this was. */
export interface Classification {
  readonly operation: string;
  readonly resource: ResourceKind;
  readonly access: Access;
  readonly outcome: Outcome;
  /** What the call does, or would have done, by its operation and its parameters. */
  readonly impact: Impact;
  /** What CloudTrail's `readOnly` says, when that contradicts our table. */
  readonly contradictedBy: 'readOnly' | undefined;
  /** CloudTrail has the call as one that worked, but the response holds an error. */
  readonly isDoubtful?: true;
}

/** Verbs that read, also where the name starts with two words. */
export const READ_ONLY_PREFIXES = verbsThat(({ access }) => access === 'read-only');

/** CloudTrail's `readOnly` is a boolean; strings are seen. `undefined` when it says neither. */
export const statedReadOnly = (readOnly: unknown): boolean | undefined => statedFlag(readOnly);

/** Verbs whose effect is worth a word also where the operation is new. */
const SPEAKING: ReadonlySet<Impact> = new Set(['off-air', 'signal-changed', 'put-on-air']);

/** An operation that is newer than our table: `readOnly` decides, then the verb of the name. */
function guess(name: string, readOnly: boolean | undefined): Operation {
  const verb = verbOf(name);
  if (readOnly ?? verb?.access === 'read-only') {
    return { resource: 'unrecognized', access: 'read-only', impacts: ['none'] };
  }
  const impact = verb !== undefined && SPEAKING.has(verb.impact) ? verb.impact : 'unknown';
  return { resource: 'unrecognized', access: 'mutating', impacts: [impact] };
}

/** The error that a response holds: some services say there that a call did not work. */
export function errorInResponse({ errorCode, errorMessage, responseElements }: CloudTrailRecord): string | undefined {
  if (errorCode || errorMessage) return undefined;
  return exactText(responseElements, 'errorCode') ?? exactText(responseElements, 'error');
}

const contradicts = (name: string, access: Access, readOnly: boolean | undefined): boolean =>
  readOnly !== undefined && readOnly !== (access === 'read-only') && verbOf(name)?.isMachine !== true;

/**
 * Says what kind of call this was. Never throws: an operation that we do not know yet is
 * `unrecognized`, so that a new MediaConnect API is announced rather than lost.
 */
export function classifyCall(record: CloudTrailRecord): Classification {
  const readOnly = statedReadOnly(record.readOnly);
  const known = knownOperation(record.eventName);
  const { resource, access, impacts } = known ?? guess(record.eventName, readOnly);
  const request = isOmitted(record.requestParameters) ? undefined : asObject(record.requestParameters);

  return {
    operation: known?.name ?? record.eventName,
    resource,
    access,
    outcome: callOutcome(record),
    impact: (known && impactByParameters(known.name, request)) ?? impacts[0],
    contradictedBy: known !== undefined && contradicts(known.name, access, readOnly) ? 'readOnly' : undefined,
    ...(errorInResponse(record) !== undefined && { isDoubtful: true }),
  };
}
