import type { ChannelCard, MessageCard } from '../page-protocol.ts';
import { drawEmpty, type EmptyState, NO_CHANNEL, NOTHING_FOUND, NOTHING_YET } from './empty-state.ts';
import { MessageList } from './message-list.ts';
import type { PageStore } from './page-store.ts';
import { part } from './part.ts';
import { highlightWords, searchMessages } from './search-messages.ts';

/** Text of a card's HTML, as the search sees it. Parsed in an inert document: nothing in it loads or runs. */
const shownTexts = new WeakMap<MessageCard, string>();
function shownText(card: MessageCard): string {
  const known = shownTexts.get(card);
  if (known !== undefined) return known;
  const text = new DOMParser().parseFromString(card.html ?? '', 'text/html').body.textContent ?? '';
  shownTexts.set(card, text);
  return text;
}

function topicOf(channel: ChannelCard | undefined): string {
  if (channel === undefined || channel.rules.length === 0) return 'No rule speaks here.';
  const rules = channel.rules.map(({ name, delivery }) => (delivery === 'digest' ? `${name} (digest)` : name));
  return `${rules.length === 1 ? 'Rule' : 'Rules'}: ${rules.join(', ')}`;
}

const countWords = (count: number): string => `${count} ${count === 1 ? 'message' : 'messages'}`;

/** What changes within this is drawn together. */
const TOGETHER_MS = 100;

/** The middle of the page: the current channel's messages, or what a search found. */
export class Conversation {
  readonly list: MessageList;
  readonly #store: PageStore;
  readonly #onSeen: () => void;
  readonly #name = part('conversation-name', HTMLElement);
  readonly #topic = part('conversation-topic', HTMLElement);
  readonly #empty = part('empty', HTMLElement);
  readonly #newer = part('newer', HTMLButtonElement);
  #newerCount = 0;
  readonly #changed = new Map<string, MessageCard>();
  #drawingFound: ReturnType<typeof setTimeout> | undefined;
  channel: string | undefined;
  query = '';

  constructor(store: PageStore, onSeen: () => void) {
    this.#store = store;
    this.#onSeen = onSeen;
    this.list = new MessageList(part('messages', HTMLElement), part('message-list', HTMLOListElement), () =>
      this.#reachedEnd(),
    );
    this.#newer.addEventListener('click', () => this.list.scrollToEnd());
    document.addEventListener('visibilitychange', () => this.#reachedEnd());
  }

  /** Draws everything anew: another channel, another search. */
  draw(): void {
    this.#newerCount = 0;
    if (this.query === '') this.#drawChannel();
    else this.#drawFound();
    this.#drawNewer();
    highlightWords(this.list.root, this.query);
  }

  /** A card arrived that is new (or is different than before). */
  take(card: MessageCard, isNew: boolean): void {
    if (this.query !== '') this.#drawFoundSoon();
    else if (card.channel !== this.channel) return;
    else if (isNew) this.#append(card);
    else this.#replaceSoon(card);
  }

  /** Together, since each time that the page is measured in between costs a layout of all that is there. */
  #replaceSoon(card: MessageCard): void {
    if (this.#changed.size === 0) {
      setTimeout(() => {
        this.list.replace(this.#changed.values());
        this.#changed.clear();
      }, TOGETHER_MS);
    }
    this.#changed.set(card.id, card);
  }

  /** Hundreds of older messages may come within a moment, each of which could be one that was looked for. */
  #drawFoundSoon(): void {
    clearTimeout(this.#drawingFound);
    this.#drawingFound = setTimeout(() => {
      if (this.query !== '') this.draw();
    }, TOGETHER_MS);
  }

  #append(card: MessageCard): void {
    const wasAtEnd = this.list.isAtEnd;
    this.#drawEmpty();
    this.list.add(card);
    if (!wasAtEnd) this.#newerCount += 1;
    this.#drawNewer();
    this.#reachedEnd();
  }

  #drawChannel(): void {
    const channel = this.channel;
    this.#name.textContent = channel === undefined ? 'Messages' : `#${channel}`;
    this.#topic.textContent = topicOf(this.#store.channels.find(({ name }) => name === channel));
    this.#drawEmpty();
    if (channel === undefined) return;
    this.list.show(this.#store.of(channel), { showChannel: false, seen: this.#store.seen(channel) });
    this.#reachedEnd();
  }

  #drawFound(): void {
    const found = searchMessages(this.#store.all(), this.query, shownText);
    this.#name.textContent = 'Search';
    this.#topic.textContent = `${countWords(found.length)} in all channels`;
    drawEmpty(this.#empty, found.length === 0 ? NOTHING_FOUND(this.query) : undefined);
    this.list.show(found, { showChannel: true, seen: 0 });
  }

  #emptyState(): EmptyState | undefined {
    if (this.channel === undefined) return NO_CHANNEL;
    return this.#store.of(this.channel).length === 0 ? NOTHING_YET(this.channel) : undefined;
  }

  #drawEmpty(): void {
    drawEmpty(this.#empty, this.#emptyState());
  }

  #reachedEnd(): void {
    const canSee = this.query === '' && document.visibilityState === 'visible' && this.list.isAtEnd;
    if (!canSee || this.channel === undefined) return;
    this.#newerCount = 0;
    this.#drawNewer();
    if (this.#store.unread(this.channel) === 0) return;
    this.#store.markSeen(this.channel);
    this.#onSeen();
  }

  #drawNewer(): void {
    this.#newer.hidden = this.#newerCount === 0;
    this.#newer.textContent = `${this.#newerCount} new ${this.#newerCount === 1 ? 'message' : 'messages'} ↓`;
  }
}
