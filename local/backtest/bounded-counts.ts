/** Counts by a number that grows with time, of which only the latest are held. */
export interface BoundedCounts {
  readonly add: (key: number, count: number) => void;
  /** Closes what is still open. */
  readonly close: () => void;
}

/** Enough for 69 days in which every minute has a call; what is older then is closed. */
const MOST_OPEN = 100_000;

/**
 * Counts that end in `onClosed`, each once. Log files are read in the order of their time, so the oldest
 * keys are those that nothing more will be added to; a straggler would open its key a second time.
 */
export function createBoundedCounts(
  onClosed: (key: number, count: number) => void,
  mostOpen: number = MOST_OPEN,
): BoundedCounts {
  let open = new Map<number, number>();

  const closeOldest = (): void => {
    const entries = [...open].sort(([left], [right]) => left - right);
    const half = entries.length >>> 1;
    for (const [key, count] of entries.slice(0, half)) onClosed(key, count);
    open = new Map(entries.slice(half));
  };

  return {
    add: (key, count) => {
      open.set(key, (open.get(key) ?? 0) + count);
      if (open.size > mostOpen) closeOldest();
    },
    close: () => {
      for (const [key, count] of open) onClosed(key, count);
      open = new Map();
    },
  };
}
