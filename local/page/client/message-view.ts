import type { MessageCard } from '../page-protocol.ts';
import { element } from './element.ts';
import { formatSlackDate, sayExactTime, sayTime } from './format-date.ts';

/** Puts Slack's dates into the reader's time zone; what the payload had stays in the tooltip. */
function localizeDates(root: Element): void {
  const now = new Date();
  for (const time of root.querySelectorAll<HTMLTimeElement>('time[data-format]')) {
    const date = new Date(time.dateTime);
    time.title = `${time.textContent} · ${sayExactTime(date)}`;
    time.textContent = formatSlackDate(time.dataset.format ?? '', date, now);
  }
}

function body(card: MessageCard): HTMLElement {
  const node = element('div', { class: 'message-body' });
  if (card.html === undefined) {
    // Soon to be drawn: its words until then.
    node.append(element('p', {}, card.text));
    return node;
  }
  // Made by our own renderer, which escapes all that came with an event; scripts are barred by the page's policy.
  node.innerHTML = card.html;
  // Several messages may bring the same ids along.
  for (const named of node.querySelectorAll('[id]')) named.removeAttribute('id');
  localizeDates(node);
  return node;
}

export interface MessageViewOptions {
  /** Follows another message of the same minutes: shown without picture and name. */
  readonly follows: boolean;
  /** Messages of several channels are shown: say which. */
  readonly showChannel: boolean;
}

function heading(card: MessageCard, time: HTMLElement, showChannel: boolean): HTMLElement {
  const sender = element('p', { class: 'message-sender' }, element('strong', {}, 'MediaConnect'));
  sender.append(element('span', { class: 'app-badge' }, 'App'), time);
  if (showChannel) sender.append(element('span', { class: 'message-channel' }, `#${card.channel}`));
  return sender;
}

function postedTime(postedAtMs: number): HTMLTimeElement {
  const posted = new Date(postedAtMs);
  return element(
    'time',
    { class: 'message-time', datetime: posted.toISOString(), title: sayExactTime(posted) },
    sayTime(posted),
  );
}

const eventWords = (count: number): string => (count > 1 ? `Details of ${count} calls` : 'Details');

/** A message as the conversation shows it. */
export function messageView(card: MessageCard, { follows, showChannel }: MessageViewOptions): HTMLLIElement {
  const isShort = follows && !showChannel;
  const time = postedTime(card.postedAtMs);
  const open = element('button', { type: 'button', class: 'button small', 'data-open': card.id });
  open.append(eventWords(card.eventCount));
  const article = element(
    'article',
    { class: 'message', 'aria-label': card.text, tabindex: -1 },
    isShort ? time : element('span', { class: 'message-picture', 'aria-hidden': 'true' }),
    ...(isShort ? [] : [heading(card, time, showChannel)]),
    body(card),
    element('div', { class: 'message-actions' }, open),
  );
  return element('li', { 'data-id': card.id, class: isShort ? 'follows' : 'starts' }, article);
}
