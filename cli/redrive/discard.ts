import { appendFileSync } from 'node:fs';
import { UsageError } from '../io.ts';
import type { DeadLetter } from './dead-letter-store.ts';

/** Whole events are in it. */
const OWNER_ONLY = 0o600;

/**
 * Keeps a record in a file, with the reason for which a person discards it: one JSON line, written to the disk before
 * the record is deleted. `send` takes the line's `body` if that was a mistake.
 *
 * @throws UsageError when the file cannot be written to; the record then stays where it is.
 */
export function keepDiscarded(file: string, letter: DeadLetter, why: { reason: string; atMs: number }): void {
  const { queue, messageId, eventId, operation, rule, body, reason, detail, sinceMs } = letter;
  const line = JSON.stringify({
    discardedAt: new Date(why.atMs).toISOString(),
    because: why.reason,
    givenUpBy: queue,
    since: sinceMs === undefined ? null : new Date(sinceMs).toISOString(),
    reason,
    detail: detail ?? null,
    messageId,
    eventId: eventId ?? null,
    operation: operation ?? null,
    rule: rule ?? null,
    body,
  });
  try {
    appendFileSync(file, `${line}\n`, { mode: OWNER_ONLY, flush: true });
  } catch (error) {
    throw new UsageError(
      `${file} cannot be written to (${(error as NodeJS.ErrnoException).code}); nothing is discarded`,
    );
  }
}
