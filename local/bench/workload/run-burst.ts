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
  readonly invocations: number;
  /** Until the last call was told, with Slack taking one message a second. */
  readonly seconds: number;
}

const TIMEOUT_MS = 120_000;

/** Lets the real notifier tell a burst that waits in the queue, on a clock that only waiting moves. */
export async function runBurst({ batchSize, ...shape }: BurstOptions): Promise<BurstEnd> {
  let posts = 0;
  let given = 0;
  let invocations = 0;
  let lastToldMs = 0;
  const told = new Set<string>();
  const take = (most: number): readonly string[] => {
    const from = given;
    given = Math.min(shape.calls, given + most);
    return Array.from({ length: given - from }, (_, index) => burstCall(from + index, shape));
  };
  const { now, telling, invocation } = benchWorld({
    take,
    onPost: () => {
      posts += 1;
    },
    onDecision: ({ eventId, result }, atMs) => {
      if (result !== 'posted' && result !== 'folded') return;
      told.add(eventId);
      lastToldMs = atMs;
    },
  });
  const handler = createHandler(telling);
  const startMs = now();

  while (given < shape.calls) {
    invocations += 1;
    // Nothing is given back while Slack takes all: a call that came back would be missing in `told`.
    await handler(sqsEvent(take(batchSize)), invocation(TIMEOUT_MS));
  }
  return { posts, told: told.size, invocations, seconds: (lastToldMs - startMs) / 1000 };
}
