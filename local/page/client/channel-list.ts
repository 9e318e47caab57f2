import { element } from './element.ts';

export interface ChannelEntry {
  readonly name: string;
  readonly unread: number;
  readonly isCurrent: boolean;
}

const unreadWords = (unread: number): string => (unread > 99 ? '99+' : String(unread));

function entry({ name, unread, isCurrent }: ChannelEntry): HTMLLIElement {
  const link = element('a', {
    href: `#${encodeURIComponent(name)}`,
    class: unread > 0 ? 'unread' : undefined,
    'aria-current': isCurrent ? 'page' : undefined,
    'data-channel': name,
  });
  link.append(
    element('span', { class: 'hash', 'aria-hidden': 'true' }, '#'),
    element('span', { class: 'channel-name' }, name),
  );
  if (unread > 0) {
    const badge = element('span', { class: 'badge' }, unreadWords(unread));
    badge.append(element('span', { class: 'visually-hidden' }, ' unread'));
    link.append(badge);
  }
  return element('li', {}, link);
}

/** Draws the channels; the focus stays on the channel that had it. */
export function drawChannels(list: HTMLElement, entries: readonly ChannelEntry[]): void {
  const focused = list.contains(document.activeElement) && document.activeElement instanceof HTMLElement;
  const channel = focused ? (document.activeElement as HTMLElement).dataset.channel : undefined;
  list.replaceChildren(...entries.map(entry));
  if (channel !== undefined) list.querySelector<HTMLElement>(`[data-channel="${CSS.escape(channel)}"]`)?.focus();
}
