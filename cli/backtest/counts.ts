/** The first items of an order, however many come and in whatever order they come. */
export interface FirstItems<Item> {
  readonly add: (item: Item) => void;
  readonly items: () => readonly Item[];
}

/** Holds at most twice as many items as are wanted. */
export function createFirstItems<Item>(most: number, compare: (left: Item, right: Item) => number): FirstItems<Item> {
  let held: Item[] = [];
  const cut = (): void => {
    held = held.sort(compare).slice(0, most);
  };
  return {
    add: (item) => {
      held.push(item);
      if (held.length >= 2 * most) cut();
    },
    items: () => {
      cut();
      return held;
    },
  };
}

/** How often something was seen, and how much of that a rule reported. */
export interface Ranked {
  readonly name: string;
  readonly calls: number;
  readonly notified: number;
}

export interface Ranking {
  readonly add: (name: string, calls: number, notified: number) => void;
  readonly top: (count: number) => readonly Ranked[];
}

/** Names that are counted at a time. */
export const MOST_NAMES = 10_000;

const byCalls = (left: Ranked, right: Ranked): number =>
  right.calls - left.calls || (left.name < right.name ? -1 : Number(left.name > right.name));

/** Counts by name. When there are too many names the rarest are forgotten, so the top stays right and memory bounded. */
export function createRanking(mostNames: number = MOST_NAMES): Ranking {
  let names = new Map<string, { name: string; calls: number; notified: number }>();

  const keepHalf = (): void => {
    const most = [...names.values()].sort(byCalls).slice(0, mostNames >>> 1);
    names = new Map(most.map((ranked) => [ranked.name, ranked]));
  };

  return {
    add: (name, calls, notified) => {
      const ranked = names.get(name);
      if (ranked !== undefined) {
        ranked.calls += calls;
        ranked.notified += notified;
        return;
      }
      names.set(name, { name, calls, notified });
      if (names.size > mostNames) keepHalf();
    },
    top: (count) => [...names.values()].sort(byCalls).slice(0, count),
  };
}

const least = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? (left ?? right) : Math.min(left, right);
const most = (left: number | undefined, right: number | undefined): number | undefined =>
  left === undefined || right === undefined ? (left ?? right) : Math.max(left, right);

/** From the first to the last of some moments, milliseconds since the epoch. */
export interface Span {
  readonly firstMs: number | undefined;
  readonly lastMs: number | undefined;
}

export const EMPTY_SPAN: Span = { firstMs: undefined, lastMs: undefined };

/** Spans both, and what is between. */
export const widened = (left: Span, right: Span): Span => ({
  firstMs: least(left.firstMs, right.firstMs),
  lastMs: most(left.lastMs, right.lastMs),
});

/** What of a span lies between two moments. */
export const cutTo = ({ firstMs, lastMs }: Span, sinceMs: number | undefined, untilMs: number | undefined): Span => ({
  firstMs: most(firstMs, sinceMs),
  lastMs: least(lastMs, untilMs),
});

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
