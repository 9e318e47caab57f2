import { DETAIL_TYPE } from '../../shared/call/api-call-event.ts';
import type { JsonObject } from '../../shared/call/json.ts';

/** An event as EventBridge has it; what is inside is for the schema of whoever reads it. */
export type Envelope = Readonly<Record<string, unknown>>;

/** Where something was found. */
export interface Place {
  /** As it was named, or `standard input`. */
  readonly file: string;
  /** Counted from 1; `undefined` for what is said of a whole file. */
  readonly line: number | undefined;
  /** Which of the file's records, counted from 1: in a log file, all are on one line. */
  readonly record: number | undefined;
}

/** One thing found in the input: an event, or what stands in place of one and why it is none. */
export type InputItem =
  | (Place & { readonly kind: 'event'; readonly envelope: Envelope })
  | (Place & { readonly kind: 'error'; readonly error: string });

/** `calls.json:12`, and which record where the line does not say it: `trail.json.gz:1, record 7`. */
export function placeText({ file, line, record }: Place): string {
  if (line === undefined) return file;
  return record === undefined || record === line ? `${file}:${line}` : `${file}:${line}, record ${record}`;
}

/** What is wrong, with its place: one line. */
export const faultText = (item: Extract<InputItem, { kind: 'error' }>): string => `${placeText(item)}: ${item.error}`;

/** The first that is wrong in a file, as `faultText` has it, and how many more of it. */
export const faultsText = (first: string, count: number): string =>
  count === 1 ? first : `${first} (and ${count - 1} more in this file)`;

/** The EventBridge event in which CloudTrail's record of a call arrives on the default bus. */
export interface EventEnvelope extends JsonObject {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly resources: readonly [];
  readonly detail: JsonObject;
}

/**
 * CloudTrail's `eventType` → EventBridge's `detail-type`. Documentation and public records differ on the
 * name of network activity events, so both are taken.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
const DETAIL_TYPES: ReadonlyMap<string, string> = new Map([
  ['AwsApiCall', DETAIL_TYPE],
  ['AwsServiceEvent', 'AWS Service Event via CloudTrail'],
  ['AwsConsoleAction', 'AWS Console Action via CloudTrail'],
  ['AwsConsoleSignIn', 'AWS Console Sign In via CloudTrail'],
  ['AwsCloudTrailInsight', 'AWS Insight via CloudTrail'],
  ['AwsVpceEvent', 'AWS Network Activity Event via CloudTrail'],
  ['AwsVpceEvents', 'AWS Network Activity Event via CloudTrail'],
]);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** A record of a type that is newer than our table keeps its own word, and so matches no rule by accident. */
const detailTypeOf = (eventType: string = 'AwsApiCall'): string =>
  DETAIL_TYPES.get(eventType) ?? `${eventType} via CloudTrail`;

/** `mediaconnect.amazonaws.com` is `aws.mediaconnect` on the bus. */
function sourceOf(eventSource: string): string {
  const end = eventSource.indexOf('.');
  return `aws.${end === -1 ? eventSource : eventSource.slice(0, end)}`;
}

function fnv1a(text: string, seed: number): string {
  let hash = seed;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** The same id for the same record, where CloudTrail gave none. */
function idOf(record: JsonObject): string {
  const text = JSON.stringify(record);
  const digest = [0x811c9dc5, 0x01234567, 0x089abcdf, 0x7f4a7c15].map((seed) => fnv1a(text, seed)).join('');
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function accountOf({ recipientAccountId, userIdentity }: JsonObject): string | undefined {
  const identity = typeof userIdentity === 'object' && userIdentity !== null ? (userIdentity as JsonObject) : {};
  return textOf(recipientAccountId) ?? textOf(identity.accountId);
}

type EnvelopeFields = Readonly<Record<'account' | 'time' | 'region', string | undefined>>;

/** What is not known is left out: a field without a value would match `exists`. */
const withoutUnknown = <Known>({
  account,
  time,
  region,
  ...known
}: Known & EnvelopeFields): Omit<Known, keyof EnvelopeFields> => ({
  ...known,
  ...(account === undefined ? {} : { account }),
  ...(time === undefined ? {} : { time }),
  ...(region === undefined ? {} : { region }),
});

/**
 * Wraps a CloudTrail record, as log files hold it, into the event that EventBridge would deliver for it.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-mediaconnect.html
 */
export function envelopeOfRecord(record: JsonObject): EventEnvelope {
  const envelope = {
    version: '0',
    id: textOf(record.eventID) ?? idOf(record),
    'detail-type': detailTypeOf(textOf(record.eventType)),
    source: sourceOf(textOf(record.eventSource) ?? 'unknown'),
    account: accountOf(record),
    time: textOf(record.eventTime),
    region: textOf(record.awsRegion),
    resources: [],
    detail: record,
  } as const;
  const { account, time, region } = envelope;
  return account !== undefined && time !== undefined && region !== undefined ? envelope : withoutUnknown(envelope);
}
