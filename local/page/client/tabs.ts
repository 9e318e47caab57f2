const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };

/** Tabs with the usual keys: arrows go round, Home and End to the ends. @see https://www.w3.org/WAI/ARIA/apg/patterns/tabs/ */
export function startTabs(list: HTMLElement): void {
  const tabs = [...list.querySelectorAll<HTMLElement>('[role=tab]')];
  const select = (chosen: HTMLElement | undefined): void => {
    for (const tab of tabs) {
      const isChosen = tab === chosen;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      const panel = document.getElementById(tab.getAttribute('aria-controls') ?? '');
      if (panel !== null) panel.hidden = !isChosen;
    }
  };
  const targetOf = (key: string, at: number): HTMLElement | undefined => {
    const step = STEPS[key];
    if (step !== undefined) return tabs[(at + step + tabs.length) % tabs.length];
    return { Home: tabs[0], End: tabs.at(-1) }[key];
  };
  for (const [at, tab] of tabs.entries()) {
    tab.addEventListener('click', () => select(tab));
    tab.addEventListener('keydown', (event) => {
      const target = targetOf(event.key, at);
      if (target === undefined) return;
      event.preventDefault();
      select(target);
      target.focus();
    });
  }
  select(tabs[0]);
}
