import type { CompiledRule, NotifierContext } from '../../infra/notifier-context.ts';
import { type BusiestMinute, createMinuteCounts } from './busiest-minute.ts';
import { createMessageCounts, digestGrouping, type Grouping, immediateGrouping } from './message-model.ts';
import type { SecondsPage } from './scan-part.ts';

/** A set of rules that is tried, and the settings by which its calls are grouped. */
export interface RuleSet {
  readonly rules: readonly CompiledRule[];
  readonly settings: Pick<NotifierContext, 'batchingWindowSeconds' | 'digestMinutes'> &
    Partial<Pick<NotifierContext, 'regions'>>;
}

/** What a rule or a channel would have told. */
export interface Told {
  readonly calls: number;
  readonly messages: number;
  readonly busiestMinute: BusiestMinute | undefined;
}

export interface RuleTold extends Told {
  readonly rule: CompiledRule;
}

export interface ChannelTold extends Told {
  readonly channel: string;
}

/** What a set of rules would have told. */
export interface RuleSetTold {
  /** As if each were the only rule of its channel. */
  readonly rules: readonly RuleTold[];
  /** A call that several rules send to one channel is told once there. */
  readonly channels: readonly ChannelTold[];
  /** Calls told in at least one channel. */
  readonly told: number;
  /** Calls that no rule told. */
  readonly untold: number;
}

type Delivery = CompiledRule['delivery'];

function createTold(groupings: Readonly<Record<Delivery, Grouping>>) {
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
    told: (): Told => ({
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

/** Adds up what one set of rules tells. */
export function createRuleSetCounts({ rules, settings }: RuleSet) {
  const groupings = {
    immediate: immediateGrouping(settings.batchingWindowSeconds),
    digest: digestGrouping(settings.digestMinutes),
  };
  const byRule = rules.map((rule) => ({ rule, counts: createTold(groupings) }));
  const channels = new Set(rules.map(({ channel }) => channel));
  const byChannel = new Map([...channels].map((channel) => [channel, createTold(groupings)]));
  let told = 0;
  let untold = 0;

  return {
    /** @param matching indices of the rules that match the calls of the page */
    add: (matching: readonly number[], page: SecondsPage, calls: number): void => {
      if (matching.length === 0) untold += calls;
      else told += calls;
      const matched = matching.flatMap((index) => byRule[index] ?? []);
      for (const { rule, counts } of matched) counts.add(rule.delivery, page);
      for (const [channel, delivery] of deliveries(matched.map(({ rule }) => rule))) {
        byChannel.get(channel)?.add(delivery, page);
      }
    },
    result: (): RuleSetTold => ({
      rules: byRule.map(({ rule, counts }) => ({ rule, ...counts.told() })),
      channels: [...byChannel].map(([channel, counts]) => ({ channel, ...counts.told() })),
      told,
      untold,
    }),
  };
}
