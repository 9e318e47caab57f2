import type { DeadLetter } from './dead-letter.ts';
import type { DeadLetterStore } from './dead-letter-store.ts';

/**
 * Receives what lies in a dead-letter queue, page by page, each record once. Ends when there is nothing more, or
 * nothing new: a record that comes back because it was hidden too long, or was given up again, is not taken twice.
 */
export async function* takeAll(store: DeadLetterStore, stop: AbortSignal): AsyncGenerator<readonly DeadLetter[]> {
  const seen = new Set<string>();
  while (!stop.aborted) {
    const page = await store.receive();
    const fresh = page.filter(({ messageId }) => !seen.has(messageId));
    for (const { messageId } of fresh) seen.add(messageId);
    if (fresh.length === 0) return;
    yield fresh;
  }
}
