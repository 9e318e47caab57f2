import { gunzipSync } from 'node:zlib';
import { isObject } from '../../shared/call/json.ts';
import { type Envelope, envelopeOfRecord } from './envelope.ts';
import { createJsonSplitter } from './json-splitter.ts';
import { isGzip } from './other-formats.ts';

/** What a value of the input turned out to be. */
export type Unwrapped =
  | { readonly kind: 'event'; readonly envelope: Envelope }
  | { readonly kind: 'error'; readonly error: string };

/** Recordings of recordings of recordings are somebody's mistake, or no honest input. */
const MOST_WRAPPERS = 8;

const NO_EVENT =
  'neither an EventBridge event (source, detail-type, detail) nor a CloudTrail record (eventSource, eventName)';

const BASE64 = /^[A-Za-z0-9+/]{8,}={0,2}$/;
const JSON_TEXT = /^\uFEFF?\s*[[{]/;

const isText = (value: unknown): value is string => typeof value === 'string';
const isListOf = <Kind>(value: unknown, isKind: (element: unknown) => element is Kind): value is readonly Kind[] =>
  Array.isArray(value) && value.every(isKind);

const error = (text: string): Unwrapped => ({ kind: 'error', error: text });

const isEnvelope = (value: Envelope): boolean =>
  isText(value.source) && isText(value['detail-type']) && isObject(value.detail);

/** Records of Kinesis, DynamoDB and others for functions have members of the same names, with sources such as aws:kinesis. */
const isRecord = ({ eventSource, eventName }: Envelope): boolean =>
  isText(eventSource) && isText(eventName) && !eventSource.startsWith('aws:');

/** Members of a record that hold objects; exports of tables have their JSON text. */
const OBJECT_MEMBERS = [
  'userIdentity',
  'requestParameters',
  'responseElements',
  'additionalEventData',
  'serviceEventDetails',
  'tlsDetails',
  'resources',
] as const;

/** CloudTrail's names of what a table, whose columns have no capitals, may hold. */
const MEMBERS: ReadonlyMap<string, string> = new Map(
  [
    ...OBJECT_MEMBERS,
    ...['eventVersion', 'eventTime', 'eventSource', 'eventName', 'awsRegion', 'sourceIPAddress', 'userAgent'],
    ...['errorCode', 'errorMessage', 'requestID', 'eventID', 'readOnly', 'eventType', 'apiVersion', 'managementEvent'],
    ...['recipientAccountId', 'sharedEventID', 'vpcEndpointId', 'eventCategory'],
  ].map((name) => [name.toLowerCase(), name]),
);

const named = (row: Envelope): Envelope =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [MEMBERS.get(name) ?? name, value]));

/** JSON text of an object or a list as what it says; anything else as it is. */
function parsedText(value: unknown): unknown {
  if (!isText(value) || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** How Athena writes the cells of a struct, from which nothing can be read with certainty. */
const STRUCT = /^\{\w+=/;

const RECIPE = 'select it as JSON: CAST(userIdentity AS JSON), or read the log files themselves';

/** A record whose members may be the cells of a table. */
function eventOfRecord(record: Envelope): Unwrapped {
  const cells = OBJECT_MEMBERS.filter((name) => isText(record[name]) && record[name] !== '');
  const parsed =
    cells.length === 0
      ? record
      : { ...record, ...Object.fromEntries(cells.map((name) => [name, parsedText(record[name])])) };
  if (isText(parsed.userIdentity) && STRUCT.test(parsed.userIdentity)) {
    return error(`a row of a table whose userIdentity is no JSON; ${RECIPE}`);
  }
  return { kind: 'event', envelope: envelopeOfRecord(parsed) };
}

/** An entry of PutEvents as the event that the bus makes of it. */
function eventOfEntry({ Source, DetailType, Detail, Time, Resources }: Envelope): Unwrapped {
  const detail = parsedText(Detail);
  if (!isObject(detail)) return error('an entry of PutEvents whose Detail is no JSON object');
  const time = isText(Time) ? { time: Time } : {};
  const resources = Array.isArray(Resources) ? { resources: Resources } : {};
  const envelope = { ...envelopeOfRecord(detail), source: Source, 'detail-type': DetailType, ...time, ...resources };
  return { kind: 'event', envelope };
}

const isContextKey = (key: string): boolean => key.startsWith('notifier:');

/** One form in which records are handed around: how it is known, and what is inside or why nothing is. */
interface Form {
  readonly isIt: (value: Envelope) => boolean;
  readonly inside: (value: Envelope) => Unwrapped | readonly unknown[];
}

const says = (isIt: Form['isIt'], text: string): Form => ({ isIt, inside: () => error(text) });
const holds = (isIt: Form['isIt'], inside: (value: Envelope) => readonly unknown[]): Form => ({ isIt, inside });
const listIn = (name: string): Form =>
  holds(
    (value) => Array.isArray(value[name]),
    (value) => value[name] as readonly unknown[],
  );
const valueIn = (name: string, isIt: Form['isIt']): Form => holds(isIt, (value) => [value[name]]);

/** What one packed text may be when it is unpacked: a record of Kinesis has 10 MB at most. */
const MOST_UNPACKED_BYTES = 64 * 1024 * 1024;

/** The text in base64, packed with gzip or plain; `undefined` if it is neither. */
function unpackedText(text: string): string | undefined {
  const bytes = Buffer.from(text, 'base64');
  try {
    return (isGzip(bytes) ? gunzipSync(bytes, { maxOutputLength: MOST_UNPACKED_BYTES }) : bytes).toString();
  } catch {
    return undefined;
  }
}

/** A member whose text is JSON in base64. */
const packedIn = (name: string): Form => ({
  isIt: ({ [name]: packed }) => isText(packed) && BASE64.test(packed),
  inside: ({ [name]: packed }) => {
    const text = unpackedText(String(packed));
    return text !== undefined && JSON_TEXT.test(text) ? [text] : error('packed as base64, and no JSON when unpacked');
  },
});

/** The cells of a row of Athena's, by the names in the first row. */
function athenaRows({ ResultSet }: Envelope): readonly unknown[] {
  const rows = isObject(ResultSet) && isListOf(ResultSet.Rows, isObject) ? ResultSet.Rows : [];
  const [names = [], ...cells] = rows.map(({ Data }) =>
    isListOf(Data, isObject) ? Data.map(({ VarCharValue }) => VarCharValue) : [],
  );
  return cells.map((row) => Object.fromEntries(names.map((name, index) => [String(name), row[index]])));
}

/**
 * Forms of records, the surest first.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetQueryResults.html
 * @see https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html
 */
const FORMS: readonly Form[] = [
  { isIt: isEnvelope, inside: (envelope) => ({ kind: 'event', envelope }) },
  says(
    ({ eventSource, s3, s3ObjectKey }) => (eventSource === 'aws:s3' && isObject(s3)) || Array.isArray(s3ObjectKey),
    'a notification of S3 or CloudTrail: it names a log file and holds no records; aws s3 cp brings the file',
  ),
  says(
    ({ eventType, eventCategory }) => eventType === 'AwsCloudTrailInsight' || eventCategory === 'Insight',
    'an Insight record: it says that calls are unusual in number, and is no call',
  ),
  says(
    (value) => isText(value.digestS3Object) || isText(value.digestStartTime),
    'a digest of CloudTrail: it holds signatures of log files, and no records',
  ),
  says(
    (value) => [value, value.context].some((each) => isObject(each) && Object.keys(each).some(isContextKey)),
    'context values, and no event; they go with --context FILE',
  ),
  { isIt: isRecord, inside: eventOfRecord },
  valueIn('CloudTrailEvent', ({ CloudTrailEvent }) => isText(CloudTrailEvent)),
  // What EventBridge puts into the queues, and the functions into theirs for what can never be reported.
  valueIn('event', ({ rule, event }) => isText(rule) && isObject(event)),
  {
    isIt: ({ Source, DetailType, Detail }) => isText(Source) && isText(DetailType) && Detail !== undefined,
    inside: eventOfEntry,
  },
  valueIn('Message', ({ Message, Type, TopicArn }) => isText(Message) && (Type === 'Notification' || isText(TopicArn))),
  valueIn('Sns', ({ Sns }) => isObject(Sns)),
  valueIn('Body', ({ Body }) => isText(Body)),
  valueIn('body', ({ body }) => isText(body)),
  // A subscription of CloudWatch Logs says so now and then that it is there.
  holds(
    ({ message }) => isText(message) && message.startsWith('CWL CONTROL MESSAGE'),
    () => [],
  ),
  valueIn('message', ({ message }) => isText(message)),
  // What functions get of Kinesis, Firehose and subscriptions of CloudWatch Logs, and streams give to who reads them.
  packedIn('data'),
  packedIn('Data'),
  listIn('Records'),
  listIn('Events'),
  listIn('events'),
  listIn('logEvents'),
  listIn('Entries'),
  listIn('Messages'),
  // A row of CloudTrail Lake is a list of objects with one cell each, one of Logs Insights a list of fields.
  listIn('QueryResultRows'),
  listIn('results'),
  holds(({ ResultSet }) => isObject(ResultSet), athenaRows),
  valueIn('value', ({ field, value }) => field === '@message' && isText(value)),
  {
    isIt: (value) => isText(value.eventsource) && isText(value.eventname),
    inside: (value) => eventOfRecord(named(value)),
  },
];

const isCell = (value: unknown): value is Envelope => isObject(value) && Object.keys(value).length === 1;
const isField = (value: unknown): value is Envelope => isObject(value) && isText(value.field) && 'value' in value;

/** A row has each column once; a list of objects that have the same member is none. */
const isRow = (list: readonly unknown[]): list is readonly Envelope[] =>
  list.length > 1 && isListOf(list, isCell) && new Set(list.flatMap(Object.keys)).size === list.length;

/** Rows come as lists of cells; any other list is of values. */
function valuesOfList(list: readonly unknown[]): readonly unknown[] {
  if (isRow(list)) return [named(Object.assign({}, ...list))];
  if (isListOf(list, isField)) {
    const message = list.find(({ field }) => field === '@message');
    return message ? [message] : [Object.fromEntries(list.map(({ field, value }) => [field, value]))];
  }
  return list;
}

/** The documents in a text, or what is wrong with it. */
function insideText(text: string): Unwrapped | readonly unknown[] {
  if (!JSON_TEXT.test(text)) return error(NO_EVENT);
  const values: unknown[] = [];
  const mistakes: string[] = [];
  const splitter = createJsonSplitter({
    onValue: (value) => values.push(value),
    onMistake: (reason) => mistakes.push(reason),
  });
  splitter.push(Buffer.from(text));
  splitter.end();
  return mistakes.length > 0 ? error(`a text in it: ${mistakes[0]}`) : values;
}

const mayHold = (value: unknown): boolean => (isText(value) ? JSON_TEXT.test(value) : typeof value === 'object');

/** Every tool names as it likes what it puts around records: where no form is known, all members that hold some are. */
function eventsInMembers(value: Envelope, wrappers: number): readonly Unwrapped[] {
  const found = Object.values(value)
    .filter(mayHold)
    .map((member) => unwrapValue(member, wrappers))
    .filter((items) => items.some(({ kind }) => kind === 'event'));
  return found.length > 0 ? found.flat() : [error(NO_EVENT)];
}

/** What a value of a known form holds; `undefined` for an object of no such form. */
function insideOf(value: unknown): Unwrapped | readonly unknown[] | undefined {
  if (isText(value)) return insideText(value);
  if (Array.isArray(value)) return valuesOfList(value);
  return isObject(value) ? FORMS.find(({ isIt }) => isIt(value))?.inside(value) : error(NO_EVENT);
}

/**
 * The events in a value of the input: itself as EventBridge has it, a CloudTrail record in the envelope it would come
 * in, or what is inside of what AWS's services and tools wrap around either.
 */
export function unwrapValue(value: unknown, wrappers: number = 0): readonly Unwrapped[] {
  if (wrappers > MOST_WRAPPERS) return [error('wrapped more often than anything is')];
  const inside = insideOf(value);
  if (inside === undefined) return eventsInMembers(value as Envelope, wrappers + 1);
  return 'kind' in inside ? [inside] : inside.flatMap((each) => unwrapValue(each, wrappers + 1));
}
