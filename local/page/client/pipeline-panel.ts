import type { PipelineState, QueueState, SlackFault } from '../page-source.ts';
import { element } from './element.ts';
import { part } from './part.ts';

const number = new Intl.NumberFormat();

type Tone = 'calm' | 'busy' | 'bad';

interface Station {
  readonly title: string;
  readonly tone: Tone;
  readonly counts: readonly (readonly [count: number, words: string])[];
  readonly note?: string | undefined;
}

const FAULT_NOTES: Readonly<Record<SlackFault, string | undefined>> = {
  ok: undefined,
  '429': 'Answers 429: too many requests. What it does not take waits in the queue.',
  '500': 'Answers 500. What it does not take waits in the queue.',
  nothing: 'Does not answer. What it does not take waits in the queue.',
};

const QUEUE_TITLES: Readonly<Record<QueueState['name'], string>> = {
  immediate: 'Queue: told at once',
  digest: 'Queue: told in digests',
};

/** Waiting for the next digest is no sign of a hold-up. */
const isBusy = ({ name, waiting, inFlight }: QueueState): boolean =>
  inFlight > 0 || (name === 'immediate' && waiting > 0);

const queueStation = (queue: QueueState): Station => ({
  title: QUEUE_TITLES[queue.name],
  tone: isBusy(queue) ? 'busy' : 'calm',
  counts: [
    [queue.waiting, 'waiting'],
    [queue.inFlight, 'in flight'],
  ],
});

/** Where events are, from the bus to Slack, in the order they travel. */
const stationsOf = (state: PipelineState): readonly Station[] => [
  {
    title: 'Event bus',
    tone: 'calm',
    counts: [
      [state.received, 'received'],
      [state.unmatched, 'matched no rule'],
    ],
  },
  ...state.queues.map(queueStation),
  {
    title: 'Slack',
    tone: state.slackFault === 'ok' ? 'calm' : 'bad',
    counts: [
      [state.messages, state.messages === 1 ? 'message' : 'messages'],
      [state.posted, 'told alone'],
      [state.folded, 'told together'],
      [state.repeated, 'not told twice'],
      [state.refusals, 'posts refused'],
    ],
    note: FAULT_NOTES[state.slackFault],
  },
  {
    title: 'Dead-letter queue',
    tone: state.deadLettered > 0 ? 'bad' : 'calm',
    counts: [[state.deadLettered, 'dead-lettered']],
  },
];

/** Counts that are mostly zero are shown only when they are not. */
const QUIET_WHEN_ZERO = new Set(['matched no rule', 'told together', 'not told twice', 'posts refused']);

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
  drawDeadLetters(state);
  const dot = part('pipeline-dot', HTMLElement);
  dot.hidden = worst(stations) === 'calm';
  dot.dataset.tone = worst(stations);
}
