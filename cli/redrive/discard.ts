import { appendFileSync, readFileSync } from 'node:fs';
import { notifiedKey } from '../../shared/delivery/settle.ts';
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

/** Where discarded records are kept, unless another file is named. */
export const DISCARDED_FILE = 'discarded.ndjson';

interface Kept {
  readonly discardedAt?: unknown;
  readonly because?: unknown;
  readonly eventId?: unknown;
  readonly body?: unknown;
}

function parseObject(text: unknown): object {
  try {
    const value: unknown = JSON.parse(String(text));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** The calls of one kept line, by the ledger's key, and why they were discarded. Other lines say nothing of any call. */
function discardedCall(line: string): readonly (readonly [key: string, why: string])[] {
  const { discardedAt, because, eventId, body }: Kept = parseObject(line);
  const { channel }: { readonly channel?: unknown } = parseObject(body);
  if (typeof eventId !== 'string' || typeof channel !== 'string') return [];
  return [[notifiedKey(eventId, channel), `discarded by hand at ${String(discardedAt)}: ${String(because)}`]];
}

/**
 * What `keepDiscarded` wrote: the ledger's key of each call → why it was discarded.
 *
 * @throws UsageError when the file cannot be read.
 */
export function readDiscarded(file: string): ReadonlyMap<string, string> {
  try {
    return new Map(readFileSync(file, 'utf8').split('\n').flatMap(discardedCall));
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
