type Event = Readonly<Record<string, unknown>>;

/** An event to be sent, and where it was found. */
export interface Sendable {
  readonly event: Event;
  readonly eventId: string | undefined;
  /** `calls.json:12` */
  readonly place: string;
}

/** How it went with one event, or with a piece of the input that is none. */
export interface Sent {
  readonly place: string;
  readonly eventId: string | undefined;
  readonly result: 'accepted' | 'refused' | 'unmatched' | 'unusable';
  /** The rules by which it was sent; the bus finds its own. */
  readonly rules: readonly string[];
  readonly reason: string | undefined;
}

/** The same call as if it were made now: with ids of its own it is told even if the recorded one was told before. */
export function renewed(event: Event, nowMs: number, newId: () => string): Event {
  const time = `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
  const detail = typeof event.detail === 'object' ? event.detail : {};
  return { ...event, id: newId(), time, detail: { ...detail, eventID: newId(), eventTime: time } };
}
