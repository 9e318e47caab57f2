import { parseTimestampMs } from '../../shared/call/api-call-event.ts';
import { exactMember } from '../../shared/call/json.ts';
import { isServiceEvent } from '../../shared/outcome/signal-event.ts';
import type { Envelope, InputItem } from '../input/envelope.ts';

/** The notifier thinks of a call for so long when something happens to its flow. */
const KEPT_APART_MS = 15 * 60_000;
const LAST_MINUTE_MS = 60_000;

/**
 * When recorded events would have been made if the newest of them were made now: as far apart as they were, so that what
 * came of a call stays behind it, while they lie within 15 minutes of one another; else one after another, evenly, in
 * the last minute.
 *
 * @param recordedMs in the order of the input; an event without a time counts as the newest
 * @returns in the same order, in whole seconds like CloudTrail's
 */
export function renewedTimes(recordedMs: readonly (number | undefined)[], nowMs: number): readonly number[] {
  const nowSecondsMs = Math.floor(nowMs / 1000) * 1000;
  const known = recordedMs.filter((ms) => ms !== undefined);
  const newestMs = known.reduce((newest, ms) => Math.max(newest, ms), Number.NEGATIVE_INFINITY);
  const ages = recordedMs.map((ms) => (ms === undefined ? 0 : newestMs - ms));
  const oldest = ages.reduce((most, age) => Math.max(most, age), 0);
  if (oldest <= KEPT_APART_MS) return ages.map((age) => nowSecondsMs - age);

  const times = new Array<number>(ages.length);
  const oldestFirst = ages.map((age, index) => ({ age, index })).sort((left, right) => right.age - left.age);
  for (const [rank, { index }] of oldestFirst.entries()) {
    const before = LAST_MINUTE_MS * (1 - rank / (ages.length - 1));
    times[index] = nowSecondsMs - Math.round(before / 1000) * 1000;
  }
  return times;
}

/** When the call was made, or what an event tells of happened. */
const recordedMsOf = ({ detail, time }: Envelope): number | undefined =>
  parseTimestampMs(exactMember(detail, 'eventTime')) ?? parseTimestampMs(time);

/**
 * The same event as if it were made at another time: with ids of its own it is reported even if the recorded one was
 * reported before. One of MediaConnect's own events has no ids in its detail.
 */
function renewed(event: Envelope, atMs: number, newId: () => string): Envelope {
  const time = `${new Date(atMs).toISOString().slice(0, 19)}Z`;
  if (isServiceEvent(event)) return { ...event, id: newId(), time };
  const detail = typeof event.detail === 'object' ? event.detail : {};
  return { ...event, id: newId(), time, detail: { ...detail, eventID: newId(), eventTime: time } };
}

export interface RenewOptions {
  /** Opens the input at its beginning. */
  readonly open: () => AsyncIterable<InputItem>;
  /** Whether it gives the same when it is opened again; a pipe does not, and is held in memory. */
  readonly canReopen: boolean;
  /** When the newest is made. */
  readonly nowMs: () => number;
  readonly newId: () => string;
}

async function recordedTimes(items: Iterable<InputItem> | AsyncIterable<InputItem>) {
  const recordedMs: (number | undefined)[] = [];
  for await (const item of items) if (item.kind === 'event') recordedMs.push(recordedMsOf(item.envelope));
  return recordedMs;
}

/** The items of an input with new events in place of the recorded ones; it is read to its end before the first comes. */
export async function* renewItems({ open, canReopen, nowMs, newId }: RenewOptions): AsyncGenerator<InputItem> {
  const held = canReopen ? undefined : await Array.fromAsync(open());
  const recordedMs = await recordedTimes(held ?? open());
  const endMs = nowMs();
  const times = renewedTimes(recordedMs, endMs).values();
  for await (const item of held ?? open()) {
    // A file that has grown meanwhile has calls that are newer than all of them.
    if (item.kind === 'event') yield { ...item, envelope: renewed(item.envelope, times.next().value ?? endMs, newId) };
    else yield item;
  }
}
