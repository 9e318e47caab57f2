import { LONGEST_WAIT_MS } from '../slack/answer.ts';
import type { DeliveredCall, DeliveryResult, QueuedRecord } from './queued-call.ts';

const SECOND_MS = 1000;
const SHORTEST_BLOCK_MS = 5 * SECOND_MS;
/**
 * If nobody posted for so long after a block, what comes next is another trouble. It is longer than the queue's
 * visibility timeout: what a killed invocation held comes back after that.
 */
const SAME_TROUBLE_MS = 14 * 60 * SECOND_MS;
/** What waits for a webhook is tried again so soon after a block; time in which nobody tried is no trouble. */
const TRIED_WITHIN_MS = 30 * SECOND_MS;
/** A moment further ahead was written by a clock that was wrong. */
const CREDIBLE_AHEAD_MS = LONGEST_WAIT_MS + 60 * SECOND_MS;

/** A webhook that did not take what was posted: since when, and until when it is left alone. */
export interface WebhookBlock {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** Until when a webhook is left alone; `undefined` if it may be tried. */
export function blockedUntil(block: WebhookBlock | undefined, nowMs: number): number | undefined {
  if (block === undefined || block.untilMs <= nowMs || block.untilMs > nowMs + CREDIBLE_AHEAD_MS) return undefined;
  return block.untilMs;
}

/** Whether the trouble that the block speaks of may still go on: then the next post only finds out whether it does. */
export const isInTrouble = (block: WebhookBlock | undefined, nowMs: number): boolean =>
  block !== undefined && nowMs - block.untilMs < SAME_TROUBLE_MS && block.untilMs <= nowMs + CREDIBLE_AHEAD_MS;

/**
 * How long a webhook is left alone after it did not take a post: what Slack asked for, and half as long as the trouble
 * has lasted, from 5 seconds to 5 minutes. So a minute of trouble costs at most half a minute more, and days of it are
 * asked after every five minutes.
 *
 * The wait belongs to the webhook and not to the records: all that wait for it come back together, to be folded.
 */
export function nextBlock(
  before: WebhookBlock | undefined,
  { nowMs, retryAfterMs }: { readonly nowMs: number; readonly retryAfterMs: number | undefined },
): WebhookBlock {
  const isSame = before !== undefined && isInTrouble(before, nowMs);
  const lastedMs = isSame ? Math.max(0, Math.min(nowMs, before.untilMs + TRIED_WITHIN_MS) - before.sinceMs) : 0;
  const growing = Math.max(retryAfterMs === undefined ? SHORTEST_BLOCK_MS : SECOND_MS, lastedMs / 2);
  return {
    sinceMs: nowMs - lastedMs,
    untilMs: nowMs + Math.min(Math.max(retryAfterMs ?? 0, growing), LONGEST_WAIT_MS),
  };
}

/** How long to wait for Slack's answer. A post that Slack took and did not answer in time is repeated, so it is long. */
export const MOST_PATIENCE_MS = 10 * SECOND_MS;
const LEAST_PATIENCE_MS = 3 * SECOND_MS;

/**
 * How long to wait for the answer of a webhook. Not for long where it is in trouble, since others wait for whoever
 * tries. But the longer a trouble lasts, the rarer the tries, and the longer each of them: a Slack that has come back,
 * takes everything and is slow, must not be sent the same again and again.
 */
export function patienceMs(block: WebhookBlock | undefined, nowMs: number): number {
  if (block === undefined || !isInTrouble(block, nowMs)) return MOST_PATIENCE_MS;
  return Math.min(Math.max(LEAST_PATIENCE_MS, (nowMs - block.sinceMs) / 20), MOST_PATIENCE_MS);
}

const STEPS_MS = [300, 120, 60, 30, 15].map((seconds) => seconds * SECOND_MS);

/**
 * When a record is tried again that waits for something else than its webhook, such as a secret: at the next full step
 * of the clock, where the steps are about half as long as the record has waited already, from 15 seconds to 5 minutes.
 * Records that came at different times so come back together.
 */
export function nextTryMs(queuedAtMs: number | undefined, nowMs: number): number {
  const waitedMs = Math.max(0, nowMs - (queuedAtMs ?? nowMs));
  const step = STEPS_MS.find((each) => each * 2 <= waitedMs) ?? 15 * SECOND_MS;
  return nowMs + step - (nowMs % step);
}

type DeadLettered = Extract<DeliveryResult, { kind: 'dead-lettered' }>;

/** A record that can never succeed, to be sent to the dead-letter queue with its reason. */
export interface DeadLetter {
  readonly delivered: DeliveredCall;
  readonly deliveryResult: DeadLettered;
}

/** A record that goes back to the queue, and for how long it stays invisible. */
export interface Wait {
  readonly record: QueuedRecord;
  readonly waitMs: number;
}

/** What is to be done with the records of ended calls, each of which is in exactly one list. */
export interface Settlement {
  /** Reported, or reported before: the queue may forget them. */
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
  delivered: readonly DeliveredCall[],
  { nowMs, leastWaitMs = 0 }: { readonly nowMs: number; readonly leastWaitMs?: number },
): Settlement {
  const acknowledged: QueuedRecord[] = [];
  const deadLetters: DeadLetter[] = [];
  const waits: Wait[] = [];
  const outdated: QueuedRecord[] = [];

  for (const call of delivered) {
    const { deliveryResult, records, notification } = call;
    if (deliveryResult.kind === 'waiting') {
      const [record = records[0], ...repeats] = latestOfEach(records);
      const untilMs = deliveryResult.untilMs ?? nextTryMs(notification?.route.ingestedAtMs ?? record.sentAtMs, nowMs);
      waits.push({ record, waitMs: Math.max(leastWaitMs, untilMs - nowMs) });
      // One record of a call is enough to wait; the others say the same.
      acknowledged.push(...repeats);
      outdated.push(...records.filter((one) => one !== record && one.messageId === record.messageId));
    } else if (deliveryResult.kind === 'dead-lettered') {
      deadLetters.push({ delivered: call, deliveryResult });
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
