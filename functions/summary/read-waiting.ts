import type { WaitingCalls } from '../../shared/slack/render-summary.ts';
import { waitingKey } from '../delivery/settle-calls.ts';
import type { WaitingNote } from '../ledger.ts';
import type { Dependencies } from './create-handler.ts';

/** While calls wait they are tried at least every five minutes, or twelve after a kill, and noted each time. */
const IMMEDIATE_NOTE_HOLDS_MS = 20 * 60_000;
/** Digests are a day apart at most. */
const DIGEST_NOTE_HOLDS_MS = 25 * 60 * 60_000;
/** Records that are there now and still there then are not taken by anybody. */
const BETWEEN_LOOKS_MS = 10_000;

const holds = (note: WaitingNote | undefined, forMs: number, nowMs: number): readonly WaitingNote[] =>
  note !== undefined && nowMs - note.notedAtMs < forMs ? [note] : [];

function fromNotes(notes: readonly WaitingNote[], nowMs: number): WaitingCalls {
  const [oldest] = notes.toSorted((one, other) => one.sinceMs - other.sinceMs);
  if (oldest === undefined) return { kind: 'none' };
  const records = notes.reduce((sum, one) => sum + one.records, 0);
  return { kind: 'waiting', records, oldestMs: nowMs - oldest.sinceMs, reason: oldest.reason };
}

/**
 * What waits for a channel, by age and not by count: the digest queue always holds what the next digest tells. Records
 * of the immediate queue that nobody takes are no channel's yet, so each channel hears of them.
 */
export async function readWaiting(
  channel: string,
  {
    ledger,
    telemetry,
    now,
    wait,
    countVisible,
  }: Pick<Dependencies, 'ledger' | 'telemetry' | 'now' | 'wait' | 'countVisible'>,
): Promise<WaitingCalls> {
  try {
    const [immediate, digest, visible] = await Promise.all([
      ledger.readWaiting(waitingKey('immediately', channel)),
      ledger.readWaiting(waitingKey('digested', channel)),
      countVisible(),
    ]);
    const notes = [...holds(immediate, IMMEDIATE_NOTE_HOLDS_MS, now()), ...holds(digest, DIGEST_NOTE_HOLDS_MS, now())];
    if (notes.length > 0 || visible === 0) return fromNotes(notes, now());
    await wait(BETWEEN_LOOKS_MS);
    const still = await countVisible();
    return still < visible || still === 0 ? { kind: 'none' } : { kind: 'untaken', records: still };
  } catch (error) {
    telemetry.warn('what waits cannot be measured', { channel, error });
    return { kind: 'unknown' };
  }
}
