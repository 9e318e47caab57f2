import { CLOUDTRAIL_EVENT_SOURCE, CloudTrailRecordSchema, DETAIL_TYPE } from '../../shared/call/api-call-event.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import { isObject, type JsonObject } from '../../shared/call/json.ts';
import { IMPACTS } from '../../shared/call/operations.ts';
import { isServiceEvent } from '../../shared/outcome/signal-event.ts';
import { type Envelope, faultsText, faultText, type InputItem } from '../input/envelope.ts';
import { readFileBlocks } from '../input/read-events.ts';
import { createCallClock, createCallNames, createCallSeconds } from './calls.ts';
import { createFirstItems, createRanking, EMPTY_SPAN, MOST_NAMES, widened } from './counts.ts';
import { createMatchRules } from './match-rules.ts';
import type { DroppedCall, ScanPart, ScanRequest, SecondsPage, UnreadableFile, UnusablePlace } from './scan-part.ts';
import { createSeenCalls } from './seen-calls.ts';

/** Dropped calls that are listed; the others are counted. */
const MOST_DROPPED_CALLS = 1000;
/** Unreadable files that are named; the others are counted. */
const MOST_UNREADABLE_FILES = 100;
/** Files of which it is said where something in them is no event. */
const MOST_PLACES = 10;

const inTextOrder = (left: string, right: string): number => (left < right ? -1 : Number(left > right));

/** The calls of the gravest effect, the earliest of those, the same ones whichever thread found them. */
export const createFirstDropped = () =>
  createFirstItems<DroppedCall>(
    MOST_DROPPED_CALLS,
    (left, right) =>
      IMPACTS.indexOf(left.impact) - IMPACTS.indexOf(right.impact) ||
      inTextOrder(left.time, right.time) ||
      inTextOrder(left.eventId, right.eventId),
  );

export const createFirstUnreadable = () =>
  createFirstItems<UnreadableFile>(MOST_UNREADABLE_FILES, (left, right) => left.at - right.at);

export const createFirstPlaces = () =>
  createFirstItems<UnusablePlace>(MOST_PLACES, (left, right) => left.at - right.at);

type Counts = Pick<ScanPart, 'principals' | 'operations' | 'flows' | 'dropped' | 'droppedCalls'>;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Counts calls, asking the rules of each. One for all files of a thread: what is learned of names and rules is kept. */
function createScanCounts({ ruleSets, regions }: ScanRequest, onPages: (pages: readonly SecondsPage[]) => void) {
  const matchRules = createMatchRules(ruleSets, regions);
  const names = createCallNames();
  const seconds = createCallSeconds(onPages);
  const principals = createRanking();
  const operations = createRanking();
  const flows = createRanking();
  const droppedCalls = createFirstDropped();
  let dropped = 0;

  const drop = (record: JsonObject, indices: readonly number[]): void => {
    dropped += 1;
    droppedCalls.add({
      time: textOf(record.eventTime),
      eventId: textOf(record.eventID),
      operation: textOf(record.eventName),
      impact: classifyCall(CloudTrailRecordSchema.parse(record)).impact,
      principal: names.principalOf(record),
      flow: names.flowOf(record),
      rules: indices.map((index) => ruleSets[0]?.[index]?.name ?? ''),
    });
  };

  return {
    add: (envelope: Envelope, record: JsonObject, timeMs: number | undefined): void => {
      const matching = matchRules(envelope);
      const notified = matching[matching.length - 1]?.length === 0 ? 0 : 1;
      const flow = names.flowOf(record);
      seconds.add(textOf(envelope.region), matching, timeMs === undefined ? undefined : Math.floor(timeMs / 1000));
      principals.add(names.principalOf(record), 1, notified);
      operations.add(textOf(record.eventName), 1, notified);
      if (flow !== null) flows.add(flow, 1, notified);
      if (notified === 0 && matching[0] !== undefined && matching[0].length > 0) drop(record, matching[0]);
    },
    counts: (): Counts => {
      seconds.flush();
      return {
        principals: principals.top(MOST_NAMES),
        operations: operations.top(MOST_NAMES),
        flows: flows.top(MOST_NAMES),
        dropped,
        droppedCalls: droppedCalls.items(),
      };
    },
  };
}

/** In the source of calls and in that of MediaConnect's own events. */
const SOURCE = Buffer.from('mediaconnect');

/** Most records of an account are other services'; nothing is asked of those but the time of a file's first and last. */
function createOthers() {
  let last: Buffer | undefined;
  let count = 0;
  let isFirst = true;
  return {
    passOver: (record: Buffer): boolean => {
      const isPassedOver = !isFirst && !record.includes(SOURCE);
      isFirst = false;
      last = isPassedOver ? record : undefined;
      if (isPassedOver) count += 1;
      return isPassedOver;
    },
    count: () => count,
    /** The file's last record if it was passed over. */
    last: (): unknown => (last === undefined ? undefined : JSON.parse(last.toString())),
  };
}

/** The record in an event, if it is a MediaConnect API call's. */
function recordOf({ 'detail-type': type, detail }: Envelope): JsonObject | undefined {
  return type === DETAIL_TYPE && isObject(detail) && detail.eventSource === CLOUDTRAIL_EVENT_SOURCE
    ? detail
    : undefined;
}

/** Without a name nobody could say what was called; the notifier puts such an event aside as malformed. */
const isNamed = ({ eventName }: JsonObject): boolean => typeof eventName === 'string' && eventName !== '';

const isWithin = (ms: number | undefined, { sinceMs, untilMs }: ScanRequest): boolean =>
  ms === undefined || ((sinceMs === undefined || ms >= sinceMs) && (untilMs === undefined || ms < untilMs));

type Others = ReturnType<typeof createOthers>;

/** What is wrong with a file as a whole, and the first thing in it that is no event. */
interface FileFaults {
  ofFile: string | undefined;
  first: Fault | undefined;
}

type Fault = Extract<InputItem, { kind: 'error' }>;

const NAMELESS = 'a call without a name';

/** An event in place of which stands what is wrong with it, at the same place. */
const faultAt = ({ file, line, record }: InputItem, error: string): Fault => ({
  kind: 'error',
  error,
  file,
  line,
  record,
});

const lineText = ({ error, line }: Fault): string => (line === undefined ? error : `${error} (line ${line})`);

/** One thread's way through its log files. */
export interface Scan {
  /** @param at the file's place in the list of files */
  readonly scanFile: (file: string, at: number, stop?: AbortSignal) => Promise<void>;
  /** Hands over the last pages and says what was found. */
  readonly part: () => ScanPart;
}

/**
 * Reads log files one after another and counts their calls.
 *
 * @param seen memory that all threads share
 * @param onPages gets the calls by time, whenever enough have come together
 */
export function createScan(
  request: ScanRequest,
  seen: SharedArrayBuffer,
  onPages: (pages: readonly SecondsPage[]) => void,
): Scan {
  const counts = createScanCounts(request, onPages);
  const { isRepeated } = createSeenCalls(seen);
  const unreadable = createFirstUnreadable();
  const places = createFirstPlaces();
  const sums = { files: 0, unreadableFiles: 0, records: 0, unusable: 0, repeated: 0, serviceEvents: 0 };
  const timeOf = createCallClock();
  let span = EMPTY_SPAN;

  const takeCall = (envelope: Envelope, record: JsonObject, ms: number | undefined): void => {
    if (!isWithin(ms, request)) return;
    if (isRepeated(record, ms)) sums.repeated += 1;
    else counts.add(envelope, record, ms);
  };

  const noteTime = (ms: number | undefined): void => {
    span = widened(span, { firstMs: ms, lastMs: ms });
  };

  const takeOther = (envelope: Envelope, ms: number | undefined): void => {
    if (isServiceEvent(envelope) && isWithin(ms, request)) sums.serviceEvents += 1;
  };

  /** Whether it could be used. */
  const takeEvent = (envelope: Envelope): boolean => {
    const record = recordOf(envelope);
    const ms = timeOf((isObject(envelope.detail) ? envelope.detail.eventTime : undefined) ?? envelope.time);
    noteTime(ms);
    if (record === undefined) takeOther(envelope, ms);
    else if (isNamed(record)) takeCall(envelope, record, ms);
    else return false;
    return true;
  };

  const takeItem = (item: InputItem, faults: FileFaults): void => {
    if (item.kind === 'error' && item.line === undefined) {
      faults.ofFile ??= item.error;
      return;
    }
    sums.records += 1;
    if (item.kind === 'event' && takeEvent(item.envelope)) return;
    sums.unusable += 1;
    faults.first ??= item.kind === 'error' ? item : faultAt(item, NAMELESS);
  };

  const readItems = async (file: string, { passOver }: Others, stop: AbortSignal | undefined): Promise<FileFaults> => {
    const faults: FileFaults = { ofFile: undefined, first: undefined };
    for await (const items of readFileBlocks(file, { passOver, ...(stop ? { stop } : {}) })) {
      for (const item of items) takeItem(item, faults);
    }
    return faults;
  };

  const noteOthers = (others: Others): void => {
    sums.records += others.count();
    const last = others.last();
    if (isObject(last)) noteTime(timeOf(last.eventTime));
  };

  /** Returns why the file cannot be used, or not to its end. */
  const read = async (file: string, at: number, stop: AbortSignal | undefined): Promise<string | undefined> => {
    const before = { ...sums };
    const others = createOthers();
    const { ofFile, first } = await readItems(file, others, stop);
    noteOthers(others);
    const unusable = sums.unusable - before.unusable;
    if (first === undefined) return ofFile;
    if (sums.records - before.records > unusable) {
      places.add({ at, text: faultsText(faultText(first), unusable) });
      return ofFile;
    }
    Object.assign(sums, before);
    return ofFile ?? lineText(first);
  };

  return {
    scanFile: async (file, at, stop) => {
      const reason = await read(file, at, stop);
      if (reason !== undefined) {
        sums.unreadableFiles += 1;
        unreadable.add({ at, file, reason });
      }
      sums.files += 1;
    },
    part: () => ({
      ...sums,
      ...span,
      ...counts.counts(),
      unreadable: unreadable.items(),
      unusablePlaces: places.items(),
    }),
  };
}
