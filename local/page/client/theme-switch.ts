import { part } from './part.ts';
import { remembered } from './remembered.ts';

type Theme = 'system' | 'light' | 'dark';

const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const WORDS: Readonly<Record<Theme, string>> = {
  system: 'Colours: as the system',
  light: 'Colours: light',
  dark: 'Colours: dark',
};

/** Light, dark, or as the system has it; returns the function that goes on to the next. */
export function startTheme(): () => void {
  const kept = remembered<Theme>('theme', 'system');
  const button = part('theme', HTMLButtonElement);
  const label = part('theme-label', HTMLElement);
  const apply = (theme: Theme): void => {
    document.documentElement.dataset.theme = theme;
    label.textContent = WORDS[theme];
    button.title = WORDS[theme];
  };
  const next = (): void => {
    kept.set(NEXT[kept.get()] ?? 'system');
    apply(kept.get());
  };
  apply(kept.get());
  button.addEventListener('click', next);
  return next;
}
