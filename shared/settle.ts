import type { EndedCall, Ending } from './call-ending.ts';
import type { QueuedRecord } from './queued-record.ts';
import { nextTryMs } from './retry-wait.ts';

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

/** What is to be done with the records of ended calls, each of which is in exactly one list. */
export interface Settlement {
  /** Told, or told before: the queue may forget them. */
  readonly acknowledged: readonly QueuedRecord[];
  /** The queue may forget them once the dead-letter queue has them. */
  readonly deadLetters: readonly DeadLetter[];
  /** Stay in the queue as they are, hidden for a while. */
  readonly hidden: readonly Wait[];
  /** Sent to their queue again with a delay, after which the queue may forget the old ones. */
  readonly renewed: readonly Wait[];
  /** Handed out again since, and waiting by what came last: nothing is to be done, least of all to delete them. */
  readonly outdated: readonly QueuedRecord[];
}

/**
 * SQS may hand out a record twice, each time with another receipt handle. It is one record all the same: whoever
 * deletes it by one handle has deleted it. Only the last handle surely works, and answers may come in another order.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
 */
const latestOfEach = (records: readonly QueuedRecord[]): readonly QueuedRecord[] =>
  Array.from(
    Map.groupBy(records, ({ messageId }) => messageId).values(),
    (receipts) => receipts.toSorted((one, other) => other.receiveCount - one.receiveCount)[0],
  ).filter((latest) => latest !== undefined);

/**
 * From here on a wait renews the record instead of hiding it. A hidden record is in flight, of which a queue may have
 * about 120,000 before it hands out no more; each time it comes back uses up one of the receives that lead to the
 * dead-letter queue; and after 14 days it is gone. A record that is sent again has none of that.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
const RENEWED_FROM_MS = 60_000;
/** SQS: `DelaySeconds` is 900 at most, which no wait of ours is; visibility may be changed to 0. */
const isLong = ({ waitMs }: Wait): boolean => waitMs >= RENEWED_FROM_MS;

/** Decides what becomes of the records of calls that ended so. No wait is shorter than `leastWaitMs`. */
export function settle(
  ended: readonly EndedCall[],
  { nowMs, leastWaitMs = 0 }: { readonly nowMs: number; readonly leastWaitMs?: number },
): Settlement {
  const acknowledged: QueuedRecord[] = [];
  const deadLetters: DeadLetter[] = [];
  const waits: Wait[] = [];
  const outdated: QueuedRecord[] = [];

  for (const call of ended) {
    const { ending, records, notification } = call;
    if (ending.kind === 'waiting') {
      const [record = records[0], ...repeats] = latestOfEach(records);
      const untilMs = ending.untilMs ?? nextTryMs(notification?.route.ingestedAtMs ?? record.sentAtMs, nowMs);
      waits.push({ record, waitMs: Math.max(leastWaitMs, untilMs - nowMs) });
      // One record of a call is enough to wait; the others say the same.
      acknowledged.push(...repeats);
      outdated.push(...records.filter((one) => one !== record && one.messageId === record.messageId));
    } else if (ending.kind === 'dead-lettered') {
      deadLetters.push({ ended: call, ending });
    } else {
      acknowledged.push(...records);
    }
  }
  return {
    acknowledged,
    deadLetters,
    hidden: waits.filter((wait) => !isLong(wait)),
    renewed: waits.filter(isLong),
    outdated,
  };
}
