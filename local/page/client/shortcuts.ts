import { element } from './element.ts';
import { part } from './part.ts';
import { remembered } from './remembered.ts';

export interface Shortcut {
  /** As `KeyboardEvent.key` has it. */
  readonly keys: readonly string[];
  readonly alt?: boolean;
  readonly label: string;
  readonly words: string;
  readonly run: () => void;
}

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.matches('input:not([type=radio], [type=checkbox]), select, textarea');

const hasOtherModifier = ({ ctrlKey, metaKey }: KeyboardEvent): boolean => ctrlKey || metaKey;

const matches = (event: KeyboardEvent, { keys, alt = false }: Shortcut): boolean =>
  keys.includes(event.key) && event.altKey === alt;

function drawHelp(shortcuts: readonly Shortcut[]): void {
  part('shortcut-list', HTMLElement).replaceChildren(
    ...shortcuts.map(({ label, words }) =>
      element(
        'div',
        {},
        element('dt', {}, ...label.split(' ').map((key) => element('kbd', {}, key))),
        element('dd', {}, words),
      ),
    ),
  );
}

/** Whether a single key may act: speech input and stray hands want to switch it off. @see WCAG 2.1.4 */
function startSwitch(): () => boolean {
  const allowed = remembered('singleKeys', true);
  const box = part('single-keys', HTMLInputElement);
  box.checked = allowed.get();
  box.addEventListener('change', () => allowed.set(box.checked));
  return () => allowed.get();
}

/** Listens to the keyboard, and explains itself in the dialog behind `?`. Returns what opens the dialog. */
export function startShortcuts(shortcuts: readonly Shortcut[]): void {
  const dialog = part('shortcuts', HTMLDialogElement);
  const help: Shortcut = { keys: ['?'], label: '?', words: 'Show this list', run: () => dialog.showModal() };
  const all = [...shortcuts, help];
  drawHelp(all);
  const singleKeysAllowed = startSwitch();
  part('open-shortcuts', HTMLButtonElement).addEventListener('click', help.run);
  part('close-shortcuts', HTMLButtonElement).addEventListener('click', () => dialog.close());

  document.addEventListener('keydown', (event) => {
    if (isTyping(event) || hasOtherModifier(event) || document.querySelector('dialog:modal') !== null) return;
    if (event.key.length === 1 && !singleKeysAllowed()) return;
    const shortcut = all.find((candidate) => matches(event, candidate));
    if (shortcut === undefined) return;
    event.preventDefault();
    shortcut.run();
  });
}
