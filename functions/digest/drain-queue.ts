import type { EndedCall } from '../../shared/call-ending.ts';
import type { DisplaySettings } from '../../shared/display-settings.ts';
import { keyOf, type QueuedCall } from '../../shared/queued-call.ts';
import type { QueuedRecord } from '../../shared/queued-record.ts';
import { readRecords } from '../delivery/read-records.ts';
import type { DrainableQueue } from '../queue.ts';

export interface DrainOptions {
  readonly queue: Pick<DrainableQueue, 'receive'>;
  readonly settings: DisplaySettings;
  readonly now: () => number;
  /** Nothing is received after that. */
  readonly untilMs: number;
  /** At most so many records, because they are held in memory until they are told. */
  readonly limit: number;
}

/** What a queue held. */
export interface Drained {
  readonly calls: readonly QueuedCall[];
  readonly unreadable: readonly EndedCall[];
  /** Whether the queue was seen empty; else the time or the limit was reached first. */
  readonly isEmpty: boolean;
  /** What broke receiving off. What was received before is here all the same, to be told and not to lie hidden. */
  readonly error: unknown;
}

const RECEIVERS = 10;
/** A receive waits for a second and answers with up to ten records. */
const PAGE = 10;

/** The text of a call that was read is not needed again: a digest's calls are never dead-lettered. */
const withoutBody = (record: QueuedRecord): QueuedRecord => ({ ...record, body: '' });

/** Receives all there is, several pages at a time, and reads it as calls, each once. */
export async function drainQueue({ queue, settings, now, untilMs, limit }: DrainOptions): Promise<Drained> {
  const calls = new Map<string, QueuedCall>();
  const unreadable: EndedCall[] = [];
  let received = 0;
  let isEmpty = false;
  let error: unknown;

  const keep = ({ notification, records: [first, ...more] }: QueuedCall): void => {
    const key = keyOf(notification);
    const records = [first, ...more].map(withoutBody) as [QueuedRecord, ...QueuedRecord[]];
    const known = calls.get(key);
    calls.set(key, known ? { ...known, records: [...known.records, ...records] } : { notification, records });
  };

  const goesOn = (): boolean =>
    !isEmpty && error === undefined && received + RECEIVERS * PAGE <= limit && now() < untilMs;

  const receive = async (): Promise<void> => {
    while (goesOn()) {
      const page = await queue.receive();
      if (page.length === 0) isEmpty = true;
      received += page.length;
      const read = readRecords(page, settings);
      for (const call of read.calls) keep(call);
      unreadable.push(...read.unreadable);
    }
  };

  const receiveSafely = (): Promise<void> =>
    receive().catch((thrown: unknown) => {
      error ??= thrown;
    });
  await Promise.all(Array.from({ length: RECEIVERS }, receiveSafely));
  return { calls: [...calls.values()], unreadable, isEmpty, error };
}
