import { type BoundedCounts, createBoundedCounts } from './bounded-counts.ts';

/** How calls become messages: those of one window, region and channel are told together. */
export interface Grouping {
  readonly windowSeconds: number;
  readonly messagesOf: (calls: number) => number;
}

/** Calls that one invocation of the notifier gets at most. */
const BATCH_SIZE = 500;
/** Folds are cut so that 1,000 calls need nine at most. */
const CALLS_PER_FOLD = 112;

const messagesOfBatch = (calls: number): number => (calls === 0 ? 0 : 1 + Math.ceil((calls - 1) / CALLS_PER_FOLD));

/** At once: of the calls that a batching window gathers the first is told alone, the rest is folded. */
export const immediateGrouping = (batchingWindowSeconds: number): Grouping => ({
  windowSeconds: Math.max(1, batchingWindowSeconds),
  messagesOf: (calls) =>
    Math.floor(calls / BATCH_SIZE) * messagesOfBatch(BATCH_SIZE) + messagesOfBatch(calls % BATCH_SIZE),
});

/** In the digest: one message for each time that the schedule finds calls. */
export const digestGrouping = (digestMinutes: number): Grouping => ({
  windowSeconds: digestMinutes * 60,
  messagesOf: () => 1,
});

export interface MessageCounts {
  /** @param region every region has a notifier of its own, which groups by itself */
  readonly add: (second: number, region: string, calls: number) => void;
  readonly messages: () => number;
}

/** More regions than AWS has; what else is called a region in log files is grouped together. */
const MOST_REGIONS = 64;

/**
 * Counts messages without rendering any. Windows start at fixed times, while Lambda's start with the first
 * call; and where Slack is slower than the calls come, more is folded than is counted here. So the figure is
 * what a channel gets in quiet times, and an upper bound in a flood.
 */
export function createMessageCounts({ windowSeconds, messagesOf }: Grouping): MessageCounts {
  const regions = new Map<string, BoundedCounts>();
  let messages = 0;

  const windowsOf = (region: string): BoundedCounts => {
    const name = regions.size < MOST_REGIONS ? region : '';
    const known = regions.get(region) ?? regions.get(name);
    if (known !== undefined) return known;
    const windows = createBoundedCounts((_, calls) => {
      messages += messagesOf(calls);
    });
    regions.set(name, windows);
    return windows;
  };

  return {
    add: (second, region, calls) => windowsOf(region).add(Math.floor(second / windowSeconds), calls),
    messages: () => {
      for (const windows of regions.values()) windows.close();
      return messages;
    },
  };
}
