import type { QueueStore } from './aws/queue-store.ts';
import type { OutcomeBook } from './outcomes/outcome-book.ts';

export interface SettleOptions {
  readonly book: Pick<OutcomeBook, 'open' | 'whenNoneIsOpen'>;
  readonly queues: Pick<QueueStore, 'counts' | 'nextVisibleAtMs'>;
  readonly digestQueueArns: readonly string[];
  readonly runDigest: () => Promise<void>;
  readonly nowMs: () => number;
}

/**
 * Waits until a digest run can do something: records of its queues are visible. Where all of them are gone, what is
 * open is being logged just now, and there is nothing to wait for but that.
 */
function untilDigestIsDue({ queues, digestQueueArns, nowMs }: SettleOptions): Promise<void> {
  if (digestQueueArns.some((arn) => queues.counts(arn).waiting > 0)) return Promise.resolve();
  const nextMs = digestQueueArns.flatMap((arn) => queues.nextVisibleAtMs(arn) ?? []);
  if (nextMs.length === 0) return new Promise(() => undefined);
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(1, Math.min(...nextMs) - nowMs()));
  });
}

/** Resolves when every event has its outcome; what gathers for a digest is told when all else is. */
export async function settle(options: SettleOptions): Promise<void> {
  const { book, runDigest } = options;
  while (book.open() > 0) {
    await book.whenNoneIsOpen('immediate');
    if (book.open('digest') > 0) {
      await Promise.race([book.whenNoneIsOpen('digest'), untilDigestIsDue(options)]);
      if (book.open('digest') > 0) await runDigest();
    }
  }
}
