import type { Claim, Ledger } from '../../functions/ledger.ts';
import type { DayCounters } from '../../shared/day-counters.ts';
import { nextSlot } from '../../shared/post-slot.ts';

type Entry = { readonly toldAtMs: number } | { readonly busyUntilMs: number };

/** A ledger in memory that can be out of reach. */
export function memoryLedger(now: () => number) {
  const entries = new Map<string, Entry>();
  const days = new Map<string, DayCounters>();
  const slots = new Map<string, number>();
  const state = { isDown: false };
  const reach = async (): Promise<void> => {
    await Promise.resolve();
    if (state.isDown) throw new Error('the table is out of reach');
  };
  const isTold = (key: string): boolean => 'toldAtMs' in (entries.get(key) ?? {});

  const claimOne = (key: string, untilMs: number): Claim => {
    const entry = entries.get(key);
    if (entry !== undefined && 'toldAtMs' in entry) return 'told';
    if (entry !== undefined && entry.busyUntilMs >= now()) return 'busy';
    entries.set(key, { busyUntilMs: untilMs });
    return 'claimed';
  };

  const ledger: Ledger = {
    async claim(keys, untilMs) {
      if (state.isDown) return new Map(keys.map((key) => [key, 'unknown']));
      await reach();
      return new Map(keys.map((key) => [key, claimOne(key, untilMs)]));
    },
    async lookup(keys) {
      if (state.isDown) return new Map(keys.map((key) => [key, 'unknown']));
      await reach();
      return new Map(keys.map((key) => [key, isTold(key) ? 'told' : 'free']));
    },
    async markTold(keys) {
      await reach();
      for (const key of keys) entries.set(key, { toldAtMs: now() });
    },
    async release(keys) {
      await reach();
      for (const key of keys) entries.delete(key);
    },
    async reserveSlot(key, { nowMs, latestMs }) {
      await reach();
      const slot = nextSlot(slots.get(key), nowMs);
      if (slot.startMs > latestMs) return undefined;
      slots.set(key, slot.startMs);
      return slot;
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
  };
  return { ledger, state, days, isTold };
}
