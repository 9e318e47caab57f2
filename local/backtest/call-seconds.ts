import type { Matching } from './match-rules.ts';
import type { SecondsPage } from './scan-part.ts';

/** A page is a few minutes: short where calls are rare, and full where they are many. */
const SECONDS_PER_PAGE = 256;
const MOST_PAGES = 4096;

/** Calls of one region that the same rules match. */
interface Lane {
  readonly region: string;
  readonly matching: Matching;
  readonly pages: Map<number | undefined, SecondsPage>;
  page: SecondsPage | undefined;
}

export interface CallSeconds {
  /** @param matching the same object for the same rules */
  readonly add: (region: string, matching: Matching, second: number | undefined) => void;
  /** Hands over what is held. */
  readonly flush: () => void;
}

const holds = ({ firstSecond, calls }: SecondsPage, second: number | undefined): boolean => {
  if (firstSecond === undefined || second === undefined) return firstSecond === second;
  return second >= firstSecond && second < firstSecond + calls.length;
};

/** Counts a thread's calls by second, a page at a time, and hands the pages over before they are too many. */
export function createCallSeconds(onPages: (pages: readonly SecondsPage[]) => void): CallSeconds {
  let lanes: Lane[] = [];
  let lane: Lane | undefined;
  let pages = 0;

  const flush = (): void => {
    if (pages > 0) onPages(lanes.flatMap((full) => [...full.pages.values()]));
    lanes = [];
    lane = undefined;
    pages = 0;
  };

  const laneOf = (region: string, matching: Matching): Lane => {
    const known = lanes.find((open) => open.matching === matching && open.region === region);
    if (known !== undefined) return known;
    const opened: Lane = { region, matching, pages: new Map(), page: undefined };
    lanes.push(opened);
    return opened;
  };

  const pageOf = ({ region, matching, pages: open }: Lane, second: number | undefined): SecondsPage => {
    const firstSecond = second === undefined ? undefined : Math.floor(second / SECONDS_PER_PAGE) * SECONDS_PER_PAGE;
    const known = open.get(firstSecond);
    if (known !== undefined) return known;
    const length = second === undefined ? 1 : SECONDS_PER_PAGE;
    const page = { region, matching, firstSecond, calls: new Uint32Array(length) };
    open.set(firstSecond, page);
    pages += 1;
    return page;
  };

  /** The page of a call, mostly that of the call before. */
  const pageFor = (region: string, matching: Matching, second: number | undefined): SecondsPage => {
    if (lane?.matching !== matching || lane.region !== region) lane = laneOf(region, matching);
    const { page } = lane;
    lane.page = page !== undefined && holds(page, second) ? page : pageOf(lane, second);
    return lane.page;
  };

  return {
    flush,
    add: (region, matching, second) => {
      if (pages >= MOST_PAGES) flush();
      const { calls, firstSecond = 0 } = pageFor(region, matching, second);
      const index = second === undefined ? 0 : second - firstSecond;
      calls[index] = (calls[index] ?? 0) + 1;
    },
  };
}
