import { classifyCall } from '../../shared/call/classify-call.ts';
import { MalformedEventError, parseRouteEnvelope } from '../../shared/call/route-envelope.ts';
import {
  type DeliveredCall,
  type DeliveryResult,
  keyOf,
  type QueuedCall,
  type QueuedRecord,
} from '../../shared/delivery/settle.ts';
import { enrich } from '../../shared/notification/enrich.ts';
import type { Notification } from '../../shared/notification/notification.ts';
import type { DisplaySettings } from '../../shared/notification/settings.ts';
import { type OwnRecord, ownRecordIn } from '../../shared/outcome/own-record.ts';
import { readSignal, type SignalEvent, serviceEventIn } from '../../shared/outcome/signal-event.ts';
import type { Claim, Claimer, PostingDependencies } from '../ports.ts';

/** The clocks of two processes differ by less. */
const CLOCKS_DIFFER_MS = 10_000;
/** What an invocation received comes back so long after it is over, should it be killed. */
const AFTER_THE_END_MS = 30_000;

/** Until when a claim holds that lasts as long as the invocation: a little longer, since clocks differ. */
export const claimedUntil = (deadlineMs: number): number => deadlineMs + CLOCKS_DIFFER_MS;

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

/** Whoever else claimed a call reports it within seconds; or is gone, and then the claim ends within a minute. */
const BUSY_FOR_MS = 15_000;

/** How a claim ends the call for this invocation; not at all where it may be reported: rather twice than swallowed. */
export function resultOf(claim: Claim, nowMs: number): DeliveryResult | undefined {
  if (claim === 'notified') return { kind: 'repeated' };
  if (claim !== 'busy') return undefined;
  return {
    kind: 'waiting',
    reason: 'another invocation is reporting it',
    untilMs: nowMs + BUSY_FOR_MS,
    isAnothers: true,
  };
}

export interface ClaimsOptions extends Pick<PostingDependencies, 'ledger' | 'telemetry' | 'now'> {
  readonly owner: string;
  /** Called with each call that is somebody else's, or was reported before. */
  readonly end: (notification: Notification, deliveryResult: DeliveryResult) => void;
}

/** The claims that one owner holds on calls while it reports them. */
export interface Claims {
  /**
   * Claims calls, and returns those that may be reported here; the others end. Also where the ledger did not answer, a
   * call may be reported, and the claim may stand. Never throws.
   */
  claim(notifications: readonly Notification[], untilMs: number): Promise<readonly Notification[]>;
  /** The call was reported, which the ledger remembers by itself: its claim is not given back. */
  settle(notification: Notification): void;
  /** Gives claims back that led to nothing, so that the next try need not wait for their end. Never throws. */
  release(): Promise<void>;
}

export function createClaims({ owner, ledger, telemetry, now, end }: ClaimsOptions): Claims {
  const held = new Set<string>();

  async function ask(notifications: readonly Notification[], claimer: Claimer): Promise<ReadonlyMap<string, Claim>> {
    const claims = await ledger.claim(notifications.map(keyOf), claimer);
    const unknown = notifications.filter((one) => (claims.get(keyOf(one)) ?? 'unknown') === 'unknown').length;
    if (unknown > 0) {
      telemetry.metric('LedgerUnavailable', unknown);
      telemetry.warn('the ledger cannot be asked, so calls may be reported twice', { calls: unknown });
    }
    return claims;
  }

  return {
    async claim(notifications, untilMs) {
      if (notifications.length === 0) return [];
      const claims = await ask(notifications, { owner, untilMs });
      const claimed: Notification[] = [];
      for (const one of notifications) {
        const deliveryResult = resultOf(claims.get(keyOf(one)) ?? 'unknown', now());
        if (deliveryResult !== undefined) end(one, deliveryResult);
        else claimed.push(one);
      }
      for (const one of claimed) held.add(keyOf(one));
      return claimed;
    },
    settle: (notification) => {
      held.delete(keyOf(notification));
    },
    async release() {
      if (held.size === 0) return;
      const keys = [...held];
      held.clear();
      try {
        await ledger.release(keys, owner);
      } catch (error) {
        telemetry.warn('claims were not given back', { calls: keys.length, error });
      }
    },
  };
}
