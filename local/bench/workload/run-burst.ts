import { createHandler } from '../../../functions/notifier/create-handler.ts';
import { benchWorld } from './bench-world.ts';
import { type BurstShape, burstCall } from './burst-calls.ts';
import { sqsEvent } from './sqs-records.ts';

export interface BurstOptions extends BurstShape {
  /** Records of one batch at most, as in the template. */
  readonly batchSize: number;
}

export interface BurstEnd {
  readonly posts: number;
  /** Calls that a log line says were told, each counted once. */
  readonly told: number;
  /** Until the last call was told, with Slack taking one message a second. */
  readonly seconds: number;
}

const TIMEOUT_MS = 120_000;

/** Lets the real notifier tell a burst that waits in the queue, on a clock that only waiting moves. */
export async function runBurst({ batchSize, ...shape }: BurstOptions): Promise<BurstEnd> {
  let posts = 0;
  const told = new Set<string>();
  const { now, telling } = benchWorld({
    onPost: () => {
      posts += 1;
    },
    onDecision: ({ eventId, result }) => {
      if (result === 'posted' || result === 'folded') told.add(eventId);
    },
  });
  const queue = { sendDeadLetter: async () => undefined, hide: async () => undefined };
  const handler = createHandler({ ...telling, queue });
  const startMs = now();

  let waiting = Array.from({ length: shape.calls }, (_, number) => number);
  while (waiting.length > 0) {
    const batch = waiting.slice(0, batchSize);
    const deadlineMs = now() + TIMEOUT_MS;
    const { batchItemFailures } = await handler(sqsEvent(batch.map((number) => burstCall(number, shape))), {
      getRemainingTimeInMillis: () => deadlineMs - now(),
    });
    // The records of a batch are numbered from 0; what failed stays in the queue.
    const failed = batchItemFailures.map(({ itemIdentifier }) => batch[Number(itemIdentifier.slice(1))] ?? 0);
    waiting = [...failed, ...waiting.slice(batchSize)];
  }
  return { posts, told: told.size, seconds: (now() - startMs) / 1000 };
}
