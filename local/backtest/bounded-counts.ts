/** Counts by a whole number that grows with time, of which only the latest are held. */
export interface BoundedCounts {
  readonly add: (key: number, count: number) => void;
  /** Closes what is still open. */
  readonly close: () => void;
}

/** Keys that lie side by side are held side by side. */
export const KEYS_PER_PAGE = 128;
/** Enough for eighteen hours in which every second has a call, for months of minutes; what is older then is closed. */
const MOST_OPEN_PAGES = 512;

/**
 * Counts that end in `onClosed`, each once. Log files are read in the order of their time, so the oldest
 * keys are those that nothing more will be added to; a straggler would open its key a second time.
 */
export function createBoundedCounts(
  onClosed: (key: number, count: number) => void,
  mostOpenPages: number = MOST_OPEN_PAGES,
): BoundedCounts {
  const open = new Map<number, Uint32Array>();
  let last: { readonly page: number; readonly counts: Uint32Array } | undefined;

  const closePage = (page: number): void => {
    const counts = open.get(page);
    for (let index = 0; index < KEYS_PER_PAGE; index++) {
      const count = counts?.[index] ?? 0;
      if (count > 0) onClosed(page * KEYS_PER_PAGE + index, count);
    }
    open.delete(page);
  };

  const closeOldest = (pages: number): void => {
    const oldest = [...open.keys()].sort((left, right) => left - right).slice(0, pages);
    oldest.forEach(closePage);
    last = undefined;
  };

  const openPage = (page: number): Uint32Array => {
    const known = open.get(page);
    if (known !== undefined) return known;
    if (open.size >= mostOpenPages) closeOldest(Math.ceil(mostOpenPages / 2));
    const counts = new Uint32Array(KEYS_PER_PAGE);
    open.set(page, counts);
    return counts;
  };

  return {
    add: (key, count) => {
      const page = Math.floor(key / KEYS_PER_PAGE);
      if (last?.page !== page) last = { page, counts: openPage(page) };
      const index = key - page * KEYS_PER_PAGE;
      last.counts[index] = (last.counts[index] ?? 0) + count;
    },
    close: () => closeOldest(open.size),
  };
}
