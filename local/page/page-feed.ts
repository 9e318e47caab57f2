import { setImmediate as nextTurn } from 'node:timers/promises';
import { type LazyCard, toMessageCard } from './message-card.ts';
import type { ChannelCard, Greeting, LiveEvents, MessageCard } from './page-protocol.ts';
import type { PageSource, PostedMessage } from './page-source.ts';

export type LiveEventName = keyof LiveEvents;
export type LiveListener = <Name extends LiveEventName>(name: Name, event: LiveEvents[Name]) => void;

export interface PageFeedOptions {
  readonly source: PageSource;
  readonly bootId: string;
  /** Runs the task soon, and tasks of one moment together: how often the state is told. */
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
  #toldChannels: string;

  constructor({ source, bootId, soon }: PageFeedOptions) {
    this.#source = source;
    this.#bootId = bootId;
    this.#soon = soon;
    for (const message of source.messages()) this.#add(message);
    this.#toldChannels = JSON.stringify(this.channels());
    this.#unsubscribe = source.subscribe((change) => {
      if (change.kind === 'message') this.#tell('card', this.#add(change.message));
      this.#tellStateSoon();
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

  /** Draws what a greeting left out, newest first, a few at a time; until `tell` says that nobody listens any more. */
  async drawRest({ cards }: Greeting, tell: (card: MessageCard) => boolean): Promise<void> {
    for (const { id, html } of cards.toReversed()) {
      const card = html === undefined ? this.#cards.get(id) : undefined;
      if (card === undefined) continue;
      await nextTurn();
      if (!tell(card)) return;
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

  #tell: LiveListener = (name, event) => {
    for (const listener of this.#listeners) listener(name, event);
  };

  #tellStateSoon(): void {
    if (this.#stateIsDue) return;
    this.#stateIsDue = true;
    this.#soon(() => {
      this.#stateIsDue = false;
      this.#tellChannels();
      this.#tell('state', this.#source.state());
    });
  }

  #tellChannels(): void {
    const channels = this.channels();
    const text = JSON.stringify(channels);
    if (text === this.#toldChannels) return;
    this.#toldChannels = text;
    this.#tell('channels', channels);
  }
}
