import type { Chance } from './chance.ts';

/** Something that is going to happen. */
export interface Appointment {
  /** Then it does not happen. */
  readonly cancel: () => void;
}

/**
 * Virtual time. Whatever happens, happens as an event of this; nothing else moves the clock, and between two events the
 * functions run until each of them waits for something.
 */
export interface Scheduler {
  /** Milliseconds since the epoch. */
  readonly nowMs: () => number;
  /** What is due at the same moment happens in an order that chance decides. */
  readonly at: (atMs: number, happen: () => void) => Appointment;
  readonly after: (ms: number, happen: () => void) => Appointment;
  /** Lets things happen, up to that moment or until `isOver` says so. */
  readonly runUntil: (untilMs: number, isOver?: () => boolean) => Promise<void>;
  /** How many things have happened. */
  readonly events: () => number;
}

interface Event {
  readonly atMs: number;
  readonly tie: number;
  happen: (() => void) | undefined;
}

const isBefore = (one: Event, other: Event): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.tie < other.tie);

/** A binary heap: the earliest event is the first. */
function push(heap: Event[], event: Event): void {
  let place = heap.push(event) - 1;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(event, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = event;
}

function earlierChild(heap: readonly Event[], place: number): number {
  const left = 2 * place + 1;
  const [one, other] = [heap[left], heap[left + 1]];
  return one !== undefined && other !== undefined && isBefore(other, one) ? left + 1 : left;
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let place = 0;
  for (;;) {
    const below = earlierChild(heap, place);
    const child = heap[below];
    if (child === undefined || !isBefore(child, last)) break;
    heap[place] = child;
    place = below;
  }
  heap[place] = last;
  return first;
}

/** Every promise that can go on has gone on after this: microtasks run before the next turn of the event loop. */
const untilEverybodyWaits = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function createScheduler(startMs: number, chance: Chance): Scheduler {
  const heap: Event[] = [];
  let nowMs = startMs;
  let events = 0;

  function at(atMs: number, happen: () => void): Appointment {
    const event: Event = { atMs: Math.max(nowMs, Math.ceil(atMs)), tie: chance.draw(), happen };
    push(heap, event);
    return {
      cancel: () => {
        event.happen = undefined;
      },
    };
  }

  /** What is due next, if it is due by then. */
  function takeNext(untilMs: number): Event | undefined {
    while (heap[0] !== undefined && heap[0].atMs <= untilMs) {
      const next = pop(heap);
      if (next?.happen !== undefined) return next;
    }
    return undefined;
  }

  return {
    nowMs: () => nowMs,
    at,
    after: (ms, happen) => at(nowMs + ms, happen),
    events: () => events,
    async runUntil(untilMs, isOver = () => false) {
      await untilEverybodyWaits();
      for (let next = takeNext(untilMs); next !== undefined; next = isOver() ? undefined : takeNext(untilMs)) {
        nowMs = next.atMs;
        events += 1;
        next.happen?.();
        await untilEverybodyWaits();
      }
      if (!isOver()) nowMs = Math.max(nowMs, untilMs);
    },
  };
}
