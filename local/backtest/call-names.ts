import { type CloudTrailRecord, CloudTrailRecordSchema } from '../../shared/api-call-event.ts';
import { classifyCall } from '../../shared/classify-call.ts';
import { identifyPrincipal } from '../../shared/identify-principal.ts';
import type { Principal } from '../../shared/notification.ts';
import { flowNameOf, targetsOfCall } from '../../shared/resources-of-call.ts';

type Json = Readonly<Record<string, unknown>>;

/** Who called and on which flow, as a ranking names them. */
export interface CallNames {
  readonly principalOf: (record: Json) => string;
  readonly flowOf: (record: Json) => string | null;
}

const MOST_REMEMBERED = 10_000;
const LONGEST_KEY = 1000;

/** Programs make up a session name for every run, so a role stands for all of its sessions; people keep theirs. */
function wordsOf({ via, name, kind }: Principal): string {
  if (via === undefined) return name ?? kind ?? 'nobody named';
  const personal = via.kind === 'permission set' || name?.includes('@') === true;
  return personal ? `${via.name}/${name}` : via.name;
}

type Remembered<Value> = (key: string | undefined, record: Json) => Value;

/** Finds out once what a key stands for; each time where there is no short one. */
function remembering<Value>(make: (record: CloudTrailRecord) => Value): Remembered<Value> {
  const known = new Map<string, Value>();
  const fresh = (record: Json): Value => make(CloudTrailRecordSchema.parse(record));
  return (key, record) => {
    if (key === undefined || key.length > LONGEST_KEY) return fresh(record);
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before as Value;
    if (known.size >= MOST_REMEMBERED) known.clear();
    const value = fresh(record);
    known.set(key, value);
    return value;
  };
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Json)[key] : undefined;

/** Who has no ARN (a service, a user of an identity center) is known by all that is said of them. */
function callerKey({ userIdentity }: Json): string {
  const arn = memberOf(userIdentity, 'arn');
  return typeof arn === 'string' ? arn : JSON.stringify(userIdentity ?? null);
}

/** The flow's ARN where it is asked for by it; calls that make things say in their answer what they made, each another. */
function targetKey({ requestParameters, responseElements }: Json): string | undefined {
  const arn = memberOf(requestParameters, 'flowArn');
  if (typeof arn === 'string') return arn;
  return responseElements ? undefined : JSON.stringify(requestParameters ?? null);
}

function flowOfCall(record: CloudTrailRecord): string | null {
  const { operation, resource } = classifyCall(record);
  return flowNameOf(targetsOfCall(operation, resource, record));
}

/** Names callers and flows. The same few come again and again, so what a key stands for is found out once. */
export function createCallNames(): CallNames {
  const principals = remembering((record) => wordsOf(identifyPrincipal(record)));
  const byOperation = new Map<unknown, Remembered<string | null>>();

  const flowsOf = (operation: unknown): Remembered<string | null> => {
    const known = byOperation.get(operation);
    if (known !== undefined) return known;
    if (byOperation.size >= MOST_REMEMBERED) byOperation.clear();
    const flows = remembering(flowOfCall);
    byOperation.set(operation, flows);
    return flows;
  };

  return {
    principalOf: (record) => principals(callerKey(record), record),
    flowOf: (record) => flowsOf(record.eventName)(targetKey(record), record),
  };
}
