import { createBoundedCounts } from './bounded-counts.ts';

export interface BusiestMinute {
  /** Start of the minute, ISO 8601. */
  readonly at: string;
  readonly calls: number;
}

export interface MinuteCounts {
  readonly add: (second: number, calls: number) => void;
  readonly busiest: () => BusiestMinute | undefined;
}

/** Finds the minute with the most calls. */
export function createMinuteCounts(): MinuteCounts {
  let top: { readonly minute: number; readonly calls: number } | undefined;
  const counts = createBoundedCounts((minute, calls) => {
    const earlierOfEqual = calls === top?.calls && minute < top.minute;
    if (top === undefined || calls > top.calls || earlierOfEqual) top = { minute, calls };
  });
  return {
    add: (second, calls) => counts.add(Math.floor(second / 60), calls),
    busiest: () => {
      counts.close();
      return top && { at: new Date(top.minute * 60_000).toISOString(), calls: top.calls };
    },
  };
}
