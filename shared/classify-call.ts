import type { CloudTrailRecord } from './api-call-event.ts';
import { type Access, type Impact, knownOperation, type Operation } from './operations.ts';
import { callOutcome, type Outcome } from './outcome.ts';
import type { ResourceKind } from './resource-kind.ts';
import { statedFlag } from './stated-flag.ts';

/** What kind of call this was. */
export interface Classification {
  readonly operation: string;
  readonly resource: ResourceKind;
  readonly access: Access;
  readonly outcome: Outcome;
  readonly impact: Impact;
  /** What CloudTrail's `readOnly` says, when that contradicts our table. */
  readonly contradictedBy: 'readOnly' | undefined;
}

/** Verbs that read, also where the name starts with two words. The table's reads all start with one of these. */
export const READ_ONLY_PREFIXES = [
  'BatchDescribe',
  'BatchGet',
  'Describe',
  'Discover',
  'Get',
  'List',
  'ManagedDescribe',
  'PrivateDescribe',
] as const;

/** Verbs that can take signal off air or put it on, whatever they act on. */
const ON_AIR_VERBS = /^(?:Managed)?(?:Start|Stop|Delete|Remove|Revoke|Take|Restart)(?=[A-Z]|$)/;

/** CloudTrail's `readOnly` is a boolean; strings are seen. `undefined` when it says neither. */
export const statedReadOnly = (readOnly: unknown): boolean | undefined => statedFlag(readOnly);

const readsByName = (name: string): boolean => READ_ONLY_PREFIXES.some((prefix) => name.startsWith(prefix));

/** An operation that is newer than our table: `readOnly` decides, then the verb of the name. */
function guess(name: string, readOnly: boolean | undefined): Operation {
  if (readOnly ?? readsByName(name)) return { resource: 'unrecognized', access: 'read-only', impact: 'none' };
  return { resource: 'unrecognized', access: 'mutating', impact: ON_AIR_VERBS.test(name) ? 'on-air' : 'change' };
}

/**
 * Says what kind of call this was. Never throws: an operation that we do not know yet is
 * `unrecognized`, so that a new MediaConnect API is announced rather than lost.
 */
export function classifyCall(record: CloudTrailRecord): Classification {
  const readOnly = statedReadOnly(record.readOnly);
  const known = knownOperation(record.eventName);
  const { resource, access, impact } = known ?? guess(record.eventName, readOnly);
  const contradicted = known !== undefined && readOnly !== undefined && readOnly !== (access === 'read-only');

  return {
    operation: known?.name ?? record.eventName,
    resource,
    access,
    outcome: callOutcome(record),
    impact,
    contradictedBy: contradicted ? 'readOnly' : undefined,
  };
}
