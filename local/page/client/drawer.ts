import type { EventDetails, EventSummary, MessageCard, MessageDetails } from '../page-protocol.ts';
import { readFromServer } from './call-server.ts';
import { element } from './element.ts';
import { jsonView } from './json-view.ts';
import { part } from './part.ts';
import { startTabs } from './tabs.ts';
import { whyView } from './why-view.ts';

/** Wide enough to stand beside the messages; else the drawer covers them and keeps the focus. */
const BESIDE = '(min-width: 1180px)';

const NO_EVENTS =
  'No call stands behind this message: MediaConnect said this by itself, the notifier speaks of itself, or it has not said yet what it reported.';
const NOT_KEPT = 'The event itself is kept only for the latest messages.';

const eventOption = ({ operation, outcome }: EventSummary, index: number, { length }: readonly unknown[]) =>
  element('option', { value: index }, `${index + 1} of ${length}: ${operation}${outcome ? ` (${outcome})` : ''}`);

/** The details of one message: why it was reported, its events, its payload. */
export class Drawer {
  readonly #dialog = part('drawer', HTMLDialogElement);
  readonly #text = part('drawer-text', HTMLElement);
  readonly #picker = part('event-picker', HTMLElement);
  readonly #choice = part('event-choice', HTMLSelectElement);
  readonly #why = part('panel-why', HTMLElement);
  readonly #event = part('panel-event', HTMLElement);
  readonly #payload = part('panel-payload', HTMLElement);
  readonly #onClose: (id: string) => void;
  #id: string | undefined;

  constructor(onClose: (id: string) => void) {
    this.#onClose = onClose;
    startTabs(part('tabs', HTMLElement));
    part('close-drawer', HTMLButtonElement).addEventListener('click', () => this.close());
    this.#choice.addEventListener('change', () => this.#tryTo(() => this.#showEvent(Number(this.#choice.value))));
    this.#dialog.addEventListener('close', () => this.#closed());
  }

  get openId(): string | undefined {
    return this.#id;
  }

  async open(card: MessageCard): Promise<void> {
    const wasOpen = this.#id !== undefined;
    this.#id = card.id;
    this.#text.textContent = card.text;
    if (!wasOpen) this.#show();
    part('drawer-title', HTMLElement).focus();
    await this.refresh();
  }

  /** Reads the message again, as its events may come after it. */
  async refresh(): Promise<void> {
    const id = this.#id;
    if (id === undefined) return;
    await this.#tryTo(async () => {
      const details = await readFromServer<MessageDetails>(`/api/messages/${encodeURIComponent(id)}`);
      if (id === this.#id) await this.#showDetails(details);
    });
  }

  /** Says in its place what could not be read. */
  async #tryTo(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      this.#showNote(`The details could not be read: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  async #showDetails(details: MessageDetails): Promise<void> {
    this.#payload.replaceChildren(jsonView(details.payload, 'Slack payload'));
    this.#picker.hidden = details.events.length < 2;
    this.#choice.replaceChildren(...details.events.map(eventOption));
    if (details.events.length === 0) this.#showNote(NO_EVENTS);
    else await this.#showEvent(0);
  }

  /** False when there was nothing to close. */
  close(): boolean {
    const wasOpen = this.#dialog.open;
    this.#dialog.close();
    return wasOpen;
  }

  #show(): void {
    document.body.dataset.drawer = 'open';
    if (matchMedia(BESIDE).matches) this.#dialog.show();
    else this.#dialog.showModal();
  }

  #closed(): void {
    const id = this.#id;
    this.#id = undefined;
    delete document.body.dataset.drawer;
    if (id !== undefined) this.#onClose(id);
  }

  async #showEvent(index: number): Promise<void> {
    const id = this.#id;
    if (id === undefined) return;
    const details = await readFromServer<EventDetails>(`/api/messages/${encodeURIComponent(id)}/events/${index}`);
    // Another message or another of its calls may have been asked for meanwhile.
    if (id !== this.#id || index !== Number(this.#choice.value)) return;
    this.#why.replaceChildren(whyView(details));
    this.#event.replaceChildren(
      details.event === undefined ? element('p', { class: 'note' }, NOT_KEPT) : jsonView(details.event, 'event'),
    );
  }

  #showNote(words: string): void {
    this.#why.replaceChildren(element('p', { class: 'note' }, words));
    this.#event.replaceChildren(element('p', { class: 'note' }, words));
  }
}
