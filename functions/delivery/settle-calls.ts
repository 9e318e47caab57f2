import type { EndedCall, Ending, Waiting } from '../../shared/call-ending.ts';
import { type DayCounters, dayKey, tally, together } from '../../shared/day-counters.ts';
import type { QueuedRecord } from '../../shared/queued-record.ts';
import { settle, type Wait } from '../../shared/settle.ts';
import type { WaitingNote } from '../ledger.ts';
import { sendDeadLetters } from './dead-letter.ts';
import type { TellingDependencies } from './dependencies.ts';
import { type Manner, reportEnding } from './report-ending.ts';

/** Where records that name no channel are counted. */
const FALLBACK_CHANNEL = 'default';

const NOT_TAKEN: Waiting = { kind: 'waiting', reason: 'the dead-letter queue did not take it', untilMs: undefined };

/** Key of what waits for a channel in the ledger. */
export const waitingKey = (manner: Manner, channel: string): string => `${manner}#${channel}`;

/** Whether settling cannot change it any more. */
const isFinal = ({ kind }: Ending): boolean => kind !== 'waiting' && kind !== 'dead-lettered';

const isHandedOver = (ending: Ending): boolean => ending.kind === 'waiting' && ending.isHandedOver === true;

const channelOf = ({ notification }: EndedCall): string => notification?.route.channel ?? FALLBACK_CHANNEL;

const METRICS_OF_WAITING = {
  immediately: { records: 'WaitingRecords', ageMs: 'WaitingAgeMs' },
  digested: { records: 'DigestWaitingRecords', ageMs: 'DigestWaitingAgeMs' },
} as const;

export interface SettlerOptions extends Pick<TellingDependencies, 'queue' | 'ledger' | 'telemetry' | 'now'> {
  readonly manner: Manner;
  /** Whether the function received the record by itself, and so must delete it by itself. */
  readonly isOurs: (record: QueuedRecord) => boolean;
  /** What is not told stays out of sight at least so long. @default 0 */
  readonly leastWaitMs?: number;
  /** How long after its ingestion a call is due. @default 0 */
  readonly dueAfterMs?: number;
}

/** Brings the records of ended calls to their end in the queue, and keeps account of them for one invocation. */
export interface Settler {
  /** Logs at once how a call ended, unless the queue has a say in it: a crash leaves the line of what was told. */
  report(ended: EndedCall): void;
  /** Never throws: what the queue did not do comes back, and the ledger knows what was told. */
  settle(ended: readonly EndedCall[]): Promise<void>;
  /** The records of the invocation's batch that stay in the queue. */
  failures(): ReadonlySet<string>;
  /** Publishes what waits, and counts the day. Never throws. */
  finish(): Promise<void>;
}

/** A call as it waits: since when, and of what channel. */
interface WaitingCall {
  readonly channel: string;
  readonly ageMs: number;
  readonly reason: string;
}

const oldest = (waiting: readonly WaitingCall[]): WaitingCall | undefined =>
  waiting.reduce<WaitingCall | undefined>(
    (old, one) => (old === undefined || one.ageMs > old.ageMs ? one : old),
    undefined,
  );

export function createSettler(options: SettlerOptions): Settler {
  const { queue, ledger, telemetry, now, manner, isOurs, leastWaitMs = 0, dueAfterMs = 0 } = options;
  const failures = new Set<string>();
  /** By channel. Only what is counted is kept: an invocation can tell more calls than fit its memory. */
  const days = new Map<string, DayCounters>();
  const waiting: WaitingCall[] = [];
  /** Channels some of whose calls had waited and are told now. */
  const relieved = new Set<string>();

  const report = (ended: EndedCall): void => reportEnding(ended, { nowMs: now(), telemetry }, manner);

  function keepAccount(ended: EndedCall): void {
    const { ending, notification, records } = ended;
    const channel = channelOf(ended);
    if (isHandedOver(ending)) return;
    if (!isFinal(ending)) report(ended);
    const ageMs = now() - (notification?.route.ingestedAtMs ?? records[0].sentAtMs ?? now());
    if (ending.kind === 'waiting') {
      waiting.push({ channel, ageMs: Math.max(0, ageMs - dueAfterMs), reason: ending.reason });
      return;
    }
    if (ageMs > 60_000 || records.some(({ receiveCount }) => receiveCount > 1)) relieved.add(channel);
  }

  /** Dead letters that were not taken wait. */
  async function bringAway(ended: readonly EndedCall[]): Promise<readonly EndedCall[]> {
    const { deadLetters } = settle(ended, { nowMs: now() });
    const refused = await sendDeadLetters(deadLetters, { queue, telemetry, nowMs: now() });
    return ended.map((call) => (refused.has(call) ? { ...call, ending: NOT_TAKEN } : call));
  }

  function stayInBatch(records: readonly QueuedRecord[]): void {
    for (const record of records) if (!isOurs(record)) failures.add(record.messageId);
  }

  /** What the queue does not do comes back by its own time: late or once more, not lost. */
  async function tidyQueue(gone: readonly QueuedRecord[], stay: readonly Wait[]): Promise<void> {
    stayInBatch(stay.map(({ record }) => record));
    const ours = gone.filter(isOurs);
    const [kept, seen] = await Promise.all([
      ours.length === 0 ? [] : queue.remove(ours),
      stay.length === 0 ? [] : queue.hide(stay),
    ]);
    if (kept.length > 0) telemetry.error('the queue kept records that are done with', { records: kept.length });
    if (seen.length > 0) telemetry.error('records could not be hidden', { records: seen.length });
  }

  async function settleAll(ended: readonly EndedCall[]): Promise<void> {
    const final = await bringAway(ended);
    const { acknowledged, deadLetters, hidden, renewed, outdated } = settle(final, { nowMs: now(), leastWaitMs });
    stayInBatch(outdated);
    const notRenewed = new Set(renewed.length === 0 ? [] : await queue.resend(renewed));
    const isRenewed = (wait: Wait): boolean => !notRenewed.has(wait);
    await tidyQueue(
      [
        ...acknowledged,
        ...deadLetters.flatMap(({ ended: { records } }) => records),
        ...renewed.filter(isRenewed).map(({ record }) => record),
      ],
      [...hidden, ...notRenewed],
    );
    final.forEach(keepAccount);
    for (const [channel, there] of Map.groupBy(final, channelOf)) {
      const counters = tally(there, now(), manner);
      if (counters !== undefined) days.set(channel, together(days.get(channel), counters));
    }
  }

  async function noteWaiting(channel: string): Promise<void> {
    const there = waiting.filter((one) => one.channel === channel);
    const longest = oldest(there);
    const note: WaitingNote | undefined = longest && {
      records: there.length,
      oldestMs: longest.ageMs,
      reason: longest.reason,
      notedAtMs: now(),
    };
    try {
      await ledger.noteWaiting(waitingKey(manner, channel), note);
    } catch (error) {
      telemetry.warn('what waits was not noted', { channel, error });
    }
  }

  /** A day that is not counted must not keep calls from being settled. */
  async function countDay(channel: string, counters: DayCounters): Promise<void> {
    try {
      await ledger.count(dayKey(now(), channel), counters);
    } catch (error) {
      telemetry.warn('the day was not counted', { channel, error });
    }
  }

  return {
    report: (ended) => {
      if (isFinal(ended.ending)) report(ended);
    },
    async settle(ended) {
      if (ended.length > 0) await settleAll(ended);
    },
    failures: () => failures,
    async finish() {
      const { records, ageMs } = METRICS_OF_WAITING[manner];
      telemetry.metric(records, waiting.length);
      telemetry.metric(ageMs, oldest(waiting)?.ageMs ?? 0);
      const channels = new Set([...waiting.map(({ channel }) => channel), ...relieved]);
      await Promise.all([
        ...Array.from(channels, noteWaiting),
        ...Array.from(days, ([channel, counters]) => countDay(channel, counters)),
      ]);
    },
  };
}
