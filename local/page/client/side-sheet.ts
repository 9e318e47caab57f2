/** A side panel that stands in the page where there is room, and slides over it where there is not. */
export class SideSheet {
  readonly #sheet: HTMLElement;
  readonly #opener: HTMLElement;
  readonly #scrim: HTMLElement;

  constructor(sheet: HTMLElement, opener: HTMLElement, scrim: HTMLElement) {
    this.#sheet = sheet;
    this.#opener = opener;
    this.#scrim = scrim;
    opener.addEventListener('click', () => (this.isOpen ? this.close() : this.open()));
    scrim.addEventListener('click', () => this.close());
  }

  get isOpen(): boolean {
    return this.#sheet.dataset.open === 'true';
  }

  open(): void {
    this.#set(true);
    this.#sheet.querySelector<HTMLElement>('a, button, input')?.focus();
  }

  /** Closes and gives the focus back; false when there was nothing to close. */
  close(): boolean {
    if (!this.isOpen) return false;
    this.#set(false);
    this.#opener.focus();
    return true;
  }

  #set(isOpen: boolean): void {
    this.#sheet.dataset.open = String(isOpen);
    this.#opener.setAttribute('aria-expanded', String(isOpen));
    this.#scrim.hidden = !isOpen;
    for (const other of document.body.children) {
      if (other !== this.#sheet && other !== this.#scrim) other.toggleAttribute('inert', isOpen);
    }
  }
}
