import type { EndedCall, Ending } from './call-ending.ts';
import type { QueuedRecord } from './queued-record.ts';
import { retryWaitMs } from './retry-wait.ts';

type DeadLettered = Extract<Ending, { kind: 'dead-lettered' }>;

/** A record that can never succeed, to be sent to the dead-letter queue with its reason. */
export interface DeadLetter {
  readonly ended: EndedCall;
  readonly ending: DeadLettered;
}

/** A record that goes back to the queue, and for how long it stays invisible. */
export interface Wait {
  readonly record: QueuedRecord;
  readonly waitMs: number;
}

/** What is to be done with the records of a batch, each of which is in exactly one list. */
export interface Settlement {
  /** Told, or told before: the queue may forget them. */
  readonly acknowledged: readonly QueuedRecord[];
  /** The queue may forget them once the dead-letter queue has them. */
  readonly deadLetters: readonly DeadLetter[];
  readonly waits: readonly Wait[];
}

/** Decides what becomes of the records of calls that ended so. `random` is one draw in [0, 1) for the whole batch. */
export function settle(
  ended: readonly EndedCall[],
  at: { readonly nowMs: number; readonly random: number },
): Settlement {
  const acknowledged: QueuedRecord[] = [];
  const deadLetters: DeadLetter[] = [];
  const waits: Wait[] = [];

  for (const call of ended) {
    const { ending, records } = call;
    if (ending.kind === 'waiting') {
      const { retryAfterMs } = ending;
      waits.push(
        ...records.map((record) => ({
          record,
          waitMs: retryWaitMs({ receiveCount: record.receiveCount, retryAfterMs, ...at }),
        })),
      );
    } else if (ending.kind === 'dead-lettered') {
      deadLetters.push({ ended: call, ending });
    } else {
      acknowledged.push(...records);
    }
  }
  return { acknowledged, deadLetters, waits };
}
