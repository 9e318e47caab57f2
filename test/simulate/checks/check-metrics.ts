import type { MetricName } from '../../../shared/delivery/metrics.ts';
import type { Evidence, Ticket } from '../evidence.ts';
import type { Violate } from '../promises.ts';
import type { Scheduler } from '../scheduler.ts';
import { MINUTE_MS, type Setback, type Setbacks } from './setbacks.ts';

export interface MetricsOptions {
  readonly scheduler: Scheduler;
  readonly violate: Violate;
  readonly evidence: () => Evidence;
  readonly setbacks: Setbacks;
  readonly placeOf: (ticket: Ticket) => number;
  /** From one digest to the next. */
  readonly digestMs: number;
}

/** A wait that must ring, */
const LONG_MS = 10 * MINUTE_MS;
/** and until when: what waits is tried every five minutes. Clocks differ, too. */
const NOTICED_MS = 6 * MINUTE_MS;
const CLOCKS_DIFFER_MS = 5000;
const DIGEST_RUN_MS = 6 * MINUTE_MS;

type WaitingMetric = Extract<MetricName, 'WaitingAgeMs' | 'DigestWaitingAgeMs'>;
const isOfWaiting = (name: MetricName): name is WaitingMetric =>
  name === 'WaitingAgeMs' || name === 'DigestWaitingAgeMs';

/** That a call which waits for long shows in the metrics that the alarms look at, whatever it waits for. */
export function createMetricsCheck({ scheduler, violate, evidence, setbacks, placeOf, digestMs }: MetricsOptions) {
  const { nowMs } = scheduler;
  const rangMs: Record<WaitingMetric, number> = { WaitingAgeMs: 0, DigestWaitingAgeMs: 0 };

  const noticedMs = ({ isImmediate }: Ticket): number => NOTICED_MS + (isImmediate ? 0 : digestMs + DIGEST_RUN_MS);

  /** What nobody can have seen since: a killed process held it, or the queues were out of reach. */
  function unseenUntilMs(ticket: Ticket): number {
    const isUnseen = ({ kind }: Setback): boolean => kind === 'kill';
    const all = [...setbacks.of(placeOf(ticket)), ...ticket.setbacks].filter(isUnseen);
    return Math.max(0, ...all.map(({ untilMs }) => untilMs)) + noticedMs(ticket);
  }

  const longMsOf = ({ isImmediate, queuedMs }: Ticket): number => queuedMs + LONG_MS + (isImmediate ? 0 : digestMs);

  function look(ticket: Ticket): void {
    if (!evidence().open().has(ticket) || evidence().isPerhapsNotified(ticket)) return;
    const longMs = longMsOf(ticket);
    const seenMs = Math.max(longMs + noticedMs(ticket), unseenUntilMs(ticket));
    if (seenMs > nowMs()) {
      scheduler.at(seenMs + 1, () => look(ticket));
      return;
    }
    const name = ticket.isImmediate ? 'WaitingAgeMs' : 'DigestWaitingAgeMs';
    if (rangMs[name] >= longMs - CLOCKS_DIFFER_MS) return;
    const minutes = Math.round((nowMs() - ticket.queuedMs) / MINUTE_MS);
    violate(
      'a long wait rings',
      `${name} says nothing of ${evidence().labelOf(ticket)}, which waits for ${minutes} min`,
    );
  }

  return {
    queued(ticket: Ticket): void {
      scheduler.at(longMsOf(ticket) + noticedMs(ticket) + 1, () => look(ticket));
    },

    published(name: MetricName, value: number): void {
      if (isOfWaiting(name) && value >= LONG_MS - CLOCKS_DIFFER_MS) rangMs[name] = nowMs();
    },
  };
}
