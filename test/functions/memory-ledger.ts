import type {
  Claim,
  Claimer,
  Ledger,
  Reservation,
  SignalItem,
  SlotRequest,
  WaitingNote,
} from '../../functions/ports.ts';
import { laterOf, type Memory } from '../../shared/delivery/memory.ts';
import type { DayCounters } from '../../shared/delivery/metrics.ts';
import { memoryOf, NOTHING_REMEMBERED } from '../../shared/outcome/signal-memory.ts';
import { blockedUntil, nextSlot, type WebhookBlock } from '../../shared/slack/webhook.ts';

type Entry = { readonly notifiedAtMs: number } | Claimer;

interface WebhookItem {
  slotMs?: number | undefined;
  turn?: Claimer | undefined;
  block?: WebhookBlock | undefined;
}

const isTaken = (held: Claimer | undefined, wanted: Claimer | undefined, nowMs: number): boolean =>
  held !== undefined && wanted !== undefined && held.owner !== wanted.owner && held.untilMs > nowMs;

/** A ledger in memory that can be out of reach. */
export function memoryLedger(now: () => number) {
  const entries = new Map<string, Entry>();
  const days = new Map<string, DayCounters>();
  const webhooks = new Map<string, WebhookItem>();
  const notified = new Map<string, Memory>();
  const signals = new Map<string, SignalItem>();
  const waiting = new Map<string, WaitingNote>();
  const state = { isDown: false };
  const reach = async (): Promise<void> => {
    await Promise.resolve();
    if (state.isDown) throw new Error('the table is out of reach');
  };
  const isNotified = (key: string): boolean => 'notifiedAtMs' in (entries.get(key) ?? {});
  const webhookAt = (key: string): WebhookItem => {
    const item = webhooks.get(key) ?? {};
    webhooks.set(key, item);
    return item;
  };

  const claimOne = (key: string, claimer: Claimer): Claim => {
    const entry = entries.get(key);
    if (entry !== undefined && 'notifiedAtMs' in entry) return 'notified';
    if (entry !== undefined && entry.untilMs >= now() && entry.owner !== claimer.owner) return 'busy';
    entries.set(key, claimer);
    return 'claimed';
  };

  function reserve(item: WebhookItem, { nowMs, latestMs, turn }: SlotRequest): Reservation {
    const { block } = item;
    if (block !== undefined && blockedUntil(block, nowMs) !== undefined) return { kind: 'blocked', block };
    if (isTaken(item.turn, turn, nowMs)) return { kind: 'taken', nextPostMs: item.slotMs ?? nowMs, block };
    const slot = nextSlot(item.slotMs, nowMs);
    if (slot.startMs > latestMs) return { kind: 'too-late' };
    item.slotMs = slot.startMs;
    if (turn !== undefined) item.turn = turn;
    return { kind: 'granted', slot, block };
  }

  const ledger: Ledger = {
    async claim(keys, claimer) {
      await Promise.resolve();
      if (state.isDown) return new Map(keys.map((key) => [key, 'unknown']));
      return new Map(keys.map((key) => [key, claimOne(key, claimer)]));
    },
    async markNotified(keys, said) {
      await reach();
      for (const [key, memory] of said ?? []) notified.set(key, memory);
      for (const key of keys) entries.set(key, { notifiedAtMs: now() });
    },
    async release(keys, owner) {
      await reach();
      for (const key of keys) {
        const entry = entries.get(key);
        if (entry !== undefined && 'owner' in entry && entry.owner === owner) entries.delete(key);
      }
    },
    async reserveSlot(key, request) {
      await reach();
      return reserve(webhookAt(key), request);
    },
    async moveSlot(key, slot, startMs) {
      await reach();
      const item = webhookAt(key);
      if (item.slotMs !== slot.startMs) return false;
      item.slotMs = startMs;
      return true;
    },
    async isTurnTaken(key, nowMs) {
      await reach();
      const { turn, slotMs = 0 } = webhookAt(key);
      return (turn?.untilMs ?? 0) > nowMs && slotMs > nowMs - 12_000;
    },
    async endTurn(key, owner, unused) {
      await reach();
      const item = webhookAt(key);
      if (item.turn?.owner !== owner) return;
      item.turn = undefined;
      if (unused !== undefined && item.slotMs === unused.startMs) item.slotMs = unused.previousMs;
    },
    async setBlock(key, block) {
      await reach();
      webhookAt(key).block = block;
    },
    async recall(keys) {
      await reach();
      return new Map(keys.flatMap((key) => (notified.has(key) ? [[key, notified.get(key) ?? {}] as const] : [])));
    },
    async remember(latest) {
      await reach();
      for (const [key, calls] of latest) notified.set(key, laterOf(notified.get(key), calls));
    },
    async readSignals(rootArn) {
      await reach();
      return signals.get(rootArn) ?? { memory: NOTHING_REMEMBERED, unsent: [], version: 0 };
    },
    async writeSignals(rootArn, item) {
      await reach();
      const before = signals.get(rootArn);
      if (before !== undefined && before.version !== item.version - 1) return before;
      // As out of the table.
      signals.set(rootArn, { ...item, memory: memoryOf(JSON.parse(JSON.stringify(item.memory))) });
      return undefined;
    },
    async count(dayKey, { counts, slowestDeliveryMs }) {
      await reach();
      const before = days.get(dayKey);
      const sums: Record<string, number> = { ...before?.counts };
      for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
      const slowest = Math.max(before?.slowestDeliveryMs ?? -1, slowestDeliveryMs ?? -1);
      days.set(dayKey, { counts: sums, slowestDeliveryMs: slowest < 0 ? undefined : slowest });
    },
    async readDay(dayKey) {
      await reach();
      return days.get(dayKey);
    },
    async noteWaiting(key, note, endedSinceMs = Number.MAX_SAFE_INTEGER) {
      await reach();
      const before = waiting.get(key);
      const sinceMs = Math.min(note?.sinceMs ?? endedSinceMs, endedSinceMs);
      if (before !== undefined && before.sinceMs < sinceMs && before.notedAtMs >= now() - 20 * 60_000) return;
      if (note === undefined) waiting.delete(key);
      else waiting.set(key, note);
    },
    async readWaiting(key) {
      await reach();
      return waiting.get(key);
    },
  };
  return { ledger, state, days, waiting, webhooks, signals, isNotified };
}
