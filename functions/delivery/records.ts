import { MalformedEventError, parseRouteEnvelope } from '../../shared/call/api-call-event.ts';
import { classifyCall } from '../../shared/call/classify-call.ts';
import { type DayCounters, dayKey, tally, together } from '../../shared/delivery/metrics.ts';
import { inParallel } from '../../shared/delivery/parallel.ts';
import {
  type DeadLetter,
  type Decision,
  type DeliveredCall,
  type DeliveryMode,
  type DeliveryResult,
  keyOf,
  type QueuedCall,
  type QueuedRecord,
  settle,
  type Wait,
  type Waiting,
} from '../../shared/delivery/settle.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import type { DisplaySettings } from '../../shared/notification/notification.ts';
import { withoutSecrets } from '../../shared/notification/secret-shapes.ts';
import { readSignal, type SignalEvent, serviceEventIn } from '../../shared/outcome/signal-event.ts';
import { type OwnRecord, ownRecordIn } from '../../shared/outcome/signal-memory.ts';
import type { NotifyingDependencies, Queue, Telemetry, WaitingNote } from '../ports.ts';

/** What an invocation received comes back so long after it is over, should it be killed. */
const AFTER_THE_END_MS = 30_000;

/** How long a record that an invocation receives by itself stays hidden from others. */
export const hiddenForMs = (deadlineMs: number, nowMs: number): number => deadlineMs - nowMs + AFTER_THE_END_MS;

/** One of MediaConnect's own events, or a record of our own. */
export interface SignalRecord {
  readonly record: QueuedRecord;
  readonly content: OwnRecord | { readonly kind: 'event'; readonly event: SignalEvent };
}

/**
 * The calls of a batch, each once, the invalid records, what is about the signal, and those of MediaConnect's own events
 * that say nothing that anybody could want.
 */
export interface ReadRecords {
  readonly calls: readonly QueuedCall[];
  readonly rejected: readonly DeliveredCall[];
  readonly signals: readonly SignalRecord[];
  readonly dropped: readonly DeliveredCall[];
}

const parse = (body: string, settings: DisplaySettings) => {
  const matched = parseRouteEnvelope(body);
  return enrich(matched, classifyCall(matched.event.detail), settings);
};

const rejected = (record: QueuedRecord, error: unknown): DeliveredCall => ({
  records: [record],
  notification: undefined,
  deliveryResult: {
    kind: 'dead-lettered',
    reason: error instanceof MalformedEventError ? 'malformed' : 'not-renderable',
    detail: error instanceof Error ? error.message : 'unknown error',
  },
});

/** A record that there is nothing to say of. */
export const droppedRecord = (record: QueuedRecord): DeliveredCall => ({
  records: [record],
  notification: undefined,
  deliveryResult: { kind: 'dropped' },
});

/** What a record is that is no call; `undefined`: nothing that we know, `useless`: an event that nobody wants. */
function signalIn(body: string): SignalRecord['content'] | 'useless' | undefined {
  const event = serviceEventIn(body);
  if (event === undefined) return ownRecordIn(body);
  const reading = readSignal(event);
  return reading.kind === 'signal' && reading.event.body.kind !== 'unknown'
    ? { kind: 'event', event: reading.event }
    : 'useless';
}

/** A call that came again is one call with more records. */
export const joined = (known: QueuedCall | undefined, call: QueuedCall): QueuedCall =>
  known === undefined ? call : { ...known, records: [...known.records, ...call.records] };

/** Puts a call to those that are there, each under the key by which it is reported once. */
export function addCall(calls: Map<string, QueuedCall>, call: QueuedCall): void {
  const key = keyOf(call.notification);
  calls.set(key, joined(calls.get(key), call));
}

interface OpenRecords {
  readonly rejected: DeliveredCall[];
  readonly signals: SignalRecord[];
  readonly dropped: DeliveredCall[];
}

/** Asked of what is no call only, so that calls pay nothing for it. */
function takeOther(record: QueuedRecord, error: unknown, { rejected: failed, signals, dropped }: OpenRecords): void {
  const content = error instanceof MalformedEventError ? signalIn(record.body) : undefined;
  if (content === undefined) failed.push(rejected(record, error));
  else if (content === 'useless') dropped.push(droppedRecord(record));
  else signals.push({ record, content });
}

/**
 * Reads records as calls, and what is none as MediaConnect's own events or records of our own. What cannot be read costs
 * that record alone, also when the mistake is ours: it goes to the dead-letter queue with the reason instead of stopping
 * its neighbours. The same call queued twice is one call.
 */
export function readRecords(records: readonly QueuedRecord[], settings: DisplaySettings): ReadRecords {
  const calls = new Map<string, QueuedCall>();
  const others: OpenRecords = { rejected: [], signals: [], dropped: [] };

  for (const record of records) {
    try {
      addCall(calls, { notification: parse(record.body, settings), records: [record] });
    } catch (error) {
      takeOther(record, error, others);
    }
  }
  return { calls: [...calls.values()], ...others };
}

const AT_ONCE = 10;

/** SQS refuses empty attribute values. */
const orUnknown = (text: string | undefined): string => (text === undefined || text === '' ? 'unknown' : text);

/** What a record that is not a call still says about itself, for whoever looks into the dead-letter queue. */
function hintsIn(body: string): { readonly eventId: string | undefined; readonly rule: string | undefined } {
  const text = (pattern: RegExp): string | undefined => {
    const hint = pattern.exec(body)?.[1];
    return hint && withoutSecrets(hint);
  };
  return {
    eventId: text(/"eventID"\s*:\s*"([^"\\]{1,100})"/),
    rule: text(/"rule"\s*:\s*"([^"\\]{1,100})"/),
  };
}

/** Whose call it was, from the call or, where there is none, from the text of the record. */
function identify({ notification, about, records: [record] }: DeliveredCall): {
  eventId: string;
  rule: string;
} {
  const { eventId, rule } = notification
    ? { eventId: notification.eventId, rule: notification.route.rule }
    : (about ?? hintsIn(record.body));
  return { eventId: orUnknown(eventId), rule: orUnknown(rule) };
}

const LONGEST_DETAIL = 500;

/**
 * Sends records to the dead-letter queue, each body as it came. Returns those that it did not take: they must stay
 * in their own queue, because a record may leave one queue only when it is in the other.
 */
export async function sendDeadLetters(
  letters: readonly DeadLetter[],
  { queue, telemetry, nowMs }: { readonly queue: Queue; readonly telemetry: Telemetry; readonly nowMs: number },
): Promise<ReadonlySet<DeliveredCall>> {
  const refused = new Set<DeliveredCall>();
  await inParallel(letters, AT_ONCE, async ({ delivered, deliveryResult }) => {
    try {
      await queue.sendDeadLetter(delivered.records[0].body, {
        ...identify(delivered),
        reason: deliveryResult.reason,
        detail: orUnknown(deliveryResult.detail.slice(0, LONGEST_DETAIL)),
        receivedAt: new Date(nowMs).toISOString(),
      });
    } catch (error) {
      refused.add(delivered);
      telemetry.error('the dead-letter queue did not take a record', { ...identify(delivered), error });
    }
  });
  return refused;
}

function reasonOf(deliveryResult: DeliveryResult): string | undefined {
  if (deliveryResult.kind === 'waiting') return deliveryResult.reason;
  if (deliveryResult.kind === 'dead-lettered') return `${deliveryResult.reason}: ${deliveryResult.detail}`;
  return deliveryResult.kind === 'repeated' ? 'reported before' : undefined;
}

/** The decision about one call, as it is logged. */
function decisionOf(delivered: DeliveredCall): Decision {
  const { notification, about, deliveryResult } = delivered;
  return {
    ...identify(delivered),
    channel: notification?.route.channel ?? about?.channel ?? 'unknown',
    call: notification?.call,
    result: deliveryResult.kind,
    reason: reasonOf(deliveryResult),
  };
}

function measureDelays({ notification }: DeliveredCall, nowMs: number, telemetry: Telemetry): void {
  const { calledAtMs, route } = notification ?? {};
  if (calledAtMs !== undefined) telemetry.metric('CallToPostedMs', Math.max(0, nowMs - calledAtMs));
  if (route?.ingestedAtMs !== undefined) telemetry.metric('BusToPostedMs', Math.max(0, nowMs - route.ingestedAtMs));
}

function reportNotified(
  delivered: DeliveredCall,
  kind: 'posted' | 'folded',
  delivery: DeliveryMode,
  at: ReportOptions,
): void {
  const { nowMs, telemetry } = at;
  if (delivery === 'digest') {
    telemetry.metric('Digested', 1);
  } else {
    telemetry.metric(kind === 'posted' ? 'Notified' : 'Folded', 1);
    measureDelays(delivered, nowMs, telemetry);
  }
  if (delivered.notification?.call.resource === 'unrecognized') telemetry.metric('UnrecognizedOperations', 1);
}

export interface ReportOptions {
  readonly nowMs: number;
  readonly telemetry: Telemetry;
}

/** Logs how a call ended and counts it. */
function reportResult(delivered: DeliveredCall, at: ReportOptions, delivery: DeliveryMode = 'immediate'): void {
  const { deliveryResult, records } = delivered;
  const { telemetry } = at;
  telemetry.decision(decisionOf(delivered));
  if (deliveryResult.kind === 'posted' || deliveryResult.kind === 'folded')
    reportNotified(delivered, deliveryResult.kind, delivery, at);
  if (deliveryResult.kind === 'notified') telemetry.metric('SignalsNotified', 1);
  if (deliveryResult.kind === 'dead-lettered') telemetry.metric('DeadLettered', 1, { reason: deliveryResult.reason });

  const repeats = deliveryResult.kind === 'waiting' ? 0 : records.length - (deliveryResult.kind === 'repeated' ? 0 : 1);
  if (repeats > 0) telemetry.metric('RepeatsSuppressed', repeats);
}

/** Where records that name no channel are counted. */
const FALLBACK_CHANNEL = 'default';

const NOT_TAKEN: Waiting = { kind: 'waiting', reason: 'the dead-letter queue did not take it', untilMs: undefined };

/** Key of what waits for a channel in the ledger. */
export const waitingKey = (delivery: DeliveryMode, channel: string): string => `${delivery}#${channel}`;

/** Whether settling cannot change it any more. */
const isFinal = ({ kind }: DeliveryResult): boolean => kind !== 'waiting' && kind !== 'dead-lettered';

const isHandedOver = (deliveryResult: DeliveryResult): boolean =>
  deliveryResult.kind === 'waiting' && deliveryResult.isHandedOver === true;

const channelOf = ({ notification, about }: DeliveredCall): string =>
  notification?.route.channel ?? about?.channel ?? FALLBACK_CHANNEL;

const METRICS_OF_WAITING = {
  immediate: { records: 'WaitingRecords', ageMs: 'WaitingAgeMs' },
  digest: { records: 'DigestWaitingRecords', ageMs: 'DigestWaitingAgeMs' },
} as const;

export interface SettlerOptions extends Pick<NotifyingDependencies, 'queue' | 'ledger' | 'telemetry' | 'now'> {
  readonly delivery: DeliveryMode;
  /** Whether the function received the record by itself, and so must delete it by itself. */
  readonly isOurs: (record: QueuedRecord) => boolean;
  /** What is not reported stays out of sight at least so long. @default 0 */
  readonly leastWaitMs?: number;
  /** How long after its ingestion a call is due. @default 0 */
  readonly dueAfterMs?: number;
}

/** Brings the records of ended calls to their end in the queue, and keeps account of them for one invocation. */
export interface Settler {
  /** Logs at once how a call ended, unless the queue has a say in it: a crash leaves the line of what was reported. */
  report(delivered: DeliveredCall): void;
  /** Never throws: what the queue did not do comes back, and the ledger knows what was reported. */
  settle(delivered: readonly DeliveredCall[]): Promise<void>;
  /** The records of the invocation's batch that stay in the queue. */
  failures(): ReadonlySet<string>;
  /** Publishes what waits, and counts the day. Never throws. */
  finish(): Promise<void>;
}

/** A call as it waits: since when, and of what channel. */
interface WaitingCall {
  readonly channel: string;
  readonly sinceMs: number;
  readonly reason: string;
  /** Somebody else has it in hand and notes it, if it goes on waiting. */
  readonly isAnothers: boolean;
}

/** What is noted of calls that were settled together. */
interface Account {
  readonly waiting: WaitingCall[];
  /** Channels some of whose calls had waited and have ended now, with since when the oldest of them had. */
  readonly relieved: Map<string, number>;
}

const oldest = (waiting: readonly WaitingCall[]): WaitingCall | undefined =>
  waiting.reduce<WaitingCall | undefined>(
    (old, one) => (old === undefined || one.sinceMs < old.sinceMs ? one : old),
    undefined,
  );

export function createSettler(options: SettlerOptions): Settler {
  const { queue, ledger, telemetry, now, delivery, isOurs, leastWaitMs = 0, dueAfterMs = 0 } = options;
  const failures = new Set<string>();
  /** By channel. Only what is counted is kept: an invocation can report more calls than fit its memory. */
  const days = new Map<string, DayCounters>();
  const waiting: WaitingCall[] = [];

  const report = (delivered: DeliveredCall): void => reportResult(delivered, { nowMs: now(), telemetry }, delivery);

  /** Since when a call waits that has not ended. */
  function dueSince({ notification, records }: DeliveredCall): number {
    const arrivedMs = notification?.route.ingestedAtMs ?? records[0].sentAtMs ?? now();
    return Math.min(now(), arrivedMs + dueAfterMs);
  }

  function keepAccount(delivered: DeliveredCall, { waiting, relieved }: Account): void {
    const { deliveryResult, records } = delivered;
    const channel = channelOf(delivered);
    if (isHandedOver(deliveryResult)) return;
    if (!isFinal(deliveryResult)) report(delivered);
    const sinceMs = dueSince(delivered);
    if (deliveryResult.kind === 'waiting') {
      waiting.push({ channel, sinceMs, reason: deliveryResult.reason, isAnothers: deliveryResult.isAnothers === true });
      return;
    }
    // A digest's calls are due when it runs, also those that have waited for another one.
    const hasWaited =
      delivery === 'digest' || now() - sinceMs > 60_000 || records.some(({ receiveCount }) => receiveCount > 1);
    if (hasWaited) relieved.set(channel, Math.min(sinceMs, relieved.get(channel) ?? sinceMs));
  }

  /** Dead letters that were not taken wait. */
  async function bringAway(delivered: readonly DeliveredCall[]): Promise<readonly DeliveredCall[]> {
    const { deadLetters } = settle(delivered, { nowMs: now() });
    const refused = await sendDeadLetters(deadLetters, { queue, telemetry, nowMs: now() });
    return delivered.map((call) => (refused.has(call) ? { ...call, deliveryResult: NOT_TAKEN } : call));
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
      stay.length === 0 ? [] : queue.changeVisibility(stay),
    ]);
    if (kept.length > 0) telemetry.error('the queue kept records that are done with', { records: kept.length });
    if (seen.length > 0) telemetry.error('records could not be hidden', { records: seen.length });
  }

  async function settleAll(delivered: readonly DeliveredCall[]): Promise<void> {
    const final = await bringAway(delivered);
    const { acknowledged, deadLetters, hidden, renewed, outdated } = settle(final, { nowMs: now(), leastWaitMs });
    stayInBatch(outdated);
    const notRenewed = new Set(renewed.length === 0 ? [] : await queue.resend(renewed));
    const isRenewed = (wait: Wait): boolean => !notRenewed.has(wait);
    await tidyQueue(
      [
        ...acknowledged,
        ...deadLetters.flatMap(({ delivered: { records } }) => records),
        ...renewed.filter(isRenewed).map(({ record }) => record),
      ],
      [...hidden, ...notRenewed],
    );
    const account: Account = { waiting: [], relieved: new Map() };
    for (const call of final) keepAccount(call, account);
    waiting.push(...account.waiting);
    for (const [channel, there] of Map.groupBy(final, channelOf)) {
      const counters = tally(there, now(), delivery);
      if (counters !== undefined) days.set(channel, together(days.get(channel), counters));
    }
    const left = account.waiting.filter(({ isAnothers }) => !isAnothers);
    const channels = new Set([...left.map(({ channel }) => channel), ...account.relieved.keys()]);
    await Promise.all(Array.from(channels, (channel) => noteWaiting(channel, left, account.relieved)));
  }

  /** Notes at once what waits, or does not any more: by the end of a long invocation somebody else may know better. */
  async function noteWaiting(channel: string, left: Account['waiting'], relieved: Account['relieved']): Promise<void> {
    const there = left.filter((one) => one.channel === channel);
    const longest = oldest(there);
    const note: WaitingNote | undefined = longest && {
      records: there.length,
      sinceMs: longest.sinceMs,
      reason: longest.reason,
      notedAtMs: now(),
    };
    try {
      // Whoever reports a digest has emptied the queue, so nothing older is left.
      const endedSinceMs = delivery === 'digest' && relieved.has(channel) ? 0 : relieved.get(channel);
      await ledger.noteWaiting(waitingKey(delivery, channel), note, endedSinceMs);
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
    report: (delivered) => {
      if (isFinal(delivered.deliveryResult)) report(delivered);
    },
    async settle(delivered) {
      if (delivered.length > 0) await settleAll(delivered);
    },
    failures: () => failures,
    async finish() {
      const { records, ageMs } = METRICS_OF_WAITING[delivery];
      telemetry.metric(records, waiting.length);
      telemetry.metric(ageMs, now() - (oldest(waiting)?.sinceMs ?? now()));
      await Promise.all(Array.from(days, ([channel, counters]) => countDay(channel, counters)));
    },
  };
}
