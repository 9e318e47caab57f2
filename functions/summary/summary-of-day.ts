import { type DayCounters, dayBefore } from '../../shared/day-counters.ts';
import type { DailySummary, WaitingCalls } from '../../shared/slack/render-summary.ts';

/** The counters whose names start so, without that start. */
const within = (counts: DayCounters['counts'], start: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(counts)
      .filter(([name]) => name.startsWith(start))
      .map(([name, count]) => [name.slice(start.length), count]),
  );

/** What the summary of a channel says. No counters: nothing happened. */
export function summaryOfDay(
  channel: string,
  counters: DayCounters | undefined,
  { nowMs, waiting }: { readonly nowMs: number; readonly waiting: WaitingCalls },
): DailySummary {
  const counts = counters?.counts ?? {};
  return {
    channel,
    ...dayBefore(nowMs),
    told: counts.told ?? 0,
    folded: counts.folded ?? 0,
    digested: counts.digested ?? 0,
    deadLettered: counts.deadLettered ?? 0,
    byAccess: within(counts, 'access#'),
    byResource: within(counts, 'resource#'),
    byOutcome: within(counts, 'outcome#'),
    slowestDeliveryMs: counters?.slowestDeliveryMs,
    waiting,
  };
}
