import { createHash } from 'node:crypto';
import { inParallel } from '../../shared/delivery/parallel.ts';
import { AwsCallError } from '../aws/failure.ts';
import type { DeadLetter, DeadLetterStore } from './dead-letter-store.ts';
import type { RedriveTarget } from './target.ts';

/** Which records a person wants. What is left out restricts nothing. */
export interface Selection {
  readonly reasons: readonly string[];
  readonly eventIds: readonly string[];
  /** For records that cannot be read and so have no event id. */
  readonly messageIds: readonly string[];
  readonly max: number;
}

/** Whether single records are named. */
export const namesRecords = ({ eventIds, messageIds }: Selection): boolean => eventIds.length + messageIds.length > 0;

/** Whether a record is one of those wanted. */
function isChosen(selection: Selection, { reason, eventId = '', messageId }: DeadLetter): boolean {
  const { reasons, eventIds, messageIds } = selection;
  const hasReason = reasons.length === 0 || reasons.includes(reason);
  return hasReason && (!namesRecords(selection) || eventIds.includes(eventId) || messageIds.includes(messageId));
}

/**
 * Receives what lies in a dead-letter queue, page by page, each record once. Ends when there is nothing more, or
 * nothing new: a record that comes back because it was hidden too long, or was given up again, is not taken twice.
 */
async function* receiveAll(store: DeadLetterStore, stop: AbortSignal): AsyncGenerator<readonly DeadLetter[]> {
  const seen = new Set<string>();
  while (!stop.aborted) {
    const page = await store.receive();
    const fresh = page.filter(({ messageId }) => !seen.has(messageId));
    for (const { messageId } of fresh) seen.add(messageId);
    if (fresh.length === 0) return;
    yield fresh;
  }
}

/** How it went with one record. */
export interface Redriven {
  readonly letter: DeadLetter;
  /**
   * `moved`; `sent` and still in the dead-letter queue, because it could not be deleted there; `stays`, because it
   * was not sent; `left`, because it was not chosen; `seen`, when it was only looked at; `discarded`.
   */
  readonly result: 'moved' | 'sent' | 'stays' | 'left' | 'seen' | 'discarded';
  readonly reason: string | undefined;
}

export interface RedriveOptions {
  readonly selection: Selection;
  readonly redriveTarget: (letter: DeadLetter) => RedriveTarget;
  /** Keeps a record elsewhere before it is deleted, instead of bringing it back. */
  readonly keepDiscarded?: ((letter: DeadLetter) => void) | undefined;
  /** Only look: nothing is sent or deleted. */
  readonly dryRun: boolean;
  readonly stop: AbortSignal;
  readonly onRedriven: (redriven: Redriven) => void;
}

const AT_ONCE = 5;
const STAYING: ReadonlySet<Redriven['result']> = new Set(['stays', 'left', 'seen']);

const hashOf = (body: string): string => createHash('sha256').update(body).digest('base64');

/** Sends first and deletes only what was accepted: a crash between the two leaves a record twice, never nowhere. */
async function move(store: DeadLetterStore, letter: DeadLetter, way: RedriveTarget): Promise<Redriven> {
  if (way.kind === 'stays') return { letter, result: 'stays', reason: way.reason };
  try {
    await store.send(way.queueUrl, way.body);
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return { letter, result: 'stays', reason: error.message };
  }
  try {
    await store.remove(letter);
    return { letter, result: 'moved', reason: undefined };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return { letter, result: 'sent', reason: error.message };
  }
}

async function discard(
  store: DeadLetterStore,
  letter: DeadLetter,
  keep: (letter: DeadLetter) => void,
): Promise<Redriven> {
  keep(letter);
  try {
    await store.remove(letter);
    return { letter, result: 'discarded', reason: undefined };
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    return { letter, result: 'stays', reason: error.message };
  }
}

async function showAgain(store: DeadLetterStore, letters: readonly DeadLetter[]): Promise<void> {
  try {
    await store.release(letters);
  } catch (error) {
    // They come back by themselves, minutes later.
    if (!(error instanceof AwsCallError)) throw error;
  }
}

/**
 * Looks at the records of a dead-letter queue and brings the chosen ones back. Those that stay are visible again
 * when it is over, also when it is interrupted.
 *
 * @returns how many of the chosen ones it took
 */
export async function redriveRecords(store: DeadLetterStore, options: RedriveOptions): Promise<number> {
  const { selection, redriveTarget, keepDiscarded, dryRun, stop, onRedriven } = options;
  const kept: DeadLetter[] = [];
  // A record that cannot be reported is given up again at once, and would be moved round and round.
  const moved = new Set<string>();
  let taken = 0;

  /** `undefined` for a record that is to be taken. */
  const leave = (letter: DeadLetter): Redriven | undefined => {
    if (stop.aborted || taken >= selection.max || !isChosen(selection, letter)) {
      return { letter, result: 'left', reason: undefined };
    }
    if (moved.has(hashOf(letter.body))) return { letter, result: 'left', reason: 'the same record was moved just now' };
    return undefined;
  };

  const take = async (letter: DeadLetter): Promise<Redriven> => {
    taken += 1;
    if (keepDiscarded !== undefined && !dryRun) return discard(store, letter, keepDiscarded);
    const way = redriveTarget(letter);
    if (dryRun) return { letter, result: 'seen', reason: way.kind === 'stays' ? way.reason : undefined };
    moved.add(hashOf(letter.body));
    return move(store, letter, way);
  };

  const redrive = async (letter: DeadLetter): Promise<void> => {
    const redriven = leave(letter) ?? (await take(letter));
    if (STAYING.has(redriven.result)) kept.push(letter);
    onRedriven(redriven);
  };

  try {
    for await (const page of receiveAll(store, stop)) {
      await inParallel(page, AT_ONCE, redrive);
      if (!dryRun && taken >= selection.max) break;
    }
  } finally {
    await showAgain(store, kept);
  }
  return taken;
}
