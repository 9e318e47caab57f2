type Json = Readonly<Record<string, unknown>>;

export interface VisibilityClock {
  /** How much faster than on AWS hidden messages come back. 1 is real time. */
  readonly clockFactor: number;
  /** Received messages stay hidden at least so long: the functions that work on them run in real time. */
  readonly leastHiddenMs: number;
}

/**
 * Stands for "now" where SQS has 0: fauxqs's SQLite store refuses the statement by which it would make a message
 * ready, while a deadline that is over at once has the same effect.
 */
export const AT_ONCE_SECONDS = 0.001;

/**
 * The input of an SQS request with its visibility timeouts as this machine's clock has them.
 *
 * @param timeoutOfQueue the visibility timeout of the queue that a URL names, in seconds
 */
export function compressVisibility(
  operation: string,
  input: Json,
  { clockFactor, leastHiddenMs }: VisibilityClock,
  timeoutOfQueue: (queueUrl: unknown) => number | undefined,
): Json {
  const compress = (entry: Json, leastSeconds: number): Json => {
    const seconds = entry.VisibilityTimeout;
    if (typeof seconds !== 'number') return entry;
    return { ...entry, VisibilityTimeout: Math.max(seconds / clockFactor, leastSeconds) };
  };
  if (operation === 'ReceiveMessage') {
    if (clockFactor === 1) return input;
    return compress({ VisibilityTimeout: timeoutOfQueue(input.QueueUrl), ...input }, leastHiddenMs / 1000);
  }
  if (!operation.startsWith('ChangeMessageVisibility')) return input;
  const entries = Array.isArray(input.Entries) ? (input.Entries as readonly Json[]) : undefined;
  return {
    ...compress(input, AT_ONCE_SECONDS),
    ...(entries && { Entries: entries.map((entry) => compress(entry, AT_ONCE_SECONDS)) }),
  };
}
