import type { Decision } from '../../shared/delivery/settle.ts';
import type { AcceptedPost } from '../slack/slack-endpoint.ts';
import type { NotifiedEvent, PostedMessage } from './pipeline-state.ts';

/** The messages that Slack's stand-in accepted, each with the events it reports as soon as they are known. */
export interface MessageLog {
  /** Oldest first. */
  messages(): readonly PostedMessage[];
  readonly accepted: number;
  add(post: AcceptedPost): PostedMessage;
  /** Gives an event to the message that the poster posted last to the channel. `undefined` if there is none. */
  notify(poster: string, decision: Decision, notified: NotifiedEvent): PostedMessage | undefined;
}

/** So many are kept; a page has no use for more. */
const KEPT = 2_000;
/** Whole events take most of the memory; of the messages before these the page says only which events they report. */
const KEPT_EVENTS = 5_000;

const withoutEvents = (message: PostedMessage): PostedMessage => ({
  ...message,
  events: message.events.map((notified) => ({ ...notified, event: undefined })),
});

export function createMessageLog(keptEvents: number = KEPT_EVENTS): MessageLog {
  const kept = new Map<string, PostedMessage>();
  /** By poster, then by channel; `''` is the poster's last of any channel. */
  const lastId = new Map<string, Map<string, string>>();
  /** How many whole events each message has; the oldest message first. */
  const whole = new Map<string, number>();
  let wholeEvents = 0;
  let accepted = 0;

  function forgetEventsOf(id: string): void {
    const message = kept.get(id);
    if (message !== undefined) kept.set(id, withoutEvents(message));
    wholeEvents -= whole.get(id) ?? 0;
    whole.delete(id);
  }

  function countEvent(id: string): void {
    whole.set(id, (whole.get(id) ?? 0) + 1);
    wholeEvents += 1;
    const [oldest] = whole.keys();
    if (wholeEvents > keptEvents && oldest !== undefined && oldest !== id) forgetEventsOf(oldest);
  }

  return {
    messages: () => [...kept.values()],
    get accepted() {
      return accepted;
    },
    add({ poster, channel, message, atMs }) {
      accepted += 1;
      const posted: PostedMessage = { id: String(accepted), channel, postedAtMs: atMs, payload: message, events: [] };
      kept.set(posted.id, posted);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? '');
      const ofPoster = lastId.get(poster) ?? new Map<string, string>();
      lastId.set(poster, ofPoster.set(channel, posted.id).set('', posted.id));
      return posted;
    },
    notify(poster, { channel }, notified) {
      const ofPoster = lastId.get(poster);
      // A message that its channel refused is reported in another one.
      const message = kept.get(ofPoster?.get(channel) ?? ofPoster?.get('') ?? '');
      if (message === undefined) return undefined;
      const replaced = { ...message, events: [...message.events, notified] };
      kept.set(message.id, replaced);
      countEvent(message.id);
      return replaced;
    },
  };
}
