import { mostFolds } from '../../shared/plan-messages.ts';
import { BETWEEN_POSTS_MS, isAfterQuiet, nextSlot } from '../../shared/post-slot.ts';
import { createBoundedCounts } from './bounded-counts.ts';

/** Counts the messages that the calls of a channel and region become, given in the order of their time. */
interface Teller {
  readonly add: (ms: number, calls: number) => void;
  /** Tells what still waits. */
  readonly end: () => void;
}

/** How calls become messages. */
export interface Grouping {
  /** Calls within so many seconds come to the function together. */
  readonly windowSeconds: number;
  readonly createTeller: (onMessages: (messages: number) => void) => Teller;
}

/**
 * As the notifier does it: after a quiet time the first call is told alone; the others, and what comes meanwhile, are
 * folded when the webhook's next slot begins, a second later.
 */
function createNotifier(onMessages: (messages: number) => void): Teller {
  let lastMs = Number.NEGATIVE_INFINITY;
  let waiting = 0;

  function fold(fromMs: number): void {
    const folds = mostFolds(waiting, false);
    lastMs = nextSlot(lastMs, fromMs).startMs + (folds - 1) * BETWEEN_POSTS_MS;
    onMessages(folds);
    waiting = 0;
  }

  return {
    add(ms, calls) {
      if (waiting > 0 && lastMs + BETWEEN_POSTS_MS < ms) fold(lastMs);
      waiting += calls;
      const slot = nextSlot(lastMs, ms);
      if (slot.startMs > ms) return;
      if (!isAfterQuiet(slot)) {
        fold(ms);
        return;
      }
      lastMs = ms;
      waiting -= 1;
      onMessages(1);
    },
    end() {
      if (waiting > 0) fold(lastMs);
    },
  };
}

/** At once, or when the batching window is over. */
export const immediateGrouping = (batchingWindowSeconds: number): Grouping => ({
  windowSeconds: Math.max(1, batchingWindowSeconds),
  createTeller: createNotifier,
});

/** In the digest: one message for each time that the schedule finds calls. */
export const digestGrouping = (digestMinutes: number): Grouping => ({
  windowSeconds: digestMinutes * 60,
  createTeller: (onMessages) => ({ add: () => onMessages(1), end: () => undefined }),
});

export interface MessageCounts {
  /** @param region every region has a notifier of its own, which groups by itself */
  readonly add: (second: number, region: string, calls: number) => void;
  readonly messages: () => number;
}

interface Region {
  readonly add: (window: number, calls: number) => void;
  readonly end: () => void;
}

/** More regions than AWS has; what else is called a region in log files is grouped together. */
const MOST_REGIONS = 64;

/**
 * Counts messages without rendering any. Calls of one second count as having come at once, and folds as being as full
 * as they may be, so the figure is an upper bound where calls are many and alike.
 */
export function createMessageCounts({ windowSeconds, createTeller }: Grouping): MessageCounts {
  const regions = new Map<string, Region>();
  let messages = 0;

  function createRegion(): Region {
    const teller = createTeller((more) => {
      messages += more;
    });
    const windows = createBoundedCounts((window, calls) => teller.add(window * windowSeconds * 1000, calls));
    return {
      add: windows.add,
      end() {
        windows.close();
        teller.end();
      },
    };
  }

  const regionOf = (region: string): Region => {
    const name = regions.size < MOST_REGIONS ? region : '';
    const known = regions.get(region) ?? regions.get(name);
    if (known !== undefined) return known;
    const made = createRegion();
    regions.set(name, made);
    return made;
  };

  return {
    add: (second, region, calls) => regionOf(region).add(Math.floor(second / windowSeconds), calls),
    messages() {
      for (const region of regions.values()) region.end();
      return messages;
    },
  };
}
