import { CLOUDTRAIL_EVENT_SOURCE, DETAIL_TYPE } from '../../shared/api-call-event.ts';
import { envelopeOfValue } from '../input/envelope-of-value.ts';
import { InputError } from '../input/input-error.ts';
import type { Envelope } from '../input/input-item.ts';
import { createCallClock } from './call-clock.ts';
import { createFirstUnreadable } from './first-listed.ts';
import { takeLogFile } from './read-log-file.ts';
import { createScanCounts } from './scan-counts.ts';
import type { ScanPart, ScanRequest, SecondsPage } from './scan-part.ts';
import { createSeenCalls } from './seen-calls.ts';
import { EMPTY_SPAN, widened } from './span.ts';
import { takeLargeFile } from './take-large-file.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Most records of an account are other services'; nothing more is asked of those. */
const isOtherService = (value: unknown): boolean =>
  isObject(value) && typeof value.eventSource === 'string' && value.eventSource !== CLOUDTRAIL_EVENT_SOURCE;

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

/** One thread's way through its log files. */
export interface Scan {
  /** @param at the file's place in the list of files */
  readonly scanFile: (file: string, at: number) => Promise<void>;
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

  const timeOfValue = (value: unknown): number | undefined =>
    isObject(value) ? timeOf(value.eventTime ?? value.time) : undefined;

  const takeCall = (envelope: Envelope, record: Json): void => {
    const ms = timeOf(record.eventTime ?? envelope.time);
    if (!isWithin(ms, request)) return;
    if (isRepeated(record, ms)) sums.repeated += 1;
    else counts.add(envelope, record, ms);
  };

  const take = (value: unknown): void => {
    sums.records += 1;
    if (isOtherService(value)) return;
    const envelope = envelopeOfValue(value);
    const record = envelope && recordOf(envelope);
    if (envelope === undefined || (record !== undefined && !isNamed(record))) sums.unusable += 1;
    else if (record !== undefined) takeCall(envelope, record);
  };

  const read = async (file: string): Promise<void> => {
    const before = { ...sums };
    const { others, ends } = takeLogFile(file, take) ?? (await takeLargeFile(file, take));
    sums.records += others;
    const [firstMs, lastMs] = ends.map(timeOfValue);
    span = widened(span, { firstMs, lastMs });
    const records = sums.records - before.records;
    if (records === 0 || sums.unusable - before.unusable < records) return;
    Object.assign(sums, before);
    throw new InputError(`${file}: holds no CloudTrail records`);
  };

  return {
    scanFile: async (file, at) => {
      try {
        await read(file);
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        sums.unreadableFiles += 1;
        unreadable.add({ at, file, reason: error.message.replace(`${file}: `, '') });
      }
      sums.files += 1;
    },
    part: () => ({ ...sums, ...span, ...counts.counts(), unreadable: unreadable.items() }),
  };
}
