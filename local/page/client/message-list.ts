import type { MessageCard } from '../page-protocol.ts';
import { element } from './element.ts';
import { sayDay } from './format-date.ts';
import { messageView } from './message-view.ts';

/** Messages closer than this to the one before are shown without picture and name. */
const FOLLOWS_WITHIN_MS = 5 * 60_000;
const NEAR_END_PX = 80;

export interface ShowOptions {
  readonly showChannel: boolean;
  /** How many of the cards were seen; a line is drawn before the next one. */
  readonly seen: number;
}

const isSameDay = (a: number, b: number): boolean => new Date(a).toDateString() === new Date(b).toDateString();

/** The list of messages: draws it, adds to it, and keeps the reader's place. */
export class MessageList {
  readonly #scroller: HTMLElement;
  readonly #list: HTMLOListElement;
  readonly #onReachEnd: () => void;
  #last: MessageCard | undefined;
  #showChannel = false;

  constructor(scroller: HTMLElement, list: HTMLOListElement, onReachEnd: () => void) {
    this.#scroller = scroller;
    this.#list = list;
    this.#onReachEnd = onReachEnd;
    scroller.addEventListener('scroll', () => {
      if (this.isAtEnd) this.#onReachEnd();
    });
    // Late layout (fonts, a panel that opens) must not push the newest message out of sight.
    let wasAtEnd = true;
    scroller.addEventListener('scroll', () => {
      wasAtEnd = this.isAtEnd;
    });
    new ResizeObserver(() => {
      if (wasAtEnd) this.scrollToEnd();
    }).observe(scroller);
  }

  get isAtEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  get root(): HTMLElement {
    return this.#list;
  }

  /** Draws other messages than before. */
  show(cards: readonly MessageCard[], { showChannel, seen }: ShowOptions): void {
    this.#list.replaceChildren();
    this.#last = undefined;
    this.#showChannel = showChannel;
    for (const [index, card] of cards.entries()) {
      if (index === seen && index > 0 && !showChannel) this.#list.append(newLine());
      this.#append(card);
    }
    this.scrollToEnd();
  }

  /** Adds a message; the reader who was at the end stays there. */
  add(card: MessageCard): void {
    const wasAtEnd = this.isAtEnd;
    this.#append(card).classList.add('arrives');
    if (wasAtEnd) this.scrollToEnd();
  }

  /** Draws messages again that are different now; the reader who was at the end stays there. */
  replace(cards: Iterable<MessageCard>): void {
    const wasAtEnd = this.isAtEnd;
    for (const card of cards) this.#replaceOne(card);
    if (wasAtEnd) this.scrollToEnd();
  }

  #replaceOne(card: MessageCard): void {
    const old = this.#find(card.id);
    if (old === null) return;
    const follows = old.classList.contains('follows');
    const hadFocus = old.contains(document.activeElement);
    const fresh = messageView(card, { follows, showChannel: this.#showChannel });
    fresh.classList.toggle('chosen', old.classList.contains('chosen'));
    old.replaceWith(fresh);
    if (hadFocus) fresh.querySelector<HTMLElement>('.message')?.focus({ preventScroll: true });
  }

  /** Marks the message whose details are open. */
  choose(id: string | undefined): void {
    for (const item of this.#list.querySelectorAll('.chosen')) item.classList.remove('chosen');
    if (id === undefined) return;
    const item = this.#find(id);
    item?.classList.add('chosen');
    // The drawer makes the list narrower and so longer: look where the message is then.
    requestAnimationFrame(() => item?.scrollIntoView({ block: 'nearest' }));
  }

  focus(id: string): void {
    this.#find(id)?.querySelector<HTMLElement>('.message')?.focus();
  }

  /** Moves the focus by so many messages; from nowhere, to the newest. */
  step(by: 1 | -1): void {
    const articles = [...this.#list.querySelectorAll<HTMLElement>('.message')];
    const at = articles.findIndex((article) => article.contains(document.activeElement));
    const next = at < 0 ? articles.at(-1) : articles[Math.min(Math.max(at + by, 0), articles.length - 1)];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  }

  /** The message that has the focus. */
  get focusedId(): string | undefined {
    return document.activeElement?.closest<HTMLElement>('li[data-id]')?.dataset.id;
  }

  scrollToEnd(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #find(id: string): HTMLElement | null {
    return this.#list.querySelector(`li[data-id="${CSS.escape(id)}"]`);
  }

  #append(card: MessageCard): HTMLElement {
    const last = this.#last;
    const sameDay = last !== undefined && isSameDay(last.postedAtMs, card.postedAtMs);
    if (!sameDay) this.#list.append(dayLine(card.postedAtMs));
    const follows = sameDay && card.postedAtMs - last.postedAtMs < FOLLOWS_WITHIN_MS;
    const item = messageView(card, { follows, showChannel: this.#showChannel });
    this.#list.append(item);
    this.#last = card;
    return item;
  }
}

const dayLine = (atMs: number): HTMLLIElement =>
  element('li', { class: 'day-line' }, element('h2', {}, sayDay(new Date(atMs), new Date())));

const newLine = (): HTMLLIElement => element('li', { class: 'new-line' }, element('span', {}, 'New'));
