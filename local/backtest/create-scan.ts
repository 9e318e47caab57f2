import { CLOUDTRAIL_EVENT_SOURCE, DETAIL_TYPE } from '../../shared/api-call-event.ts';
import type { Envelope, InputItem } from '../input/input-item.ts';
import { readFileBlocks } from '../input/read-events.ts';
import { createCallClock } from './call-clock.ts';
import { createFirstUnreadable } from './first-listed.ts';
import { createScanCounts } from './scan-counts.ts';
import type { ScanPart, ScanRequest, SecondsPage } from './scan-part.ts';
import { createSeenCalls } from './seen-calls.ts';
import { EMPTY_SPAN, widened } from './span.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const SOURCE = Buffer.from(CLOUDTRAIL_EVENT_SOURCE);

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
function recordOf({ 'detail-type': type, detail }: Envelope): Json | undefined {
  return type === DETAIL_TYPE && isObject(detail) && detail.eventSource === CLOUDTRAIL_EVENT_SOURCE
    ? detail
    : undefined;
}

/** Without a name nobody could say what was called; the notifier puts such an event aside as malformed. */
const isNamed = ({ eventName }: Json): boolean => typeof eventName === 'string' && eventName !== '';

const isWithin = (ms: number | undefined, { sinceMs, untilMs }: ScanRequest): boolean =>
  ms === undefined || ((sinceMs === undefined || ms >= sinceMs) && (untilMs === undefined || ms < untilMs));

type Others = ReturnType<typeof createOthers>;

/** What is wrong with a file as a whole, and the first thing that is wrong in it. */
interface FileFaults {
  readonly ofFile: string | undefined;
  readonly first: string | undefined;
}

const firstFaultOf = (items: readonly InputItem[]): string | undefined => {
  const first = items.find((item) => item.kind === 'error');
  return first && `${first.error}${first.line === undefined ? '' : ` (line ${first.line})`}`;
};

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
  const sums = { files: 0, unreadableFiles: 0, records: 0, unusable: 0, repeated: 0 };
  const timeOf = createCallClock();
  let span = EMPTY_SPAN;

  const takeCall = (envelope: Envelope, record: Json, ms: number | undefined): void => {
    if (!isWithin(ms, request)) return;
    if (isRepeated(record, ms)) sums.repeated += 1;
    else counts.add(envelope, record, ms);
  };

  const noteTime = (ms: number | undefined): void => {
    span = widened(span, { firstMs: ms, lastMs: ms });
  };

  const takeEvent = (envelope: Envelope): void => {
    const record = recordOf(envelope);
    const ms = timeOf((isObject(envelope.detail) ? envelope.detail.eventTime : undefined) ?? envelope.time);
    noteTime(ms);
    if (record === undefined) return;
    if (isNamed(record)) takeCall(envelope, record, ms);
    else sums.unusable += 1;
  };

  /** Gives back what is wrong with the file, if it is. */
  const takeItem = (item: InputItem): string | undefined => {
    if (item.kind === 'error' && item.line === undefined) return item.error;
    sums.records += 1;
    if (item.kind === 'event') takeEvent(item.envelope);
    else sums.unusable += 1;
    return undefined;
  };

  const readItems = async (file: string, { passOver }: Others, stop: AbortSignal | undefined): Promise<FileFaults> => {
    let ofFile: string | undefined;
    let first: string | undefined;
    for await (const items of readFileBlocks(file, { passOver, ...(stop ? { stop } : {}) })) {
      for (const item of items) ofFile ??= takeItem(item);
      first ??= firstFaultOf(items);
    }
    return { ofFile, first };
  };

  const noteOthers = (others: Others): void => {
    sums.records += others.count();
    const last = others.last();
    if (isObject(last)) noteTime(timeOf(last.eventTime));
  };

  /** Gives back why the file cannot be used, or not to its end. */
  const read = async (file: string, stop: AbortSignal | undefined): Promise<string | undefined> => {
    const before = { ...sums };
    const others = createOthers();
    const { ofFile, first } = await readItems(file, others, stop);
    noteOthers(others);
    const records = sums.records - before.records;
    const hasNone = records === sums.unusable - before.unusable;
    if (hasNone) Object.assign(sums, before);
    return ofFile ?? (hasNone && records > 0 ? (first ?? 'holds no calls that have a name') : undefined);
  };

  return {
    scanFile: async (file, at, stop) => {
      const reason = await read(file, stop);
      if (reason !== undefined) {
        sums.unreadableFiles += 1;
        unreadable.add({ at, file, reason });
      }
      sums.files += 1;
    },
    part: () => ({ ...sums, ...span, ...counts.counts(), unreadable: unreadable.items() }),
  };
}
