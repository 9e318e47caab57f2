import * as z from 'zod';
import type { JsonObject } from '../../shared/call/json.ts';
import { asObject } from '../../shared/call/json.ts';
import type { BusEvent } from './event-bus.ts';
import { AwsError, validationError } from './service.ts';

export interface PutEventsPlace {
  readonly account: string;
  readonly region: string;
  readonly nowMs: () => number;
  readonly newId: () => string;
  readonly publish: (event: BusEvent) => Promise<unknown>;
}

const MAX_ENTRIES = 10;
/** Of all entries together. */
const MAX_BYTES = 1_048_576;
/** What `Time` counts for in an entry's size. */
const TIME_BYTES = 14;

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const MAX_DETAIL_TYPE = 128;
const BUS_NAME = /^(?:arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:\d{12}:event-bus\/)?[/.\-_A-Za-z0-9]+$/;

const text = z.string().nullish();

const EntrySchema = z.object({
  Source: text,
  DetailType: text,
  Detail: text,
  Resources: z.array(z.string()).nullish(),
  EventBusName: text,
  /** Epoch seconds in the JSON protocol; ISO 8601 is understood too. */
  Time: z.union([z.number(), z.string().refine((time) => !Number.isNaN(Date.parse(time)))]).nullish(),
});
type Entry = z.infer<typeof EntrySchema>;

type EntryResult = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

const NOTE_HEADER = 'x-amzn-one-machine-note';
const AWS_SOURCE_NOTE = 'taken here; AWS itself refuses sources that begin with aws. from anyone but its own services';

function checkBusName({ EventBusName: bus }: Entry, index: number): void {
  if (bus === undefined || bus === null || BUS_NAME.test(bus)) return;
  const member = `entries.${index + 1}.member.eventBusName`;
  throw validationError(`'${bus}'`, member, 'Member must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+');
}

function readEntries({ Entries, EndpointId }: JsonObject): readonly Entry[] {
  if (EndpointId !== undefined && EndpointId !== null) {
    throw new AwsError('ValidationException', 'global endpoints (EndpointId) are not imitated on one machine');
  }
  if (Entries === undefined || Entries === null) throw validationError('null', 'entries', 'Member must not be null');
  const parsed = z.array(EntrySchema).safeParse(Entries);
  if (!parsed.success)
    throw new AwsError('SerializationException', 'Entries is not a list of entries', { cause: parsed.error });
  if (parsed.data.length === 0) {
    throw validationError("'[]'", 'entries', 'Member must have length greater than or equal to 1');
  }
  if (parsed.data.length > MAX_ENTRIES) {
    throw validationError(
      "'[PutEventsRequestEntry...]'",
      'entries',
      'Member must have length less than or equal to 10',
    );
  }
  parsed.data.forEach(checkBusName);
  return parsed.data;
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const sizeOf = ({ Source, DetailType, Detail, Resources, Time }: Entry): number =>
  [Source, DetailType, Detail, ...(Resources ?? [])].reduce(
    (bytes, part) => bytes + Buffer.byteLength(part ?? ''),
    typeof Time === 'number' || typeof Time === 'string' ? TIME_BYTES : 0,
  );

function parseDetail(detail: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(detail);
    return asObject(value);
  } catch {
    return undefined;
  }
}

const missing = (name: string): EntryResult => ({
  ErrorCode: 'InvalidArgument',
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});

const timeOf = (time: Entry['Time'], nowMs: number): string => {
  const ms = typeof time === 'number' ? time * 1000 : typeof time === 'string' ? Date.parse(time) : nowMs;
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
};

const isDefaultBus = (name: string | null | undefined): boolean =>
  name === undefined ||
  name === null ||
  name === 'default' ||
  /^arn:[^:]+:events:[^:]*:\d+:event-bus\/default$/.test(name);

async function put(entry: Entry, place: PutEventsPlace): Promise<EntryResult> {
  if (!entry.Source) return missing('Source');
  if (!entry.DetailType) return missing('DetailType');
  if (entry.DetailType.length > MAX_DETAIL_TYPE) {
    const Reason = `DetailType may have ${MAX_DETAIL_TYPE} characters.`;
    return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter DetailType is not valid. Reason: ${Reason}` };
  }
  if (!entry.Detail) return missing('Detail');
  const detail = parseDetail(entry.Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };

  const id = place.newId();
  // A bus that does not exist is no error to EventBridge: the event is taken, and nobody gets it.
  if (!isDefaultBus(entry.EventBusName)) return { EventId: id };
  await place.publish({
    version: '0',
    id,
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: place.account,
    time: timeOf(entry.Time, place.nowMs()),
    region: place.region,
    resources: entry.Resources ?? [],
    detail,
  });
  return { EventId: id };
}

/**
 * EventBridge's `PutEvents`, with its limits and its error of each entry. Unlike AWS it takes sources that begin with
 * `aws.`, and says so in a header: they are what this machine is for.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export async function putEvents(input: JsonObject, place: PutEventsPlace) {
  const entries = readEntries(input);
  if (entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > MAX_BYTES) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  const results: EntryResult[] = [];
  for (const entry of entries) results.push(await put(entry, place));
  const fromAws = entries.some(({ Source }) => Source?.startsWith('aws.'));
  return {
    output: { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results },
    headers: fromAws ? { [NOTE_HEADER]: AWS_SOURCE_NOTE } : {},
  };
}
