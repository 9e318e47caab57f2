import { setImmediate as nextTurn } from 'node:timers/promises';
import { recordWithoutSecrets } from '../../shared/notification/shown-record.ts';
import type { NotifiedEvent, PostedMessage } from '../monitor/pipeline-state.ts';
import { explainMatch } from './explain-match.ts';
import type {
  ChannelCard,
  EventDetails,
  EventSummary,
  Greeting,
  LiveEvents,
  MessageCard,
  MessageDetails,
} from './page-protocol.ts';
import type { PageSource } from './page-source.ts';
import { renderMessageHtml } from './render-message-html.ts';

const keywordsOf = ({ eventId, rule, call }: NotifiedEvent): string[] => [
  eventId,
  rule?.name ?? '',
  call?.operation ?? '',
  call?.outcome ?? '',
];

const NOT_DRAWABLE = '<p class="not-drawable">This message cannot be drawn here. Its payload is in the details.</p>';

/** One odd message is one odd message: the others are drawn all the same. */
function draw(payload: PostedMessage['payload']): string {
  try {
    return renderMessageHtml(payload);
  } catch {
    return NOT_DRAWABLE;
  }
}

/** A card that is drawn when its HTML is first read. */
export interface LazyCard extends MessageCard {
  readonly html: string;
  /** The card as it can be sent at once: with its HTML if that is drawn already. */
  readonly atOnce: MessageCard;
  toJSON(): MessageCard;
}

/**
 * A posted message as the page shows it. Drawn when a page first asks for it: drawing takes tens of milliseconds, and
 * in a pipeline that nobody watches they would come off the time of the AWS endpoints beside it.
 */
export function toMessageCard(message: PostedMessage, version: number): LazyCard {
  const { id, channel, postedAtMs, payload, events } = message;
  let html: string | undefined;
  const bare = {
    id,
    version,
    channel,
    postedAtMs,
    text: payload.text,
    keywords: [...new Set(events.flatMap(keywordsOf))].join(' ').toLowerCase(),
    eventCount: events.length,
  };
  return {
    ...bare,
    get html() {
      html ??= draw(payload);
      return html;
    },
    get atOnce() {
      return html === undefined ? bare : { ...bare, html };
    },
    toJSON() {
      return { ...bare, html: this.html };
    },
  };
}

const toSummary = ({ eventId, call }: NotifiedEvent): EventSummary => ({
  eventId,
  operation: call?.operation ?? 'unreadable event',
  outcome: call?.outcome ?? '',
});

/** What stands behind a message: its payload, and which events it reports. */
export const toMessageDetails = ({ payload, events }: PostedMessage): MessageDetails => ({
  payload,
  events: events.map(toSummary),
});

/** Why an event was reported, condition by condition, with the event itself but for its secrets: pages are shown around. */
export function toEventDetails({ rule, event, ...notified }: NotifiedEvent): EventDetails {
  const shown = recordWithoutSecrets(event);
  const isKnown = rule !== undefined && event !== undefined;
  return { ...notified, event: shown, rule, conditions: isKnown ? explainMatch(rule.pattern, event, shown) : [] };
}

export type LiveEventName = keyof LiveEvents;
export type LiveListener = <Name extends LiveEventName>(name: Name, event: LiveEvents[Name]) => void;

export interface PageFeedOptions {
  readonly source: PageSource;
  readonly bootId: string;
  /** Runs the task soon, and tasks of one moment together: how often the state is reported. */
  readonly soon: (task: () => void) => void;
}

/** Messages of a channel that fill more than the tallest screen. */
const DRAWN_AT_ONCE = 40;

/** Turns a pipeline's changes into what open pages hear. Renders each message once, however many pages are open. */
export class PageFeed {
  readonly #source: PageSource;
  readonly #bootId: string;
  readonly #soon: PageFeedOptions['soon'];
  readonly #cards = new Map<string, LazyCard>();
  readonly #listeners = new Set<LiveListener>();
  readonly #unsubscribe: () => void;
  #version = 0;
  #stateIsDue = false;
  #notifiedChannels: string;

  constructor({ source, bootId, soon }: PageFeedOptions) {
    this.#source = source;
    this.#bootId = bootId;
    this.#soon = soon;
    for (const message of source.messages()) this.#add(message);
    this.#notifiedChannels = JSON.stringify(this.channels());
    this.#unsubscribe = source.subscribe((change) => {
      if (change.kind === 'message') this.#notify('card', this.#add(change.message));
      this.#sendStateSoon();
    });
  }

  /** The channels that rules name, then those that only messages name. */
  channels(): readonly ChannelCard[] {
    const named = this.#source.channels().map(({ name, rules }) => ({
      name,
      rules: rules.map((rule) => ({ name: rule.name, delivery: rule.delivery })),
    }));
    const known = new Set(named.map(({ name }) => name));
    const others = new Set([...this.#cards.values()].map(({ channel }) => channel).filter((name) => !known.has(name)));
    return [...named, ...Array.from(others, (name) => ({ name, rules: [] }))];
  }

  /** All there is, or what is newer than the version that a page has of this very pipeline. */
  greet(bootId: string | undefined, version: number): Greeting {
    const after = bootId === this.#bootId ? version : 0;
    return {
      bootId: this.#bootId,
      channels: this.channels(),
      cards: this.#drawNewest([...this.#cards.values()].filter((card) => card.version > after)),
      state: this.#source.state(),
    };
  }

  /** Draws what a greeting left out, newest first, a few at a time; until `notify` says that nobody listens any more. */
  async drawRest({ cards }: Greeting, notify: (card: MessageCard) => boolean): Promise<void> {
    for (const { id, html } of cards.toReversed()) {
      const card = html === undefined ? this.#cards.get(id) : undefined;
      if (card === undefined) continue;
      await nextTurn();
      if (!notify(card)) return;
    }
  }

  listen(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#unsubscribe();
    this.#listeners.clear();
  }

  /** What a reader sees first of each channel is drawn; the rest is sent as it is. */
  #drawNewest(cards: readonly LazyCard[]): readonly MessageCard[] {
    const left = new Map<string, number>();
    const drawn = cards.toReversed().map((card) => {
      const more = left.get(card.channel) ?? DRAWN_AT_ONCE;
      left.set(card.channel, more - 1);
      return more > 0 ? card : card.atOnce;
    });
    return drawn.toReversed();
  }

  #add(message: PostedMessage): LazyCard {
    this.#version += 1;
    const card = toMessageCard(message, this.#version);
    this.#cards.set(message.id, card);
    return card;
  }

  #notify: LiveListener = (name, event) => {
    for (const listener of this.#listeners) listener(name, event);
  };

  #sendStateSoon(): void {
    if (this.#stateIsDue) return;
    this.#stateIsDue = true;
    this.#soon(() => {
      this.#stateIsDue = false;
      this.#notifyChannels();
      this.#notify('state', this.#source.state());
    });
  }

  #notifyChannels(): void {
    const channels = this.channels();
    const text = JSON.stringify(channels);
    if (text === this.#notifiedChannels) return;
    this.#notifiedChannels = text;
    this.#notify('channels', channels);
  }
}
