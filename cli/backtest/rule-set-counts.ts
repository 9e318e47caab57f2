import type { NotifierContext } from '../../infra/settings/context-schema.ts';
import type { CompiledRule } from '../../shared/eventbridge/rule.ts';
import { mostFolds } from '../../shared/slack/plan-messages.ts';
import { BETWEEN_POSTS_MS, isAfterQuiet, nextSlot } from '../../shared/slack/webhook.ts';
import { createBoundedCounts } from './counts.ts';
import type { SecondsPage } from './scan-part.ts';

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

/** Counts the messages that the calls of a channel and region become, given in the order of their time. */
interface MessageCounter {
  readonly add: (ms: number, calls: number) => void;
  /** Tells what still waits. */
  readonly end: () => void;
}

/** How calls become messages. */
export interface Grouping {
  /** Calls within so many seconds come to the function together. */
  readonly windowSeconds: number;
  readonly createMessageCounter: (onMessages: (messages: number) => void) => MessageCounter;
}

/**
 * As the notifier does it: after a quiet time the first call is reported alone; the others, and what comes meanwhile, are
 * folded when the webhook's next slot begins, a second later.
 */
function createNotifier(onMessages: (messages: number) => void): MessageCounter {
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
  createMessageCounter: createNotifier,
});

/** In the digest: one message for each time that the schedule finds calls. */
export const digestGrouping = (digestMinutes: number): Grouping => ({
  windowSeconds: digestMinutes * 60,
  createMessageCounter: (onMessages) => ({ add: () => onMessages(1), end: () => undefined }),
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
export function createMessageCounts({ windowSeconds, createMessageCounter }: Grouping): MessageCounts {
  const regions = new Map<string, Region>();
  let messages = 0;

  function createRegion(): Region {
    const notifier = createMessageCounter((more) => {
      messages += more;
    });
    const windows = createBoundedCounts((window, calls) => notifier.add(window * windowSeconds * 1000, calls));
    return {
      add: windows.add,
      end() {
        windows.close();
        notifier.end();
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

/** A set of rules that is tried, and the settings by which its calls are grouped. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  readonly settings: Pick<NotifierContext, 'batchingWindowSeconds' | 'digestMinutes'> &
    Partial<Pick<NotifierContext, 'regions'>>;
}

/** What a rule or a channel would have reported. */
export interface Notified {
  readonly calls: number;
  readonly messages: number;
  readonly busiestMinute: BusiestMinute | undefined;
}

export interface RuleNotified extends Notified {
  readonly rule: CompiledRule;
}

export interface ChannelNotified extends Notified {
  readonly channel: string;
}

/** What a set of rules would have reported. */
export interface RuleSetNotified {
  /** As if each were the only rule of its channel. */
  readonly rules: readonly RuleNotified[];
  /** A call that several rules send to one channel is reported once there. */
  readonly channels: readonly ChannelNotified[];
  /** Calls reported in at least one channel. */
  readonly notified: number;
  /** Calls that no rule reported. */
  readonly missed: number;
}

type Delivery = CompiledRule['delivery'];

function createNotified(groupings: Readonly<Record<Delivery, Grouping>>) {
  const minutes = createMinuteCounts();
  const messages = {
    immediate: createMessageCounts(groupings.immediate),
    digest: createMessageCounts(groupings.digest),
  };
  let calls = 0;
  let alone = 0;
  return {
    add: (delivery: Delivery, { firstSecond, region, calls: counts }: SecondsPage): void => {
      for (let index = 0; index < counts.length; index++) {
        const count = counts[index] ?? 0;
        if (count === 0) continue;
        calls += count;
        if (firstSecond === undefined) alone += count;
        else {
          minutes.add(firstSecond + index, count);
          messages[delivery].add(firstSecond + index, region, count);
        }
      }
    },
    notified: (): Notified => ({
      calls,
      messages: alone + messages.immediate.messages() + messages.digest.messages(),
      busiestMinute: minutes.busiest(),
    }),
  };
}

/** The way in which each channel learns of a call: at once if any of its rules says so. */
function deliveries(rules: readonly CompiledRule[]): ReadonlyMap<string, Delivery> {
  const byChannel = new Map<string, Delivery>();
  for (const { channel, delivery } of rules) {
    if (byChannel.get(channel) !== 'immediate') byChannel.set(channel, delivery);
  }
  return byChannel;
}

/** Adds up what one set of rules reports. */
export function createRuleSetCounts({ rules, settings }: RuleSet) {
  const groupings = {
    immediate: immediateGrouping(settings.batchingWindowSeconds),
    digest: digestGrouping(settings.digestMinutes),
  };
  const byRule = rules.map((rule) => ({ rule, counts: createNotified(groupings) }));
  const channels = new Set(rules.map(({ channel }) => channel));
  const byChannel = new Map([...channels].map((channel) => [channel, createNotified(groupings)]));
  let notified = 0;
  let missed = 0;

  return {
    /** @param matching indices of the rules that match the calls of the page */
    add: (matching: readonly number[], page: SecondsPage, calls: number): void => {
      if (matching.length === 0) missed += calls;
      else notified += calls;
      const matched = matching.flatMap((index) => byRule[index] ?? []);
      for (const { rule, counts } of matched) counts.add(rule.delivery, page);
      for (const [channel, delivery] of deliveries(matched.map(({ rule }) => rule))) {
        byChannel.get(channel)?.add(delivery, page);
      }
    },
    result: (): RuleSetNotified => ({
      rules: byRule.map(({ rule, counts }) => ({ rule, ...counts.notified() })),
      channels: [...byChannel].map(([channel, counts]) => ({ channel, ...counts.notified() })),
      notified,
      missed,
    }),
  };
}
