import { type CloudTrailRecord, CloudTrailRecordSchema } from '../../shared/api-call-event.ts';
import { classifyCall } from '../../shared/classify-call.ts';
import { shownPrincipal } from '../../shared/principal-words.ts';
import { flowNameOf, targetsOfCall } from '../../shared/resources-of-call.ts';

type Json = Readonly<Record<string, unknown>>;

/** Who called and on which flow, as a ranking names them. */
export interface CallNames {
  readonly principalOf: (record: Json) => string;
  readonly flowOf: (record: Json) => string | null;
}

const MOST_REMEMBERED = 10_000;
const LONGEST_KEY = 1000;

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

/**
 * Who has no ARN (a service, a user of an identity center) is known by all that is said of them; the ARN of a role's
 * session is another person's with another source identity.
 */
function callerKey({ userIdentity }: Json): string {
  const arn = memberOf(userIdentity, 'arn');
  const stated = memberOf(memberOf(userIdentity, 'sessionContext'), 'sourceIdentity');
  if (typeof arn !== 'string') return JSON.stringify(userIdentity ?? null);
  return typeof stated === 'string' ? `${arn} ${stated}` : arn;
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
  const principals = remembering(shownPrincipal);
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
