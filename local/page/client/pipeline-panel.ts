import type { PipelineState, QueueState, SlackFault } from '../../monitor/pipeline-state.ts';
import { element } from './element.ts';
import { sayClock } from './format-date.ts';
import { part } from './part.ts';

const number = new Intl.NumberFormat();

type Tone = 'calm' | 'busy' | 'bad';

interface Station {
  readonly title: string;
  readonly tone: Tone;
  readonly counts: readonly (readonly [count: number, words: string])[];
  readonly note?: string | undefined;
}

const WAITS = 'What it does not take is held, and tried again.';
const FAULT_NOTES: Readonly<Record<SlackFault, string | undefined>> = {
  ok: undefined,
  '429': `Answers 429: too many requests. ${WAITS}`,
  '500': `Answers 500: it is broken for the moment. ${WAITS}`,
  nothing: `Does not answer. ${WAITS}`,
  channel_not_found: 'Refuses for good: the channel is gone. What is meant for it is reported elsewhere or given up.',
  no_service: 'Refuses for good: the webhook is revoked. What is meant for it is reported elsewhere or given up.',
  invalid_blocks: 'Refuses the form of every message. Each is tried as plain text, then given up.',
};

const QUEUE_TITLES: Readonly<Record<QueueState['name'], string>> = {
  immediate: 'To be reported at once',
  digest: 'Kept for the next digest',
};

/** Waiting for the next digest is no sign of a hold-up. */
const isBusy = ({ name, waiting, inFlight }: QueueState): boolean =>
  inFlight > 0 || (name === 'immediate' && waiting > 0);

/** In the words of whoever waits for a message: where a call is, and what it waits for. */
const queueStation = (queue: QueueState): Station => ({
  title: QUEUE_TITLES[queue.name],
  tone: queue.held > 0 ? 'bad' : isBusy(queue) ? 'busy' : 'calm',
  counts: [
    [queue.waiting, queue.name === 'immediate' ? 'waiting for their turn' : 'waiting for the clock'],
    [queue.inFlight, 'being reported now'],
    [queue.held, 'held'],
  ],
});

function heldWords({ held, nextTryAtMs }: QueueState): string | undefined {
  if (held === 0) return undefined;
  const next = nextTryAtMs === undefined ? '' : ` Next try at ${sayClock(new Date(nextTryAtMs))}.`;
  return `${number.format(held)} held until Slack takes messages.${next}`;
}

function drawHeld({ queues }: PipelineState): void {
  const words = queues.flatMap((queue) => heldWords(queue) ?? []);
  part('held', HTMLElement).hidden = words.length === 0;
  part('held-text', HTMLElement).textContent = words.join(' ');
}

/** Where events are, from the bus to Slack, in the order they travel. */
const stationsOf = (state: PipelineState): readonly Station[] => [
  {
    title: 'Came in',
    tone: 'calm',
    counts: [
      [state.received - state.ownEvents, state.received - state.ownEvents === 1 ? 'call' : 'calls'],
      [state.ownEvents, 'of MediaConnect’s own events'],
      [state.unmatched, 'matched no rule'],
    ],
  },
  ...state.queues.map(queueStation),
  {
    title: 'Slack',
    tone: state.slackFault === 'ok' ? 'calm' : 'bad',
    counts: [
      [state.messages, state.messages === 1 ? 'message' : 'messages'],
      [state.posted, 'reported alone'],
      [state.folded, 'reported together'],
      [state.repeated, 'not reported twice'],
      [state.refusals, state.refusals === 1 ? 'post refused' : 'posts refused'],
    ],
    note: FAULT_NOTES[state.slackFault],
  },
  {
    title: 'Given up',
    tone: state.deadLettered > 0 ? 'bad' : 'calm',
    counts: [[state.deadLettered, 'in the dead-letter queue, reported to nobody']],
  },
];

/** Counts that are mostly zero are shown only when they are not. */
const QUIET_WHEN_ZERO = new Set([
  'held',
  'of MediaConnect’s own events',
  'matched no rule',
  'reported together',
  'not reported twice',
  'post refused',
  'posts refused',
]);

function stationView({ title, tone, counts, note }: Station): HTMLLIElement {
  const shown = counts.filter(([count, words]) => count > 0 || !QUIET_WHEN_ZERO.has(words));
  const figures = shown.map(([count, words]) =>
    element('li', { class: count === 0 ? 'zero' : undefined }, element('b', {}, number.format(count)), ` ${words}`),
  );
  const item = element('li', { class: `station ${tone}` }, element('h3', {}, title));
  item.append(element('ul', { class: 'figures' }, ...figures));
  if (note !== undefined) item.append(element('p', { class: 'station-note' }, note));
  return item;
}

function drawDeadLetters({ deadLetters, deadLettered }: PipelineState): void {
  part('dead-letters', HTMLElement).hidden = deadLetters.length === 0;
  const items = deadLetters.map(({ eventId, operation, reason }) =>
    element(
      'li',
      {},
      element('strong', {}, operation ?? 'Unreadable event'),
      ` ${reason} `,
      element('code', {}, eventId),
    ),
  );
  const left = deadLettered - deadLetters.length;
  if (left > 0) items.push(element('li', { class: 'note' }, `and ${number.format(left)} before these`));
  part('dead-letter-list', HTMLElement).replaceChildren(...items);
}

const worst = (stations: readonly Station[]): Tone =>
  stations.some(({ tone }) => tone === 'bad') ? 'bad' : stations.some(({ tone }) => tone === 'busy') ? 'busy' : 'calm';

/** Draws the pipeline's state: where events are, how Slack is, what was given up. */
export function drawPipeline(state: PipelineState): void {
  const stations = stationsOf(state);
  part('path', HTMLElement).replaceChildren(...stations.map(stationView));
  drawHeld(state);
  drawDeadLetters(state);
  const dot = part('pipeline-dot', HTMLElement);
  dot.hidden = worst(stations) === 'calm';
  dot.dataset.tone = worst(stations);
}
