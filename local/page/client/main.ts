import type { PipelineState } from '../../monitor/pipeline-state.ts';
import { createAnnouncer } from './announcer.ts';
import { type ChannelEntry, drawChannels } from './channel-list.ts';
import { Conversation } from './conversation.ts';
import { Drawer } from './drawer.ts';
import { type ConnectionState, LiveConnection } from './live-connection.ts';
import { PageStore } from './page-store.ts';
import { part } from './part.ts';
import { startActions } from './pipeline-actions.ts';
import { drawPipeline } from './pipeline-panel.ts';
import { startShortcuts } from './shortcuts.ts';
import { SideSheet } from './side-sheet.ts';
import { startTheme } from './theme-switch.ts';

const LAMP_WORDS: Readonly<Record<ConnectionState, string>> = {
  connecting: 'Connecting',
  live: 'Connected',
  lost: 'Lost',
};

const store = new PageStore();
const announce = createAnnouncer(part('announcer', HTMLElement));
const search = part('search', HTMLInputElement);
const scrim = part('scrim', HTMLElement);
const channelSheet = new SideSheet(part('channels', HTMLElement), part('open-channels', HTMLElement), scrim);
const pipelineSheet = new SideSheet(part('pipeline', HTMLElement), part('open-pipeline', HTMLElement), scrim);
const conversation = new Conversation(store, drawSidebar);
const drawer = new Drawer((id) => {
  conversation.list.choose(undefined);
  conversation.list.focus(id);
});

function drawSidebar(): void {
  const entries = store.channels.map(({ name }): ChannelEntry => {
    const isCurrent = name === conversation.channel && conversation.query === '';
    return { name, unread: store.unread(name), isCurrent };
  });
  drawChannels(part('channel-list', HTMLElement), entries);
  const unread = entries.reduce((sum, entry) => sum + entry.unread, 0);
  const where = conversation.channel === undefined ? '' : `#${conversation.channel} · `;
  document.title = `${unread > 0 ? `(${unread}) ` : ''}${where}MediaConnect notifier`;
}

function draw(): void {
  conversation.draw();
  drawSidebar();
}

/** What stands behind the # of the address, which anybody may have typed. */
function wordInAddress(): string {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}

/** The channel that the address names, if there is one; else the first. */
function followAddress(): void {
  const wanted = wordInAddress();
  const names = store.channels.map(({ name }) => name);
  conversation.channel = names.includes(wanted) ? wanted : (conversation.channel ?? names[0]);
  draw();
}

function stopSearch(): void {
  search.value = '';
  conversation.query = '';
}

function stepChannel(by: 1 | -1): void {
  const names = store.channels.map(({ name }) => name);
  const at = names.indexOf(conversation.channel ?? '');
  const next = names[(at + by + names.length) % names.length];
  if (next !== undefined) location.hash = encodeURIComponent(next);
}

function openDetails(id: string | undefined): void {
  const card = id === undefined ? undefined : store.card(id);
  if (card === undefined) return;
  conversation.list.choose(card.id);
  drawer.open(card);
}

/** Closes what is open, the topmost first; with nothing open, ends the search. */
function stepBack(): void {
  if (channelSheet.close() || pipelineSheet.close() || drawer.close()) return;
  stopSearch();
  draw();
}

function showConnection(state: ConnectionState): void {
  const lamp = part('lamp', HTMLElement);
  lamp.dataset.connection = state;
  lamp.textContent = LAMP_WORDS[state];
  part('banner', HTMLElement).hidden = state !== 'lost';
}

const { sendSample, sendBurst, showFault } = startActions();

function showState(state: PipelineState): void {
  drawPipeline(state);
  showFault(state.slackFault);
}

part('zone', HTMLElement).textContent = `Times are those of ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`;

const connection = new LiveConnection({
  address: () => store.liveAddress,
  onState: showConnection,
  on: {
    greeting: (greeting) => {
      const isOther = store.greet(greeting);
      if (isOther) drawer.close();
      showState(greeting.state);
      followAddress();
    },
    card: (card) => {
      const isNew = store.add(card);
      conversation.take(card, isNew);
      if (isNew) drawSidebar();
      if (isNew) announce(card.channel === conversation.channel ? card.text : `In ${card.channel}: ${card.text}`);
      if (drawer.openId === card.id) drawer.refresh();
    },
    channels: (channels) => {
      store.channels = channels;
      drawSidebar();
    },
    state: showState,
  },
});

const nextTheme = startTheme();

startShortcuts([
  { keys: ['/'], label: '/', words: 'Search', run: () => search.focus() },
  { keys: ['j', 'ArrowDown'], label: 'J ↓', words: 'Next message', run: () => conversation.list.step(1) },
  { keys: ['k', 'ArrowUp'], label: 'K ↑', words: 'Message before', run: () => conversation.list.step(-1) },
  {
    keys: ['d'],
    label: 'D Enter',
    words: 'Details of the message',
    run: () => openDetails(conversation.list.focusedId),
  },
  { keys: ['ArrowDown'], alt: true, label: 'Alt ↓', words: 'Next channel', run: () => stepChannel(1) },
  { keys: ['ArrowUp'], alt: true, label: 'Alt ↑', words: 'Channel before', run: () => stepChannel(-1) },
  { keys: ['s'], label: 'S', words: 'Send a sample call', run: sendSample },
  { keys: ['b'], label: 'B', words: 'Send a Terraform run', run: sendBurst },
  { keys: ['t'], label: 'T', words: 'Light, dark, or as the system', run: nextTheme },
  { keys: ['Escape'], label: 'Esc', words: 'Close, or end the search', run: stepBack },
]);

conversation.list.root.addEventListener('click', ({ target }) => {
  if (target instanceof Element) openDetails(target.closest<HTMLElement>('[data-open]')?.dataset.open);
});
conversation.list.root.addEventListener('keydown', (event) => {
  const { target, key } = event;
  if (key === 'Enter' && target instanceof Element && target.matches('.message'))
    openDetails(conversation.list.focusedId);
});
part('channel-list', HTMLElement).addEventListener('click', () => {
  stopSearch();
  channelSheet.close();
  draw();
});
search.addEventListener('input', () => {
  conversation.query = search.value.trim();
  draw();
});
search.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  event.preventDefault();
  stopSearch();
  draw();
  search.blur();
});
search.form?.addEventListener('submit', (event) => event.preventDefault());
part('close-pipeline', HTMLButtonElement).addEventListener('click', () => pipelineSheet.close());
part('reconnect', HTMLButtonElement).addEventListener('click', () => connection.connect());
window.addEventListener('hashchange', followAddress);

connection.connect();
