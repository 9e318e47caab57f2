import type { ChannelCard, Greeting, MessageCard } from '../page-protocol.ts';
import { remembered } from './remembered.ts';

interface ReadMarks {
  readonly bootId: string;
  /** Channel → how many of its messages were seen. */
  readonly seen: Readonly<Record<string, number>>;
}

/** What the page knows: channels, their messages, and how many of them were seen. Draws nothing. */
export class PageStore {
  channels: readonly ChannelCard[] = [];
  readonly #marks = remembered<ReadMarks>('read', { bootId: '', seen: {} });
  readonly #cards = new Map<string, MessageCard>();
  #bootId = '';
  #version = 0;

  /** What `/live` is asked for: only what this page does not have yet. */
  get liveAddress(): string {
    // A connection that was lost while older messages were still being drawn leaves gaps anywhere.
    const after = this.all().some(({ html }) => html === undefined) ? 0 : this.#version;
    return `/live?${new URLSearchParams({ boot: this.#bootId, after: String(after) })}`;
  }

  /** Takes in a greeting; true when it came from another pipeline than before, and all else is void. */
  greet({ bootId, channels, cards }: Greeting): boolean {
    const isOther = bootId !== this.#bootId;
    if (isOther) this.#cards.clear();
    if (this.#marks.get().bootId !== bootId) this.#marks.set({ bootId, seen: {} });
    this.#bootId = bootId;
    this.channels = channels;
    for (const card of cards) this.add(card);
    return isOther;
  }

  /** Takes in a card; false when it took the place of one that was there. */
  add(card: MessageCard): boolean {
    const known = this.#cards.get(card.id);
    const isNew = known === undefined;
    // What is drawn stays: one that is sent again as it was may come without its HTML.
    if (known?.html === undefined || card.html !== undefined || known.version < card.version)
      this.#cards.set(card.id, card);
    this.#version = Math.max(this.#version, card.version);
    return isNew;
  }

  card(id: string): MessageCard | undefined {
    return this.#cards.get(id);
  }

  /** Oldest first. */
  all(): readonly MessageCard[] {
    return [...this.#cards.values()];
  }

  of(channel: string): readonly MessageCard[] {
    return this.all().filter((card) => card.channel === channel);
  }

  seen(channel: string): number {
    return this.#marks.get().seen[channel] ?? 0;
  }

  unread(channel: string): number {
    return Math.max(0, this.of(channel).length - this.seen(channel));
  }

  markSeen(channel: string): void {
    const { bootId, seen } = this.#marks.get();
    this.#marks.set({ bootId, seen: { ...seen, [channel]: this.of(channel).length } });
  }
}
