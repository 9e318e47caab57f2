/**
 * Every call of a run has a name of its own, short enough to stand in the densest message unshortened. It is what an
 * operator would read, so a message says by itself which calls it reports.
 */
export const markedName = (number: number): string => `k${String(number).padStart(5, '0')}k`;

const MARKED_NAME = /k(\d{5,})k/g;

/** The numbers of the calls that are named in a text. */
export const numbersNamedIn = (text: string): ReadonlySet<number> =>
  new Set([...text.matchAll(MARKED_NAME)].map(([, digits]) => Number(digits)));

const EVENT_ID = '00000000-0000-4000-8000-';

export const markedEventId = (number: number): string => `${EVENT_ID}${String(number).padStart(12, '0')}`;

/** The number of the call that an event id was made for. */
export const numberOfEventId = (eventId: string): number | undefined =>
  eventId.startsWith(EVENT_ID) ? Number(eventId.slice(EVENT_ID.length)) : undefined;
