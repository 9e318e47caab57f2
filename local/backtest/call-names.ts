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

const MOST_REMEMBERED = 20_000;

/** Programs make up a session name for every run, so a role stands for all of its sessions; people keep theirs. */
function wordsOf({ via, name, kind }: Principal): string {
  if (via === undefined) return name ?? kind ?? 'nobody named';
  const personal = via.kind === 'permission set' || name?.includes('@') === true;
  return personal ? `${via.name}/${name}` : via.name;
}

function remembering<Value>(make: (record: CloudTrailRecord) => Value): (key: unknown, record: Json) => Value {
  let known = new Map<string, Value>();
  const fresh = (record: Json): Value => make(CloudTrailRecordSchema.parse(record));
  return (key, record) => {
    if (typeof key !== 'string') return fresh(record);
    const before = known.get(key);
    if (before !== undefined || known.has(key)) return before as Value;
    if (known.size >= MOST_REMEMBERED) known = new Map();
    const value = fresh(record);
    known.set(key, value);
    return value;
  };
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Json)[key] : undefined;

function flowOfCall(record: CloudTrailRecord): string | null {
  const { operation, resource } = classifyCall(record);
  return flowNameOf(targetsOfCall(operation, resource, record));
}

/** Names callers and flows. The same few come again and again, so what an ARN stands for is found out once. */
export function createCallNames(): CallNames {
  const principals = remembering((record) => wordsOf(identifyPrincipal(record)));
  const flows = remembering(flowOfCall);

  return {
    principalOf: (record) => principals(memberOf(record.userIdentity, 'arn'), record),
    flowOf: (record) => {
      const arn = memberOf(record.requestParameters, 'flowArn');
      return flows(typeof arn === 'string' ? `${record.eventName} ${arn}` : undefined, record);
    },
  };
}
