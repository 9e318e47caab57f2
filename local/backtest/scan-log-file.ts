import { CLOUDTRAIL_EVENT_SOURCE, DETAIL_TYPE } from '../../shared/api-call-event.ts';
import { envelopeOfValue } from '../input/envelope-of-value.ts';
import { InputError } from '../input/input-error.ts';
import type { Envelope } from '../input/input-item.ts';
import { readEventFile } from '../input/read-events.ts';
import { createCallNames } from './call-names.ts';
import type { FileScan, ScanRequest } from './file-scan.ts';
import { createMatchRules } from './match-rules.ts';
import { isReadAtOnce, readLogValues } from './read-log-values.ts';
import { createScanCounts } from './scan-counts.ts';

type Json = Readonly<Record<string, unknown>>;
export type ScanLogFile = (file: string) => Promise<FileScan>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

function timeOf(value: unknown): number | undefined {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** Most records of an account are other services'; nothing more is asked of those. */
const isOtherService = (value: unknown): boolean =>
  isObject(value) && typeof value.eventSource === 'string' && value.eventSource !== CLOUDTRAIL_EVENT_SOURCE;

const isCall = ({ 'detail-type': type, detail }: Envelope): boolean =>
  type === DETAIL_TYPE && isObject(detail) && detail.eventSource === CLOUDTRAIL_EVENT_SOURCE;

const isWithin = (ms: number | undefined, { sinceMs, untilMs }: ScanRequest): boolean =>
  ms === undefined || ((sinceMs === undefined || ms >= sinceMs) && (untilMs === undefined || ms < untilMs));

const NOTHING = { firstMs: undefined, lastMs: undefined, groups: [], principals: [], operations: [], flows: [] };

const unreadableScan = (file: string, error: InputError): FileScan => ({
  ...NOTHING,
  file,
  unreadable: error.message.replace(`${file}: `, ''),
  records: 0,
  unusable: 0,
  dropped: 0,
  droppedCalls: [],
});

type Ends = readonly [first: unknown, last: unknown];

function takeAtOnce(file: string, sums: { records: number }, take: (value: unknown) => void): Ends {
  const { values, others, ends } = readLogValues(file);
  values.forEach(take);
  sums.records += others;
  return ends;
}

/** For a file that is too large to be read at once. */
async function takeInPieces(file: string, take: (value: unknown) => void): Promise<Ends> {
  let first: unknown;
  let last: unknown;
  for await (const item of readEventFile(file)) {
    last = item.kind === 'event' ? item.envelope : undefined;
    first ??= last;
    take(last);
  }
  return [first, last];
}

const timeOfValue = (value: unknown): number | undefined =>
  isObject(value) ? timeOf(value.eventTime ?? value.time) : undefined;

/** Makes the function that reads one log file and counts its calls; what it learns of names and rules it keeps. */
export function createScanLogFile(request: ScanRequest): ScanLogFile {
  const matchRules = createMatchRules(request.ruleSets);
  const names = createCallNames();

  const scan = async (file: string): Promise<FileScan> => {
    const scanned = createScanCounts(request, matchRules, names);
    const sums = { records: 0, unusable: 0 };
    const take = (value: unknown): void => {
      sums.records += 1;
      if (isOtherService(value)) return;
      const envelope = envelopeOfValue(value);
      if (envelope === undefined) sums.unusable += 1;
      else if (isCall(envelope)) takeCall(envelope);
    };
    const takeCall = (envelope: Envelope): void => {
      const record = envelope.detail as Json;
      const ms = timeOf(record.eventTime ?? envelope.time);
      if (isWithin(ms, request)) scanned.add(envelope, record, ms);
    };

    const ends = isReadAtOnce(file) ? takeAtOnce(file, sums, take) : await takeInPieces(file, take);
    const { records, unusable } = sums;
    if (unusable === records && records > 0) throw new InputError(`${file}: holds no CloudTrail records`);
    const [firstMs, lastMs] = ends.map(timeOfValue);
    return { file, unreadable: undefined, records, unusable, firstMs, lastMs, ...scanned.counts() };
  };

  return (file) =>
    scan(file).catch((error: unknown) => {
      if (error instanceof InputError) return unreadableScan(file, error);
      throw error;
    });
}
