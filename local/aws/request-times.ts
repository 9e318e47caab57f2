import type { JsonObject } from '../../shared/call/json.ts';

export interface QueueClock {
  /** How much faster than on AWS hidden and delayed messages come back. 1 is real time. */
  readonly clockFactor: number;
  /** Received messages stay hidden at least so long: the functions that work on them run in real time. */
  readonly leastHiddenMs: number;
}

/**
 * Stands for "now" where SQS has 0: fauxqs's SQLite store refuses the statement by which it would make a message
 * ready, while a deadline that is over at once has the same effect.
 */
export const AT_ONCE_SECONDS = 0.001;

/** In seconds: 15 minutes, 12 hours. */
const LIMITS = { DelaySeconds: 900, VisibilityTimeout: 43_200 } as const;
type Time = keyof typeof LIMITS;

/** Whether a request of this operation may hold times, as far as its text shows. */
export const mayHaveTimes = (operation: string, body: Buffer): boolean =>
  /^(?:ChangeMessageVisibility|ReceiveMessage)/.test(operation) ||
  (operation.startsWith('SendMessage') && body.includes('DelaySeconds'));

/**
 * What SQS says of a request, or of an entry of a batch, that asks for a longer time than it grants. Here it must be
 * asked before the times are compressed.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export function timeFault(asked: JsonObject): string | undefined {
  for (const [name, most] of Object.entries(LIMITS)) {
    const value = asked[name];
    if (value === undefined || value === null) continue;
    if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= most) continue;
    return `Value ${String(value)} for parameter ${name} is invalid. Reason: ${name} must be >= 0 and <= ${most}.`;
  }
  return undefined;
}

/**
 * The input of an SQS request with its visibility timeouts and delays as this machine's clock has them.
 *
 * @param timeoutOfQueue the visibility timeout of the queue that a URL names, in seconds
 */
export function compressTimes(
  operation: string,
  input: JsonObject,
  { clockFactor, leastHiddenMs }: QueueClock,
  timeoutOfQueue: (queueUrl: unknown) => number | undefined,
): JsonObject {
  const compress =
    (time: Time, leastSeconds: number) =>
    (entry: JsonObject): JsonObject => {
      const seconds = entry[time];
      return typeof seconds === 'number' ? { ...entry, [time]: Math.max(seconds / clockFactor, leastSeconds) } : entry;
    };
  if (operation === 'ReceiveMessage') {
    if (clockFactor === 1) return input;
    const whole = { VisibilityTimeout: timeoutOfQueue(input.QueueUrl), ...input };
    return compress('VisibilityTimeout', leastHiddenMs / 1000)(whole);
  }
  const ofOperation = operation.startsWith('SendMessage')
    ? compress('DelaySeconds', 0)
    : compress('VisibilityTimeout', AT_ONCE_SECONDS);
  const entries = Array.isArray(input.Entries) ? (input.Entries as readonly JsonObject[]) : undefined;
  return { ...ofOperation(input), ...(entries && { Entries: entries.map(ofOperation) }) };
}
