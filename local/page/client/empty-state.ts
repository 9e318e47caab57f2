import { element } from './element.ts';

export interface EmptyState {
  readonly title: string;
  readonly words: string;
}

export const NOTHING_YET = (channel: string): EmptyState => ({
  title: `Nothing in #${channel} yet`,
  words: 'When somebody calls MediaConnect, it is reported here. Send a sample call to see how that looks.',
});

export const NOTHING_FOUND = (query: string): EmptyState => ({
  title: `No message holds “${query}”`,
  words: 'Looked at all channels: names, people, operations, event ids. Press Escape to see all messages again.',
});

export const NO_CHANNEL: EmptyState = {
  title: 'Waiting for the pipeline',
  words: 'The channels appear as soon as it answers.',
};

/** Says in words why there is nothing to see. */
export function drawEmpty(place: HTMLElement, state: EmptyState | undefined): void {
  place.hidden = state === undefined;
  place.replaceChildren();
  if (state === undefined) return;
  place.append(
    element('span', { class: 'empty-picture', 'aria-hidden': 'true' }),
    element('p', { class: 'empty-title' }, state.title),
    element('p', {}, state.words),
  );
}
